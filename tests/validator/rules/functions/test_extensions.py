"""What single extensions need of a binding: Redis, SignalR, Web PubSub, Cosmos DB, SQL and tables."""

import pytest

from tests.support.samples import BUNDLE
from tests.support.validator import Files, Find, Plant, find_problems
from tests.validator.rules.binding_files import STORAGE, codes, function
from tests.validator.rules.host_files import host
from tests.validator.rules.settings_files import local

LIST = f"connection={STORAGE}, key='k', pollingIntervalInMs=1000, maxBatchSize=16"
TIMER = "@bp.timer_trigger('timer', '0 0 3 * * *')\n"


@pytest.mark.parametrize(
    ("decorator", "missing"),
    [
        (f"generic_trigger('x', 'redisListTrigger', {LIST})", "listDirection"),
        (f"generic_trigger('x', 'redisListTrigger', {LIST}, listDirection='LEFT')", ""),
        (f"generic_trigger('x', 'REDISLISTTRIGGER', {LIST}, ListDirection='LEFT')", ""),
        (f"generic_trigger('x', 'redisStreamTrigger', {LIST})", ""),
        (
            f"generic_trigger('x', 'redisStreamTrigger', connection={STORAGE}, key='k')",
            "maxBatchSize",
        ),
        (
            f"generic_trigger('x', 'redisPubSubTrigger', connection={STORAGE}, channel='c')",
            "pattern",
        ),
        (
            f"generic_trigger('x', 'redisPubSubTrigger', connection={STORAGE}, channel='c', pattern=False)",
            "",
        ),
        ("generic_trigger('x', 'webPubSubTrigger', hub='h', eventType='user')", "eventName"),
        ("generic_trigger('x', 'webPubSubTrigger', hub='h', eventName='message')", "eventType"),
        ("generic_trigger('x', 'webPubSubTrigger', eventType='user', eventName='message')", ""),
    ],
)
def test_a_trigger_needs_all_fields(plant: Plant, find: Find, decorator: str, missing: str) -> None:
    app = plant({"blueprints/orders.py": function(f"@bp.{decorator}", "x: str")})
    found = find(app, "AF2")
    assert [one.code for one in found] == (["AF233"] if missing else [])
    assert all(missing in one.message for one in found)


@pytest.mark.parametrize(
    ("decorator", "annotation"),
    [("generic_input_binding", "str"), ("generic_output_binding", "func.Out[str]")],
)
def test_a_redis_input_or_output_needs_all_fields(
    plant: Plant, find: Find, decorator: str, annotation: str
) -> None:
    start = f"{TIMER}@bp.{decorator}('x', 'redis', connection={STORAGE}"
    parameters = f"timer: func.TimerRequest, x: {annotation}"
    assert codes(plant, find, function(f"{start})", parameters)) == ["AF233"]
    assert codes(plant, find, function(f"{start}, command='GET k')", parameters)) == []


@pytest.mark.parametrize(
    ("binding", "field"),
    [
        ("generic_input_binding('x', 'signalRConnectionInfo'", "hubName"),
        ("generic_output_binding('x', 'signalR'", "hubName"),
        ("generic_input_binding('x', 'webPubSubConnection'", "hub"),
        ("generic_output_binding('x', 'webPubSub'", "hub"),
    ],
)
def test_an_input_or_output_needs_a_hub(binding: str, field: str, plant: Plant, find: Find) -> None:
    decorators = f"@bp.route('a')\n@bp.{binding}{{}})"
    settings = local(AzureSignalRConnectionString="x", WebPubSubConnectionString="x")
    app = plant(
        {
            "blueprints/orders.py": function(decorators.format(""), "req, x"),
            "local.settings.json": settings,
        }
    )
    [found] = find(app, "AF2")
    assert found.message.endswith(f" of orders lacks {field}, so each call fails.")
    source = function(decorators.format(f", {field}='%HUB%'"), "req, x")
    app = plant({"blueprints/orders.py": source, "local.settings.json": settings})
    assert find(app, "AF23") == []


