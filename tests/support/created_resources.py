"""The apps whose resources in Azure the tests look at, and the types of these resources."""

from collections.abc import Mapping

import pytest

from hooks.catalogue import Kind
from tests.support.bicep_cli import SUBSCRIPTION
from tests.support.catalogue import ON_FLEX, every_on_flex, with_scheduler

EVERY = every_on_flex()
WITH_SCHEDULER = {"bill": "durable"}
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-dev/providers/"
TYPES = {
    "storage": "Microsoft.Storage/storageAccounts",
    "eventhubs": "Microsoft.EventHub/namespaces",
    "servicebus": "Microsoft.ServiceBus/namespaces",
    "cosmosdb": "Microsoft.DocumentDB/databaseAccounts",
    "sql": "Microsoft.Sql/servers",
    "eventgrid": "Microsoft.EventGrid/topics",
    "signalr": "Microsoft.SignalRService/signalR",
    "openai": "Microsoft.CognitiveServices/accounts",
    "durabletask": "Microsoft.DurableTask/schedulers",
    "webpubsub": "Microsoft.SignalRService/webPubSub",
}
VAULT = "Microsoft.KeyVault/vaults"
# What the functions read and write in them, by the keys of `resources` in kind.yml.
PARTS = {
    ("storage", "container"): "Microsoft.Storage/storageAccounts/blobServices/containers",
    ("storage", "queue"): "Microsoft.Storage/storageAccounts/queueServices/queues",
    ("storage", "table"): "Microsoft.Storage/storageAccounts/tableServices/tables",
    ("eventhubs", "hub"): "Microsoft.EventHub/namespaces/eventhubs",
    ("servicebus", "queue"): "Microsoft.ServiceBus/namespaces/queues",
    ("servicebus", "session_queue"): "Microsoft.ServiceBus/namespaces/queues",
    ("servicebus", "topic"): "Microsoft.ServiceBus/namespaces/topics",
    ("servicebus", "subscription"): "Microsoft.ServiceBus/namespaces/topics/subscriptions",
    ("webpubsub", "hub"): "Microsoft.SignalRService/webPubSub/hubs",
    ("cosmosdb", "container"): "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers",
}

every_app = pytest.mark.parametrize(
    "functions",
    [EVERY, WITH_SCHEDULER, *({"mine": id} for id in ON_FLEX)],
    ids=["all", "scheduler", *ON_FLEX],
)


def has_scheduler(functions: Mapping[str, str]) -> bool:
    """Whether the app with these functions uses the Durable Task Scheduler."""
    return functions in (EVERY, WITH_SCHEDULER)


def kinds_of(functions: Mapping[str, str]) -> list[tuple[str, Kind]]:
    """Return each function's name with its kind."""
    change = with_scheduler if has_scheduler(functions) else lambda kind: kind
    return [(name, change(ON_FLEX[id])) for name, id in functions.items()]


def type_of(id: str) -> str:
    """Return the type of the resource with this id in the group."""
    names = id.removeprefix(GROUP).split("/")
    return "/".join([names[0], *names[1::2]])
