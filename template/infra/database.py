"""Create the functions' tables in Azure SQL and let the app use them.

azd runs it after `azd provision`, with the outputs of infra/main.bicep as
environment variables. To run it again: azd hooks run postprovision
"""

import os
import re
import shutil
import subprocess
import sys
import time

AGAIN = "then run `azd hooks run postprovision`."
TABLES = "database/sql.sql"
# What the app may do. Its identity is a user whose SID is the client id. The
# trigger keeps its state in tables of its own, in the schema az_func.
ACCESS = """
DECLARE @id uniqueidentifier = '{client_id}';
DECLARE @sid varchar(34) = CONVERT(varchar(34), CONVERT(varbinary(16), @id), 1);
IF DATABASE_PRINCIPAL_ID('{name}') IS NULL
    EXEC ('CREATE USER [{name}] WITH SID = ' + @sid + ', TYPE = E');
ALTER ROLE db_datareader ADD MEMBER [{name}];
ALTER ROLE db_datawriter ADD MEMBER [{name}];
IF EXISTS (SELECT 1 FROM sys.change_tracking_tables)
BEGIN
    GRANT CREATE SCHEMA, CREATE TABLE TO [{name}];
    GRANT VIEW CHANGE TRACKING ON SCHEMA::dbo TO [{name}];
END
"""
CLOSED = re.compile(r"Client with IP address '([^']+)' is not allowed")
PRIVATE = "Deny Public Network Access"
# The older sqlcmd, which is based on ODBC, says so of --authentication-method.
OLDER = "Unknown Option"
SQLCMD = "https://aka.ms/sqlcmd"
RULE = "azd-hook"
PATIENCE_SECONDS = 300
PAUSE_SECONDS = 10


def find(program: str, address: str) -> str:
    """Return the path of a program; exit with a message if it is missing."""
    path = shutil.which(program)
    if path is None:
        sys.exit(f"{program} is missing. Install it ({address}), {AGAIN}")
    return path


def run_sql(*source: str) -> str:
    """Run a file (-i) or a query (-Q); return the error if it fails."""
    sqlcmd = find("sqlcmd", SQLCMD)
    place = ["-S", os.environ["AZURE_SQL_SERVER"]]
    place += ["-d", os.environ["AZURE_SQL_DATABASE"]]
    login = ["--authentication-method", "ActiveDirectoryDefault"]
    done = subprocess.run(
        [sqlcmd, *place, *login, "-b", *source],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return ""
    return f"{done.stdout}{done.stderr}" or f"It ended with {done.returncode}."


def set_firewall_rule(action: str, *addresses: str) -> None:
    """Create or delete the rule that lets this machine reach the server."""
    az = find("az", "https://aka.ms/azure-cli")
    server, _, _ = os.environ["AZURE_SQL_SERVER"].partition(".")
    rule = ["--name", RULE, "--server", server]
    rule += ["--resource-group", os.environ["AZURE_RESOURCE_GROUP"]]
    rule += ["--subscription", os.environ["AZURE_SUBSCRIPTION_ID"]]
    command = [az, "sql", "server", "firewall-rule", action]
    command += [*rule, *addresses, "--output", "none"]
    if subprocess.run(command, check=False).returncode != 0:
        sys.exit(f"The firewall rule {RULE} failed. Run `az login`, {AGAIN}")


def wait_for_firewall() -> None:
    """Return once the new rule applies, which can take some minutes."""
    until = time.monotonic() + PATIENCE_SECONDS
    while CLOSED.search(run_sql("-Q", "SELECT 1")):
        if time.monotonic() > until:
            sys.exit(f"The firewall is still closed. Wait a little, {AGAIN}")
        time.sleep(PAUSE_SECONDS)


def prepare() -> None:
    """Create the tables, and the user of the app with its permissions."""
    name = os.environ["APP_IDENTITY_NAME"]
    client_id = os.environ["APP_IDENTITY_CLIENT_ID"]
    access = ACCESS.format(name=name, client_id=client_id)
    for source in (("-i", TABLES), ("-Q", access)):
        if error := run_sql(*source):
            sys.exit(f"The database refused {source[1].strip()}:\n{error}")
    print(f"The database has the tables of {TABLES}, and lets in {name}.")


def main() -> None:
    error = run_sql("-Q", "SELECT 1")
    if OLDER in error:
        sys.exit(
            f"sqlcmd (Go), from {SQLCMD}, must be on the PATH before sqlcmd"
            f" (ODBC). Install it, {AGAIN}"
        )
    if PRIVATE in error:
        print(f"Connect to the virtual network of the database, {AGAIN}")
        return
    closed = CLOSED.search(error)
    if not closed:
        prepare()
        return
    address = closed[1]
    own = ["--start-ip-address", address, "--end-ip-address", address]
    set_firewall_rule("create", *own)
    try:
        wait_for_firewall()
        prepare()
    finally:
        set_firewall_rule("delete")


if __name__ == "__main__":
    main()
