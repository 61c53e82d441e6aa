"""Settings that triggers, bindings and host.json name."""

import json
from pathlib import Path

import pytest

from functions_validator.checking import check
from functions_validator.project.project import Project
from functions_validator.registry import chosen
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
from tests.validator.rules.binding_files import function
from tests.validator.rules.settings_files import AZURITE, blueprint, codes, hello, local, queue

CONDITIONAL = """
import os

import azure.functions as func

bp = func.Blueprint()

if os.getenv("ORDERS"):

    @bp.queue_trigger(arg_name="message", queue_name="orders", connection="Orders")
    def orders(message: func.QueueMessage) -> None:
        print(message)
"""
WITH_DURABLE: Files = {
    "blueprints/orders.py": f"import azure.durable_functions\n{HEALTHY['blueprints/orders.py']}"
}


def test_a_connection_without_a_setting_is_found(plant: Plant, find: Find) -> None:
    app = plant({"local.settings.json": local()})
    found = find(app, "AF3")
    assert codes(found) == [("AF301", "blueprints/orders.py", 8)]
    assert '"OrdersStorage"' in found[0].message
    assert "local.settings.json" in found[0].fix


@pytest.mark.parametrize(("settings", "count"), [({}, 1), ({"MailKey": "SG.x"}, 0)])
def test_the_key_of_sendgrid_is_in_a_setting(
    settings: dict[str, str], count: int, plant: Plant, find: Find
) -> None:
    output = "generic_output_binding('x', 'sendGrid', apiKey='MailKey')\n@bp.route(route='x')"
    files = {
        "blueprints/orders.py": blueprint(output, "req, x"),
        "local.settings.json": local(**settings),
    }
    assert ['"MailKey"' in found.message for found in find(plant(files), "AF301")] == [True] * count


