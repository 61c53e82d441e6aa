"""Who else may use the resources of infra/, which secrets it keeps, and how its parameters change the app."""

import re

import pytest

from tests.support.bicep_cli import TENANT, Evaluate, Infra, Snapshot
from tests.support.catalogue import ON_FLEX, SERVICES
from tests.support.created_resources import EVERY
from tests.support.text_files import read, read_json

ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
COSMOSDB_ASSIGNMENTS = "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments"
ME = "00000000-0000-0000-0000-00000000000a"
VAULT_ROLES = {"b86a8fe4-44ce-4948-aee5-eccb2c155cd7"}


def my_roles(snapshot: Snapshot, kind: str) -> set[str]:
    """Return the roles of whoever deploys."""
    found = [role for role in snapshot.of_type(kind) if role["properties"]["principalId"] == ME]
    return {role["properties"]["roleDefinitionId"].split("/")[-1] for role in found}


def role_ids(*services: str) -> set[str]:
    """Return the ids of the roles that whoever deploys gets for these services."""
    return {SERVICES[name].roles[role] for name in services for role in SERVICES[name].deployer}


@pytest.mark.parametrize(
    ("functions", "azure", "cosmosdb"),
    [
        ({"hello": "http"}, set(), set()),
        ({"orders": "queue"}, role_ids("storage"), set()),
        ({"pay": "servicebus_queue"}, role_ids("servicebus"), set()),
        # To upload what it waits for.
        ({"events": "eventgrid"}, role_ids("storage"), set()),
        ({"views": "cosmosdb_input"}, set(), role_ids("cosmosdb")),
        ({"customers": "mysql"}, VAULT_ROLES, set()),
        (
            EVERY,
            role_ids(*{ON_FLEX[id].service for id in EVERY.values()} - {"", "cosmosdb"})
            | VAULT_ROLES,
            role_ids("cosmosdb"),
        ),
    ],
    ids=["http", "queue", "service-bus", "event-grid", "cosmos-db", "mysql", "all"],
)
def test_who_deploys_can_use_the_data_of_the_functions(
    functions: dict[str, str], azure: set[str], cosmosdb: set[str], evaluate: Evaluate
) -> None:
    given = {"principalId": ME} if azure or cosmosdb else {}
    snapshot = evaluate(functions, **given)
    assert my_roles(snapshot, ASSIGNMENTS) == azure
    assert my_roles(snapshot, COSMOSDB_ASSIGNMENTS) == cosmosdb


def test_roles_say_what_kind_of_principal_deploys(evaluate: Evaluate) -> None:
    snapshot = evaluate(EVERY, principalId=ME, principalType="ServicePrincipal")
    mine = [
        role for role in snapshot.of_type(ASSIGNMENTS) if role["properties"]["principalId"] == ME
    ]
    assert {role["properties"]["principalType"] for role in mine} == {"ServicePrincipal"}
    assert [role for role in mine if "/resourceGroups/rg-dev/" not in role["id"]] == []
    [server] = snapshot.of_type("Microsoft.Sql/servers")
    assert server["properties"]["administrators"]["principalType"] == "Application"


def test_nobody_gets_a_role_without_an_id(evaluate: Evaluate) -> None:
    principals = [
        role["properties"]["principalId"]
        for kind in (ASSIGNMENTS, COSMOSDB_ASSIGNMENTS)
        for role in evaluate(EVERY).of_type(kind)
    ]
    assert principals != []
    assert [principal for principal in principals if not principal.startswith("[reference(")] == []


def test_every_app_has_its_identity_in_a_setting(evaluate: Evaluate) -> None:
    value = evaluate({"hello": "http"}).settings["AZURE_CLIENT_ID"]
    assert re.match(r"\[reference\('.+/userAssignedIdentities/id-.+\.clientId\]$", value)


