"""The commands in the README of an app without infra/: run in order, with stand-ins for az and others, they create it all."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hooks.catalogue import TEMPLATE, Kind
from tests.support.catalogue import KINDS, SERVICES, one_of_each, with_scheduler
from tests.support.repositories import read_json
from tests.support.stand_ins import Call, StandIns, unknown

BY_ID = {kind.id: kind for kind in KINDS}
ON_FLEX = {name: id for name, id in one_of_each("3.13").items() if not BY_ID[id].not_on_flex}
ON_PREMIUM = {
    "notices": "rabbitmq",
    "uploads": "blob",
    "jobs": "redis",
    "changes": "cosmosdb",
    "alive": "http_health",
}
PRINCIPAL = "principalId-of-id-my-app-1234"
CLIENT = "clientId-of-id-my-app-1234"
APPS: dict[str, dict[str, str]] = {
    "http": {"hello": "http"},
    "every kind": ON_FLEX,
    "premium": ON_PREMIUM,
    "container": {"levels": "dapr_topic", "orders": "queue", "customers": "mysql"},
    "queue": {"new_orders": "queue"},
    "topic": {"news": "servicebus_topic"},
    "read": {"item": "cosmosdb_input"},
    "database": {"price": "sql_input"},
    "blobs": {"my_uploads": "blob_eventgrid"},
    "vault": {"customers": "mysql"},
    "durable": {"bill": "durable"},
    "audit": {"changes": "cosmosdb_all_versions"},
    "web pubsub": {"my_notes": "webpubsub"},
}


def script(app: Path) -> str:
    """Return the first block of commands in the section Deploy."""
    text = (app / "README.md").read_text(encoding="utf-8")
    [block] = re.findall(r"(?ms)^## Deploy$.*?^```shell\n(.*?)^```$", text)[:1]
    return str(block)


@pytest.fixture(scope="module", params=APPS)
def functions(request: pytest.FixtureRequest) -> dict[str, str]:
    return APPS[request.param]


@pytest.fixture(scope="module")
def app(functions: dict[str, str], render: Callable[..., Path]) -> Path:
    return render(functions, telemetry="opentelemetry", durable_backend="scheduler")


@pytest.fixture(scope="module")
def calls(app: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """What the commands ask, in their order."""
    return run_commands(app, tmp_path_factory.mktemp("calls"))


def run_commands(app: Path, folder: Path) -> list[Call]:
    programs = StandIns(folder / "stand-ins", "az", "func", "python", "sqlcmd")
    return programs.run(script(app), app)


def asked(calls: list[Call], command: str) -> list[Call]:
    """Return the calls of a command."""
    return [call for call in calls if call.command == command]


def kinds(functions: dict[str, str]) -> list[tuple[str, Kind]]:
    return [(name, with_scheduler(BY_ID[id])) for name, id in functions.items()]


def named(kind: Kind, name: str, text: str) -> str:
    """Return a text of a kind for a function of this name."""
    for change in (str, lambda one: one.replace("_", "-"), str.upper, camel):
        text = text.replace(change(kind.placeholder), change(name))
    return text


def camel(text: str) -> str:
    return text.title().replace("_", "")


def resource(service: str) -> str:
    """Return the name of a service's resource."""
    if service == "storage":
        return "myapp1234"
    bicep = SERVICES[service].bicep
    assert bicep, service
    return f"{bicep.prefix}my-app-1234"


def test_the_azure_cli_has_the_commands_and_their_options(calls: list[Call]) -> None:
    assert [fault for call in calls if call.program == "az" for fault in unknown(call)] == []


def test_an_option_that_the_text_names_is_one_of_a_command_there(app: Path) -> None:
    text = (app / "README.md").read_text(encoding="utf-8")
    blocks = "".join(re.findall(r"(?ms)^```shell$.*?^```$", text))
    outside = re.sub(r"(?ms)^```.*?^```$", "", text)
    named = {*re.findall(r"`(--[a-z-]+)", outside)}
    assert named <= {*re.findall(r"--[a-z-]+", blocks)}


