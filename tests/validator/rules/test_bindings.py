"""Names and bindings that the host rejects."""

import pytest

from tests.support.validator import Find, Plant

FUNCTION = """
    import typing

    import azure.functions as func

    bp = func.Blueprint()


    {decorators}
    def orders({parameters}) -> None:
        pass
    """
NAMED = """
    import azure.functions as func

    bp = func.Blueprint()


    @bp.function_name("{}")
    @bp.route(route="hello")
    def hello(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse()
    """
STORAGE = "'AzureWebJobsStorage'"


def function(decorators: str, parameters: str) -> str:
    """Return a blueprint with a function; the decorators are on one line each."""
    return FUNCTION.format(decorators="\n    ".join(decorators.splitlines()), parameters=parameters)


def codes(plant: Plant, find: Find, source: str) -> list[str]:
    app = plant({"blueprints/orders.py": source})
    return [finding.code for finding in find(app, "AF2")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("1st", ["AF201"]),
        ("Host", ["AF201"]),
        ("a b", ["AF201"]),
        ("a-b", []),
        ("a" * 128, []),
        ("a" * 129, ["AF201"]),
    ],
)
def test_the_name_of_a_function(plant: Plant, find: Find, name: str, expected: list[str]) -> None:
    app = plant({"blueprints/hello.py": NAMED.format(name)})
    assert [finding.code for finding in find(app, "AF2")] == expected


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        (f"queue_trigger('x', 'my_queue', {STORAGE})", ["AF202"]),
        (f"queue_trigger('x', 'a', {STORAGE})", ["AF202"]),
        (f"queue_trigger('x', 'Orders', {STORAGE})", []),
        (f"queue_trigger('x', '%QUEUE_NAME%', {STORAGE})", []),
        (f"blob_trigger('x', 'My/{{name}}', {STORAGE})", ["AF202"]),
        (f"blob_trigger('x', '/samples/{{name}}', {STORAGE})", ["AF202"]),
        (f"blob_trigger('x', 'samples', {STORAGE})", []),
        (f"blob_trigger('x', '{{box}}/{{name}}', {STORAGE})", []),
    ],
)
def test_the_name_of_a_queue_or_container(
    plant: Plant, find: Find, decorator: str, expected: list[str]
) -> None:
    kind = "InputStream" if "blob" in decorator else "QueueMessage"
    source = function(f"@bp.{decorator}", f"x: func.{kind}")
    assert codes(plant, find, source) == expected


@pytest.mark.parametrize(
    ("cardinality", "annotation", "expected"),
    [
        ("many", "func.EventHubEvent", ["AF203"]),
        ("many", "typing.List[func.EventHubEvent]", []),
        ("one", "func.EventHubEvent", []),
        ("one", "typing.List[func.EventHubEvent]", ["AF203"]),
    ],
)
def test_the_cardinality_of_a_trigger(
    plant: Plant, find: Find, cardinality: str, annotation: str, expected: list[str]
) -> None:
    trigger = f"event_hub_message_trigger('x', {STORAGE}, 'hub', cardinality='{cardinality}')"
    assert codes(plant, find, function(f"@bp.{trigger}", f"x: {annotation}")) == expected


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("rabitMQTrigger", ["AF204"]),
        ("RABBITMQTRIGGER", []),
        ("redisListTrigger", []),
        ("ourOwnTrigger", []),
    ],
)
def test_the_type_of_a_generic_binding(
    plant: Plant, find: Find, type: str, expected: list[str]
) -> None:
    source = function(f"@bp.generic_trigger(arg_name='x', type='{type}')", "x: str")
    assert codes(plant, find, source) == expected


def test_two_bindings_of_one_name(plant: Plant, find: Find) -> None:
    source = function(
        f"@bp.queue_trigger(arg_name='m', queue_name='inbox', connection={STORAGE})\n"
        f"@bp.queue_output(arg_name='x', queue_name='one-queue', connection={STORAGE})\n"
        f"@bp.queue_output(arg_name='x', queue_name='two-queue', connection={STORAGE})",
        "m: func.QueueMessage, x: func.Out[str]",
    )
    assert codes(plant, find, source) == ["AF205"]


def test_an_empty_name(plant: Plant, find: Find) -> None:
    source = function(f"@bp.queue_trigger('x', '', {STORAGE})", "x: func.QueueMessage")
    assert codes(plant, find, source) == ["AF206"]