def test_azure_sql_accepts_the_identity_of_the_app_and_who_deploys(evaluate: Evaluate) -> None:
    snapshot = evaluate({"rows": "sql_input"}, principalId=ME)
    [server] = snapshot.of_type("Microsoft.Sql/servers")
    administrators = server["properties"]["administrators"]
    assert administrators["azureADOnlyAuthentication"]
    assert (administrators["sid"], administrators["principalType"]) == (ME, "User")
    assert "administratorLogin" not in server["properties"]
    assert snapshot.names("Microsoft.Sql/servers/databases") == {"app"}
    setting = snapshot.settings["SqlConnection"]
    assert ";Authentication=Active Directory Managed Identity;User Id={" in setting
    assert "userAssignedIdentities/id-" in setting
    outputs = {"AZURE_SQL_SERVER", "AZURE_SQL_DATABASE", "APP_IDENTITY_NAME"}
    assert {*outputs, "APP_IDENTITY_CLIENT_ID"} <= set(snapshot.outputs)


@pytest.mark.parametrize("private", [False, True])
def test_the_firewall_of_azure_sql_lets_azure_in_unless_there_is_a_network(
    private: bool, evaluate: Evaluate
) -> None:
    snapshot = evaluate({"rows": "sql_input"}, principalId=ME, virtualNetwork=private)
    rules = snapshot.of_type("Microsoft.Sql/servers/firewallRules")
    ranges = [
        (rule["properties"]["startIpAddress"], rule["properties"]["endIpAddress"]) for rule in rules
    ]
    # It stands for all addresses in Azure.
    assert ranges == ([] if private else [("0.0.0.0", "0.0.0.0")])


SECRETS = [
    (id, service.connection)
    for id, kind in ON_FLEX.items()
    if kind.service
    for service in [SERVICES[kind.service]]
    if not service.bicep
]


@pytest.mark.parametrize(("kind", "connection"), SECRETS)
def test_connection_strings_are_in_a_vault(kind: str, connection: str, evaluate: Evaluate) -> None:
    snapshot = evaluate({"mine": kind})
    secrets = {
        secret["name"].split("/")[-1]: secret["properties"]["value"]
        for secret in snapshot.of_type("Microsoft.KeyVault/vaults/secrets")
    }
    parameter = connection[0].lower() + connection[1:]
    # A snapshot does not show the values of secure parameters.
    assert secrets == {connection: f"[parameters('{parameter}')]"}
    setting = snapshot.settings[connection]
    assert "@Microsoft.KeyVault(SecretUri={0}" in setting
    assert setting.startswith("[format('{0}{1})', ")
    assert setting.endswith(f", '{connection}')]")
    [app] = snapshot.of_type("Microsoft.Web/sites")
    assert "/userAssignedIdentities/id-" in app["properties"]["keyVaultReferenceIdentity"]


def test_a_password_is_in_the_vault_if_there_is_one(evaluate: Evaluate, infra: Infra) -> None:
    functions = {"views": "kafka", "send": "kafka_output"}
    snapshot = evaluate(functions)
    assert snapshot.names("Microsoft.KeyVault/vaults/secrets") == {"KafkaBrokers"}
    assert snapshot.settings["KAFKA_PASSWORD"] == ""
    # A snapshot does not evaluate what depends on the value of a secure parameter.
    main = read(infra(functions) / "main.bicep")
    assert "@secure()\n@description('The value of KAFKA_PASSWORD. Empty for none.')\n" in main
    secret = [
        "name: 'KAFKA-PASSWORD'",
        "setting: 'KAFKA_PASSWORD'",
        "hasValue: !empty(kafkaPassword)",
    ]
    assert "".join(f"    {line}\n" for line in secret) in main
    assert "      'KAFKA-PASSWORD': kafkaPassword\n" in main


