"""Arguments whose values the host rejects."""

from pathlib import Path

import pytest

from tests.support.validator import Find, Plant, find_problems
from tests.validator.rules.binding_files import STORAGE, function
from tests.validator.rules.settings_files import local

TIMER = "@bp.timer_trigger('timer', '0 0 3 * * *'{})"
FEED = f"@bp.cosmos_db_trigger('x', {STORAGE}, 'shop', 'orders'{{}})"
OLD_FEED = f"@bp.cosmos_db_trigger_v3('x', 'shop', 'orders', {STORAGE}{{}})"
MESSAGE = f"@bp.service_bus_queue_trigger('x', {STORAGE}, 'orders'{{}})"
BLOB = f"@bp.blob_trigger('x', 'orders/{{{{name}}}}', {STORAGE}{{}})"
LIST = (
    f"@bp.generic_trigger('x', 'redisListTrigger', connection={STORAGE}, key='k', "
    "maxBatchSize=16, pollingIntervalInMs={})"
)
ROWS = f"{TIMER.format('')}\n@bp.table_input('x', {STORAGE}, 'Orders'{{}})"
QUERY = f"{TIMER.format('')}\n@bp.sql_input('x', 'SELECT 1', {STORAGE}{{}})"
CHAT = "@bp.generic_trigger('x', 'webPubSubTrigger', hub='chat', eventName='message'{})"
SENT = f"{TIMER.format('')}\n@bp.kafka_output('x', 'orders', 'broker:9092'{{}})"
EVENTS = "@bp.kafka_trigger('x', 'orders', 'broker:9092', consumer_group='g'{})"


def found(plant: Plant, find: Find, decorators: str) -> list[tuple[str, str]]:
    parameters = "timer, x" if decorators.count("\n") else "x"
    if decorators.startswith(TIMER[:10]) and "\n" not in decorators:
        parameters = "timer"
    app = plant({"blueprints/orders.py": function(decorators, parameters)})
    return [(one.message, one.fix) for one in find(app, "AF252")]


@pytest.mark.parametrize(
    ("decorators", "valid", "invalid", "fix"),
    [
        (TIMER, "use_monitor='False'", "use_monitor='no'", "Write True or False."),
        (TIMER, "run_on_startup=False", "run_on_startup='0'", "Write True or False."),
        (
            MESSAGE,
            "is_sessions_enabled='true'",
            "is_sessions_enabled='yes'",
            "Write True or False.",
        ),
        (FEED, "feed_poll_delay='5000'", "feed_poll_delay='5s'", "Write a whole number of milli"),
        (FEED, "feed_poll_delay=5000", "feed_poll_delay='00:00:05'", "Write a whole number of"),
        (FEED, "lease_renew_interval=' 5 '", "lease_renew_interval='5.0'", "Write a whole number"),
        (FEED, "max_items_per_invocation='5'", "max_items_per_invocation='many'", "Write a whole"),
        (
            FEED,
            "start_from_time='2026-01-02'",
            "start_from_time='yesterday'",
            "Write a time such as",
        ),
        (
            FEED,
            "change_feed_mode=func.CosmosDBChangeFeedMode.LATEST_VERSION",
            "change_feed_mode='LATEST_VERSION'",
            "Write 'LatestVersion'.",
        ),
        (FEED, "start_from_beginning=None", "start_from_beginning='on'", "Write True or False."),
        (
            FEED,
            "create_lease_container_if_not_exists='true'",
            "create_lease_container_if_not_exists='1'",
            "Write True or False.",
        ),
        (OLD_FEED, "max_items_per_invocation=9", "max_items_per_invocation='x'", "Write a whole"),
        (BLOB, "source='EventGrid'", "source='EventGird'", "Write 'EventGrid'."),
        (BLOB, "source='eventGrid'", "source='EVENT_GRID'", "Write 'EventGrid'."),
        (BLOB, "source=func.BlobSource.EVENT_GRID", "source='Event Hub'", "Write 'EventGrid' or"),
        (
            BLOB,
            "source=func.BlobSource.LOGS_AND_CONTAINER_SCAN",
            "source='Polling'",
            "Write 'EventGrid' or 'LogsAndContainerScan'.",
        ),
        (BLOB, "source='0'", "source='blob'", "Write 'EventGrid' or"),
        (ROWS, "take=10", "take='ten'", "Write a whole number."),
        (
            QUERY,
            "command_type='storedprocedure'",
            "command_type='Procedure'",
            "Write 'Text' or 'Sto",
        ),
        (QUERY, "command_type='Text'", "command_type='TableDirect'", "Write 'Text' or 'Stored"),
        (QUERY, "command_type='Text'", "command_type='Txt'", "Write 'Text'."),
        (CHAT, "eventType='User'", "eventType='users'", "Write 'user'."),
        (CHAT, "eventType='system'", "eventType='client'", "Write 'user' or 'system'."),
        (CHAT, "clientProtocols='WebPubSub, Mqtt'", "clientProtocols='Mqtt;All'", "Write 'All',"),
        (EVENTS, "lag_threshold=10", "lag_threshold='low'", "Write a whole number."),
    ],
)
def test_a_value_of_another_type(
    decorators: str, valid: str, invalid: str, fix: str, plant: Plant, find: Find
) -> None:
    assert found(plant, find, decorators.format(f", {valid}")) == []
    [(message, advice)] = found(plant, find, decorators.format(f", {invalid}"))
    assert message.endswith(f" of orders is {invalid.partition('=')[2]}, which the host rejects.")
    assert advice.startswith(fix)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("batch_size", 1, 1000000),
        ("linger_ms", 0, 900000),
        ("max_message_bytes", 1000, 1000000000),
        ("request_timeout_ms", 1, 900000),
    ],
)
def test_the_limits_of_a_number(name: str, least: int, most: int, plant: Plant, find: Find) -> None:
    for value in (least, str(least), most, "%NUMBER%", True):
        assert found(plant, find, SENT.format(f", {name}={value!r}")) == []
    for value in (least - 1, str(most + 1)):
        [(message, fix)] = found(plant, find, SENT.format(f", {name}={value!r}"))
        assert message.endswith(f" of orders is {value}, which the host rejects.")
        assert fix == f"Write {least} to {most}."


