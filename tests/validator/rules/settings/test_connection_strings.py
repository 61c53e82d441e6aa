"""Connection strings in the local settings, beside the services of the bindings that use them."""

import pytest

from tests.support.validator import Find, Found, Plant, find_problems
from tests.validator.rules.settings_files import AZURITE, blueprint, local

# As long as a real key, so that a message that shows it is noticed; no real one.
KEY = "bm90IGEgcmVhbCBrZXk="
STORAGE = f"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={KEY};EndpointSuffix=core.windows.net"
BUS = f"Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={KEY}"
COSMOS = f"AccountEndpoint=https://shop.documents.azure.com:443/;AccountKey={KEY};"
SIGNALR = f"Endpoint=https://shop.service.signalr.net;AccessKey={KEY};Version=1.0;"
SQL = "Server=tcp:shop.database.windows.net;Database=shop;User ID=a;Password='a;b'"
KINDS = {
    "storage": 'queue_trigger("message", "orders", "Main")',
    "blob": 'blob_trigger("message", "orders/{name}", "Main")',
    "bus": 'service_bus_queue_trigger("message", "Main", "orders")',
    "hub": 'event_hub_message_trigger("message", "Main", "orders")',
    "cosmos": 'cosmos_db_trigger("message", "Main", "shop", "orders")',
    "signalr": 'generic_trigger("message", "signalRTrigger", connectionStringSetting="Main", hubName="h", category="messages", event="e")',
    "sql": 'sql_trigger("message", "orders", "Main")',
    "rabbit": 'generic_trigger("message", "rabbitMQTrigger", connectionStringSetting="Main", queueName="orders")',
    "redis": 'generic_trigger("message", "redisListTrigger", connection="Main", key="k", pollingIntervalInMs=1000, maxBatchSize=16, listDirection="LEFT")',
}
ODBC = "Driver={ODBC Driver 18 for SQL Server};Server=tcp:shop,1433;Database=shop;Uid=a;Pwd="