def test_a_secret_of_a_kind_is_in_the_vault_if_there_is_one(
    evaluate: Evaluate, infra: Infra
) -> None:
    functions = {"hook": "http_webhook"}
    snapshot = evaluate(functions)
    assert snapshot.names("Microsoft.KeyVault/vaults/secrets") == set()
    assert snapshot.settings["HOOK_SECRET"] == ""
    assert snapshot.settings["HOOK_MAX_AGE"] == "0"
    main = read(infra(functions) / "main.bicep")
    assert "@secure()\n@description('The value of HOOK_SECRET. Empty for none.')\n" in main
    assert "    setting: 'HOOK_SECRET'\n    hasValue: !empty(hookSecret)\n" in main
    # What a developer's machine has is not for Azure.
    assert "only-on-localhost" not in main


def test_what_an_environment_has_of_its_own_is_a_parameter(
    evaluate: Evaluate, infra: Infra
) -> None:
    functions = {"me": "http_jwt"}
    settings = evaluate(functions, entraClientId="client", entraTenantId="tenant").settings
    assert (settings["ENTRA_CLIENT_ID"], settings["ENTRA_TENANT_ID"]) == ("client", "tenant")
    assert settings["ENTRA_BUILT_IN_AUTHENTICATION"] == "false"
    parameters = read(infra(functions) / "main.parameters.json")
    assert '"value": "${ENTRA_CLIENT_ID}"' in parameters


def scale_of(snapshot: Snapshot) -> dict[str, object]:
    [app] = snapshot.of_type("Microsoft.Web/sites")
    return dict(app["properties"]["functionAppConfig"]["scaleAndConcurrency"])


def test_parameters_say_how_the_app_scales(evaluate: Evaluate) -> None:
    found = scale_of(evaluate({"hello": "http"}))
    assert not found.pop("triggers", None)
    assert found == {"alwaysReady": [], "instanceMemoryMB": 2048, "maximumInstanceCount": 100}
    given = {"instanceMemory": 4096, "maximumInstances": 7, "httpConcurrency": 16}
    found = scale_of(evaluate({"hello": "http"}, alwaysReady="http=1, function:a=2", **given))
    assert found == {
        "alwaysReady": [
            {"name": "http", "instanceCount": 1},
            {"name": "function:a", "instanceCount": 2},
        ],
        "instanceMemoryMB": 4096,
        "maximumInstanceCount": 7,
        "triggers": {"http": {"perInstanceConcurrency": 16}},
    }


def test_a_function_that_the_plan_cannot_start_is_always_ready(evaluate: Evaluate) -> None:
    functions = {"rows": "sql", "more": "sql", "look_up": "sql_input"}
    wanted = [
        {"name": "function:rows", "instanceCount": 1},
        {"name": "function:more", "instanceCount": 1},
    ]
    assert scale_of(evaluate(functions, principalId=ME))["alwaysReady"] == wanted
    # A pipeline without the variable gives an empty one.
    empty = evaluate(functions, principalId=ME, alwaysReady="")
    assert scale_of(empty)["alwaysReady"] == wanted


def test_parameters_allow_other_origins(evaluate: Evaluate) -> None:
    [app] = evaluate({"hello": "http"}).of_type("Microsoft.Web/sites")
    cors = app["properties"]["siteConfig"]["cors"]
    assert cors == {"allowedOrigins": [], "supportCredentials": False}
    origins = "https://a.example.com, https://b.example.com"
    snapshot = evaluate({"hello": "http"}, corsOrigins=origins, corsCredentials=True)
    [app] = snapshot.of_type("Microsoft.Web/sites")
    assert app["properties"]["siteConfig"]["cors"] == {
        "allowedOrigins": ["https://a.example.com", "https://b.example.com"],
        "supportCredentials": True,
    }


@pytest.mark.parametrize(("redundant", "sku"), [(False, "Standard_LRS"), (True, "Standard_ZRS")])
def test_a_parameter_spreads_the_app_over_zones(
    redundant: bool, sku: str, evaluate: Evaluate
) -> None:
    snapshot = evaluate({"hello": "http"}, zoneRedundant=redundant)
    [plan] = snapshot.of_type("Microsoft.Web/serverfarms")
    assert plan["properties"]["zoneRedundant"] == redundant
    [account] = snapshot.of_type("Microsoft.Storage/storageAccounts")
    assert account["sku"]["name"] == sku


