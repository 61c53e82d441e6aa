"""Settings that the host and its extensions need in order to connect."""

from pathlib import Path

import pytest

from tests.support.repositories import track
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
from tests.validator.rules.settings_files import blueprint, codes, hello, local, queue

TIMER = blueprint('timer_trigger(arg_name="message", schedule="0 0 * * * *")')
BLOB = 'blob_trigger(arg_name="message", path="in/{{name}}", connection="Files"{})'
STREAMS = hello("from azurefunctions.extensions.http.fastapi import Request")
FORMS = {"accountName": "shop"}
DOCKER = "FROM mcr.microsoft.com/azure-functions/python:4-python3.{}\n"


@pytest.mark.parametrize("content", [TIMER, queue("")])
def test_the_missing_storage_account_of_the_host_is_found(
    content: str, plant: Plant, find: Find
) -> None:
    settings = local(AzureWebJobsStorage=None)
    app = plant({"blueprints/orders.py": content, "local.settings.json": settings})
    assert codes(find(app, "AF3")) == [("AF310", "local.settings.json", 3)]
    (app / "local.settings.json").write_text(
        local(AzureWebJobsStorage=None, AzureWebJobsStorage__accountName="a")
    )
    assert find(app, "AF3") == []


def test_an_app_of_http_functions_needs_no_storage_account(plant: Plant, find: Find) -> None:
    content = blueprint('route(route="orders")', "req")
    settings = local(AzureWebJobsStorage=None)
    app = plant({"blueprints/orders.py": content, "local.settings.json": settings})
    assert find(app, "AF3") == []


def test_a_connection_string_in_a_decorator_is_found_and_not_shown(
    plant: Plant, find: Find
) -> None:
    key = "q1w2e3r4t5y6u7i8o9p0" * 4 + "asdfgh=="
    text = f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={key}"
    found = find(plant({"blueprints/orders.py": queue(text)}), "AF3")
    assert codes(found) == [("AF311", "blueprints/orders.py", 6)]
    assert key not in str(found)


@pytest.mark.parametrize("uri", ['"https://a.b/c"', 'os.environ["TopicUri"]'])
def test_the_address_of_a_topic_is_not_the_name_of_a_setting(
    uri: str, plant: Plant, find: Find
) -> None:
    output = f'event_grid_output(arg_name="x", topic_endpoint_uri={uri}, topic_key_setting="Key")'
    content = blueprint(f'{output}\n@bp.route(route="x")', "req, x")
    settings = {"TopicUri": "https://a.b/c", "Key": "k"}
    files = {
        "blueprints/orders.py": f"import os\n{content}",
        "local.settings.json": local(**settings),
    }
    [found] = find(plant(files), "AF3")
    assert found.code == "AF311"
    assert " is an address" in found.message


@pytest.mark.parametrize(
    ("output", "what"),
    [
        (
            'event_grid_output("out", "https://shop.eventgrid.azure.net/api/events", "Key")',
            '"topicEndpointUri" is an address',
        ),
        (
            'generic_output_binding("out", "sendGrid", apiKey="SG.abcdefgh-x.ijklmnop-y")',
            '"apiKey" is a key',
        ),
    ],
)
def test_an_address_or_a_key_in_the_place_of_a_setting(
    output: str, what: str, plant: Plant, find: Find
) -> None:
    source = blueprint(f'route("a")\n@bp.{output}', "req, out")
    app = plant({"blueprints/orders.py": source, "local.settings.json": local(Key="x")})
    [found] = find(app, "AF3")
    assert found.code == "AF311"
    assert found.message == f"In orders, {what}, not the name of a setting."


@pytest.mark.parametrize(("type_", "count"), [("sendGrid", 1), ("assistantPost", 0)])
def test_the_key_of_sendgrid_is_the_name_of_a_setting(
    type_: str, count: int, plant: Plant, find: Find
) -> None:
    output = f'generic_output_binding("out", "{type_}", apiKey="MailKey")'
    source = blueprint(f'route("a")\n@bp.{output}', "req, out")
    app = plant({"blueprints/orders.py": source, "local.settings.json": local(Other="x")})
    assert len(find(app, "AF301")) == count
    app = plant({"blueprints/orders.py": source, "local.settings.json": local(MailKey="x")})
    assert find(app, "AF3") == []


