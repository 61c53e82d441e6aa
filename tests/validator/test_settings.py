"""AF301 and AF311 to AF312: settings that triggers and bindings need, and the files that have them."""

import json

import pytest

from functions_validator.checking import check
from functions_validator.project.project import Project
from functions_validator.registry import chosen
from tests.support.validator import HEALTHY, Found, Judged, Plant, judge

AZURITE = "UseDevelopmentStorage=true"


def local(**values: object) -> str:
    """Return a local.settings.json with what every app has, and more; None leaves a setting out."""
    every = {"FUNCTIONS_WORKER_RUNTIME": "python", "AzureWebJobsStorage": AZURITE, **values}
    kept = {name: value for name, value in every.items() if value is not None}
    return json.dumps({"IsEncrypted": False, "Values": kept}, indent=2)


def blueprint(decorator: str, parameter: str = "message") -> str:
    """Return a blueprint with one function."""
    return (
        "import azure.functions as func\n\nbp = func.Blueprint()\n\n\n"
        f"@bp.{decorator}\ndef orders({parameter}) -> None:\n    print({parameter})\n"
    )


QUEUE = 'queue_trigger(arg_name="message", queue_name="{queue}", connection="{connection}")'


def queue(connection: str = "OrdersStorage", name: str = "orders") -> str:
    return blueprint(QUEUE.format(queue=name, connection=connection))


CONDITIONAL = """
import os

import azure.functions as func

bp = func.Blueprint()

if os.getenv("ORDERS"):

    @bp.queue_trigger(arg_name="message", queue_name="orders", connection="Orders")
    def orders(message: func.QueueMessage) -> None:
        print(message)
"""


def codes(found: list[Found]) -> list[tuple[str, str, int]]:
    return [(finding.code, finding.path, finding.line) for finding in found]


def test_a_connection_without_a_setting_is_found(plant: Plant, judged: Judged) -> None:
    app = plant({"local.settings.json": local()})
    found = judged(app, "AF3")
    assert codes(found) == [("AF301", "blueprints/orders.py", 8)]
    assert '"OrdersStorage"' in found[0].message


def test_a_setting_between_percent_signs_is_found(plant: Plant, judged: Judged) -> None:
    app = plant({"blueprints/orders.py": queue(name="%ORDERS_QUEUE%")})
    assert codes(judged(app, "AF3")) == [("AF301", "blueprints/orders.py", 6)]
    (app / "local.settings.json").write_text(local(OrdersStorage=AZURITE, orders_queue="orders"))
    assert judged(app, "AF3") == []


def test_a_setting_that_only_the_example_has_is_noted(plant: Plant) -> None:
    example = HEALTHY["local.settings.json"]
    files = {"local.settings.json": local(), "local.settings.example.json": example}
    project = Project(plant(files))
    assert check(project, chosen(["AF301"], [])) == []
    assert project.notes == [
        "local.settings.json lacks OrdersStorage, which its example has.",
    ]


def test_an_example_alone_tells_what_is_missing(plant: Plant) -> None:
    app = plant({"local.settings.json": None, "local.settings.json.example": local()})
    [found] = judge(app, "AF3")
    assert "local.settings.json.example" in found.message


def test_a_misspelt_name_comes_with_the_right_one(plant: Plant, judged: Judged) -> None:
    [found] = judged(plant({"blueprints/orders.py": queue("OrderStorage")}), "AF3")
    assert 'write "OrdersStorage"' in found.fix


@pytest.mark.parametrize(
    "durable", [{"hubName": "%HUB%"}, {"storageProvider": {"connectionName": "HUB"}}]
)
def test_a_setting_that_host_json_names_is_found(durable: dict[str, object], plant: Plant) -> None:
    content = json.dumps({"version": "2.0", "extensions": {"durableTask": durable}})
    app = plant({"host.json": content})
    assert codes(judge(app, "AF3")) == [("AF301", "host.json", 1)]
    (app / "local.settings.json").write_text(local(OrdersStorage=AZURITE, HUB="x"))
    assert judge(app, "AF3") == []


