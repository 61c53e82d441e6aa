"""Functions that take each other's messages."""

import pytest

from tests.support.validator import Find, Plant
from tests.validator.rules.settings_files import local

TOP = "import azure.functions as func\n\nbp = func.Blueprint()\n"
HUB = "event_hub_message_trigger('x', 'Main', 'readings'{})"
KAFKA = "kafka_trigger('x', topic='t', broker_list='Main', consumer_group='{}')"
RABBIT = "generic_trigger('x', 'rabbitMQTrigger', connectionStringSetting='Main', queueName='{}')"
REDIS = (
    "generic_trigger('x', 'redis{}Trigger', connection='Main', key='{}', pollingIntervalInMs=9,"
    " maxBatchSize=1, listDirection='{}')"
)
COSMOS = "cosmos_db_trigger('x', 'Main', 'shop', 'orders'{})"
COSMOS_V3 = "cosmos_db_trigger_v3('x', 'shop', 'orders', 'Main'{})"
TOPIC = "service_bus_topic_trigger('x', 'Main', 'orders', '{}')"
SHARED = {
    "queue": ["queue_trigger('x', 'orders', 'Main')"] * 2,
    "case": ["queue_trigger('x', 'orders', 'Main')", "queue_trigger('x', 'Orders', 'main')"],
    "setting": ["queue_trigger('x', '%NAME%', 'Main')", "queue_trigger('x', 'orders', 'Main')"],
    "bus": ["service_bus_queue_trigger('x', 'Main', 'orders')"] * 2,
    "topic": [TOPIC.format("a")] * 2,
    "hub": [HUB.format("")] * 2,
    "hub with its default": [HUB.format(""), HUB.format(", consumer_group='$Default'")],
    "kafka": [KAFKA.format("a")] * 2,
    "rabbit": [RABBIT.format("a")] * 2,
    "list of Redis": [REDIS.format("List", "a", "LEFT"), REDIS.format("List", "a", "RIGHT")],
    "cosmos": [COSMOS.format("")] * 2,
    "cosmos with its default": [
        COSMOS.format(""),
        COSMOS.format(", lease_container_name='leases'"),
    ],
    "cosmos of version 3": [COSMOS_V3.format(", lease_collection_name='l'")] * 2,
}
APART = {
    "queues": ["queue_trigger('x', 'a', 'Main')", "queue_trigger('x', 'b', 'Main')"],
    "case of a container": [COSMOS.format(""), COSMOS.format("").replace("orders", "Orders")],
    "case of a topic": [KAFKA.format("a"), KAFKA.format("a").replace("topic='t'", "topic='T'")],
    "case of a queue of RabbitMQ": [RABBIT.format("a"), RABBIT.format("A")],
    "lists of Redis": [REDIS.format("List", "a", "LEFT"), REDIS.format("List", "A", "LEFT")],
    "stream of Redis": [REDIS.format("Stream", "a", "LEFT")] * 2,
    "channel of Redis": [
        "generic_trigger('x', 'redisPubSubTrigger', connection='Main', channel='a', pattern=False)"
    ]
    * 2,
    "accounts": ["queue_trigger('x', 'a', 'Main')", "queue_trigger('x', 'a', 'Second')"],
    "unknown": ["queue_trigger('x', '%NOWHERE%', 'Main')"] * 2,
    "blobs": ["blob_trigger('x', 'in/{name}', 'Main')"] * 2,
    "tables": ["sql_trigger('x', 'dbo.Orders', 'Main')"] * 2,
    "timers": ["timer_trigger('x', '0 0 * * * *')"] * 2,
    "subscriptions": [TOPIC.format("a"), TOPIC.format("b")],
    "groups of a hub": [HUB.format(""), HUB.format(", consumer_group='b'")],
    "groups of a topic": [KAFKA.format("a"), KAFKA.format("b")],
    "group that the app makes": [HUB.format(", consumer_group=__import__('uuid').uuid4().hex")] * 2,
    "options": [HUB.format(", **dict(consumer_group=__import__('uuid').uuid4().hex)")] * 2,
    "leases": [
        COSMOS.format(", lease_container_prefix='a'"),
        COSMOS.format(", lease_container_prefix='b'"),
    ],
    "lease containers": [
        COSMOS.format(", lease_container_name='a'"),
        COSMOS.format(", lease_container_name='b'"),
    ],
    "leases of version 3": [
        COSMOS_V3.format(", lease_collection_prefix='a'"),
        COSMOS_V3.format(", lease_collection_prefix='b'"),
    ],
}


def functions(triggers: list[str]) -> str:
    """Return a blueprint with functions that the triggers start."""
    names = ("invoice", "ship")
    return TOP + "".join(
        f"\n\n@bp.{trigger}\ndef {name}(x) -> None:\n    print(x)\n"
        for name, trigger in zip(names, triggers, strict=True)
    )


@pytest.fixture
def settings() -> str:
    """The settings that the triggers name."""
    return local(Main="UseDevelopmentStorage=true", Second="x", NAME="orders")


@pytest.mark.parametrize("triggers", SHARED.values(), ids=SHARED)
def test_two_functions_share_messages(
    triggers: list[str], settings: str, plant: Plant, find: Find
) -> None:
    app = plant({"blueprints/orders.py": functions(triggers), "local.settings.json": settings})
    found = find(app, "AF249")
    assert [one.line for one in found] == [11]
    assert found[0].message.startswith("invoice and ship share the ")
    assert found[0].message.endswith(" starts only one of them.")


@pytest.mark.parametrize("triggers", APART.values(), ids=APART)
def test_each_function_gets_its_own(
    triggers: list[str], settings: str, plant: Plant, find: Find
) -> None:
    app = plant({"blueprints/orders.py": functions(triggers), "local.settings.json": settings})
    assert not find(app, "AF249")


@pytest.mark.parametrize(
    "setting",
    [
        "AzureWebJobs.ship.Disabled",
        "AzureWebJobs_invoice_Disabled",
        "AZUREWEBJOBS__SHIP__DISABLED",
    ],
)
def test_one_can_be_disabled(setting: str, plant: Plant, find: Find) -> None:
    settings = local(Main="UseDevelopmentStorage=true", **{setting: "true"})
    source = functions(SHARED["queue"])
    app = plant({"blueprints/orders.py": source, "local.settings.json": settings})
    assert not find(app, "AF249")


@pytest.mark.parametrize(
    ("name", "shared", "fix"),
    [
        (
            "hub",
            "the consumer group '$Default' of the event hub 'readings', so each event",
            "Give each function a consumer group of its own.",
        ),
        (
            "topic",
            "the subscription 'orders/a', so each message",
            "Give each function a subscription of its own.",
        ),
    ],
)
def test_it_says_what_is_shared(
    name: str, shared: str, fix: str, settings: str, plant: Plant, find: Find
) -> None:
    app = plant({"blueprints/orders.py": functions(SHARED[name]), "local.settings.json": settings})
    [found] = find(app, "AF249")
    assert found.message == f"invoice and ship share {shared} starts only one of them."
    assert found.fix == fix