@pytest.mark.parametrize("value", ["%POLL%", "", "{poll}"])
def test_a_value_that_may_be_replaced_is_left_alone(value: str, plant: Plant, find: Find) -> None:
    assert found(plant, find, FEED.format(f", feed_poll_delay={value!r}")) == []
    assert found(plant, find, MESSAGE.format(f", is_sessions_enabled={value!r}")) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1000, listDirection='LEFT'", 0), ("1000, listDirection='FRONT'", 1), ("'1s', x=1", 1)],
)
def test_a_field_of_a_generic_trigger(value: str, expected: int, plant: Plant, find: Find) -> None:
    assert len(found(plant, find, LIST.format(value))) == expected


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ('{"secret": false}', 0),
        ("", 0),
        ("secret", 1),
        ('["secret"]', 1),
        ("{'secret': False}", 1),
    ],
)
def test_metadata_is_a_json_object(metadata: str, expected: int, plant: Plant, find: Find) -> None:
    decorator = f"@bp.mcp_resource_trigger('x', 'shop://a', 'a', metadata={metadata!r})"
    assert len(found(plant, find, decorator)) == expected


def test_metadata_that_is_no_text(plant: Plant, worker_python: Path) -> None:
    decorator = "@bp.mcp_resource_trigger('x', 'shop://a', 'a', metadata={'secret': False})"
    app = plant({"blueprints/orders.py": function(decorator, "x")})
    [one] = find_problems(app, "AF252", worker_python)
    assert one.fix == "Write it with json.dumps({...})."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("start_from_time='2026-01-02T03:04:05Z'", ""),
        ("start_from_time='2 January 2026', start_from_beginning=False", ""),
        ("start_from_time='%START%'", ""),
        ("start_from_beginning=True", ""),
        (
            "start_from_time='2026-01-02', start_from_beginning=True",
            "the beginning and from a time",
        ),
        ("lease_container_name='ORDERS'", "keeps its leases in the container that it watches"),
        ("lease_container_name='%LEASES%'", "keeps its leases in the container that it watches"),
        ("lease_container_name='%NOT_KNOWN%'", ""),
        ("lease_container_name='orders', lease_database_name='SHOP'", "keeps its leases"),
        ("lease_container_name='orders', lease_database_name='leases'", ""),
        ("lease_container_name='orders', lease_connection='OrdersStorage'", ""),
        ("lease_container_name='orders-leases'", ""),
        ("lease_container_name=None", ""),
    ],
)
def test_options_of_a_change_feed_that_exclude_each_other(
    arguments: str, message: str, plant: Plant, find: Find
) -> None:
    storage = "UseDevelopmentStorage=true"
    settings = local(LEASES="orders", OrdersStorage=storage, AzureWebJobsStorage=storage)
    source = function(FEED.format(f", {arguments}"), "x: func.DocumentList")
    app = plant({"blueprints/orders.py": source, "local.settings.json": settings})
    problems = find(app, "AF252")
    assert len(problems) == bool(message)
    assert all(message in one.message for one in problems)


def test_leases_are_in_the_container_leases_by_default(plant: Plant, find: Find) -> None:
    watched = FEED.replace("'orders'", "'leases'")
    [(_, fix)] = found(plant, find, watched.format(""))
    assert fix == "Give it a lease_container_name: without one, it is 'leases'."
    assert found(plant, find, watched.format(", lease_container_name='kept'")) == []


@pytest.mark.parametrize(
    ("options", "annotation", "expected"),
    [
        ("id='{id}', sql_query='SELECT * FROM c'", ": func.DocumentList", 1),
        ("id='{id}', sql_query='SELECT * FROM c'", "", 1),
        ("id='{id}', partition_key='{id}'", ": func.DocumentList", 0),
        ("sql_query='SELECT * FROM c'", ": func.DocumentList", 0),
    ],
)
def test_an_input_has_an_id_or_a_query(
    options: str, annotation: str, expected: int, plant: Plant, find: Find
) -> None:
    decorators = f"{TIMER.format('')}\n@bp.cosmos_db_input('x', {STORAGE}, 'd', 'c', {options})"
    source = function(decorators, f"timer, x{annotation}")
    assert len(find(plant({"blueprints/orders.py": source}), "AF252")) == expected