def test_a_model_takes_no_keys_and_parameters_choose_it(evaluate: Evaluate) -> None:
    given = {"modelName": "gpt-9", "modelVersion": "2030-01-01", "modelCapacity": 7}
    for private, access in ((True, "Disabled"), (False, "Enabled")):
        snapshot = evaluate({"advise": "agent"}, principalId=ME, virtualNetwork=private, **given)
        [account] = snapshot.of_type("Microsoft.CognitiveServices/accounts")
        assert account["properties"]["disableLocalAuth"]
        assert account["properties"]["publicNetworkAccess"] == access
        assert account["properties"]["customSubDomainName"] == account["name"]
        [model] = snapshot.of_type("Microsoft.CognitiveServices/accounts/deployments")
        chosen = {"format": "OpenAI", "name": "gpt-9", "version": "2030-01-01"}
        assert model["properties"]["model"] == chosen
        assert model["sku"] == {"name": "GlobalStandard", "capacity": 7}
        settings = snapshot.settings
        assert settings["OPENAI_DEPLOYMENT"] == model["name"].split("/")[-1]
        assert settings["OpenAIConnection__endpoint"].endswith(".openai.azure.com/openai/v1/")
        zones = snapshot.names("Microsoft.Network/privateDnsZones")
        assert ("privatelink.openai.azure.com" in zones) == private


def test_an_empty_name_of_a_model_is_the_default(evaluate: Evaluate) -> None:
    snapshot = evaluate({"advise": "agent"}, principalId=ME, modelName="", modelVersion="")
    [model] = snapshot.of_type("Microsoft.CognitiveServices/accounts/deployments")
    bicep = SERVICES["openai"].bicep
    assert bicep
    defaults = {name: parameter.default for name, parameter in bicep.parameters.items()}
    name, version = defaults["modelName"], defaults["modelVersion"]
    assert model["properties"]["model"] == {"format": "OpenAI", "name": name, "version": version}


SIGN_IN = {
    "AzureFunctionsJobHost__extensions__mcp__system__webhookAuthorizationLevel": "Anonymous",
    "WEBSITE_AUTH_AAD_ALLOWED_TENANTS": TENANT,
    "WEBSITE_AUTH_PRM_DEFAULT_WITH_SCOPES": f"api://{ME}/user_impersonation",
}


@pytest.mark.parametrize(
    ("functions", "open_paths"),
    [
        ({"find": "mcp_tool"}, []),
        (
            {
                "describe": "mcp_prompt",
                "uploads": "blob_eventgrid",
                "chat": "signalr",
                "notes": "webpubsub",
            },
            [
                f"/runtime/webhooks/{part}"
                for part in ("blobs", "EventGrid", "signalr", "webpubsub")
            ],
        ),
        (
            {"find": "mcp_tool", "notes": "webpubsub", "room": "signalr"},
            ["/runtime/webhooks/signalr", "/runtime/webhooks/webpubsub"],
        ),
        (
            {"find": "mcp_tool", "pushes": "http_webhook", "alive": "http_health"},
            ["/api/pushes", "/api/alive"],
        ),
    ],
)
def test_people_sign_in_to_the_mcp_server_if_it_has_a_client_id(
    functions: dict[str, str], open_paths: list[str], evaluate: Evaluate
) -> None:
    snapshot = evaluate(functions, mcpClientId=ME, mcpClients="one, two")
    [config] = snapshot.of_type("Microsoft.Web/sites/config")
    assert config["name"].endswith("/authsettingsV2")
    settings = config["properties"]
    assert settings["platform"]["enabled"]
    assert settings["globalValidation"] == {
        "requireAuthentication": True,
        "unauthenticatedClientAction": "Return401",
        "excludedPaths": open_paths,
    }
    entra = settings["identityProviders"]["azureActiveDirectory"]
    issuer = f"[format('{{0}}{{1}}/v2.0', environment().authentication.loginEndpoint, '{TENANT}')]"
    assert entra["registration"] == {"clientId": ME, "openIdIssuer": issuer}
    assert entra["validation"] == {
        "allowedAudiences": [ME, f"api://{ME}"],
        "defaultAuthorizationPolicy": {"allowedApplications": ["one", "two"]},
    }
    assert snapshot.settings.items() >= SIGN_IN.items()


