"""AF201 to AF207 and AF221 to AF225: names, batches, retries and routes that the host refuses."""

import pytest

from tests.support.validator import Judged, Plant, judge

APP = """import typing
import azure.functions as func

bp = func.Blueprint()

"""
HTTP = "(req: func.HttpRequest) -> func.HttpResponse:\n    return func.HttpResponse()\n\n"
NOTHING = " -> None:\n    pass\n"


def codes(plant: Plant, judged: Judged, source: str) -> list[str]:
    app = plant({"blueprints/hello.py": APP + source})
    return [finding.code for finding in judged(app, "AF2")]


@pytest.mark.parametrize(
    ("name", "expected"), [("1st", ["AF201"]), ("Host", ["AF201"]), ("a b", ["AF201"]), ("a-b", [])]
)
def test_names(plant: Plant, judged: Judged, name: str, expected: list[str]) -> None:
    source = f"@bp.function_name('{name}')\n@bp.route(route='a')\ndef a{HTTP}"
    assert codes(plant, judged, source) == expected


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        ("queue_trigger('x', 'my_queue', 'AzureWebJobsStorage')", ["AF202"]),
        ("queue_trigger('x', 'a', 'AzureWebJobsStorage')", ["AF202"]),
        ("queue_trigger('x', 'Orders', 'AzureWebJobsStorage')", []),
        ("queue_trigger('x', '%QUEUE_NAME%', 'AzureWebJobsStorage')", []),
        ("blob_trigger('x', 'My/{name}', 'AzureWebJobsStorage')", ["AF202"]),
        ("blob_trigger('x', '/samples/{name}', 'AzureWebJobsStorage')", ["AF202"]),
        ("blob_trigger('x', 'samples', 'AzureWebJobsStorage')", []),
        ("blob_trigger('x', '{box}/{name}', 'AzureWebJobsStorage')", []),
    ],
)
def test_storage_names(plant: Plant, judged: Judged, decorator: str, expected: list[str]) -> None:
    kind = "InputStream" if "blob" in decorator else "QueueMessage"
    source = f"@bp.{decorator}\ndef a(x: func.{kind}){NOTHING}"
    assert codes(plant, judged, source) == expected


def test_an_empty_name(plant: Plant, judged: Judged) -> None:
    source = (
        f"@bp.queue_trigger('x', '', 'AzureWebJobsStorage')\ndef a(x: func.QueueMessage){NOTHING}"
    )
    assert codes(plant, judged, source) == ["AF206"]


