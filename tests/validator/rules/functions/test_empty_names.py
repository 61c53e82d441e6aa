"""Names of queues, containers, hubs and tables that are empty, missing or not text."""

from pathlib import Path

import pytest

from tests.support.validator import Find, Found, Plant, find_problems
from tests.validator.rules.binding_files import STORAGE, codes, function
from tests.validator.rules.settings_files import local

READ = "import os\nNAME = os.getenv('ORDERS_QUEUE'{})\n"
BUS = "connection='Bus'"
COSMOS = "cosmos_db_trigger(arg_name='x', connection='Docs'"


@pytest.mark.parametrize(
    ("trigger", "what"),
    [
        (f"queue_trigger('x', '', {STORAGE})", "an empty queueName"),
        (f"queue_trigger('x', None, {STORAGE})", "no queueName: its value is None"),
        (f"queue_trigger('x', ('orders',), {STORAGE})", "a queueName that is not a string"),
        (f"blob_trigger('x', path=None, connection={STORAGE})", "no path: its value is None"),
        ("timer_trigger('x', schedule=None)", "no schedule: its value is None"),
        (f"service_bus_queue_trigger('x', queue_name=None, {BUS})", "no queueName"),
        (
            f"service_bus_topic_trigger('x', topic_name='t', subscription_name=None, {BUS})",
            "no subscriptionName",
        ),
        (f"event_hub_message_trigger('x', event_hub_name=None, {BUS})", "no eventHubName"),
        (f"event_hub_message_trigger('x', event_hub_name='', {BUS})", "an empty eventHubName"),
        (f"{COSMOS}, database_name='d', container_name=None)", "no containerName"),
        (f"generic_trigger('x', type='queueTrigger', connection={STORAGE})", "no queueName."),
    ],
)
def test_a_trigger_without_a_name(trigger: str, what: str, plant: Plant, find: Find) -> None:
    app = plant({"blueprints/orders.py": function(f"@bp.{trigger}", "x")})
    [found] = find(app, "AF206")
    assert what in found.message
    assert found.line == 8


@pytest.mark.parametrize(
    ("trigger", "setting"),
    [
        ("timer_trigger('x', schedule='')", "%ORDERS_SCHEDULE%"),
        (f"queue_trigger('x', '', {STORAGE})", "%ORDERS_QUEUE%"),
        (f"event_hub_message_trigger('x', event_hub_name='', {BUS})", "%ORDERS_EVENT_HUB%"),
    ],
)
def test_the_setting_of_the_advice_is_for_that(trigger: str, setting: str, plant: Plant) -> None:
    app = plant({"blueprints/orders.py": function(f"@bp.{trigger}", "x")})
    [found] = find_problems(app, "AF206")
    assert found.fix == f"Give it a value, or an app setting such as {setting}."


@pytest.mark.parametrize(
    "trigger",
    [
        "service_bus_queue_trigger('x', queue_name='q', connection='Bus')",
        "service_bus_topic_trigger('x', 'Bus', topic_name='t', subscription_name='s')",
        f"{COSMOS}, database_name='d', container_name='c')",
        "cosmos_db_trigger_v3('x', 'd', 'c', connection_string_setting='Docs')",
    ],
)
def test_a_trigger_with_one_of_several_names(trigger: str, plant: Plant, find: Find) -> None:
    assert codes(plant, find, function(f"@bp.{trigger}", "x")) in ([], ["AF234"])


def computed(plant: Plant, find: Find, default: str, **files: str) -> list[Found]:
    """Return what is found in a queue trigger whose name is read from the environment."""
    source = function(f"@bp.queue_trigger('x', NAME, {STORAGE})", "x")
    source = source.replace("import typing", READ.format(default).replace("\n", "\n    "))
    return find(plant({"blueprints/orders.py": source, **files}), "AF206")


@pytest.mark.parametrize("default", ["", ", ''"])
def test_a_name_that_is_empty_once_the_app_runs(
    default: str, request: pytest.FixtureRequest, plant: Plant, find: Find
) -> None:
    is_indexed = request.node.callspec.params["find"] == "index"
    assert len(computed(plant, find, default)) == is_indexed
    with_it = {"local.settings.json": local(ORDERS_QUEUE="orders")}
    assert computed(plant, find, default, **with_it) == []


def test_a_name_that_azure_may_have_is_not_empty(plant: Plant, find: Find) -> None:
    bicep = {"infra/main.bicep": "var settings = {\n  ORDERS_QUEUE: 'orders'\n}\n"}
    assert computed(plant, find, ", ''", **bicep) == []
    nowhere: dict[str, str] = {"local.settings.json": "{}"}
    assert computed(plant, find, "", **nowhere) == []


@pytest.mark.parametrize(("expression", "count"), [("NAME", 1), ("'in-None'", 0)])
def test_a_name_with_a_part_that_is_none(
    expression: str, count: int, request: pytest.FixtureRequest, plant: Plant, find: Find
) -> None:
    source = function(f"@bp.queue_trigger('x', {expression}, {STORAGE})", "x")
    source = source.replace("import typing", "import os\n    NAME = f'in-{os.getenv(\"NOWHERE\")}'")
    found = find(plant({"blueprints/orders.py": source}), "AF206")
    is_indexed = request.node.callspec.params["find"] == "index"
    assert len(found) == (count if is_indexed else 0)


def test_a_path_with_a_part_that_is_none_is_reported_once(
    plant: Plant, worker_python: Path
) -> None:
    source = function(f"@bp.blob_trigger('x', NAME, {STORAGE})", "x")
    read = "import os\n    NAME = f'{os.getenv(\"NOWHERE\")}/{{id}}'"
    source = source.replace("import typing", read)
    app = plant({"blueprints/orders.py": source})
    assert [one.code for one in find_problems(app, "AF2", worker_python)] == ["AF206"]
    bicep = {"infra/main.bicep": "var settings = {\n  NOWHERE: 'orders'\n}\n"}
    app = plant({"blueprints/orders.py": source, **bicep})
    assert find_problems(app, "AF2", worker_python) == []


def test_a_name_in_a_setting_that_is_encrypted(plant: Plant, find: Find) -> None:
    settings = local(ORDERS_QUEUE=f"CfDJ8{'AbC/+9' * 20}==")
    encrypted = settings.replace('"IsEncrypted": false', '"IsEncrypted": true')
    assert computed(plant, find, "", **{"local.settings.json": encrypted}) == []
