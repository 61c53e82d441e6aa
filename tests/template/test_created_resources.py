"""What a deployment of infra/ would create: the functions find what they bind, by identity alone."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hooks.catalogue import Kind
from tests.support.bicep_cli import SUBSCRIPTION, Bicep, Snapshot
from tests.support.catalogue import (
    ON_FLEX,
    SCHEDULER,
    SERVICES,
    every_on_flex,
    with_scheduler,
)

Evaluate = Callable[..., Snapshot]
EVERY = every_on_flex()
WITH_SCHEDULER = {"bill": "durable"}
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-dev/providers/"
# What the app's identity may do in every app.
ALWAYS_ROLES = {
    ("Microsoft.Insights/components", "3913510d-42f4-4e42-8a64-420c390055eb"),
    ("Microsoft.Storage/storageAccounts", SERVICES["storage"].roles["Storage Blob Data Owner"]),
}
DEAD_LETTER_ROLE = SERVICES["storage"].roles["Storage Blob Data Contributor"]
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
VAULT_ROLE = "4633458b-17de-408a-b874-0445c86b69e6"
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
# The parts that have private endpoints, with the DNS zones that Azure's documentation gives for them.
PRIVATE_ENDPOINTS = {
    TYPES["storage"]: {part: f"privatelink.{part}.{{0}}" for part in ("blob", "queue", "table")},
    TYPES["eventhubs"]: {"namespace": "privatelink.servicebus.windows.net"},
    TYPES["servicebus"]: {"namespace": "privatelink.servicebus.windows.net"},
    TYPES["cosmosdb"]: {"Sql": "privatelink.documents.azure.com"},
    TYPES["sql"]: {"sqlServer": "privatelink{0}"},
    TYPES["eventgrid"]: {"topic": "privatelink.eventgrid.azure.net"},
    TYPES["signalr"]: {"signalr": "privatelink.service.signalr.net"},
    TYPES["openai"]: {"account": "privatelink.openai.azure.com"},
    TYPES["durabletask"]: {"scheduler": "privatelink.durabletask.io"},
    TYPES["webpubsub"]: {"webpubsub": "privatelink.webpubsub.azure.com"},
    VAULT: {"vault": "privatelink.vaultcore.azure.net"},
}
# The properties that leave keys and passwords no way in, by type; none for a type that has neither.
NO_KEYS: dict[str, dict[str, object]] = {
    "Microsoft.CognitiveServices/accounts": {"disableLocalAuth": True},
    "Microsoft.DocumentDB/databaseAccounts": {
        "disableLocalAuth": True,
        "disableKeyBasedMetadataWriteAccess": True,
    },
    # It knows no keys.
    "Microsoft.DurableTask/schedulers": {},
    "Microsoft.EventGrid/systemTopics": {},
    "Microsoft.EventGrid/topics": {"disableLocalAuth": True},
    "Microsoft.EventHub/namespaces": {"disableLocalAuth": True},
    "Microsoft.Insights/actionGroups": {},
    "Microsoft.Insights/components": {"DisableLocalAuth": True},
    "Microsoft.Insights/metricAlerts": {},
    VAULT: {"enableRbacAuthorization": True},
    "Microsoft.ManagedIdentity/userAssignedIdentities": {},
    "Microsoft.Network/privateDnsZones": {},
    "Microsoft.Network/privateEndpoints": {},
    "Microsoft.Network/virtualNetworks": {},
    "Microsoft.OperationalInsights/workspaces": {"features.disableLocalAuth": True},
    "Microsoft.ServiceBus/namespaces": {"disableLocalAuth": True},
    "Microsoft.SignalRService/signalR": {"disableLocalAuth": True},
    "Microsoft.SignalRService/webPubSub": {"disableLocalAuth": True},
    "Microsoft.Sql/servers": {"administrators.azureADOnlyAuthentication": True},
    "Microsoft.Storage/storageAccounts": {
        "allowBlobPublicAccess": False,
        "allowSharedKeyAccess": False,
        "supportsHttpsTrafficOnly": True,
    },
    "Microsoft.Web/serverfarms": {},
    "Microsoft.Web/sites": {"httpsOnly": True, "siteConfig.ftpsState": "Disabled"},
}
OF_THE_HOST = {
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "AZURE_CLIENT_ID",
    *(
        f"AzureWebJobsStorage__{suffix}"
        for suffix in (*SERVICES["storage"].identity, "clientId", "credential")
    ),
}


every_app = pytest.mark.parametrize(
    "functions",
    [EVERY, WITH_SCHEDULER, *({"mine": id} for id in ON_FLEX)],
    ids=["all", "scheduler", *ON_FLEX],
)


@pytest.fixture
def evaluate(evaluate: Evaluate) -> Evaluate:
    """Some apps have the Durable Task Scheduler."""

    def snapshot(functions: Mapping[str, str], **parameters: str | bool) -> Snapshot:
        answers = SCHEDULER if has_scheduler(functions) else {}
        return evaluate(functions, answers, **parameters)

    return snapshot


def has_scheduler(functions: Mapping[str, str]) -> bool:
    return functions in (EVERY, WITH_SCHEDULER)


def kinds_of(functions: Mapping[str, str]) -> list[tuple[str, Kind]]:
    change = with_scheduler if has_scheduler(functions) else lambda kind: kind
    return [(name, change(ON_FLEX[id])) for name, id in functions.items()]


def needs_vault(functions: Mapping[str, str]) -> bool:
    """Return whether functions have secrets, or connect to a service that infra/ does not create."""
    kinds = [kind for _, kind in kinds_of(functions)]
    services = [SERVICES[kind.service] for kind in kinds if kind.service]
    return any(kind.secrets for kind in kinds) or not all(service.bicep for service in services)


def named(kind: Kind, name: str, text: str) -> str:
    """Return a text of a kind for a function of this name."""
    old = kind.placeholder
    for change in (str, lambda text: text.replace("_", "-"), str.upper, pascal):
        text = text.replace(change(old), change(name))
    return text.replace("<project_name>", "my-app")


def pascal(text: str) -> str:
    return text.title().replace("_", "")


def type_of(id: str) -> str:
    """Return the type of the resource with this id in the group."""
    names = id.removeprefix(GROUP).split("/")
    return "/".join([names[0], *names[1::2]])


def roles_of_the_app(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Return the types of the resources that the app's identity has roles for, with the roles."""
    found = []
    for role in snapshot.of_type("Microsoft.Authorization/roleAssignments"):
        if "userAssignedIdentities/id-" in role["properties"]["principalId"]:
            [scope] = re.findall(r"^\[extensionResourceId\('([^']+)'", role["id"])
            assert scope.startswith(GROUP), "a role for the group or the subscription"
            found.append((type_of(scope), role["properties"]["roleDefinitionId"].split("/")[-1]))
    for role in snapshot.of_type("Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments"):
        if "userAssignedIdentities/id-" in role["properties"]["principalId"]:
            scope = type_of(role["properties"]["scope"])
            found.append((scope, role["properties"]["roleDefinitionId"].split("/")[-1]))
    return found