def test_a_function_that_a_factory_makes_is_judged(plant: Plant) -> None:
    made = """
        import azure.functions as func


        def make() -> func.Blueprint:
            bp = func.Blueprint()

            @bp.queue_trigger(arg_name="message", queue_name="orders", connection="{}")
            def orders(message: func.QueueMessage) -> None:
                print(message)

            return bp


        bp = make()
        """
    app = plant({"blueprints/orders.py": made.format("Missing")})
    assert codes(judge(app, "AF3")) == [("AF301", "blueprints/orders.py", 7)]


@pytest.mark.parametrize(
    ("content", "settings"),
    [
        (queue("Storage"), {}),
        (queue(""), {}),
        (queue("ordersstorage"), {"OrdersStorage": AZURITE}),
        (queue("Orders"), {"AzureWebJobsOrders": AZURITE}),
        (queue("Orders"), {"Orders__queueServiceUri": "https://a.queue.core.windows.net"}),
        (queue("Orders"), {"Orders:queueServiceUri": "https://a.queue.core.windows.net"}),
        (queue("Orders"), {"Orders__accountName": "a"}),
        (
            blueprint(
                'event_grid_output(arg_name="message", topic_endpoint_uri="https://a.b/c", '
                'topic_key_setting="Key")\n@bp.route(route="x")',
                "req, message",
            ),
            {"Key": "x"},
        ),
        (
            blueprint('kafka_trigger(arg_name="message", topic="t", broker_list="broker:9092")'),
            {},
        ),
        (
            blueprint(
                'generic_trigger(arg_name="message", type="sqlTrigger", '
                'commandText="SELECT 1 WHERE a LIKE \'%b%\'", connectionStringSetting="Sql")'
            ),
            {"Sql": "Server=localhost;Database=a;"},
        ),
        (
            CONDITIONAL,
            {},
        ),
    ],
)
def test_settings_that_are_there_are_no_finding(
    content: str, settings: dict[str, str], plant: Plant, judged: Judged
) -> None:
    app = plant({"blueprints/orders.py": content, "local.settings.json": local(**settings)})
    assert judged(app, "AF3") == []


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("infra/main.bicep", "  { name: 'OrdersStorage__queueServiceUri', value: uri }\n"),
        (".github/workflows/deploy.yml", "settings: OrdersStorage=${{ secrets.STORAGE }}\n"),
        (".env.sample", "OrdersStorage=\n"),
        ("README.md", '```json\n"OrdersStorage": "UseDevelopmentStorage=true"\n```\n'),
    ],
)
def test_a_setting_that_another_file_gives_is_known(path: str, content: str, plant: Plant) -> None:
    assert judge(plant({"local.settings.json": local(), path: content}), "AF3") == []


def test_a_setting_that_a_text_only_names_is_missing(plant: Plant) -> None:
    files = {"local.settings.json": local(), "README.md": "Set `OrdersStorage` in Azure.\n"}
    assert [found.code for found in judge(plant(files), "AF3")] == ["AF301"]


def test_without_local_files_nothing_is_missing(plant: Plant, judged: Judged) -> None:
    assert judged(plant({"local.settings.json": None}), "AF3") == []


def test_a_connection_string_in_a_decorator_is_found_and_not_shown(
    plant: Plant, judged: Judged
) -> None:
    key = "q1w2e3r4t5y6u7i8o9p0" * 4 + "asdfgh=="
    text = f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={key}"
    found = judged(plant({"blueprints/orders.py": queue(text)}), "AF3")
    assert codes(found) == [("AF311", "blueprints/orders.py", 6)]
    assert key not in str(found)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{\n  "Values": {\n    "A": "b"\n    "C": "d"\n  }\n}', 4),
        ("[]", 1),
        ('{\n  "IsEncrypted": false,\n  "values": {"A": "b"}\n}', 3),
        ('{"IsEncrypted": false}', 1),
        (local(A={"b": "c"}), 6),
    ],
)
def test_settings_that_cannot_be_read_are_found(content: str, line: int, plant: Plant) -> None:
    app = plant({"local.settings.json": content})
    assert codes(judge(app, "AF306")) == [("AF306", "local.settings.json", line)]


def test_a_template_of_settings_need_not_be_json(plant: Plant) -> None:
    assert judge(plant({"local.settings.json.tpl": "{ $VALUES }"}), "AF3") == []


def test_comments_and_numbers_are_read_as_core_tools_reads_them(plant: Plant) -> None:
    content = local(A=1, B=True, OrdersStorage=AZURITE).replace("{", "{ // settings", 1)
    assert judge(plant({"local.settings.json": content}), "AF3") == []