@pytest.mark.parametrize(
    ("missing", "fix"),
    [
        ("OrdersStorage", 'Add "OrdersStorage" to local.settings.json with func settings add, or'),
        ("AzureWebJobsStorage", "Run func settings add AzureWebJobsStorage UseDevelopmentStorage"),
        ("FUNCTIONS_WORKER_RUNTIME", "Run func settings add FUNCTIONS_WORKER_RUNTIME python."),
    ],
)
def test_a_setting_that_encrypted_settings_lack(missing: str, fix: str, plant: Plant) -> None:
    names = {"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "OrdersStorage"} - {missing}
    settings = {"IsEncrypted": True, "Values": dict.fromkeys(names, "Cf" * 40)}
    timer = "timer_trigger(arg_name='message', schedule='0 0 6 * * *')"
    files = {"blueprints/hello.py": blueprint(timer), "local.settings.json": json.dumps(settings)}
    [found] = find_problems(plant(files), "AF3")
    assert found.fix.startswith(fix)


def test_core_tools_adds_nothing_to_an_example(plant: Plant) -> None:
    values = {"FUNCTIONS_WORKER_RUNTIME": "Cf" * 40, "AzureWebJobsStorage": "Cf" * 40}
    example = json.dumps({"IsEncrypted": True, "Values": values})
    files: Files = {"local.settings.json": None, "local.settings.example.json": example}
    [found] = find_problems(plant(files), "AF301")
    assert found.fix.startswith('Add "OrdersStorage" to local.settings.example.json, or')


@pytest.mark.parametrize("source", [queue(), hello(inside="os.environ['OrdersStorage']")])
def test_a_setting_outside_of_the_values_is_to_be_moved(
    source: str, plant: Plant, find: Find
) -> None:
    settings = json.dumps({**json.loads(local()), "OrdersStorage": AZURITE})
    files: Files = {"blueprints/orders.py": None, "blueprints/hello.py": source}
    entry = HEALTHY["function_app.py"].replace(", orders", "")
    entry = entry.replace("app.register_functions(orders.bp)\n", "")
    files |= {"function_app.py": entry, "local.settings.json": settings}
    [found] = find(plant(files), "AF30")
    assert found.message.endswith('which is outside of "Values" in local.settings.json.')
    assert found.fix.startswith('Move "OrdersStorage" into "Values", or ')


@pytest.mark.parametrize(
    ("decorator", "name"),
    [
        ('generic_output_binding("more", "signalR", hubName="h")', "AzureSignalRConnectionString"),
        ('kafka_output("more", topic="t", broker_list="BrokerList")', "BrokerList"),
        ('kafka_output("more", topic="t", broker_list="KAFKA_BROKERS")', "KAFKA_BROKERS"),
    ],
)
def test_a_setting_that_an_output_needs(
    decorator: str, name: str, plant: Plant, find: Find
) -> None:
    source = queue().replace("def orders(message", f"@bp.{decorator}\ndef orders(message, more")
    settings = local(OrdersStorage=AZURITE)
    [found] = find(
        plant({"blueprints/orders.py": source, "local.settings.json": settings}), "AF301"
    )
    assert f'needs the setting "{name}"' in found.message


NAMED = """
from enum import Enum, StrEnum

import azure.functions as func

bp = func.Blueprint()


class Base:
    ORDERS = "First"


{names}


@bp.queue_trigger(arg_name="message", queue_name="orders", connection={connection})
def orders(message: func.QueueMessage) -> None:
    print(message)
"""


@pytest.mark.parametrize(
    ("names", "connection", "is_known"),
    [
        ('class Names:\n    ORDERS = "Second"', "Names.ORDERS", True),
        ('class Names(Enum):\n    ORDERS = "Second"', "Names.ORDERS.value", True),
        ('class Names(str, Enum):\n    ORDERS = "Second"', "Names.ORDERS.value", True),
        ('class Names(StrEnum):\n    ORDERS = "Second"', "Names.ORDERS", True),
        ("class Names(Base):\n    pass", "Names.ORDERS", False),
        ('class Names:\n    ORDERS = "First"\n\n\nNames.ORDERS = "Second"', "Names.ORDERS", False),
        ('class Names(Base):\n    ORDERS = "Second"', "Names.ORDERS", False),
        ('MINE = "Second"', 'f"{MINE}"', True),
        ('MINE = "Second"', 'f"{MINE!r}"', False),
        ('MINE = "Second"', 'f"{MINE:>9}"', False),
    ],
)
def test_a_connection_that_is_defined_elsewhere(
    names: str, connection: str, is_known: bool, plant: Plant
) -> None:
    source = NAMED.format(names=names, connection=connection)
    found = find_problems(plant({"blueprints/orders.py": source}), "AF301")
    assert ['"Second"' in one.message for one in found] == [True] * is_known


def test_a_setting_between_percent_signs_is_found(plant: Plant, find: Find) -> None:
    app = plant({"blueprints/orders.py": queue(name="%ORDERS_QUEUE%")})
    assert codes(find(app, "AF3")) == [("AF301", "blueprints/orders.py", 6)]
    (app / "local.settings.json").write_text(local(OrdersStorage=AZURITE, orders_queue="orders"))
    assert find(app, "AF3") == []


@pytest.mark.parametrize("has_tool", [False, True])
def test_a_setting_that_only_the_example_has_is_noted(has_tool: bool, plant: Plant) -> None:
    example = HEALTHY["local.settings.json"]
    files = {"local.settings.json": local(), "local.settings.example.json": example}
    project = Project(plant(files | ({"tools/settings.py": ""} if has_tool else {})))
    assert check(project, chosen(["AF301"], [])) == []
    [note] = project.notes
    assert "OrdersStorage" in note
    assert ("python -m tools.settings" in note) is has_tool


def test_without_local_settings_the_example_counts(plant: Plant) -> None:
    app = plant({"local.settings.json": None, "local.settings.json.example": local()})
    [found] = find_problems(app, "AF3")
    assert "local.settings.json.example" in found.message


def test_the_fix_of_a_misspelt_name_has_the_right_one(plant: Plant, find: Find) -> None:
    [found] = find(plant({"blueprints/orders.py": queue("OrderStorage")}), "AF3")
    assert '"OrderStorage"' in found.message
    assert '"OrdersStorage"' in found.fix


@pytest.mark.parametrize(
    "durable",
    [
        {"hubName": "%HUB%"},
        {"storageProvider": {"connectionName": "HUB"}},
        {"storageProvider": {"type": "mssql", "connectionStringName": "HUB"}},
        {"notifications": {"eventGrid": {"topicEndpoint": "https://a", "keySettingName": "HUB"}}},
    ],
)
def test_a_setting_that_host_json_names_is_found(durable: dict[str, object], plant: Plant) -> None:
    content = json.dumps({"version": "2.0", "extensions": {"durableTask": durable}})
    app = plant({"host.json": content, **WITH_DURABLE})
    assert codes(find_problems(app, "AF3")) == [("AF301", "host.json", 1)]
    (app / "local.settings.json").write_text(local(OrdersStorage=AZURITE, HUB="x"))
    assert find_problems(app, "AF3") == []


def test_a_database_of_durable_functions_has_a_default_setting(plant: Plant) -> None:
    durable = {"storageProvider": {"Type": "MSSQL"}}
    content = json.dumps({"version": "2.0", "extensions": {"durableTask": durable}})
    app = plant({"host.json": content, **WITH_DURABLE})
    [found] = find_problems(app, "AF3")
    assert 'host.json needs the setting "SQLDB_Connection"' in found.message
    (app / "local.settings.json").write_text(local(OrdersStorage=AZURITE, SQLDB_Connection="x"))
    assert find_problems(app, "AF3") == []


@pytest.mark.parametrize(
    ("settings", "files", "expected"),
    [
        ({}, {}, 1),
        ({"WEBSITE_SITE_NAME": "orders"}, {}, 0),
        ({}, {"compose.yml": "environment: {WEBSITE_SITE_NAME: orders}\n"}, 0),
    ],
)
def test_a_trigger_of_mysql_needs_the_name_of_the_app(
    settings: dict[str, str], files: Files, expected: int, plant: Plant
) -> None:
    decorator = "@bp.mysql_trigger('x', table_name='t', connection_string_setting='Database')"
    values = {"Database": "Server=a;Database=b;Uid=c;Pwd=d;", **settings}
    files = {"local.settings.json": local(**values), **files}
    app = plant({"blueprints/orders.py": function(decorator, "x: str"), **files})
    found = find_problems(app, "AF301")
    assert [one.code for one in found] == ["AF301"] * expected
    assert all("WEBSITE_SITE_NAME" in one.message for one in found)


def test_host_json_needs_no_setting_without_durable_functions(plant: Plant) -> None:
    content = json.dumps({"version": "2.0", "extensions": {"durableTask": {"hubName": "%HUB%"}}})
    assert find_problems(plant({"host.json": content}), "AF3") == []


@pytest.mark.parametrize(
    ("durable", "settings", "found"),
    [
        ({"HubName": "%HUB%"}, {}, ["host.json"]),
        ({"StorageProvider": {"ConnectionStringName": "HUB"}}, {}, ["host.json"]),
        ({"hubName": "%HUB%"}, {"HubName": "orders"}, []),
        ({"hubName": "orders"}, {"HUBNAME": "%HUB%"}, ["local.settings.json"]),
        ({}, {"storageProvider__connectionName": "HUB"}, ["local.settings.json"]),
        (
            {"storageProvider": {"connectionName": "HUB"}},
            {"storageProvider__connectionName": "AzureWebJobsStorage"},
            [],
        ),
    ],
)
def test_the_option_that_the_host_uses_names_the_setting(
    durable: dict[str, object], settings: dict[str, str], found: list[str], plant: Plant
) -> None:
    content = json.dumps({"version": "2.0", "Extensions": {"DurableTask": durable}})
    top = "AzureFunctionsJobHost__extensions__durableTask__"
    given = {f"{top}{name}": value for name, value in settings.items()}
    own = local(OrdersStorage=AZURITE, **given)
    app = plant({"host.json": content, "local.settings.json": own, **WITH_DURABLE})
    assert [one.path for one in find_problems(app, "AF301")] == found


def test_an_option_that_another_file_overrides_needs_no_setting(plant: Plant) -> None:
    content = json.dumps({"version": "2.0", "extensions": {"durableTask": {"hubName": "%HUB%"}}})
    for setting, found in (("hubName", []), ("other", ["AF301"])):
        bicep = (
            f"var a = {{\n  AzureFunctionsJobHost__extensions__durableTask__{setting}: 'x'\n}}\n"
        )
        app = plant({"host.json": content, "infra/main.bicep": bicep, **WITH_DURABLE})
        assert [one.code for one in find_problems(app, "AF301")] == found


def test_a_function_that_a_factory_makes_is_checked(plant: Plant) -> None:
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
    assert codes(find_problems(app, "AF3")) == [("AF301", "blueprints/orders.py", 7)]


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
        (CONDITIONAL, {}),
    ],
)
def test_settings_that_are_not_missing(
    content: str, settings: dict[str, str], plant: Plant, find: Find
) -> None:
    app = plant({"blueprints/orders.py": content, "local.settings.json": local(**settings)})
    # Azure does not take all of the names.
    assert [found for found in find(app, "AF3") if found.code != "AF320"] == []


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("infra/main.bicep", "  { name: 'OrdersStorage__queueServiceUri', value: uri }\n"),
        (".github/workflows/deploy.yml", "settings: OrdersStorage=${{ secrets.STORAGE }}\n"),
        (".env.sample", "OrdersStorage=\n"),
        ("README.md", '```json\n"OrdersStorage": "UseDevelopmentStorage=true"\n```\n'),
    ],
)
def test_a_setting_that_another_file_defines_is_known(
    path: str, content: str, plant: Plant
) -> None:
    assert find_problems(plant({"local.settings.json": local(), path: content}), "AF3") == []


