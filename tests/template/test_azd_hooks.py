"""What azd does besides Bicep: hooks create the tables, let the app in, and subscribe it to Event Grid.

azd runs the commands for POSIX here, with stand-ins for azd, az and sqlcmd. Those for PowerShell are only compared with
them, because it does not run here.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hooks.catalogue import read_yaml
from tests.support.run import run
from tests.support.stand_ins import Call, StandIns, run_in_place_of
from tests.support.text_files import read

ENVIRONMENT = {
    "AZURE_SUBSCRIPTION_ID": "subscription",
    "AZURE_RESOURCE_GROUP": "rg-dev",
    "AZURE_SQL_SERVER": "sql-abc.database.windows.net",
    "AZURE_SQL_DATABASE": "app",
    "APP_IDENTITY_NAME": "id-abc",
    "APP_IDENTITY_CLIENT_ID": "11111111-2222-3333-4444-555555555555",
}
# Ends with an error until there has been a call like this, or never, or always.
REFUSES_UNTIL = """
if ! tr '\\037' ' ' < 'RECORD' | grep -q -- 'CALL'; then
    echo "ERROR" >&2
    exit 1
fi
"""
CLOSED = (
    "mssql: login error: Client with IP address '192.0.2.7' is not allowed to access the server."
)
PRIVATE = "mssql: Reason: Connection was denied because Deny Public Network Access is set to Yes."


@pytest.fixture
def stand_ins(tmp_path: Path) -> StandIns:
    programs = StandIns(
        tmp_path / "stand-ins",
        *("az", "azd", "sqlcmd", "sleep"),
        variables=["FUNCTIONS_DEPLOYED"],
    )
    run_in_place_of(programs.folder / "python3", Path(sys.executable))
    return programs


def refuse(stand_ins: StandIns, program: str, error: str, until: str) -> None:
    """Have a program fail until there has been a call like this."""
    path = stand_ins.folder / program
    text = REFUSES_UNTIL.replace("RECORD", str(stand_ins.record))
    text = text.replace("CALL", until).replace("ERROR", error)
    path.write_text(read(path) + text, encoding="utf-8")


def hooks(app: Path) -> dict[str, Any]:
    return dict(read_yaml(app / "azure.yaml").get("hooks", {}))


def run_hook(name: str, app: Path, stand_ins: StandIns) -> list[Call]:
    """Run a hook as azd does, and return what it asked of the programs."""
    posix = hooks(app)[name]["posix"]
    assert posix["shell"] == "sh"
    return stand_ins.run(posix["run"], app, ENVIRONMENT)


@pytest.fixture
def sql_app(render: Callable[..., Path]) -> Path:
    return render({"rows": "sql", "look_up": "sql_input"}, infra="azd")


def test_an_app_has_the_hooks_that_it_needs(render: Callable[..., Path], sql_app: Path) -> None:
    assert set(hooks(sql_app)) == {"postprovision"}
    for kind in ("blob_eventgrid", "signalr", "webpubsub"):
        assert set(hooks(render({"mine": kind}, infra="azd"))) == {"postdeploy"}
    plain = render({"hello": "http"}, infra="azd")
    assert hooks(plain) == {}
    assert not (plain / "infra" / "database.py").exists()


def test_powershell_runs_the_same_commands(render: Callable[..., Path]) -> None:
    app = render({"uploads": "blob_eventgrid", "rows": "sql"}, infra="azd")
    found = hooks(app)
    assert set(found) == {"postdeploy", "postprovision"}
    for hook in found.values():
        assert set(hook) == {"posix", "windows"}
        assert hook["windows"]["shell"] == "pwsh"
        commands = [
            set(re.findall(r"azd provision --no-prompt|python3? infra/database.py", one["run"]))
            for one in (hook["posix"], hook["windows"])
        ]
        assert {line.replace("python3", "python") for line in commands[0]} == commands[1] != set()
        # PowerShell does not hand on the failure of a command.
        assert "exit $LASTEXITCODE" in hook["windows"]["run"] or "exit 1" in hook["windows"]["run"]


def test_event_grid_is_subscribed_once_the_functions_are_deployed(
    render: Callable[..., Path], stand_ins: StandIns
) -> None:
    app = render({"uploads": "blob_eventgrid"}, infra="azd")
    [call] = run_hook("postdeploy", app, stand_ins)
    assert call.line == "azd provision --no-prompt"
    # Nothing is stored, so azd down and azd up start anew, and so does another function.
    assert call.environment == {"FUNCTIONS_DEPLOYED": "true"}


def test_event_grid_is_tried_again_while_the_app_starts(
    render: Callable[..., Path], stand_ins: StandIns
) -> None:
    app = render({"events": "eventgrid"}, infra="azd")
    refuse(stand_ins, "azd", "The resource does not exist.", "sleep 60")
    lines = [call.line for call in run_hook("postdeploy", app, stand_ins)]
    provision = "azd provision --no-prompt"
    assert lines == [provision, "sleep 30", provision, "sleep 60", provision]


def test_event_grid_that_does_not_answer_fails_the_deployment(
    render: Callable[..., Path], stand_ins: StandIns
) -> None:
    app = render({"events": "eventgrid"}, infra="azd")
    refuse(stand_ins, "azd", "The resource does not exist.", "never")
    with pytest.raises(AssertionError, match="ended with 1"):
        run_hook("postdeploy", app, stand_ins)


def source(call: Call) -> str:
    """Return what sqlcmd was to run."""
    return call.option("-i") or call.option("-Q")


def test_the_tables_are_created_and_the_app_gets_a_user_with_data_roles(
    sql_app: Path, stand_ins: StandIns
) -> None:
    calls = run_hook("postprovision", sql_app, stand_ins)
    assert [call.program for call in calls] == ["sqlcmd"] * 3
    for call in calls:
        assert call.option("-S") == "sql-abc.database.windows.net"
        assert call.option("-d") == "app"
        # Without a password, and an error in SQL is an error of the program.
        assert call.option("--authentication-method") == "ActiveDirectoryDefault"
        assert "-b" in call.arguments
    connect, tables, access = map(source, calls)
    assert connect == "SELECT 1"
    text = read(sql_app / tables)
    assert "CREATE TABLE dbo.Rows " in text
    assert "CREATE TABLE dbo.LookUp " in text
    assert "ALTER TABLE dbo.Rows ENABLE CHANGE_TRACKING" in text
    assert "CREATE USER [id-abc] WITH SID = " in access
    assert "'11111111-2222-3333-4444-555555555555'" in access
    for role in ("db_datareader", "db_datawriter"):
        assert f"ALTER ROLE {role} ADD MEMBER [id-abc];" in access
    # The state of the trigger; apps without one have no such tables.
    assert "IF EXISTS (SELECT 1 FROM sys.change_tracking_tables)" in access
    assert "GRANT CREATE SCHEMA, CREATE TABLE TO [id-abc];" in access
    assert "GRANT VIEW CHANGE TRACKING ON SCHEMA::dbo TO [id-abc];" in access


def test_the_firewall_is_open_to_this_machine_only_while_the_hook_runs(
    sql_app: Path, stand_ins: StandIns
) -> None:
    refuse(stand_ins, "sqlcmd", CLOSED, "firewall-rule create")
    calls = run_hook("postprovision", sql_app, stand_ins)
    programs = [call.program for call in calls]
    assert programs == ["sqlcmd", "az", "sqlcmd", "sqlcmd", "sqlcmd", "az"]
    create, delete = (call for call in calls if call.program == "az")
    assert create.command == "az sql server firewall-rule create"
    assert delete.command == "az sql server firewall-rule delete"
    for call in (create, delete):
        assert call.option("--server") == "sql-abc"
        assert call.option("--resource-group") == "rg-dev"
        assert call.option("--subscription") == "subscription"
    assert create.option("--name") == delete.option("--name")
    assert create.option("--start-ip-address") == create.option("--end-ip-address") == "192.0.2.7"


def test_the_firewall_is_closed_again_after_a_failure(sql_app: Path, stand_ins: StandIns) -> None:
    refuse(stand_ins, "sqlcmd", CLOSED, "firewall-rule create")
    # The tables fail once the firewall is open.
    path = stand_ins.folder / "sqlcmd"
    path.write_text(
        read(path) + 'case "$*" in *database/sql.sql) exit 1 ;; esac\n',
        encoding="utf-8",
    )
    with pytest.raises(AssertionError, match=r"The database refused database/sql\.sql"):
        run_hook("postprovision", sql_app, stand_ins)
    assert "firewall-rule\x1fdelete" in read(stand_ins.record)


def test_a_private_database_is_left_to_its_network(sql_app: Path, stand_ins: StandIns) -> None:
    refuse(stand_ins, "sqlcmd", PRIVATE, "never")
    calls = run_hook("postprovision", sql_app, stand_ins)
    assert [call.program for call in calls] == ["sqlcmd"]


def test_the_older_sqlcmd_is_distinguished_from_a_refusal(
    sql_app: Path, stand_ins: StandIns
) -> None:
    error = "Sqlcmd: '-authentication-method': Unknown Option. Enter '-?' for help."
    refuse(stand_ins, "sqlcmd", error, "never")
    with pytest.raises(AssertionError, match=r"sqlcmd \(Go\), from https://aka\.ms/sqlcmd, must"):
        run_hook("postprovision", sql_app, stand_ins)


@pytest.mark.parametrize(
    ("missing", "error"), [("sqlcmd", ""), ("az", CLOSED)], ids=["sqlcmd", "az"]
)
def test_a_missing_program_is_named(
    missing: str, error: str, sql_app: Path, stand_ins: StandIns
) -> None:
    if error:
        refuse(stand_ins, "sqlcmd", error, "never")
    (stand_ins.folder / missing).unlink()
    script = str(sql_app / "infra" / "database.py")
    path = {**ENVIRONMENT, "PATH": str(stand_ins.folder)}
    stand_ins.record.write_text("", encoding="utf-8")
    done = run(sys.executable, script, folder=sql_app, environment=path, status=1)
    assert done.stderr.startswith(f"{missing} is missing. Install it (https://aka.ms/")
    assert "azd hooks run postprovision" in done.stderr
