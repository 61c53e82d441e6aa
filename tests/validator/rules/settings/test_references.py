"""References to settings, such as `%ORDERS_QUEUE%`."""

import pytest

from tests.support.validator import Find, Plant
from tests.validator.rules.binding_files import STORAGE, function
from tests.validator.rules.settings_files import AZURITE, local, queue

HUB = "event_hub_message_trigger('x', connection='{}', event_hub_name='{}', consumer_group='{}')"
BUS = "service_bus_topic_trigger('x', connection='{}', topic_name='{}', subscription_name='{}')"
COSMOS = "cosmos_db_trigger('x', connection='{}', database_name='{}', container_name='{}')"
TABLE = "table_input('y', connection='{}', table_name='{}', partition_key='{}')"
KAFKA = "kafka_trigger('x', broker_list='{}', topic='{}', consumer_group='{}')"
FIELDS = {
    HUB: ["connection", "eventHubName", "consumerGroup"],
    BUS: ["connection", "topicName", "subscriptionName"],
    COSMOS: ["connection", "databaseName", "containerName"],
    TABLE: ["connection", "tableName", "partitionKey"],
    KAFKA: ["brokerList", "topic", "consumerGroup"],
}
CASES = [(text, place) for text in FIELDS for place in range(3)]


def source(text: str, *values: str) -> str:
    """Return a blueprint whose function has a binding with values."""
    decorators = f"@bp.{text.format(*values)}"
    if text is TABLE:
        decorators = f"@bp.queue_trigger('x', 'orders', {STORAGE})\n{decorators}"
        return function(decorators, "x, y")
    return function(decorators, "x")


@pytest.mark.parametrize(("text", "place"), CASES)
def test_a_single_percent_sign(text: str, place: int, plant: Plant, find: Find) -> None:
    values = ["AzureWebJobsStorage", "name", "name"]
    app = plant({"blueprints/orders.py": source(text, *values)})
    assert find(app, "AF316") == []
    values[place] = "%NAME"
    app = plant({"blueprints/orders.py": source(text, *values)})
    [found] = find(app, "AF316")
    assert f'"{FIELDS[text][place]}"' in found.message
    harm = "each call fails" if text is TABLE else "does not start"
    assert harm in found.message


@pytest.mark.parametrize("name", ["%OrdersStorage", "OrdersStorage%", "% OrdersStorage%", "%%"])
def test_the_connection_of_a_queue(name: str, plant: Plant, find: Find) -> None:
    [found] = find(plant({"blueprints/orders.py": queue(name)}), "AF3")
    assert (found.code, found.line) == ("AF316", 6)


def test_what_other_rules_report_and_what_is_not_a_reference(plant: Plant, find: Find) -> None:
    app = plant({"blueprints/orders.py": queue(name="%ORDERS")})
    assert [found.code for found in find(app)] == ["AF202"]
    sql = "sql_trigger('x', table_name='Orders%', connection_string_setting='OrdersStorage')"
    app = plant({"blueprints/orders.py": function(f"@bp.{sql}", "x")})
    assert find(app, "AF316") == []


def test_a_reference_to_the_connection_string_itself(plant: Plant, find: Find) -> None:
    app = plant({"blueprints/orders.py": queue("%OrdersStorage%")})
    [found] = find(app, "AF3")
    assert (found.code, found.line) == ("AF311", 6)
    assert AZURITE not in found.message
    settings = local(NAME="OrdersStorage", OrdersStorage=AZURITE)
    files = {"blueprints/orders.py": queue("%NAME%"), "local.settings.json": settings}
    assert find(plant(files), "AF3") == []