@pytest.mark.parametrize(
    ("cardinality", "annotation", "expected"),
    [
        ("many", "func.EventHubEvent", ["AF203"]),
        ("many", "typing.List[func.EventHubEvent]", []),
        ("one", "func.EventHubEvent", []),
        ("one", "typing.List[func.EventHubEvent]", ["AF203"]),
    ],
)
def test_batches(
    plant: Plant, judged: Judged, cardinality: str, annotation: str, expected: list[str]
) -> None:
    source = (
        "@bp.event_hub_message_trigger('x', 'AzureWebJobsStorage', 'hub',"
        f" cardinality='{cardinality}')\ndef a(x: {annotation}){NOTHING}"
    )
    assert codes(plant, judged, source) == expected


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("admin/users", ["AF221"]),
        ("/Administration", ["AF221"]),
        ("runtime/x", ["AF221"]),
        ("my-runtime", []),
        ("users/admin", []),
        ("a/{id", ["AF222"]),
        ("a/{id}/{ID}", ["AF222"]),
        ("a/{*rest}/b", ["AF222"]),
        ("a?id={id}", ["AF222"]),
        ("a//b", ["AF222"]),
        ("a/{}", ["AF222"]),
        ("/a/{id:int?}/", []),
        ("a/{code:regex(^[0-9]{{3}}$)}", []),
        ("a/{*rest}", []),
    ],
)
def test_routes(plant: Plant, judged: Judged, route: str, expected: list[str]) -> None:
    assert codes(plant, judged, f"@bp.route(route='{route}')\ndef a{HTTP}") == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("route='a/{id}'", "route='/A/{name}/', methods=['GET']", ["AF223"]),
        ("route='b'", "", ["AF223"]),
        ("route='a', methods=['GET']", "route='a', methods=['POST']", []),
        ("route='a/{id:int}'", "route='a/{id:alpha}'", []),
        ("route='a/{id}'", "route='a/{*id}'", []),
    ],
)
def test_equal_routes(
    plant: Plant, judged: Judged, first: str, second: str, expected: list[str]
) -> None:
    source = f"@bp.route({first})\ndef a{HTTP}\n@bp.route({second})\ndef b{HTTP}"
    assert codes(plant, judged, source) == expected


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("rabitMQTrigger", ["AF204"]),
        ("RABBITMQTRIGGER", []),
        ("redisListTrigger", []),
        ("ourOwnTrigger", []),
    ],
)
def test_types(plant: Plant, judged: Judged, type: str, expected: list[str]) -> None:
    source = f"@bp.generic_trigger(arg_name='x', type='{type}')\ndef a(x: str){NOTHING}"
    assert codes(plant, judged, source) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("strategy='fixed_delay', max_retry_count='3', delay_interval='00:00:10'", []),
        ("'fixed_delay', '3', '00:00:10'", []),
        ("strategy='exponential_backoff', max_retry_count='3'", []),
        ("strategy='fixed_delay', max_retry_count='3'", ["AF208"]),
        ("strategy='fixed_delay', max_retry_count='3', delay_interval='10'", ["AF208"]),
        ("strategy='fixed_delay', max_retry_count='3', delay_interval='24:00:00'", ["AF208"]),
        ("strategy='fixed', max_retry_count='3', delay_interval='00:00:10'", ["AF208"]),
        ("strategy='exponential_backoff', max_retry_count='some'", ["AF208"]),
    ],
)
def test_retries(plant: Plant, judged: Judged, arguments: str, expected: list[str]) -> None:
    source = (
        f"@bp.retry({arguments})\n@bp.timer_trigger(arg_name='x', schedule='0 0 * * * *')\n"
        f"def a(x: func.TimerRequest){NOTHING}"
    )
    assert codes(plant, judged, source) == expected


def test_retries_that_the_host_does_not_follow(plant: Plant, judged: Judged) -> None:
    retry = "@bp.retry('fixed_delay', '3', '00:00:10')\n"
    source = f"{retry}@bp.route(route='a')\ndef a{HTTP}"
    assert codes(plant, judged, source) == ["AF207"]


def test_two_bindings_of_one_name(plant: Plant, judged: Judged) -> None:
    output = "@bp.queue_output(arg_name='x', queue_name='{}', connection='AzureWebJobsStorage')\n"
    source = (
        "@bp.queue_trigger(arg_name='m', queue_name='inbox', connection='AzureWebJobsStorage')\n"
        f"{output.format('one-queue')}{output.format('two-queue')}"
        f"def a(m: func.QueueMessage, x: func.Out[str]){NOTHING}"
    )
    assert codes(plant, judged, source) == ["AF205"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("methods=['GETT']", ["AF224"]),
        ("methods=['get', 'POST']", []),
        ("methods=[func.HttpMethod.GET]", []),
        ("auth_level='anonymus'", ["AF224"]),
        ("auth_level='anonymous'", []),
        ("auth_level=func.AuthLevel.ADMIN", []),
    ],
)
def test_choices_of_http(plant: Plant, arguments: str, expected: list[str]) -> None:
    app = plant({"blueprints/hello.py": f"{APP}@bp.route(route='a', {arguments})\ndef a{HTTP}"})
    assert [found.code for found in judge(app, "AF2")] == expected


def test_streams_beside_other_http_functions(plant: Plant) -> None:
    source = (
        "import azurefunctions.extensions.http.fastapi as fastapi\n"
        f"{APP}@bp.route(route='a')\ndef a{HTTP}\n"
        "@bp.route(route='b')\n"
        "async def b(req: fastapi.Request) -> fastapi.Response:\n    return fastapi.Response()\n"
    )
    [found] = judge(plant({"blueprints/hello.py": source}), "AF2")
    assert (found.code, "a takes HttpRequest, but b streams." in found.message) == ("AF225", True)