READING = """
import os
from os import environ, getenv

import azure.functions as func
from shared import names

bp = func.Blueprint()
OWN = os.getenv("OrdersStorage", "")


class Own:
    STORAGE = os.environ["OrdersStorage"]


@bp.queue_trigger(
    arg_name="message",
    queue_name="orders",
    connection={},
)
def orders(message: func.QueueMessage) -> None:
    print(message.id)
"""
NAMES = 'import os\n\nSTORAGE = os.environ["OrdersStorage"]\nNAME = "OrdersStorage"\n\n\nclass Config:\n    ORDERS = STORAGE\n'


def reading(argument: str) -> Files:
    return {
        "blueprints/orders.py": READING.format(argument),
        "shared/__init__.py": "",
        "shared/names.py": NAMES,
    }


@pytest.mark.parametrize(
    "argument",
    [
        'os.environ["OrdersStorage"]',
        'environ["OrdersStorage"]',
        "os.environ[names.NAME]",
        'os.environ.get("OrdersStorage")',
        'getenv("OrdersStorage", "")',
        "OWN",
        "names.STORAGE",
        "names.Config.ORDERS",
        "Own.STORAGE",
    ],
)
def test_the_value_of_a_setting_is_not_its_name(argument: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(reading(argument)), "AF311")
    assert (found.path, found.line) == ("blueprints/orders.py", 18)
    assert "the value of OrdersStorage is a connection string" in found.message
    assert found.fix.startswith('Write "OrdersStorage"')


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ('os.environ["OrdersStorage"]', "AzureWebJobsStorage"),
        ('os.environ["OrdersStorage"]', "<your connection>"),
        ('os.environ["OrdersStorage"]', ""),
        ("names.NAME", "UseDevelopmentStorage=true"),
        ('os.getenv("Other", "OrdersStorage")', "UseDevelopmentStorage=true"),
        ('os.environ["OrdersStorage"] and "OrdersStorage"', "UseDevelopmentStorage=true"),
    ],
)
def test_settings_that_may_name_another(
    argument: str, value: str, plant: Plant, find: Find
) -> None:
    files = {**reading(argument), "local.settings.json": local(OrdersStorage=value)}
    assert find(plant(files), "AF311") == []


def test_a_default_that_only_an_index_shows(plant: Plant, worker_python: Path) -> None:
    app = plant(reading('os.getenv("Other", "UseDevelopmentStorage=" + str(True).lower())'))
    [found] = find_problems(app, "AF311", worker_python)
    assert "the value of Other is a connection string" in found.message


def test_a_secret_is_not_the_name_of_a_setting(plant: Plant, find: Find) -> None:
    secret = "@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/orders)"
    settings = local(OrdersStorage=secret)
    files = {**reading('os.environ["OrdersStorage"]'), "local.settings.json": settings}
    [found] = find(plant(files), "AF3")
    assert found.code == "AF311"
    assert "the value of OrdersStorage is a secret" in found.message


@pytest.mark.parametrize(
    ("source", "parts", "missing"),
    [
        ("", ["blobServiceUri"], "Files__queueServiceUri"),
        ("", ["serviceUri"], "Files__queueServiceUri"),
        ("", ["credential", "clientId"], "Files__blobServiceUri"),
        ("", ["blobServiceUri", "queueServiceUri"], None),
        ("", ["accountName"], None),
        (', source="EventGrid"', ["blobServiceUri"], None),
    ],
)
def test_an_identity_based_blob_trigger_needs_blobs_and_queues(
    source: str, parts: list[str], missing: str | None, plant: Plant, find: Find
) -> None:
    settings = local(**{f"Files__{part}": FORMS.get(part, "https://a.example") for part in parts})
    files = {
        "blueprints/orders.py": blueprint(BLOB.format(source)),
        "local.settings.json": settings,
    }
    found = find(plant(files), "AF3")
    assert [f.code for f in found] == (["AF312"] if missing else [])
    assert not missing or missing in found[0].message


def test_the_setting_of_another_service_does_not_complete_a_connection(
    plant: Plant, find: Find
) -> None:
    trigger = 'service_bus_queue_trigger(arg_name="message", queue_name="q", connection="Bus")'
    settings = local(Bus__serviceUri="https://a.example")
    app = plant({"blueprints/orders.py": blueprint(trigger), "local.settings.json": settings})
    [found] = find(app, "AF3")
    assert found.code == "AF312"
    assert "Bus__fullyQualifiedNamespace" in found.fix