@pytest.mark.parametrize(
    "files",
    [
        {"local.settings.json": local(WebPubSubHub="chat")},
        {"local.settings.json": None},
        {"host.json": host(extensions={"webPubSub": {"hub": "chat"}})},
    ],
)
def test_web_pubsub_may_have_its_hub_elsewhere(files: Files, plant: Plant) -> None:
    source = function("@bp.route('a')\n@bp.generic_output_binding('x', 'webPubSub')", "req, x")
    app = plant({"blueprints/orders.py": source, **files})
    assert find_problems(app, "AF233") == []


@pytest.mark.parametrize(
    "decorator",
    ["generic_trigger('x', 'redisListTrigger', **OPTIONS)", "kafka_trigger('x', *OPTIONS)"],
)
def test_options_that_the_sources_do_not_show_are_not_missing(plant: Plant, decorator: str) -> None:
    source = function(f"@bp.{decorator}", "x: str")
    assert find_problems(plant({"blueprints/orders.py": source}), "AF2") == []


OLD = f"connection_string_setting={STORAGE}, database_name='d', collection_name='c'"
NEW = f"connection={STORAGE}, database_name='d', container_name='c'"
BOTH = "timer: func.TimerRequest, x"


@pytest.mark.parametrize(
    ("decorators", "parameters", "is_old"),
    [
        (f"@bp.cosmos_db_trigger_v3('x', {OLD})", "x: func.DocumentList", True),
        (f"{TIMER}@bp.cosmos_db_input_v3('x', {OLD})", f"{BOTH}: func.DocumentList", True),
        (f"{TIMER}@bp.cosmos_db_output_v3('x', {OLD})", f"{BOTH}: func.Out[func.Document]", True),
        (f"@bp.cosmos_db_trigger('x', {NEW})", "x: func.DocumentList", False),
        (f"{TIMER}@bp.cosmos_db_input('x', {NEW})", f"{BOTH}: func.DocumentList", False),
        (f"{TIMER}@bp.cosmos_db_output('x', {NEW})", f"{BOTH}: func.Out[func.Document]", False),
    ],
)
def test_cosmos_db_and_the_extension_bundle(
    plant: Plant, find: Find, decorators: str, parameters: str, is_old: bool
) -> None:
    source = function(decorators, parameters)
    for version, wrong in (
        ("[4.*, 5.0.0)", is_old),
        ("[3.*, 5.0.0)", is_old),
        ("[3.*, 4.0.0)", not is_old),
        ("[2.*, 3.0.0)", not is_old),
    ):
        app = plant({"blueprints/orders.py": source, "host.json": host({"version": version})})
        found = find(app, "AF2")
        assert [one.code for one in found] == (["AF234"] if wrong else []), version
        assert all(("_v3, which" in one.message) == is_old for one in found)


@pytest.mark.parametrize(
    ("decorator", "arguments", "fixes"),
    [
        ("cosmos_db_output", OLD, ["connection", "container_name"]),
        ("cosmos_db_output_v3", NEW, ["connection_string_setting", "collection_name"]),
    ],
)
@pytest.mark.parametrize("version", ["[4.*, 5.0.0)", "[3.*, 4.0.0)"])
def test_arguments_of_the_other_version_are_reported_once(
    plant: Plant, decorator: str, arguments: str, fixes: list[str], version: str
) -> None:
    source = function(
        f"{TIMER}@bp.{decorator}('x', {arguments})", f"{BOTH}: func.Out[func.Document]"
    )
    app = plant({"blueprints/orders.py": source, "host.json": host(version=version)})
    assert [one.fix for one in find_problems(app, "AF101")] == [
        f'Write "{fix}" instead.' for fix in fixes
    ]
    assert find_problems(app, "AF234") == []


def test_optional_arguments_of_version_3_have_no_effect(plant: Plant) -> None:
    lease = "lease_collection_name='l', create_lease_collection_if_not_exists=True"
    source = function(f"@bp.cosmos_db_trigger('x', {NEW}, {lease})", "x: func.DocumentList")
    found = find_problems(plant({"blueprints/orders.py": source}), "AF247")
    assert [one.fix for one in found] == [
        'Write "lease_container_name" instead.',
        'Write "create_lease_container_if_not_exists" instead.',
    ]