def test_each_resource_is_created_before_the_app(
    calls: list[Call], functions: dict[str, str]
) -> None:
    creation = next(place for place, call in enumerate(calls) if "functionapp create" in call.line)
    before = [call for call in calls[:creation] if " create" in call.line]
    for name, kind in kinds(functions):
        for wanted in kind.resources:
            words = {named(kind, name, value) for value in wanted.values()}
            if kind.service == "storage":
                [word] = words
                ids = [call.option("--id") for call in before]
                assert f"id-of-myapp1234/{paths(wanted)}/{word}" in ids
            elif kind.service not in ("rabbitmq", "webpubsub"):
                assert [call for call in before if words <= set(call.arguments)], words


def test_an_account_keeps_all_versions_if_a_function_reads_them(
    calls: list[Call], functions: dict[str, str]
) -> None:
    wanted = "cosmosdb_all_versions" in functions.values()
    created = asked(calls, "az cosmosdb create")
    backups = {call.option("--backup-policy-type") for call in created}
    assert backups <= {"Continuous" if wanted else ""}
    set_ = "properties.enableAllVersionsAndDeletesChangeFeed=true"
    updates = [call.option("--set") for call in asked(calls, "az resource update")]
    assert updates.count(set_) == wanted


def test_only_the_queues_of_sessions_require_them(
    calls: list[Call], functions: dict[str, str]
) -> None:
    created = asked(calls, "az servicebus queue create")
    found = {call.option("--name") for call in created if "--enable-session" in call.arguments}
    assert found == {
        named(kind, name, resource["session_queue"])
        for name, kind in kinds(functions)
        for resource in kind.resources
        if "session_queue" in resource
    }


def paths(wanted: Mapping[str, str]) -> str:
    """Return where a container, queue or table is in a storage account."""
    [part] = wanted
    services = {"container": "blobServices", "queue": "queueServices", "table": "tableServices"}
    return f"{services[part]}/default/{part}s"


def test_the_identity_gets_the_roles_that_the_functions_need_and_no_others(
    calls: list[Call], functions: dict[str, str]
) -> None:
    expected = {
        ("Storage Blob Data Owner", "id-of-myapp1234"),
        ("Monitoring Metrics Publisher", "id-of-my-app-1234"),
    }
    in_cosmosdb = set()
    for _, kind in kinds(functions):
        for role in kind.roles:
            if kind.service == "cosmosdb":
                in_cosmosdb.add(SERVICES["cosmosdb"].roles[role])
            else:
                expected.add((role, f"id-of-{resource(kind.service or 'storage')}"))
    if secrets(functions):
        expected.add(("Key Vault Secrets User", "id-of-kvmyapp1234"))
    given = {
        (call.option("--role"), call.option("--scope"))
        for call in asked(calls, "az role assignment create")
        if call.option("--assignee-object-id") == PRINCIPAL
    }
    assert given == expected
    assignments = asked(calls, "az cosmosdb sql role assignment create")
    assert {call.option("--role-definition-id") for call in assignments} == in_cosmosdb
    assert {call.option("--principal-id") for call in assignments} <= {PRINCIPAL}


def secrets(functions: dict[str, str]) -> set[str]:
    """Return the settings that are kept in a vault."""
    names = {kind.service for _, kind in kinds(functions) if kind.service}
    services = [SERVICES[name] for name in names if not SERVICES[name].bicep]
    of_services = {name for service in services for name in (service.connection, *service.secrets)}
    return of_services | {
        named(kind, name, secret) for name, kind in kinds(functions) for secret in kind.secrets
    }


def test_the_app_gets_every_setting(
    calls: list[Call], functions: dict[str, str], app: Path
) -> None:
    [call] = asked(calls, "az functionapp config appsettings set")
    settings = dict(value.split("=", 1) for value in call.values("--settings"))
    on_flex = not any(kind.not_on_flex for _, kind in kinds(functions))
    for prefix in ["AzureWebJobsStorage"] if on_flex else []:
        for part in ("blob", "queue", "table"):
            address = f"https://myapp1234.{part}.core.windows.net"
            assert settings[f"{prefix}__{part}ServiceUri"] == address
        assert settings[f"{prefix}__credential"] == "managedidentity"
        assert settings[f"{prefix}__clientId"] == CLIENT
    assert settings["AZURE_CLIENT_ID"] == CLIENT
    assert settings["PYTHON_ENABLE_OPENTELEMETRY"] == "true"
    for name, kind in kinds(functions):
        for setting, value in kind.settings.items():
            value = named(kind, name, value).replace("<project_name>", "my-app")
            setting = named(kind, name, setting)
            elsewhere = {*secrets(functions), *kind.variables}
            assert settings[setting] == value or setting in elsewhere
        if kind.service:
            connects(settings, kind.service)
    # What a developer's machine has, or its form in Azure.
    local = set(read_json(app / "local.settings.example.json")["Values"])
    local -= {"AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME"}
    local -= {name for _, kind in kinds(functions) for name in kind.local_settings}
    here = {name.split("__")[0] for name in settings}
    assert {name.split("__")[0] for name in local} <= here