@every_app
def test_the_app_has_the_roles_that_its_bindings_need_and_no_others(
    functions: dict[str, str], evaluate: Evaluate
) -> None:
    found = roles_of_the_app(evaluate(functions))
    wanted = {
        (TYPES[kind.service or "storage"], SERVICES[kind.service or "storage"].roles[role])
        for _, kind in kinds_of(functions)
        for role in kind.roles
    }
    if needs_vault(functions):
        wanted.add((VAULT, VAULT_ROLE))
    assert set(found) == ALWAYS_ROLES | wanted
    assert len(found) == len(set(found))


@every_app
def test_every_function_finds_its_resources(functions: dict[str, str], evaluate: Evaluate) -> None:
    snapshot = evaluate(functions)
    wanted: dict[str, set[str]] = {kind: set() for kind in PARTS.values()}
    for name, kind in kinds_of(functions):
        for resource in kind.resources:
            for part, value in resource.items():
                if (kind.service, part) in PARTS:
                    wanted[PARTS[kind.service, part]].add(named(kind, name, value))
    containers = PARTS["storage", "container"]
    wanted[containers].add("app-package")
    # No function has a container that starts with a digit: Event Grid has those.
    found = {kind: snapshot.names(kind) for kind in wanted}
    found[containers] = {name for name in found[containers] if not name[0].isdigit()}
    assert found == wanted


def test_only_the_queues_of_sessions_require_them(evaluate: Evaluate) -> None:
    queues = evaluate(EVERY).of_type(PARTS["servicebus", "queue"])
    found = {
        queue["name"].split("/")[-1]: queue["properties"].get("requiresSession", False)
        for queue in queues
    }
    assert found == {
        named(kind, name, value): part == "session_queue"
        for name, kind in kinds_of(EVERY)
        for resource in kind.resources
        for part, value in resource.items()
        if kind.service == "servicebus" and "queue" in part
    }


