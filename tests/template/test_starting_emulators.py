"""tools/emulators.py starts the emulators, waits for them and makes what is missing."""

import json
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from azure.cosmos import CosmosClient
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from tests.support.emulators import servers
from tests.support.run import run
from tests.support.scripts import write_script
from tests.support.text_files import read, read_json

STORED = {"orders": "queue", "uploads": "blob", "reviews": "table_output", "changes": "cosmosdb"}


@pytest.fixture
def stored(project: Callable[..., Path]) -> Path:
    """An app that needs containers, queues, tables and a database."""
    return project(STORED, devcontainer=True)


@pytest.fixture
def running(emulators: Path, stored: Path) -> Iterator[dict[str, str]]:
    """The emulators, to which the app's settings lead, on ports for which its tool waits."""
    with ExitStack() as stack:
        connections = {
            "StorageConnection": stack.enter_context(servers.azurite(emulators)),
            "CosmosDBConnection": stack.enter_context(servers.cosmosdb_server(emulators)),
        }
        servers.connect(stored, connections)
        answers = {
            port: protocol
            for value in connections.values()
            for protocol, port in re.findall(r"(https?)://127.0.0.1:(\d+)", value)
        }
        assert set(answers.values()) == {"http", "https"}
        change_resources(stored, answers=answers)
        yield connections


def change_resources(app: Path, **changes: Any) -> None:
    """Change what the tool of an app waits for and creates."""
    file = app / "emulators" / "resources.json"
    file.write_text(json.dumps({**read_json(file), **changes}), encoding="utf-8")


def change_patience(app: Path, seconds: int) -> None:
    """Change how long the tool of an app waits."""
    tool = app / "tools" / "emulators.py"
    text = read(tool)
    assert "PATIENCE_SECONDS = 120" in text
    text = text.replace("PATIENCE_SECONDS = 120", f"PATIENCE_SECONDS = {seconds}")
    tool.write_text(text, encoding="utf-8")


@contextmanager
def server(*answers: bytes) -> Iterator[int]:
    """Accept connections on a port and close them at once, as Docker does; then give these answers."""

    def serve() -> None:
        for answer in answers:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                if answer:
                    connection.settimeout(5)
                    connection.recv(8)
                    connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            # Or it would later accept connections to a socket of another test that has its number.
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=1)


def start(
    app: Path, tmp_path: Path, docker: str = "exit 0", status: int = 0
) -> CompletedProcess[str]:
    """Run the tool of an app, for which a script plays Docker."""
    program = tmp_path / "bin" / "docker"
    if docker:
        write_script(program, f'echo "$@" >> "{tmp_path}/called"\n{docker}')
    tool = [sys.executable, "-m", "tools.emulators"]
    return run(*tool, folder=app, environment={"PATH": str(program.parent)}, status=status)


def test_the_tool_starts_the_emulators_and_makes_what_is_missing(
    stored: Path, running: dict[str, str], tmp_path: Path
) -> None:
    start(stored, tmp_path)
    assert (tmp_path / "called").read_text() == "compose up --detach --wait\n"
    storage = running["StorageConnection"]
    containers = BlobServiceClient.from_connection_string(storage).list_containers()
    queues = QueueServiceClient.from_connection_string(storage).list_queues()
    tables = TableServiceClient.from_connection_string(storage).list_tables()
    made = [[item.name for item in items] for items in (containers, queues, tables)]
    assert made == [["uploads"], ["orders"], ["Reviews"]]
    cosmos = CosmosClient.from_connection_string(
        running["CosmosDBConnection"], connection_verify=False, enable_endpoint_discovery=False
    )
    listed = list(cosmos.get_database_client("app").list_containers())
    partitioned = {container["id"]: container["partitionKey"]["paths"] for container in listed}
    lives = {container.get("defaultTtl") for container in listed}
    assert partitioned == {"changes": ["/tenant"], "functions-leases": ["/id"]}
    assert lives == {-1}

    again = start(stored, tmp_path)
    assert "Created" not in again.stdout


@pytest.mark.parametrize(
    ("docker", "sentence"),
    [
        ("", "Docker is not installed."),
        ("exit 1", "`docker compose up --detach --wait` failed"),
    ],
)
def test_the_tool_says_why_it_cannot_start_them(
    docker: str, sentence: str, stored: Path, tmp_path: Path
) -> None:
    done = start(stored, tmp_path, docker, status=1)
    assert done.stderr.startswith(sentence)


