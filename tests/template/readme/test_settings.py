"""The sections of settings: connections, the roles of the identity, and CORS."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hooks.catalogue import Kind
from tests.support.catalogue import KINDS, SERVICES
from tests.support.readme import FUNCTIONS, section
from tests.support.run import run
from tests.support.text_files import read, read_json


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_it_names_the_roles_of_the_identity(kind: Kind, with_one: Callable[[Kind], Path]) -> None:
    rows = identity_rows(with_one(kind))
    setting = SERVICES[kind.service].connection if kind.service else "AzureWebJobsStorage"
    roles = rows[setting].split(", ")
    assert set(kind.roles) <= set(roles)
    assert "Storage Blob Data Owner" in rows["AzureWebJobsStorage"].split(", ")


@pytest.mark.parametrize(
    ("functions", "rows"),
    [
        ({"hello": "http"}, {"AzureWebJobsStorage": "Storage Blob Data Owner"}),
        (
            {"files": "blob_eventgrid", "out": "table_output", "more": "queue"},
            {
                "AzureWebJobsStorage": "Storage Blob Data Owner, Storage Queue Data Contributor",
                "StorageConnection": "Storage Blob Data Owner, Storage Queue Data Contributor, "
                "Storage Table Data Contributor",
            },
        ),
        (
            {"bill": "durable", "pay": "servicebus_queue", "out": "servicebus_output"},
            {
                "AzureWebJobsStorage": "Storage Blob Data Owner, Storage Queue Data Contributor, "
                "Storage Table Data Contributor",
                "ServiceBusConnection": "Azure Service Bus Data Owner, "
                "Azure Service Bus Data Sender",
            },
        ),
        (
            {"jobs": "redis", "rows": "sql", "views": "kafka"},
            {
                "AzureWebJobsStorage": "Storage Blob Data Owner",
                "RedisConnection": "an access policy of the cache",
                "SqlConnection": "a user in the database",
                "KafkaBrokers": "-",
            },
        ),
    ],
)
def test_each_connection_has_the_roles_of_all_its_functions(
    functions: dict[str, str], rows: dict[str, str], render: Callable[..., Path]
) -> None:
    assert identity_rows(render(functions)) == rows


def identity_rows(app: Path) -> dict[str, str]:
    """Return the roles in the table of connections, by setting."""
    table = section(app, "Settings").partition("| Roles of the identity |\n")[2]
    rows = re.findall(r"(?m)^\| `(\w+)` \|.*\| ([^|]+) \|$", table.split("\n\n")[0])
    return dict(rows)


def test_origins_in_the_local_settings_stay(project: Callable[..., Path]) -> None:
    app = project(FUNCTIONS)
    [host] = re.findall(r'`"Host": ({.+?})`', section(app, "CORS"))
    file = app / "local.settings.json"
    content = {"Values": {}, "Host": json.loads(host)}
    file.write_text(json.dumps(content), encoding="utf-8")
    run(sys.executable, "-m", "tools.settings", folder=app)
    settled = read_json(file)
    assert settled["Host"] == {"CORS": "https://shop.example.com"}
    assert settled["Values"]["FUNCTIONS_WORKER_RUNTIME"] == "python"


@pytest.mark.parametrize("infra", ["none", "azd"])
def test_a_role_is_for_the_identity_with_which_the_app_connects(
    infra: str, render: Callable[..., Path]
) -> None:
    text = section(render({"orders": "queue"}, infra=infra), "Settings")
    # Another identity, of the system, would get the role in vain.
    assert "az functionapp identity assign" not in text
    assert '--query "userAssignedIdentities.*.principalId"' in text
    assert "`NAME__clientId`" in text


@pytest.mark.parametrize("infra", ["none", "azd"])
def test_it_names_the_settings_of_the_storage_that_are_created(
    infra: str, render: Callable[..., Path]
) -> None:
    app = render({"orders": "queue"}, infra=infra)
    creates = app / "README.md" if infra == "none" else app / "infra" / "function_app.bicep"
    created = re.findall(r"AzureWebJobsStorage__\w+Uri", read(creates))
    [row] = re.findall(r"(?m)^\| `AzureWebJobsStorage` \|.*", section(app, "Settings"))
    named = re.findall(r"`(AzureWebJobsStorage__\w+)`", row)
    assert sorted(named) == sorted(set(created))
    assert len(named) == 3
