"""What a deployment of infra/ creates: the functions find the resources and settings that they name."""

import re

import pytest

from tests.support.bicep_cli import Bicep, Evaluate, Infra
from tests.support.catalogue import SERVICES, named
from tests.support.created_resources import (
    EVERY,
    PARTS,
    TYPES,
    VAULT,
    WITH_SCHEDULER,
    every_app,
    kinds_of,
    type_of,
)

DEAD_LETTER_ROLE = SERVICES["storage"].roles["Storage Blob Data Contributor"]
OF_THE_HOST = {
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "AZURE_CLIENT_ID",
    *(
        f"AzureWebJobsStorage__{suffix}"
        for suffix in (*SERVICES["storage"].identity, "clientId", "credential")
    ),
}


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


@every_app
def test_the_app_has_the_settings_that_its_functions_need_and_no_others(
    functions: dict[str, str], evaluate: Evaluate
) -> None:
    found = evaluate(functions).settings
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
    settings = snapshot.settings
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


def test_only_the_subscriptions_wait_for_the_functions(bicep: Bicep, infra: Infra) -> None:
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
    deployed: bool, bicep: Bicep, infra: Infra
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


@pytest.mark.parametrize("deployed", [False, True])
def test_signalr_sends_messages_to_functions_that_are_deployed(
    deployed: bool, bicep: Bicep, infra: Infra
) -> None:
    main = infra({"room": "signalr"}) / "main.bicep"
    snapshot = bicep.evaluate(
        main, environmentName="dev", location="westeurope", functionsDeployed=deployed
    )
    [signalr] = snapshot.of_type(TYPES["signalr"])
    # Without a value, the service can keep the one that it has.
    upstream = signalr["properties"].get("upstream") or {"templates": []}
    assert [
        (template["hubPattern"], template["categoryPattern"], template["eventPattern"])
        for template in upstream["templates"]
    ] == [("*", "messages", "*")] * deployed
    for template in upstream["templates"]:
        assert "/runtime/webhooks/signalr?code=" in template["urlTemplate"]
        assert "systemKeys.signalr_extension" in template["urlTemplate"]