def found(plant: Plant, find: Find, kind: str, value: str, **settings: str) -> list[Found]:
    """Return what is found about a connection string, whose text no message shows."""
    values = local(Main=value, **settings)
    app = plant({"blueprints/orders.py": blueprint(KINDS[kind]), "local.settings.json": values})
    problems = [one for one in find(app, "AF31") if one.code in ("AF317", "AF318")]
    assert KEY.rstrip("=").lower() not in str(problems).lower()
    return problems


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("storage", AZURITE),
        ("storage", STORAGE),
        ("storage", f"AccountName=shop;AccountKey={KEY}"),
        ("storage", "BlobEndpoint=https://shop.blob.core.windows.net;SharedAccessSignature=sv=1"),
        ("storage", "AccountName=shop;SharedAccessSignature=sv=1&sig=a%3D"),
        (
            "blob",
            f"AccountName=a;AccountKey={KEY};BlobEndpoint=http://127.0.0.1:10000/a;QueueEndpoint=http://127.0.0.1:10001/a",
        ),
        ("bus", BUS),
        ("bus", f"{BUS};EntityPath=Orders"),
        ("bus", BUS.replace("sb://", "")),
        ("bus", f"{BUS};TransportType=AmqpWebSockets;"),
        ("bus", "Endpoint=sb://localhost;UseDevelopmentEmulator=true;"),
        ("bus", "Endpoint=sb://a;SharedAccessSignature=SharedAccessSignature sr=a&sig=b"),
        ("hub", f"{BUS};EntityPath=somewhere"),
        ("cosmos", COSMOS),
        ("cosmos", f"{COSMOS}DisableServerCertificateValidation=True;"),
        ("signalr", SIGNALR),
        ("signalr", "Endpoint=https://shop.service.signalr.net;AuthType=azure.msi;Version=1.0;"),
        ("sql", SQL),
        ("sql", 'Server=shop;Database=shop;Password="a"";b;c"'),
        ("sql", f"{ODBC}<password>"),
        ("rabbit", "amqps://a:b@shop.example:5671/vhost"),
        ("redis", "127.0.0.1:6379"),
        ("redis", f"shop.redis.cache.windows.net:6380,password={KEY},ssl=True"),
        ("bus", "@Microsoft.KeyVault(SecretUri=https://a.vault.azure.net/secrets/b)"),
        ("bus", "<connection string>"),
        ("bus", ""),
    ],
)
def test_a_connection_string_of_the_service(
    kind: str, value: str, plant: Plant, find: Find
) -> None:
    assert found(plant, find, kind, value) == []


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("storage", "shop", "not made of NAME=VALUE parts"),
        ("storage", f"AccountName=shop;{KEY[:-1]}", 'has no "="'),
        ("storage", "DefaultEndpointsProtocol=https;AccountName=shop", "no AccountKey"),
        ("storage", f"DefaultEndpointsProtocol=https;AccountKey={KEY}", "no AccountName"),
        ("storage", "AccountName=shop;AccountKey=not base 64", "Base64"),
        ("storage", "UseDevelopmentStorage=yes", "is not true"),
        ("storage", "SharedAccessSignature=a;DefaultEndpointsProtocol=https", "no BlobEndpoint"),
        ("storage", STORAGE.replace("=https", "=tcp", 1), "neither http nor https"),
        ("storage", STORAGE.replace("Suffix=", "Suffix=https://"), "EndpointSuffix"),
        ("storage", "https://shop.blob.core.windows.net/?sv=1&sig=a", "no AccountName"),
        ("blob", "BlobEndpoint=shop.blob.core.windows.net;SharedAccessSignature=a", "endpoint"),
        ("storage", STORAGE.replace("=shop", "="), "AccountName is empty"),
        # What follows a ; in a key looks like a name.
        ("bus", f"{BUS}cut;{KEY}", "one of its parts is empty"),
        ("storage", BUS, "one of Service Bus or Event Hubs"),
        ("blob", COSMOS, "one of Cosmos DB"),
        ("bus", BUS.replace("Endpoint=", ""), 'has no "="'),
        ("bus", BUS.partition(";")[2], "no Endpoint"),
        ("bus", BUS.partition(";")[0], "no SharedAccessKeyName and no SharedAccessKey"),
        ("bus", BUS.partition(";SharedAccessKey=")[0], "no SharedAccessKey"),
        ("bus", BUS.replace("sb://", "sb:/"), "Endpoint is not an address"),
        ("bus", f"{BUS};SharedAccessSignature=a", "a key and a signature"),
        ("bus", "shop.servicebus.windows.net", "not made of NAME=VALUE parts"),
        ("bus", STORAGE, "one of Azure Storage"),
        ("hub", "Endpoint=sb://shop.servicebus.windows.net/", "no SharedAccessKeyName"),
        ("hub", SIGNALR, "one of SignalR or Web PubSub"),
        ("cosmos", "https://shop.documents.azure.com:443/", "not made of NAME=VALUE parts"),
        ("cosmos", COSMOS.partition(";")[0], "no AccountKey"),
        ("cosmos", f"AccountKey={KEY}", "no AccountEndpoint"),
        ("cosmos", COSMOS.replace("https://", ""), "AccountEndpoint does not begin with https://"),
        ("signalr", SIGNALR.replace("https://", ""), "Endpoint does not begin with https://"),
        ("signalr", SIGNALR.partition(";")[0], "no AccessKey"),
        ("signalr", SIGNALR.partition(";")[2], "no Endpoint"),
        ("sql", "shop.database.windows.net", "not made of NAME=VALUE parts"),
        ("sql", COSMOS, "one of Cosmos DB"),
        ("sql", ODBC + KEY, "one of ODBC, with a Driver"),
        ("sql", ODBC.replace("{ODBC Driver 18 for SQL Server}", "FreeTDS") + KEY, "with a Driver"),
        ("sql", f"DSN=shop;UID=a;PWD={KEY}", "with a DSN"),
        ("sql", f"mssql+pyodbc://a:{KEY}@shop/shop?driver=ODBC+Driver", "an address"),
        ("rabbit", "HostName=shop;UserName=a", "amqp://"),
        ("redis", f"rediss://:{KEY}@shop.redis.cache.windows.net:6380/0", "an address"),
        ("redis", "redis://localhost:6379", "an address"),
    ],
)
def test_a_malformed_connection_string(
    kind: str, value: str, why: str, plant: Plant, find: Find
) -> None:
    [one] = found(plant, find, kind, value)
    assert (one.code, one.path, one.line) == ("AF317", "local.settings.json", 6)
    assert why in one.message