def test_old_preview_bundles_are_left_alone(plant: Plant) -> None:
    source = function(f"@bp.cosmos_db_trigger('x', {NEW})", "x: func.DocumentList")
    preview = host({"id": f"{BUNDLE['id']}.Preview", "version": "[3.*, 4.0.0)"})
    app = plant({"blueprints/orders.py": source, "host.json": preview})
    assert find_problems(app, "AF2") == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [("%TABLE%", ["AF235"]), ("dbo.%TABLE%", ["AF235"]), ("dbo.Orders", []), ("", ["AF206"])],
)
def test_the_table_of_a_sql_trigger(
    plant: Plant, find: Find, name: str, expected: list[str]
) -> None:
    source = function(f"@bp.sql_trigger('x', '{name}', 'Shop')", "x: str")
    settings = local(Shop="Server=localhost;Database=shop")
    app = plant({"blueprints/orders.py": source, "local.settings.json": settings})
    found = find(app, "AF")
    assert [one.code for one in found] == expected
    assert all("the whole host stops" in one.message for one in found)


@pytest.mark.parametrize(
    ("options", "expected", "what"),
    [
        ("row_key='r', partition_key='p'", ["AF236"], "partition"),
        ("row_key='{id}', partition_key='{p}'", ["AF236"], "partition"),
        ("row_key='r'", ["AF236"], "table"),
        ("partition_key='p'", [], ""),
    ],
)
def test_the_row_key_of_a_table_input(
    plant: Plant, find: Find, options: str, expected: list[str], what: str
) -> None:
    decorators = f"{TIMER}@bp.table_input('x', {STORAGE}, 'orders', {options})"
    source = function(decorators, "timer: func.TimerRequest, x: str")
    app = plant({"blueprints/orders.py": source})
    found = find(app, "AF236")
    assert [one.code for one in found] == expected
    assert all(f"the whole {what}" in one.message for one in found)


def test_a_table_output_with_a_row_key_is_right(plant: Plant, find: Find) -> None:
    decorators = f"{TIMER}@bp.table_output('x', {STORAGE}, 'orders', 'r', 'p')"
    source = function(decorators, "timer: func.TimerRequest, x: func.Out[str]")
    assert codes(plant, find, source) == []


@pytest.mark.parametrize(
    ("options", "is_whole"),
    [
        ("'Nowhere', 'hub'", True),
        (f"{STORAGE}, '%NOWHERE%'", True),
        (f"{STORAGE}, 'hub', consumer_group='%NOWHERE%'", True),
    ],
)
def test_a_missing_setting_of_an_event_hub_stops_the_host(
    plant: Plant, find: Find, options: str, is_whole: bool
) -> None:
    trigger = f"@bp.event_hub_message_trigger('x', {options})"
    app = plant({"blueprints/orders.py": function(trigger, "x: func.EventHubEvent")})
    [found] = find(app, "AF301")
    assert ("the whole host stops" in found.message) == is_whole