def test_the_tool_names_the_port_on_which_nothing_answers(stored: Path, tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    change_resources(stored, answers={port: "http"})
    change_patience(stored, 0)
    done = start(stored, tmp_path, status=1)
    assert done.stderr.startswith(f"Nothing answers on port {port}")


NOTHING: dict[str, Any] = {
    "storage": {"containers": [], "queues": [], "tables": []},
    "cosmosdb": {},
    "tables": {},
}


@pytest.mark.parametrize(
    ("protocol", "answer"), [("amqp", b"AMQP\3\1\0\0"), ("http", b"HTTP/1.1 404 Not Found\r\n\r\n")]
)
def test_the_tool_waits_for_an_answer_where_docker_accepts_connections(
    protocol: str, answer: bytes, stored: Path, tmp_path: Path
) -> None:
    with server(b"", b"", answer) as port:
        change_resources(stored, answers={port: protocol}, **NOTHING)
        done = start(stored, tmp_path)
        assert "The emulators are running." in done.stdout
    with server(*[b""] * 20) as port:
        change_resources(stored, answers={port: protocol})
        change_patience(stored, 1)
        done = start(stored, tmp_path, status=1)
        assert done.stderr.startswith(f"Nothing answers on port {port}")


@pytest.mark.parametrize("name", ["storage", "cosmosdb"])
def test_the_tool_says_which_emulator_does_not_respond(
    name: str, stored: Path, tmp_path: Path
) -> None:
    """What accepts and closes connections: no traceback, and no end before the time is over."""
    with server(*[b""] * 1000) as port:
        connections = {
            "StorageConnection": f"AccountName=a;AccountKey={servers.STORAGE_KEY};"
            + "".join(
                f"{service}Endpoint=http://127.0.0.1:{port}/a;"
                for service in ("Blob", "Queue", "Table")
            ),
            "CosmosDBConnection": f"AccountEndpoint=https://127.0.0.1:{port}/;"
            f"AccountKey={servers.COSMOS_KEY};",
        }
        servers.connect(stored, connections)
        change_resources(
            stored, answers={}, **{kind: NOTHING[kind] for kind in NOTHING if kind != name}
        )
        change_patience(stored, 2)
        began = time.monotonic()
        done = start(stored, tmp_path, status=1)
    assert time.monotonic() - began > 2
    title = {"storage": "Azurite", "cosmosdb": "The Cosmos DB emulator"}[name]
    assert done.stderr.startswith(f"{title} does not respond: ")
    assert "Traceback" not in done.stderr


@pytest.fixture
def with_tables(project: Callable[..., Path]) -> Path:
    return project(
        {"rows": "sql", "more": "sql_input", "bookings": "mysql_output"}, devcontainer=True
    )


def test_the_tool_runs_the_statements_that_create_tables(with_tables: Path, tmp_path: Path) -> None:
    # The script that plays Docker runs the shell of a container, in which the client prints what it gets.
    container = tmp_path / "container"
    container.mkdir()
    docker = f"""\
test "$2" = exec || exit 0
shift 3
echo "in $1" >> "{tmp_path}/run"
shift
PATH="{container}:/usr/bin:/bin" MYSQL_ROOT_PASSWORD=secret MYSQL_DATABASE=app "$@"
"""
    write_script(container / "mysql", f'printf "%s\\n" mysql "$@" >> "{tmp_path}/run"')
    tables = read_json(with_tables / "emulators" / "resources.json")["tables"]
    assert list(tables) == ["database/sql.sql", "database/mysql.sql"]
    # There is no such folder outside of the container.
    command = tables["database/sql.sql"]["command"].replace(
        "/opt/mssql-tools18/bin/sqlcmd", "mysql"
    )
    tables["database/sql.sql"]["command"] = command
    change_resources(with_tables, answers={}, tables=tables)
    files = [read(with_tables / "database" / f"{name}.sql") for name in ("sql", "mysql")]
    # Editors on Windows can add a byte-order mark, which no server takes.
    (with_tables / "database" / "sql.sql").write_text(files[0], encoding="utf-8-sig")
    start(with_tables, tmp_path, docker)
    sqlcmd = ["mysql", "-C", "-S", "localhost", "-U", "sa", "-P", "", "-d", "app", "-b", "-Q"]
    mysql = ["mysql", "--user", "root", "--password=secret", "--execute"]
    expected = ["in sqlserver", *sqlcmd, files[0], "in mysql", *mysql, files[1], "app", ""]
    assert read(tmp_path / "run") == "\n".join(expected)


def test_the_tool_says_whose_statements_failed(with_tables: Path, tmp_path: Path) -> None:
    change_resources(with_tables, answers={})
    done = start(with_tables, tmp_path, 'test "$2" != exec', status=1)
    assert done.stderr.startswith("database/sql.sql failed in the container sqlserver.")
