"""local.settings.json and its examples."""

import json

import pytest

from tests.support.validator import Find, Plant, find_problems
from tests.validator.rules.settings_files import AZURITE, codes, local


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"Host": {"CORS": "*", "LocalHttpPort": 7072, "CORSCredentials": False}}, 0),
        ({"Host": {"cors": ["*"]}}, 1),
        ({"Host": {"LocalHttpPort": "7072"}}, 0),
        ({"Host": {"LocalHttpPort": "7072/tcp"}}, 1),
        ({"Host": {"CORSCredentials": "yes"}}, 1),
        ({"Host": "localhost"}, 1),
        ({"Host": None, "ConnectionStrings": {"Orders": "x"}}, 0),
        ({"ConnectionStrings": ["x"]}, 1),
        ({"IsEncrypted": "no"}, 1),
        ({"IsEncrypted": "False"}, 0),
    ],
)
def test_what_core_tools_cannot_convert(
    content: dict[str, object], expected: int, plant: Plant
) -> None:
    settings = {**json.loads(local(OrdersStorage=AZURITE)), **content}
    found = find_problems(plant({"local.settings.json": json.dumps(settings, indent=1)}))
    assert [one.code for one in found] == ["AF306"] * expected
    assert all(one.message.endswith("so Core Tools ignores the whole file.") for one in found)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{\n  "Values": {\n    "A": "b"\n    "C": "d"\n  }\n}', 4),
        ("[]", 1),
        ('{\n  "IsEncrypted": false,\n  "values": {"A": "b"}\n}', 3),
        ('{"IsEncrypted": false}', 1),
        (local(A={"b": "c"}), 6),
        (local(A=["b", "c"]), 6),
    ],
)
def test_settings_that_cannot_be_read_are_found(content: str, line: int, plant: Plant) -> None:
    app = plant({"local.settings.json": content})
    assert codes(find_problems(app, "AF306")) == [("AF306", "local.settings.json", line)]


def test_a_template_of_the_settings_need_not_be_json(plant: Plant) -> None:
    assert find_problems(plant({"local.settings.json.tpl": "{ $VALUES }"}), "AF3") == []


def test_comments_and_numbers_are_read_as_core_tools_reads_them(plant: Plant) -> None:
    content = local(A=1, B=True, OrdersStorage=AZURITE).replace("{", "{ // settings", 1)
    assert find_problems(plant({"local.settings.json": content}), "AF3") == []


def test_a_setting_that_is_defined_twice_is_found(plant: Plant) -> None:
    content = local(OrdersStorage=AZURITE).replace(
        '"FUNC', '"ordersstorage": "UseDevelopmentStorage=true",\n"FUNC'
    )
    app = plant({"local.settings.json": content})
    assert codes(find_problems(app, "AF3")) == [("AF307", "local.settings.json", 7)]


def test_settings_that_are_lost_are_found(plant: Plant) -> None:
    content = local(OrdersStorage=AZURITE).replace(
        '"Values": {', '"Values": {"API_LIMIT": 1},\n  "Values": {', 1
    )
    [found] = find_problems(plant({"local.settings.json": content}), "AF3")
    assert (found.code, found.line, found.fix) == ("AF307", 3, "Merge the two.")
    assert found.message == '"Values" is given again in line 4, so these settings are lost.'


@pytest.mark.parametrize(("runtime", "line"), [(None, 3), ("node", 4)])
def test_a_missing_or_different_worker_is_found(
    runtime: str | None, line: int, plant: Plant
) -> None:
    content = local(FUNCTIONS_WORKER_RUNTIME=runtime, OrdersStorage=AZURITE)
    for name in ("local.settings.json", "local.settings.example.json"):
        app = plant({name: content})
        assert codes(find_problems(app, "AF3")) == [("AF308", name, line)]
        (app / name).unlink()


def test_an_example_of_some_settings_needs_no_worker(plant: Plant) -> None:
    example = json.dumps({"IsEncrypted": False, "Values": {"OrdersStorage": "x"}})
    assert find_problems(plant({"local.settings.sample.json": example}), "AF3") == []


@pytest.mark.parametrize("written", ["true", None])
def test_plain_settings_that_core_tools_would_decrypt_are_found(
    written: str | None, plant: Plant
) -> None:
    line = f'"IsEncrypted": {written},' if written else ""
    content = local(OrdersStorage=AZURITE).replace('"IsEncrypted": false,', line)
    [found] = find_problems(plant({"local.settings.json": content}), "AF3")
    assert (found.code, found.path) == ("AF309", "local.settings.json")


def test_an_example_need_not_say_that_it_is_plain(plant: Plant) -> None:
    content = local(OrdersStorage=AZURITE).replace('"IsEncrypted": false,', "")
    assert find_problems(plant({"local.settings.example.json": content}), "AF3") == []


SCHEDULED = """
import azure.functions as func

bp = func.Blueprint()


@bp.queue_trigger(arg_name="message", queue_name="%QUEUE%", connection="OrdersStorage")
def orders(message: func.QueueMessage) -> None:
    print(message.id)


@bp.timer_trigger(arg_name="timer", schedule="%SCHEDULE%")
def nightly(timer: func.TimerRequest) -> None:
    print(timer.past_due)
"""


def _encrypted(is_encrypted: bool) -> str:
    names = (
        "FUNCTIONS_WORKER_RUNTIME",
        "AzureWebJobsStorage",
        "OrdersStorage__queueServiceUri",
        "QUEUE",
        "SCHEDULE",
        "PYTHON_SCRIPT_FILE_NAME",
        "AzureFunctionsJobHost__functionTimeout",
        "AzureFunctionsJobHost__extensions__queues__batchSize",
    )
    values = {name: f"CfDJ8{place}{'AbC/+9' * 20}==" for place, name in enumerate(names)}
    return json.dumps({"IsEncrypted": is_encrypted, "Values": values})


def test_encrypted_values_are_not_read(plant: Plant, find: Find) -> None:
    app = plant({"local.settings.json": _encrypted(True), "blueprints/orders.py": SCHEDULED})
    assert find(app) == []
    (app / "local.settings.json").write_text(_encrypted(False))
    assert {"AF211", "AF308", "AF315", "AF504"} <= {found.code for found in find(app)}
