"""Bring the PostgreSQL database up to date: python -m tools.migrate

Runs database/postgresql.sql, which does no harm if it runs again. Then runs
each file in database/postgresql/ once, in the order of their names, such as
0001_add_currency.sql. The table public._migrations lists those that ran.
Each runs in a transaction: run CREATE INDEX CONCURRENTLY by hand.

Connects as the functions do, with the setting PostgreSqlConnection from the
environment or else from local.settings.json.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from shared import postgres

LOCAL = Path("local.settings.json")
TABLES = Path("database/postgresql.sql")
MIGRATIONS = Path("database/postgresql")
# From Python 3.11 on, the second one is the built-in TimeoutError.
NO_ANSWER = (OSError, asyncio.TimeoutError)
# Only the process that holds this lock migrates; others wait for it.
LOCK = 7_306_281
CREATE = """
    CREATE TABLE IF NOT EXISTS public._migrations (
        name text PRIMARY KEY,
        sha256 text NOT NULL,
        ran_at timestamptz NOT NULL DEFAULT now()
    )
"""
RAN = "SELECT name, sha256 FROM public._migrations"
CHANGED = "restore it, and write the change into a new file."
ADD = "INSERT INTO public._migrations (name, sha256) VALUES ($1, $2)"


def use_local_settings() -> None:
    """Take the connection from local.settings.json, unless it is set."""
    setting = postgres.CONNECTION
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        content = json.loads(LOCAL.read_text(encoding="utf-8-sig"))
        os.environ.setdefault(setting, content["Values"][setting])
    if not os.environ.get(setting):
        sys.exit(f"Set {setting} in the environment or in {LOCAL}.")


async def run(connection: Any, path: Path) -> None:
    """Run the statements in a file; exit with a message if one fails."""
    from asyncpg import PostgresError

    try:
        await connection.execute(path.read_text(encoding="utf-8-sig"))
    except PostgresError as error:
        sys.exit(f"{path} was not run: {error}")


async def migrate(connection: Any) -> None:
    """Run the files that have not run on this database yet."""
    await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
    if TABLES.is_file():
        await run(connection, TABLES)
    await connection.execute(CREATE)
    ran = {row["name"]: row["sha256"] for row in await connection.fetch(RAN)}
    for path in sorted(MIGRATIONS.glob("*.sql")):
        text = path.read_text(encoding="utf-8-sig")
        checksum = hashlib.sha256(text.encode()).hexdigest()
        if path.name not in ran:
            async with connection.transaction():
                await run(connection, path)
                await connection.execute(ADD, path.name, checksum)
            print(f"Ran {path.name}")
        elif ran[path.name] != checksum:
            sys.exit(f"{path} has already run: {CHANGED}")
    print("The database is up to date.")


async def connect() -> Any:
    """Return a connection; exit with a message if there is none."""
    from asyncpg import InterfaceError, PostgresError
    from azure.core.exceptions import AzureError

    of_libraries = (PostgresError, InterfaceError, AzureError)
    try:
        return await postgres.connect()
    except (*NO_ANSWER, *of_libraries) as error:
        reason = str(error) or type(error).__name__
        sys.exit(f"PostgreSQL cannot be reached: {reason}")


async def main() -> None:
    if sys.argv[1:]:
        sys.exit(__doc__)
    use_local_settings()
    connection = await connect()
    try:
        await migrate(connection)
    finally:
        # Frees the lock, too.
        await connection.close()
        await postgres.close()


if __name__ == "__main__":
    asyncio.run(main())