@pytest.mark.parametrize(("name", "count"), [("AzureWebJobsStorage", 1), ("Other", 0)])
def test_the_storage_account_of_the_host(name: str, count: int, plant: Plant, find: Find) -> None:
    settings = {name: "AccountName=shop"}
    assert len(found(plant, find, "hub", BUS, **settings)) == count


def test_a_connection_that_a_binding_need_not_name(plant: Plant, find: Find) -> None:
    output = '@bp.generic_output_binding("other", "signalR", hubName="h")\n'
    source = blueprint(KINDS["hub"], "message, other").replace("def orders", f"{output}def orders")
    settings = local(Main=BUS, AzureSignalRConnectionString=BUS)
    app = plant({"blueprints/orders.py": source, "local.settings.json": settings})
    [one] = find(app, "AF317")
    assert one.line == 7


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (BUS, 1),
        (f"{BUS};EntityPath=your-queue", 0),
        ("AccountName=shop", 0),
        ("AccountName=;AccountKey=", 0),
        ("AccountName=ACCOUNT;AccountKey=KEY", 0),
        ("AccountName=your-account", 0),
        ("nothing yet", 0),
    ],
)
def test_an_example_is_only_checked_for_the_service(value: str, count: int, plant: Plant) -> None:
    files = {
        "blueprints/orders.py": blueprint(KINDS["storage"]),
        "local.settings.json": None,
        "local.settings.example.json": local(Main=value),
    }
    assert len(find_problems(plant(files), "AF317")) == count


def test_a_key_of_another_queue(plant: Plant, find: Find) -> None:
    [one] = found(plant, find, "bus", f"{BUS};EntityPath=invoices")
    assert (one.code, one.line) == ("AF318", 6)
    assert "only for invoices, but orders names orders" in one.message


def test_the_key_of_a_queue_is_also_for_its_dead_letter_queue(plant: Plant, find: Find) -> None:
    source = blueprint(KINDS["bus"]).replace('"orders"', '"orders/$deadletterqueue"')
    settings = local(Main=f"{BUS};EntityPath=orders")
    app = plant({"blueprints/orders.py": source, "local.settings.json": settings})
    assert find(app, "AF318") == []


def test_two_event_hubs_with_the_key_of_one(plant: Plant, find: Find) -> None:
    second = '@bp.event_hub_output("other", "Main", "invoices")\n'
    source = blueprint(KINDS["hub"], "message, other").replace("def orders", f"{second}def orders")
    settings = local(Main=f"{BUS};EntityPath=orders")
    app = plant({"blueprints/orders.py": source, "local.settings.json": settings})
    [one] = find(app, "AF318")
    assert "names invoices, so it is connected to orders instead" in one.message


@pytest.mark.parametrize("entity", ["QUEUE_NAME", "your-queue", "invoices"])
def test_an_example_is_of_no_queue(entity: str, plant: Plant) -> None:
    files = {
        "blueprints/orders.py": blueprint(KINDS["bus"]),
        "local.settings.json": None,
        "local.settings.example.json": local(Main=f"{BUS};EntityPath={entity}"),
    }
    assert find_problems(plant(files), "AF318") == []


def test_a_queue_whose_name_only_azure_knows(plant: Plant, find: Find) -> None:
    source = blueprint(KINDS["bus"]).replace('"orders"', '"%QUEUE%"')
    reference = "@Microsoft.KeyVault(VaultName=shop;SecretName=queue)"
    settings = local(Main=f"{BUS};EntityPath=invoices", QUEUE=reference)
    app = plant({"blueprints/orders.py": source, "local.settings.json": settings})
    assert find(app, "AF318") == []
