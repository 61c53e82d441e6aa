"""How the app reaches its resources: roles, settings, secrets, and the identity in a database."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.az_commands import asked, kinds_of, run_commands
from tests.support.catalogue import SERVICES, named
from tests.support.stand_ins import Call
from tests.support.text_files import read_json

PRINCIPAL = "principalId-of-id-my-app-1234"
CLIENT = "clientId-of-id-my-app-1234"


def resource(service: str) -> str:
    """Return the name of a service's resource."""
    if service == "storage":
        return "myapp1234"
    bicep = SERVICES[service].bicep
    assert bicep, service
    return f"{bicep.prefix}my-app-1234"


def test_the_identity_gets_the_roles_that_the_functions_need_and_no_others(
    calls: list[Call], functions: dict[str, str]
) -> None:
    expected = {
        ("Storage Blob Data Owner", "id-of-myapp1234"),
        ("Monitoring Metrics Publisher", "id-of-my-app-1234"),
    }
    in_cosmosdb = set()
    for _, kind in kinds_of(functions):
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
    names = {kind.service for _, kind in kinds_of(functions) if kind.service}
    services = [SERVICES[name] for name in names if not SERVICES[name].bicep]
    of_services = {name for service in services for name in (service.connection, *service.secrets)}
    return of_services | {
        named(kind, name, secret) for name, kind in kinds_of(functions) for secret in kind.secrets
    }


def test_the_app_gets_every_setting(
    calls: list[Call], functions: dict[str, str], app: Path
) -> None:
    [call] = asked(calls, "az functionapp config appsettings set")
    settings = dict(value.split("=", 1) for value in call.values("--settings"))
    on_flex = not any(kind.not_on_flex for _, kind in kinds_of(functions))
    if on_flex:
        for part in ("blob", "queue", "table"):
            address = f"https://myapp1234.{part}.core.windows.net"
            assert settings[f"AzureWebJobsStorage__{part}ServiceUri"] == address
        assert settings["AzureWebJobsStorage__credential"] == "managedidentity"
        assert settings["AzureWebJobsStorage__clientId"] == CLIENT
    assert settings["AZURE_CLIENT_ID"] == CLIENT
    assert settings["PYTHON_ENABLE_OPENTELEMETRY"] == "true"
    for name, kind in kinds_of(functions):
        for setting, value in kind.settings.items():
            value = named(kind, name, value)
            setting = named(kind, name, setting)
            elsewhere = {*secrets(functions), *kind.variables}
            assert settings[setting] == value or setting in elsewhere
        if kind.service:
            connects(settings, kind.service)
    # What a developer's machine has, or its form in Azure.
    local = set(read_json(app / "local.settings.example.json")["Values"])
    local -= {"AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME"}
    local -= {name for _, kind in kinds_of(functions) for name in kind.local_settings}
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
    assert bool(patches) == (bool(stored) and any(kind.dapr for _, kind in kinds_of(functions)))


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
    # Without it, sqlcmd succeeds even if a statement fails.
    assert "-b" in tables.arguments
    assert "-b" in user.arguments