@pytest.mark.parametrize(
    ("kind", "policy"), [("cosmosdb", None), ("cosmosdb_all_versions", "Continuous")]
)
def test_an_account_has_the_backup_that_its_change_feed_needs(
    kind: str, policy: str | None, evaluate: Evaluate
) -> None:
    [account] = evaluate({"mine": kind}).of_type(TYPES["cosmosdb"])
    assert (account["properties"].get("backupPolicy") or {}).get("type") == policy


@every_app
def test_containers_of_cosmos_db_have_their_partition_keys(
    functions: dict[str, str], evaluate: Evaluate
) -> None:
    wanted = {
        named(kind, name, resource["container"]): [resource["partition_key"]]
        for name, kind in kinds_of(functions)
        for resource in kind.resources
        if kind.service == "cosmosdb"
    }
    found = {
        container["properties"]["resource"]["id"]: container["properties"]["resource"][
            "partitionKey"
        ]["paths"]
        for container in evaluate(functions).of_type(PARTS["cosmosdb", "container"])
    }
    assert found == wanted


def settings_of(snapshot: Snapshot) -> dict[str, str]:
    [app] = snapshot.of_type("Microsoft.Web/sites")
    listed = app["properties"]["siteConfig"]["appSettings"]
    settings = {setting["name"]: setting["value"] for setting in listed}
    assert len(settings) == len(listed)
    return settings


@every_app
def test_the_app_has_the_settings_that_its_functions_need_and_no_others(
    functions: dict[str, str], evaluate: Evaluate
) -> None:
    found = settings_of(evaluate(functions))
    wanted: dict[str, str] = {}
    names = set(OF_THE_HOST)
    for name, kind in kinds_of(functions):
        for setting, value in kind.settings.items():
            # Somebody sets these in Azure. The kind has values for a developer's machine.
            own = setting in (*kind.secrets, *kind.variables)
            wanted[named(kind, name, setting)] = "" if own else named(kind, name, value)
        if not kind.service:
            continue
        service = SERVICES[kind.service]
        if service.bicep and not service.bicep.connection:
            wanted[f"{service.connection}__credential"] = "managedidentity"
            names.add(f"{service.connection}__clientId")
            names.update(f"{service.connection}__{suffix}" for suffix in service.identity)
        else:
            names.add(service.connection)
    assert {name: found[name] for name in wanted} == wanted
    assert set(found) == names | set(wanted)
    for name, value in found.items():
        assert not name.endswith("__clientId") or re.match(
            r"\[reference\('.+/userAssignedIdentities/id-.+\.clientId\]$", value
        )


def test_durable_functions_find_their_hub_in_the_scheduler(evaluate: Evaluate) -> None:
    snapshot = evaluate(WITH_SCHEDULER)
    settings = settings_of(snapshot)
    assert snapshot.names("Microsoft.DurableTask/schedulers/taskHubs") == {settings["TASK_HUB"]}
    connection = settings["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"]
    endpoint = r"reference\('.+/Microsoft.DurableTask/schedulers/dts-.+\.endpoint"
    client = r"reference\('.+/userAssignedIdentities/id-.+\.clientId"
    form = r"Endpoint=\{0\};Authentication=ManagedIdentity;ClientID=\{1\}"
    assert re.fullmatch(rf"\[format\('{form}', {endpoint}, {client}\)\]", connection)
    [scheduler] = snapshot.of_type(TYPES["durabletask"])
    # Nobody could connect to one with an empty list.
    assert scheduler["properties"]["ipAllowlist"] == ["0.0.0.0/0"]
    assert scheduler["properties"]["sku"] == {"name": "Consumption"}


def value_at(properties: Mapping[str, Any], path: str) -> object:
    value: Any = properties
    for key in path.split("."):
        value = value[key]
    return value