def test_a_setting_that_the_readme_only_mentions_is_missing(plant: Plant) -> None:
    files = {"local.settings.json": local(), "README.md": "Set `OrdersStorage` in Azure.\n"}
    assert [found.code for found in find_problems(plant(files), "AF3")] == ["AF301"]


def test_without_local_files_nothing_is_missing(plant: Plant, find: Find) -> None:
    assert find(plant({"local.settings.json": None}), "AF3") == []


def notes(app: Path) -> list[str]:
    """Return the notes of the rule about missing settings, which finds nothing."""
    project = Project(app)
    assert check(project, chosen(["AF301"], [])) == []
    return project.notes


def test_without_local_settings_a_note_names_what_is_needed(plant: Plant) -> None:
    orders = queue(connection="Orders", name="%ORDERS_QUEUE%")
    files: Files = {"local.settings.json": None, "blueprints/orders.py": orders}
    [note] = notes(plant(files))
    assert "2 settings: Orders, ORDERS_QUEUE." in note
    [note] = notes(
        plant({**files, "infra/main.bicep": "var a = {\n  Orders__queueServiceUri: b\n}\n"})
    )
    assert "1 setting: ORDERS_QUEUE." in note


@pytest.mark.parametrize(
    "files",
    [
        {"blueprints/orders.py": queue(connection="AzureWebJobsStorage")},
        {"local.settings.json": "{"},  # AF306 reports it.
        {"local.settings.example.json": HEALTHY["local.settings.json"]},
    ],
)
def test_no_note_where_none_is_needed(files: Files, plant: Plant) -> None:
    assert notes(plant({"local.settings.json": None, **files})) == []