def connects(settings: dict[str, str], name: str) -> None:
    """Fail if the settings do not connect to a service, without a secret among them."""
    service = SERVICES[name]
    connection = service.connection
    if name == "sql":
        assert settings[connection] == (
            "Server=sql-my-app-1234.database.windows.net;Database=app;"
            f"Authentication=Active Directory Managed Identity;User Id={CLIENT};"
        )
    elif name == "durabletask":
        endpoint = "properties.endpoint-of-dts-my-app-1234"
        form = "Endpoint={};Authentication=ManagedIdentity;ClientID={}"
        assert settings[connection] == form.format(endpoint, CLIENT)
    elif service.bicep:
        for suffix in service.identity:
            assert resource(name) in settings[f"{connection}__{suffix}"]
        assert settings[f"{connection}__credential"] == "managedidentity"
        assert settings[f"{connection}__clientId"] == CLIENT
    else:
        reference = f"VaultName=kvmyapp1234;SecretName={connection}"
        assert settings[connection] == f"@Microsoft.KeyVault({reference})"


def test_secrets_are_in_a_vault_that_the_identity_of_the_app_reads(
    calls: list[Call], functions: dict[str, str]
) -> None:
    stored = {call.option("--name") for call in asked(calls, "az keyvault secret set")}
    assert stored == {name.replace("_", "-") for name in secrets(functions)}
    reads = [call.option("--set") for call in asked(calls, "az functionapp update")]
    # The Azure CLI refuses that command for an app in Azure Container Apps.
    patches = [call.option("--properties") for call in asked(calls, "az resource patch")]
    reads += ["=".join(*json.loads(properties).items()) for properties in patches]
    assert reads == ["keyVaultReferenceIdentity=id-of-id-my-app-1234"] * bool(stored)
    assert bool(patches) == (bool(stored) and any(kind.dapr for _, kind in kinds(functions)))


def test_the_app_runs_on_the_plan_that_its_functions_need(
    calls: list[Call], functions: dict[str, str]
) -> None:
    [create] = asked(calls, "az functionapp create")
    published = [call.line for call in calls if call.program == "func"]
    assert create.option("--assign-identity") == "id-of-id-my-app-1234"
    plans = ["--flexconsumption-location", "--plan", "--environment"]
    [plan] = [one for one in plans if one in create.arguments]
    if any(kind.dapr for _, kind in kinds(functions)):
        assert (plan, create.option("--enable-dapr"), published) == ("--environment", "true", [])
        return
    assert published == ["func azure functionapp publish my-app-1234 --python --build remote"]
    assert create.option("--runtime-version") == "3.13"
    on_flex = not any(kind.not_on_flex for _, kind in kinds(functions))
    assert plan == ("--flexconsumption-location" if on_flex else "--plan")
    [storage] = asked(calls, "az storage account create")
    updates = [call.option("--set") for call in asked(calls, "az resource update")]
    checks = [update for update in updates if "healthCheckPath" in update]
    asks = plan == "--plan" and "alive" in functions
    assert checks == ["properties.healthCheckPath=/api/alive"] * asks
    # The other plans keep files in a share, for which there are only keys.
    assert storage.option("--allow-shared-key-access") == ("false" if on_flex else "true")
    removed = asked(calls, "az functionapp config appsettings delete")
    assert [call.option("--setting-names") for call in removed] == ["AzureWebJobsStorage"] * on_flex