@every_app
def test_no_key_is_accepted_and_no_secret_is_shown(
    functions: dict[str, str], evaluate: Evaluate
) -> None:
    snapshot = evaluate(functions)
    tops = [resource for resource in snapshot.resources if resource["type"].count("/") == 1]
    for resource in tops:
        kind = resource["type"]
        if kind.startswith(("Microsoft.Authorization/", "Microsoft.Resources/")):
            continue
        properties = resource.get("properties", {})
        found = {path: value_at(properties, path) for path in NO_KEYS[kind]}
        assert found == NO_KEYS[kind], kind
    policies = snapshot.of_type("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    assert {policy["name"].split("/")[-1] for policy in policies} == {"ftp", "scm"}
    assert [policy for policy in policies if policy["properties"]["allow"]] == []

    assert not re.search(r"(?i)secret|password|listkeys|connectionstring", str(snapshot.outputs))
    for resource in snapshot.resources:
        secret = re.search(r"secret of |listKeys", json.dumps(resource))
        # Event Grid and Web PubSub call the app's own endpoints with the app's own keys.
        ends = ("/eventSubscriptions", "/vaults/secrets", "/webPubSub/hubs")
        allowed = resource["type"].endswith(ends)
        assert not secret or allowed


@every_app
def test_in_a_virtual_network_every_service_has_private_endpoints_alone(
    functions: dict[str, str], evaluate: Evaluate
) -> None:
    snapshot = evaluate(functions)
    [network] = snapshot.of_type("Microsoft.Network/virtualNetworks")
    delegated = {
        subnet["name"]: "delegations" in subnet["properties"]
        for subnet in network["properties"]["subnets"]
    }
    assert delegated == {"app": True, "private-endpoints": False}
    [app] = snapshot.of_type("Microsoft.Web/sites")
    assert app["properties"]["virtualNetworkSubnetId"] == f"{network['id']}/subnets/app"

    services = [r for r in snapshot.resources if r["type"] in PRIVATE_ENDPOINTS]
    wanted = {
        (resource["id"], part): zone
        for resource in services
        for part, zone in PRIVATE_ENDPOINTS[resource["type"]].items()
    }
    zones = {
        zone["id"]: zone["name"] for zone in snapshot.of_type("Microsoft.Network/privateDnsZones")
    }
    found = {}
    for endpoint in snapshot.of_type("Microsoft.Network/privateEndpoints"):
        [connection] = endpoint["properties"]["privateLinkServiceConnections"]
        [part] = connection["properties"]["groupIds"]
        assert (
            endpoint["properties"]["subnet"]["id"] == f"{network['id']}/subnets/private-endpoints"
        )
        [group] = [
            group
            for group in snapshot.of_type("Microsoft.Network/privateEndpoints/privateDnsZoneGroups")
            if group["name"] == f"{endpoint['name']}/default"
        ]
        [config] = group["properties"]["privateDnsZoneConfigs"]
        zone = zones[config["properties"]["privateDnsZoneId"]]
        service = connection["properties"]["privateLinkServiceId"]
        # The suffix of storage is one of the cloud's.
        found[service, part] = re.sub(r"^\[format\('(.+)', .+\)\]$", r"\1", zone)
    assert found == wanted
    links = snapshot.of_type("Microsoft.Network/privateDnsZones/virtualNetworkLinks")
    assert len(links) == len(zones) == len(set(wanted.values()))
    assert {link["properties"]["virtualNetwork"]["id"] for link in links} == {network["id"]}
    for resource in services:
        if resource["type"] in (TYPES["signalr"], TYPES["webpubsub"]):
            # Its clients are elsewhere.
            denied = resource["properties"]["networkACLs"]["publicNetwork"]["deny"]
            assert denied == ["RESTAPI", "ServerConnection", "Trace"]
        else:
            assert resource["properties"]["publicNetworkAccess"] == "Disabled"
        if resource["type"] == TYPES["servicebus"]:
            assert resource["sku"]["name"] == "Premium"


def test_without_a_virtual_network_services_are_reachable(evaluate: Evaluate) -> None:
    snapshot = evaluate(EVERY, virtualNetwork=False)
    assert [r for r in snapshot.resources if r["type"].startswith("Microsoft.Network/")] == []
    [app] = snapshot.of_type("Microsoft.Web/sites")
    assert not app["properties"]["virtualNetworkSubnetId"]
    for kind in (*TYPES.values(), VAULT):
        [service] = snapshot.of_type(kind)
        access = service["properties"].get("publicNetworkAccess", "Enabled")
        denied = service["properties"].get("networkACLs", {}).get("publicNetwork", {})
        assert (access, denied.get("deny", [])) == ("Enabled", [])
    [bus] = snapshot.of_type(TYPES["servicebus"])
    assert bus["sku"]["name"] == "Standard"


@pytest.mark.parametrize("wanted", [False, True])
def test_services_keep_logs_if_asked_to(wanted: bool, evaluate: Evaluate) -> None:
    snapshot = evaluate(EVERY, resourceLogs=wanted)
    settings = snapshot.of_type("Microsoft.Insights/diagnosticSettings")
    logged = {
        type_of(setting["id"].split("/providers/Microsoft.Insights/")[0]) for setting in settings
    }
    storage = {f"{TYPES['storage']}/{part}Services" for part in ("blob", "queue", "table")}
    parts = {*storage, "Microsoft.Sql/servers/databases"}
    services = {*TYPES.values(), VAULT, "Microsoft.EventGrid/systemTopics"} | parts
    services -= {TYPES["storage"], TYPES["sql"]}
    assert logged == (services if wanted else set())
    [workspace] = snapshot.of_type("Microsoft.OperationalInsights/workspaces")
    for setting in settings:
        assert setting["properties"]["workspaceId"] == workspace["id"]
        assert setting["properties"]["logs"] == [{"categoryGroup": "allLogs", "enabled": True}]


def test_event_grid_calls_the_functions_that_it_triggers(evaluate: Evaluate) -> None:
    functions = {"uploads": "blob_eventgrid", "events": "eventgrid", "hello": "http"}
    snapshot = evaluate(functions)
    subscriptions = snapshot.of_type("Microsoft.EventGrid/systemTopics/eventSubscriptions")
    found = {}
    for subscription in subscriptions:
        properties = subscription["properties"]
        [container] = re.findall(
            r"^/blobServices/default/containers/(.+)/$", properties["filter"]["subjectBeginsWith"]
        )
        assert properties["filter"]["includedEventTypes"] == ["Microsoft.Storage.BlobCreated"]
        target = properties["destination"]["properties"]
        found[container] = target.get("resourceId") or target["endpointUrl"]
        dead = properties["deadLetterWithResourceIdentity"]["deadLetterDestination"]["properties"]
        assert dead["blobContainerName"] == "0-dead-letters"
    assert set(found) == {"uploads", "0-uploads-events"}
    assert found["0-uploads-events"].endswith("/functions/events")
    assert "/runtime/webhooks/blobs?functionName=Host.Functions.{1}" in found["uploads"]
    assert set(found) | {"0-dead-letters"} <= snapshot.names(PARTS["storage", "container"])


def test_only_the_subscriptions_wait_for_the_functions(
    bicep: Bicep, infra: Callable[..., Path]
) -> None:
    """The role of the topic takes minutes to apply, and Event Grid checks that it may write there."""
    main = infra({"uploads": "blob_eventgrid", "events": "eventgrid"}) / "main.bicep"
    snapshot = bicep.evaluate(
        main, environmentName="dev", location="westeurope", functionsDeployed=False
    )
    assert snapshot.of_type("Microsoft.EventGrid/systemTopics/eventSubscriptions") == []
    [topic] = snapshot.of_type("Microsoft.EventGrid/systemTopics")
    [role] = [
        role
        for role in snapshot.of_type("Microsoft.Authorization/roleAssignments")
        if "systemTopics" in role["properties"]["principalId"]
    ]
    assert topic["name"] in role["properties"]["principalId"]
    assert "/containers/0-dead-letters/providers/" in role["id"]
    assert role["properties"]["roleDefinitionId"].endswith(DEAD_LETTER_ROLE)


@pytest.mark.parametrize("deployed", [False, True])
def test_web_pubsub_sends_events_to_functions_that_are_deployed(
    deployed: bool, bicep: Bicep, infra: Callable[..., Path]
) -> None:
    main = infra({"notes": "webpubsub"}) / "main.bicep"
    snapshot = bicep.evaluate(
        main, environmentName="dev", location="westeurope", functionsDeployed=deployed
    )
    hubs = snapshot.of_type(PARTS["webpubsub", "hub"])
    assert [hub["name"].split("/")[-1] for hub in hubs] == ["notes"] * deployed
    for hub in hubs:
        [handler] = hub["properties"]["eventHandlers"]
        assert "/runtime/webhooks/webpubsub?code=" in handler["urlTemplate"]
        assert "systemKeys.webpubsub_extension" in handler["urlTemplate"]
        assert (handler["userEventPattern"], handler["systemEvents"]) == (
            "*",
            ["connect", "connected"],
        )
