"""The commands as texts: which apps have them, in which order, and with which options."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hooks.catalogue import TEMPLATE
from tests.support.az_commands import asked, run_commands, script
from tests.support.catalogue import SERVICES
from tests.support.markdown import blocks
from tests.support.readme import section
from tests.support.stand_ins import Call, StandIns, unknown
from tests.support.text_files import read


def test_the_azure_cli_has_the_commands_and_their_options(calls: list[Call]) -> None:
    assert unknown(calls) == []


def test_an_option_that_the_text_names_is_one_of_a_command_there(app: Path) -> None:
    text = read(app / "README.md")
    commands = "".join(blocks(text))
    outside = re.sub(r"(?ms)^```.*?^```$", "", text)
    named = {*re.findall(r"`(--[a-z-]+)", outside)}
    assert named <= {*re.findall(r"--[a-z-]+", commands)}


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


def test_what_bicep_creates_the_commands_create() -> None:
    files = {path.name.split(".")[0] for path in (TEMPLATE / "az").iterdir()}
    assert files == {name for name, service in SERVICES.items() if service.bicep}


def test_an_app_with_infra_does_not_have_the_commands(render: Callable[..., Path]) -> None:
    app = render({"hello": "http"}, infra="azd")
    assert "azd up" in script(app)
    assert "az functionapp create" not in read(app / "README.md")


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
    script = blocks(section(app, "Sign in to the MCP server"))[0]
    calls = StandIns(tmp_path / "stand-ins", "az", "azd").run(script, app)
    assert unknown(calls) == []
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
    bicep = read(app / "infra" / "main.bicep")
    assert "'api://${mcpClientId}/user_impersonation'" in bicep
    [editor] = json.loads(clients.option("--body"))["api"]["preAuthorizedApplications"]
    assert editor["delegatedPermissionIds"] == [scope["id"]]
    assert f"clients: empty(mcpClients) ? '{editor['appId']}' : mcpClients\n" in bicep
    assert [call.line for call in calls if call.program == "azd"] == [
        f"azd env set MCP_CLIENT_ID {client}",
        "azd provision",
    ]