def test_the_azure_cli_creates_the_container_of_the_package(calls: list[Call]) -> None:
    [create] = asked(calls, "az functionapp create")
    # It does not create a container that it is given by name.
    assert create.option("--deployment-storage-container-name") == ""


def test_event_grid_calls_the_functions_that_it_triggers_once_they_are_published(
    calls: list[Call], functions: dict[str, str]
) -> None:
    triggered = {name: kind for name, kind in kinds(functions) if kind.event_grid}
    topic = "id-of-myapp1234/eventSubscriptions/"
    resources = asked(calls, "az resource create")
    created = [call.option("--id") for call in resources]
    subscriptions = [call for call in resources if call.option("--id").startswith(topic)]
    assert [call.option("--id").removeprefix(topic) for call in subscriptions] == [
        f"{'0-uploads-' if kind.event_grid == 'function' else ''}{name.replace('_', '-')}"
        for name, kind in triggered.items()
    ]
    for (name, kind), call in zip(triggered.items(), subscriptions, strict=True):
        assert calls.index(call) > [one.program for one in calls].index("func")
        content = json.loads(call.option("--properties"))
        address = "https://my-app-1234.azurewebsites.net/runtime/webhooks/blobs"
        query = f"functionName=Host.Functions.{name}&code=systemKeys.blobs_extension-of-my-app-1234"
        assert content["destination"] == (
            {"endpointType": "WebHook", "properties": {"endpointUrl": f"{address}?{query}"}}
            if kind.event_grid == "blob"
            else {
                "endpointType": "AzureFunction",
                "properties": {"resourceId": f"id-of-my-app-1234/functions/{name}"},
            }
        )
        begin = content["filter"]["subjectBeginsWith"]
        container = begin.removeprefix("/blobServices/default/containers/").removesuffix("/")
        dead = content["deadLetterWithResourceIdentity"]["deadLetterDestination"]["properties"]
        assert dead["resourceId"] == "id-of-myapp1234"
        for one in (container, dead["blobContainerName"]):
            assert f"id-of-myapp1234/blobServices/default/containers/{one}" in created
    topics = asked(calls, "az eventgrid system-topic create")
    identities = ["systemassigned"] if triggered else []
    assert [call.option("--identity") for call in topics] == identities


def test_web_pubsub_sends_events_to_functions_that_are_published(
    calls: list[Call], functions: dict[str, str]
) -> None:
    hubs = [call for call in asked(calls, "az resource create") if "/hubs/" in call.option("--id")]
    wanted = [name for name, kind in kinds(functions) if kind.service == "webpubsub"]
    ids = [call.option("--id") for call in hubs]
    assert ids == [f"id-of-wps-my-app-1234/hubs/{name}" for name in wanted]
    for call in hubs:
        assert calls.index(call) > [one.program for one in calls].index("func")
        [handler] = json.loads(call.option("--properties"))["eventHandlers"]
        assert handler["urlTemplate"] == (
            "https://my-app-1234.azurewebsites.net/runtime/webhooks/webpubsub"
            "?code=systemKeys.webpubsub_extension-of-my-app-1234"
        )
        assert handler["systemEvents"] == ["connect", "connected"]


@pytest.mark.parametrize("project_name", ["abcdefghijklmnopqrs", "a" * 60, "ab", "Shop_2-EU"])
def test_names_are_as_azure_takes_them(
    project_name: str, render: Callable[..., Path], tmp_path: Path
) -> None:
    functions = {"eg": "eventgrid", "uploads_" * 15 + "x": "eventgrid", "customers": "mysql"}
    calls = run_commands(render(functions, project_name=project_name), tmp_path)
    [vault] = asked(calls, "az keyvault create")
    assert re.fullmatch(r"(?!.*--)[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]", vault.option("--name"))
    ids = [call.option("--id") for call in asked(calls, "az resource create")]
    names = [id.rpartition("/")[2] for id in ids if "/eventSubscriptions/" in id]
    assert [name for name in names if not re.fullmatch("[A-Za-z0-9-]{3,64}", name)] == []
    assert len({*names}) == 2