def test_without_a_client_id_the_mcp_server_asks_for_a_key(evaluate: Evaluate) -> None:
    """An empty one is what a pipeline without the variable gives."""
    for snapshot in (
        evaluate({"find": "mcp_tool"}),
        evaluate({"find": "mcp_tool"}, mcpClientId=""),
    ):
        assert snapshot.of_type("Microsoft.Web/sites/config") == []
        assert SIGN_IN.keys().isdisjoint(snapshot.settings)


def test_event_grid_sends_cloud_events_where_the_function_takes_them(evaluate: Evaluate) -> None:
    snapshot = evaluate({"uploads": "blob_eventgrid", "events": "eventgrid"})
    found = {
        subscription["properties"]["filter"]["subjectBeginsWith"].split("/")[-2]: subscription[
            "properties"
        ]["eventDeliverySchema"]
        for subscription in snapshot.of_type("Microsoft.EventGrid/systemTopics/eventSubscriptions")
    }
    assert found == {"0-uploads-events": "CloudEventSchemaV1_0", "uploads": "EventGridSchema"}


def test_azd_learns_where_the_app_is(evaluate: Evaluate) -> None:
    outputs = evaluate({"hello": "http"}).outputs
    assert {
        "AZURE_FUNCTION_APP_NAME",
        "AZURE_FUNCTION_APP_URI",
        "AZURE_LOCATION",
        "AZURE_RESOURCE_GROUP",
        "AZURE_STORAGE_ACCOUNT_NAME",
        "AZURE_TENANT_ID",
    } == set(outputs)


def test_azd_leaves_defaults_to_bicep(infra: Infra) -> None:
    """It does not pass on a variable that has no value, and asks only for those without a default."""
    folder = infra(EVERY)
    parameters = read_json(folder / "main.parameters.json")
    values = {name: entry["value"] for name, entry in parameters["parameters"].items()}
    assert [value for value in values.values() if not re.fullmatch(r"\$\{\w+\}", value)] == []
    assert len(set(values.values())) == len(values)
    main = read(folder / "main.bicep")
    assert set(re.findall(r"(?m)^param (\w+)", main)) == set(values)
    needed = set(re.findall(r"(?m)^param (\w+) \w+$", main))
    connections = {text[0].lower() + text[1:] for _, text in SECRETS}
    assert needed == {"environmentName", "location"} | connections
    assert "@metadata({\n  azd: {\n    type: 'location'\n  }\n})\nparam location string" in main


def test_somebody_is_notified_of_failures_if_asked_for(evaluate: Evaluate) -> None:
    quiet = evaluate({"mine": "http"})
    assert quiet.of_type("Microsoft.Insights/metricAlerts") == []
    assert quiet.of_type("Microsoft.Insights/actionGroups") == []
    snapshot = evaluate({"mine": "http"}, alertEmail="ops@example.com")
    [alert] = snapshot.of_type("Microsoft.Insights/metricAlerts")
    [group] = snapshot.of_type("Microsoft.Insights/actionGroups")
    [insights] = snapshot.of_type("Microsoft.Insights/components")
    assert alert["properties"]["actions"] == [{"actionGroupId": group["id"]}]
    assert alert["properties"]["scopes"] == [insights["id"]]
    [condition] = alert["properties"]["criteria"]["allOf"]
    assert (condition["metricName"], condition["threshold"]) == ("requests/failed", 0)
    [receiver] = group["properties"]["emailReceivers"]
    assert receiver["emailAddress"] == "ops@example.com"