def test_a_missing_setting_of_a_queue_stops_the_function_alone(plant: Plant, find: Find) -> None:
    source = function("@bp.queue_trigger('x', 'inbox', 'Nowhere')", "x: func.QueueMessage")
    [found] = find(plant({"blueprints/orders.py": source}), "AF301")
    assert "host stops" not in found.message


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        ("fullyQualifiedNamespace", "contoso.servicebus.windows.net", []),
        ("fullyQualifiedNamespace", "localhost", []),
        ("fullyQualifiedNamespace", "<name>.servicebus.windows.net", []),
        ("fullyQualifiedNamespace", "", []),
        ("fullyQualifiedNamespace", "sb://contoso.servicebus.windows.net", ["AF315"]),
        ("fullyQualifiedNamespace", "https://contoso.servicebus.windows.net/", ["AF315"]),
        ("fullyQualifiedNamespace", "contoso.servicebus.windows.net/", ["AF315"]),
        ("fullyQualifiedNamespace", "Endpoint=sb://contoso/;SharedAccessKeyName=a", ["AF315"]),
        ("fullyqualifiednamespace", "a b", ["AF315"]),
    ],
)
def test_the_namespace_of_an_identity(
    plant: Plant, find: Find, part: str, value: str, expected: list[str]
) -> None:
    trigger = "@bp.service_bus_queue_trigger('x', 'Bus', 'inbox')"
    settings = {f"Bus__{part}": value}
    app = plant(
        {
            "blueprints/orders.py": function(trigger, "x: func.ServiceBusMessage"),
            "local.settings.json": local(**settings),
        }
    )
    assert [(one.code, one.path) for one in find(app, "AF315")] == [
        (code, "local.settings.json") for code in expected
    ]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Blobs__blobServiceUri", "https://contoso.blob.core.windows.net", []),
        ("Blobs__blobServiceUri", "contoso.blob.core.windows.net", ["AF315"]),
        ("Blobs__queueServiceUri", "http://contoso.queue.core.windows.net", ["AF315"]),
        ("Blobs__serviceUri", "contoso", ["AF315"]),
        ("Blobs__serviceUri", "https://contoso.blob.core.windows.net", []),
        ("Blobs:blobServiceUri", "contoso", ["AF315"]),
        ("Blobs__accountEndpoint", "contoso.documents.azure.com", ["AF315"]),
        ("Blobs__accountEndpoint", "https://contoso.documents.azure.com:443/", []),
        ("AzureWebJobsBlobs__blobServiceUri", "contoso", ["AF315"]),
        ("AzureWebJobsStorage__blobServiceUri", "contoso", ["AF315"]),
        ("Blobs__accountName", "contoso", []),
        ("Blobs__accountName", "https://contoso.blob.core.windows.net", ["AF315"]),
        ("AzureWebJobsStorage__accountName", "contoso.blob.core.windows.net", ["AF315"]),
        ("Blobs__queueServiceUri", "https://contoso.blob.core.windows.net", ["AF315"]),
        ("Blobs__blobServiceUri", "https://contoso.queue.core.windows.net", ["AF315"]),
        ("Blobs__topicEndpointUri", "contoso.eventgrid.azure.net", ["AF315"]),
        ("Blobs__credential", "managedidentity", []),
        ("Blobs__blobServiceUri", "@Microsoft.KeyVault(SecretUri=x)", []),
        ("Other__serviceUri", "http://localhost:8000", []),
    ],
)
def test_the_address_of_an_identity(
    plant: Plant, find: Find, name: str, value: str, expected: list[str]
) -> None:
    trigger = "@bp.blob_trigger('x', 'pictures/{name}', 'Blobs')"
    app = plant(
        {
            "blueprints/orders.py": function(trigger, "x: func.InputStream"),
            "local.settings.json": local(**{name: value}),
        }
    )
    assert [one.code for one in find(app, "AF315")] == expected


@pytest.mark.parametrize(
    ("part", "fix"),
    [
        ("serviceUri", "such as https://contoso.blob.core.windows.net."),
        ("queueServiceUri", "such as https://contoso.queue.core.windows.net."),
        ("accountEndpoint", "such as https://contoso.documents.azure.com:443/."),
        ("topicEndpointUri", "which ends with /api/events."),
    ],
)
def test_an_address_is_written_as_its_service_needs_it(part: str, fix: str, plant: Plant) -> None:
    files = {
        "blueprints/orders.py": function("@bp.queue_trigger('x', 'inbox', 'Main')", "x: str"),
        "local.settings.json": local(**{f"Main__{part}": "contoso"}),
    }
    [found] = find_problems(plant(files), "AF315")
    assert found.fix == f"Write the whole address, {fix}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("your_account", []),
        ("__ACCOUNT__", []),
        ("https://contoso.blob.core.windows.net", ["AF315"]),
    ],
)
def test_the_account_of_an_example(value: str, expected: list[str], plant: Plant) -> None:
    trigger = "@bp.blob_trigger('x', 'pictures/{name}', 'Blobs')"
    files = {
        "blueprints/orders.py": function(trigger, "x: func.InputStream"),
        "local.settings.json": None,
        "local.settings.example.json": local(Blobs__accountName=value),
    }
    assert [one.code for one in find_problems(plant(files), "AF315")] == expected