def test_a_setting_that_is_given_twice_is_found(plant: Plant) -> None:
    content = local(OrdersStorage=AZURITE).replace('"FUNC', '"ordersstorage": "x",\n"FUNC')
    app = plant({"local.settings.json": content})
    assert codes(judge(app, "AF3")) == [("AF307", "local.settings.json", 7)]


@pytest.mark.parametrize(("runtime", "line"), [(None, 3), ("node", 4)])
def test_another_worker_than_pythons_is_found(runtime: str | None, line: int, plant: Plant) -> None:
    content = local(FUNCTIONS_WORKER_RUNTIME=runtime, OrdersStorage=AZURITE)
    for name in ("local.settings.json", "local.settings.example.json"):
        app = plant({name: content})
        assert codes(judge(app, "AF3")) == [("AF308", name, line)]
        (app / name).unlink()


def test_an_example_of_what_is_to_be_added_needs_no_worker(plant: Plant) -> None:
    example = json.dumps({"IsEncrypted": False, "Values": {"OrdersStorage": "x"}})
    assert judge(plant({"local.settings.sample.json": example}), "AF3") == []


TIMER = blueprint('timer_trigger(arg_name="message", schedule="0 0 * * * *")')


@pytest.mark.parametrize("content", [TIMER, queue("")])
def test_a_missing_storage_account_of_the_host_is_found(
    content: str, plant: Plant, judged: Judged
) -> None:
    settings = local(AzureWebJobsStorage=None)
    app = plant({"blueprints/orders.py": content, "local.settings.json": settings})
    assert codes(judged(app, "AF3")) == [("AF310", "local.settings.json", 3)]
    (app / "local.settings.json").write_text(
        local(AzureWebJobsStorage=None, AzureWebJobsStorage__accountName="a")
    )
    assert judged(app, "AF3") == []


def test_an_app_of_http_functions_needs_no_storage_account(plant: Plant, judged: Judged) -> None:
    content = blueprint('route(route="orders")', "req")
    settings = local(AzureWebJobsStorage=None)
    app = plant({"blueprints/orders.py": content, "local.settings.json": settings})
    assert judged(app, "AF3") == []


@pytest.mark.parametrize("written", ["true", None])
def test_plain_settings_that_are_said_to_be_encrypted_are_found(
    written: str | None, plant: Plant
) -> None:
    line = f'"IsEncrypted": {written},' if written else ""
    content = local(OrdersStorage=AZURITE).replace('"IsEncrypted": false,', line)
    assert [f.code for f in judge(plant({"local.settings.json": content}), "AF3")] == ["AF309"]


BLOB = 'blob_trigger(arg_name="message", path="in/{{name}}", connection="Files"{})'


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
def test_a_blob_trigger_by_identity_needs_blobs_and_queues(
    source: str, parts: list[str], missing: str | None, plant: Plant, judged: Judged
) -> None:
    settings = local(**{f"Files__{part}": "https://a.example" for part in parts})
    files = {
        "blueprints/orders.py": blueprint(BLOB.format(source)),
        "local.settings.json": settings,
    }
    found = judged(plant(files), "AF3")
    assert [f.code for f in found] == (["AF312"] if missing else [])
    assert not missing or missing in found[0].message


def test_a_connection_by_the_identity_of_another_service_is_found(
    plant: Plant, judged: Judged
) -> None:
    trigger = 'service_bus_queue_trigger(arg_name="message", queue_name="q", connection="Bus")'
    settings = local(Bus__serviceUri="https://a.example")
    app = plant({"blueprints/orders.py": blueprint(trigger), "local.settings.json": settings})
    [found] = judged(app, "AF3")
    assert "Bus__fullyQualifiedNamespace" in found.fix


@pytest.mark.parametrize("value", ["", "<your-connection-string>"])
def test_a_setting_without_a_value_is_found_where_git_ignores_it(value: str, plant: Plant) -> None:
    app = plant({"local.settings.json": local(OrdersStorage=value, Other="")})
    assert codes(judge(app, "AF3")) == [("AF314", "local.settings.json", 6)]
    (app / ".gitignore").write_text(".venv/\n")
    assert judge(app, "AF3") == []
