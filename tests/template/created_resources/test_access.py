"""What a deployment of infra/ lets in: the app by its identity, with just the roles that it needs, and no key."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.support.bicep_cli import Evaluate, Snapshot
from tests.support.catalogue import SERVICES
from tests.support.created_resources import (
    EVERY,
    GROUP,
    TYPES,
    VAULT,
    every_app,
    kinds_of,
    type_of,
)

# What the app's identity may do in every app.
ALWAYS_ROLES = {
    ("Microsoft.Insights/components", "3913510d-42f4-4e42-8a64-420c390055eb"),
    ("Microsoft.Storage/storageAccounts", SERVICES["storage"].roles["Storage Blob Data Owner"]),
}
VAULT_ROLE = "4633458b-17de-408a-b874-0445c86b69e6"
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


def needs_vault(functions: Mapping[str, str]) -> bool:
    """Whether functions have secrets, or connect to a service that infra/ does not create."""
    kinds = [kind for _, kind in kinds_of(functions)]
    services = [SERVICES[kind.service] for kind in kinds if kind.service]
    return any(kind.secrets for kind in kinds) or not all(service.bicep for service in services)


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
        # Event Grid, SignalR and Web PubSub call the app's own endpoints with the app's own keys.
        ends = ("/eventSubscriptions", "/signalR", "/vaults/secrets", "/webPubSub/hubs")
        allowed = resource["type"].endswith(ends)
        assert not secret or allowed


def network_of(snapshot: Snapshot) -> Mapping[str, Any]:
    [network] = snapshot.of_type("Microsoft.Network/virtualNetworks")
    return network


def private_services(snapshot: Snapshot) -> list[Mapping[str, Any]]:
    return [one for one in snapshot.resources if one["type"] in PRIVATE_ENDPOINTS]


def zone_of(endpoint: Mapping[str, Any], snapshot: Snapshot) -> str:
    """Return the name of the DNS zone of a private endpoint, in which {0} is the suffix of the cloud."""
    groups = snapshot.of_type("Microsoft.Network/privateEndpoints/privateDnsZoneGroups")
    [group] = [one for one in groups if one["name"] == f"{endpoint['name']}/default"]
    [config] = group["properties"]["privateDnsZoneConfigs"]
    zones = snapshot.of_type("Microsoft.Network/privateDnsZones")
    id = config["properties"]["privateDnsZoneId"]
    [name] = [zone["name"] for zone in zones if zone["id"] == id]
    return re.sub(r"^\[format\('(.+)', .+\)\]$", r"\1", name)


@every_app
def test_the_app_and_the_private_endpoints_have_a_subnet_each(
    functions: dict[str, str], evaluate: Evaluate
) -> None:
    snapshot = evaluate(functions)
    network = network_of(snapshot)
    delegated = {
        subnet["name"]: "delegations" in subnet["properties"]
        for subnet in network["properties"]["subnets"]
    }
    assert delegated == {"app": True, "private-endpoints": False}
    [app] = snapshot.of_type("Microsoft.Web/sites")
    assert app["properties"]["virtualNetworkSubnetId"] == f"{network['id']}/subnets/app"
    endpoints = snapshot.of_type("Microsoft.Network/privateEndpoints")
    subnets = {endpoint["properties"]["subnet"]["id"] for endpoint in endpoints}
    assert subnets == {f"{network['id']}/subnets/private-endpoints"}


@every_app
def test_every_service_has_private_endpoints_with_their_zones(
    functions: dict[str, str], evaluate: Evaluate
) -> None:
    snapshot = evaluate(functions)
    wanted = {
        (resource["id"], part): zone
        for resource in private_services(snapshot)
        for part, zone in PRIVATE_ENDPOINTS[resource["type"]].items()
    }
    found = {}
    for endpoint in snapshot.of_type("Microsoft.Network/privateEndpoints"):
        [connection] = endpoint["properties"]["privateLinkServiceConnections"]
        [part] = connection["properties"]["groupIds"]
        service = connection["properties"]["privateLinkServiceId"]
        found[service, part] = zone_of(endpoint, snapshot)
    assert found == wanted
    zones = snapshot.of_type("Microsoft.Network/privateDnsZones")
    links = snapshot.of_type("Microsoft.Network/privateDnsZones/virtualNetworkLinks")
    assert len(links) == len(zones) == len(set(wanted.values()))
    networks = {link["properties"]["virtualNetwork"]["id"] for link in links}
    assert networks == {network_of(snapshot)["id"]}


@every_app
def test_only_the_network_reaches_the_services(
    functions: dict[str, str], evaluate: Evaluate
) -> None:
    services = private_services(evaluate(functions))
    assert services
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