@pytest.mark.parametrize("whole", ["Orders", "Connections__Orders", "Connections:Orders"])
def test_a_connection_that_is_named_by_a_part_of_it(whole: str, plant: Plant, find: Find) -> None:
    name = f"{whole}__queueServiceUri"
    files = {
        "blueprints/orders.py": queue(name),
        "local.settings.json": local(**{name: "https://a.example"}),
    }
    [found] = find(plant(files), "AF31")
    assert (found.code, found.fix) == ("AF312", f'Write "{whole}" instead.')
    assert find(plant({**files, "blueprints/orders.py": queue(whole)}), "AF31") == []


def test_http_streams_need_a_setting_up_to_python_312(plant: Plant) -> None:
    app = plant({"blueprints/hello.py": STREAMS, "Dockerfile": DOCKER.format(12)})
    assert codes(find_problems(app, "AF3")) == [("AF313", "blueprints/hello.py", 2)]
    settings = HEALTHY["local.settings.json"].replace(
        '"Orders', '"PYTHON_ENABLE_INIT_INDEXING": "1", "Orders'
    )
    (app / "local.settings.json").write_text(settings)
    assert find_problems(app, "AF3") == []


def test_http_streams_beside_a_web_framework_need_no_setting(plant: Plant) -> None:
    app = plant({"blueprints/hello.py": STREAMS, "Dockerfile": DOCKER.format(12)})
    entry = (app / "function_app.py").read_text()
    made = "import azure.functions as func\nweb = func.AsgiFunctionApp(app=None)\n"
    (app / "function_app.py").write_text(made + entry)
    found = {one.code for one in find_problems(app)}
    assert "AF238" in found
    assert "AF313" not in found


def test_http_streams_need_no_setting_from_python_313_on(plant: Plant) -> None:
    app = plant({"blueprints/hello.py": STREAMS, "Dockerfile": DOCKER.format(13)})
    assert find_problems(app, "AF3") == []
    (app / "Dockerfile").unlink()
    assert find_problems(app, "AF3") == []


@pytest.mark.parametrize("value", ["", "<your-connection-string>"])
def test_a_setting_without_a_value_is_found_where_git_ignores_it(value: str, plant: Plant) -> None:
    app = plant({"local.settings.json": local(OrdersStorage=value, Other="")})
    assert codes(find_problems(app, "AF3")) == [("AF314", "local.settings.json", 6)]
    (app / ".gitignore").write_text(".venv/\n")
    assert find_problems(app, "AF3") == []


@pytest.mark.parametrize(
    ("decorator", "settings", "found"),
    [
        ('schedule("0 0 * * * *", "req")', {"AzureWebJobsStorage": ""}, ["AF314"]),
        ('route(route="orders")', {"AzureWebJobsStorage": ""}, []),
        (
            'schedule("0 0 * * * *", "req")',
            {"AzureWebJobsStorage": "", "AzureWebJobsStorage__accountName": "orders"},
            [],
        ),
        (
            'queue_trigger("req", "orders", "Orders")',
            {"Orders": "<value>", "Orders__queueServiceUri": "https://a.queue.core.windows.net"},
            ["AF314"],
        ),
        (
            'queue_trigger("req", "orders", "Orders")',
            {"Orders": "", "Orders__queueServiceUri": "https://a.queue.core.windows.net"},
            [],
        ),
    ],
)
def test_an_empty_setting_counts_where_functions_need_it_and_it_has_no_parts(
    decorator: str, settings: dict[str, str], found: list[str], plant: Plant
) -> None:
    content = blueprint(decorator, "req")
    app = plant({"blueprints/orders.py": content, "local.settings.json": local(**settings)})
    assert [one.code for one in find_problems(app, "AF3")] == found


def test_a_committed_file_is_an_example_although_gitignore_names_it(plant: Plant) -> None:
    app = plant({"local.settings.json": local(OrdersStorage="")})
    assert [found.code for found in find_problems(app, "AF")] == ["AF314"]
    track(app, "local.settings.json")
    assert find_problems(app, "AF") == []