def test_the_scheduler_has_the_task_hub_of_the_setting(
    calls: list[Call], functions: dict[str, str]
) -> None:
    created = asked(calls, "az durabletask taskhub create")
    [setting] = asked(calls, "az functionapp config appsettings set")
    settings = dict(value.split("=", 1) for value in setting.values("--settings"))
    hubs = [settings["TASK_HUB"]] if "TASK_HUB" in settings else []
    assert [call.option("--name") for call in created] == hubs
    assert {call.option("--scheduler-name") for call in created} <= {"dts-my-app-1234"}


@pytest.mark.parametrize("kind", ["sql_input", "sql"])
def test_a_database_gets_the_tables_and_lets_the_identity_in(
    kind: str, render: Callable[..., Path], tmp_path: Path
) -> None:
    app = render({"rows": kind})
    calls = run_commands(app, tmp_path)
    tables, user = [call for call in calls if call.program == "sqlcmd"]
    assert (app / tables.option("--input-file")).is_file()
    query = user.option("--query")
    assert "CREATE USER [id-my-app-1234] FROM EXTERNAL PROVIDER" in query
    roles = re.findall(r"ALTER ROLE (\w+) ADD MEMBER \[id-my-app-1234\]", query)
    assert roles == ["db_datareader", "db_datawriter"]
    granted = re.findall(r"GRANT (.+?) TO \[id-my-app-1234\]", query)
    of_trigger = ["CREATE SCHEMA, CREATE TABLE", "VIEW CHANGE TRACKING ON SCHEMA::dbo"]
    assert granted == (of_trigger if kind == "sql" else [])
    # Without it, sqlcmd succeeds where a statement fails.
    assert "-b" in tables.arguments
    assert "-b" in user.arguments


def test_what_bicep_creates_the_commands_create() -> None:
    files = {path.name.split(".")[0] for path in (TEMPLATE / "az").iterdir()}
    assert files == {name for name, service in SERVICES.items() if service.bicep}


def test_an_app_with_infra_does_not_have_the_commands(render: Callable[..., Path]) -> None:
    app = render({"hello": "http"}, infra="azd")
    assert "azd up" in script(app)
    assert "az functionapp create" not in (app / "README.md").read_text(encoding="utf-8")


def test_requirements_are_written_before_they_are_published(
    render: Callable[..., Path], tmp_path: Path
) -> None:
    app = render({"hello": "http"}, package_manager="uv")
    lines = [call.line for call in run_commands(app, tmp_path)]
    written = lines.index("python -m tools.requirements")
    assert lines[written + 1].startswith("func azure functionapp publish")


def test_the_commands_register_the_mcp_server_with_which_people_sign_in(
    render: Callable[..., Path], tmp_path: Path
) -> None:
    app = render({"find": "mcp_tool"}, project_name="tea-shop", infra="azd")
    readme = (app / "README.md").read_text(encoding="utf-8")
    [block] = re.findall(r"(?ms)^### Sign in to the MCP server$.*?^```shell\n(.*?)^```$", readme)
    calls = StandIns(tmp_path / "stand-ins", "az", "azd").run(block, app)
    assert [fault for call in calls if call.program == "az" for fault in unknown(call)] == []
    client = "appId-of-ad"
    assert [call.option("--id") for call in asked(calls, "az ad sp create")] == [client]
    scopes, clients = (call for call in calls if call.command == "az rest")
    for call in (scopes, clients):
        uri = f"https://graph.microsoft.com/v1.0/applications(appId='{client}')"
        assert (call.option("--method"), call.option("--uri")) == ("patch", uri)
    registered = json.loads(scopes.option("--body"))
    assert registered["identifierUris"] == [f"api://{client}"]
    [scope] = registered["api"]["oauth2PermissionScopes"]
    # What infra/ tells clients to ask for.
    assert (scope["value"], scope["isEnabled"]) == ("user_impersonation", True)
    bicep = (app / "infra" / "main.bicep").read_text(encoding="utf-8")
    assert "'api://${mcpClientId}/user_impersonation'" in bicep
    [editor] = json.loads(clients.option("--body"))["api"]["preAuthorizedApplications"]
    assert editor["delegatedPermissionIds"] == [scope["id"]]
    assert f"param mcpClients string = '{editor['appId']}'" in bicep
    assert [call.line for call in calls if call.program == "azd"] == [
        f"azd env set MCP_CLIENT_ID {client}",
        "azd provision",
    ]
