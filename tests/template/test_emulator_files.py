"""compose.yml, the configuration of the emulators and the local settings: they agree, and the tool fills them."""

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

from hooks.catalogue import read_yaml
from tests.support import devcontainer
from tests.support.catalogue import OFFERED_PYTHONS, SERVICES, one_of_each
from tests.support.emulators import servers
from tests.support.linters import schema
from tests.support.repositories import read_json
from tests.support.run import run

FEW = {"pay": "servicebus_queue", "news": "servicebus_topic", "readings": "eventhub"}
STORED = {"orders": "queue", "uploads": "blob", "reviews": "table_output", "changes": "cosmosdb"}


@pytest.fixture(scope="module")
def app(render: Callable[..., Path]) -> Path:
    """An app with every kind and the files of the emulators."""
    return render(one_of_each(), devcontainer=True, durable_backend="scheduler")


def composed(app: Path) -> dict[str, dict[str, Any]]:
    """Return the services of compose.yml."""
    services: dict[str, dict[str, Any]] = read_yaml(app / "compose.yml")["services"]
    return services


def published(container: dict[str, Any]) -> dict[int, int]:
    """Return the ports in a container by those of the machine; each must be for this machine alone."""
    found = {}
    for port in container["ports"]:
        address, outside, inside = port.split(":")
        assert address == "127.0.0.1"
        found[int(outside)] = int(inside)
    return found


def ports_of(value: str) -> set[int]:
    """Return the ports on this machine to which the value of a local setting leads."""
    if value == "UseDevelopmentStorage=true":
        return {10000, 10001, 10002}
    if value.startswith("Endpoint=sb://localhost;"):
        # The port of AMQP.
        return {5672}
    return {int(port) for port in re.findall(r"(?:localhost[:,]|Port=)(\d+)", value)}


def test_every_service_has_containers_or_no_emulator() -> None:
    for service in SERVICES.values():
        assert bool(service.containers) == bool(service.emulator)


@pytest.mark.parametrize("functions", [{"hello": "http"}, FEW, one_of_each()], ids=len)
def test_compose_yml_keeps_to_the_specification(
    functions: dict[str, str], render: Callable[..., Path]
) -> None:
    app = render(functions, devcontainer=True)
    schema("vendor.compose-spec", app / "compose.yml")


@pytest.mark.parametrize(
    ("functions", "containers"),
    [
        ({"hello": "http"}, ["azurite"]),
        ({"orders": "queue"}, ["azurite"]),
        (FEW, ["azurite", "servicebus", "sqlserver", "eventhubs"]),
        ({"rows": "sql", "pay": "servicebus_queue"}, ["azurite", "sqlserver", "servicebus"]),
        ({"news": "eventgrid_output"}, ["azurite"]),
        ({"bill": "durable"}, ["azurite", "durabletask"]),
    ],
)
def test_there_are_just_the_emulators_that_the_functions_need(
    functions: dict[str, str], containers: list[str], render: Callable[..., Path]
) -> None:
    app = render(functions, devcontainer=True, durable_backend="scheduler")
    assert list(composed(app)) == containers
    files = {path.stem for path in (app / "emulators").iterdir()}
    configured = {name for name, service in SERVICES.items() if service.emulator_config}
    assert files == {"resources", *(configured & set(containers))}


def test_no_two_emulators_want_the_same_port(app: Path) -> None:
    ports = [port for container in composed(app).values() for port in published(container)]
    assert len(ports) == len(set(ports))


def test_what_has_no_health_check_must_answer(app: Path) -> None:
    """Docker Compose waits for health checks, and `tools/emulators.py` for answers."""
    answers = read_json(app / "emulators" / "resources.json")["answers"]
    checked = set()
    for container in composed(app).values():
        if "healthcheck" not in container:
            ports = {str(port) for port in published(container)}
            assert ports & set(answers), container["image"]
            checked |= ports
    assert set(answers) <= checked
    assert set(answers.values()) == {"amqp", "http", "https"}


def test_images_have_a_version(app: Path) -> None:
    floating = [
        container["image"]
        for container in composed(app).values()
        if not re.search(r":[a-zA-Z-]*\d[^:]*$", container["image"])
    ]
    # No other tag is documented.
    assert floating == ["mcr.microsoft.com/signalr/signalr-emulator:latest"]


@pytest.mark.parametrize(
    ("functions", "ports"),
    [
        ({"pay": "servicebus_queue"}, {"servicebus": 5672}),
        ({"readings": "eventhub"}, {"eventhubs": 5672}),
        (FEW, {"eventhubs": 5672, "servicebus": 5673}),
    ],
)
def test_event_hubs_has_the_port_of_amqp_and_service_bus_what_is_left(
    functions: dict[str, str], ports: dict[str, int], render: Callable[..., Path]
) -> None:
    app = render(functions, devcontainer=True)
    containers = composed(app)
    values = read_json(app / "local.settings.example.json")["Values"]
    answers = read_json(app / "emulators" / "resources.json")["answers"]
    assert answers == {str(port): "amqp" for port in ports.values()}
    for name, port in ports.items():
        assert published(containers[name]) == {port: 5672}
        assert ports_of(values[SERVICES[name].connection]) == {port}


@pytest.mark.parametrize(
    "service", [name for name, service in SERVICES.items() if service.emulator]
)
def test_a_local_setting_leads_to_the_container_of_its_service(service: str, app: Path) -> None:
    entry = SERVICES[service]
    values = read_json(app / "local.settings.example.json")["Values"]
    # Of Service Bus beside Event Hubs, only the port differs.
    assert values[entry.connection].replace(":5673;", ";") == entry.emulator
    first = composed(app)[next(iter(entry.containers))]
    wanted = ports_of(values[entry.connection])
    assert wanted
    assert wanted <= set(published(first))


def test_the_password_of_a_local_setting_is_that_of_the_container(app: Path) -> None:
    containers = composed(app)
    passwords = {
        "sql": containers["sqlserver"]["environment"]["MSSQL_SA_PASSWORD"],
        "mysql": containers["mysql"]["environment"]["MYSQL_ROOT_PASSWORD"],
    }
    for service, password in passwords.items():
        assert f"Password={password};" in SERVICES[service].emulator
    assert containers["servicebus"]["environment"]["MSSQL_SA_PASSWORD"] == passwords["sql"]
    database = {
        match
        for name in passwords
        for match in re.findall(r"Database=(\w+)", SERVICES[name].emulator)
    }
    assert database == {containers["mysql"]["environment"]["MYSQL_DATABASE"]}
    assert f"CREATE DATABASE {database.pop()}" in containers["sqlserver"]["healthcheck"]["test"]
    [guest] = read_json(app / "emulators" / "rabbitmq.json")["users"]
    assert f"{guest['name']}:{guest['password']}@" in SERVICES["rabbitmq"].emulator


def test_the_emulator_of_the_scheduler_has_the_task_hub_of_the_setting(app: Path) -> None:
    values = read_json(app / "local.settings.example.json")["Values"]
    environment = composed(app)["durabletask"]["environment"]
    assert environment == {"DTS_TASK_HUB_NAMES": values["TASK_HUB"]}


def test_a_database_is_created_only_for_functions_that_use_it(render: Callable[..., Path]) -> None:
    for functions, query in (
        ({"pay": "servicebus_queue"}, "SELECT 1"),
        ({"pay": "servicebus_queue", "rows": "sql"}, "IF DB_ID('app') IS NULL CREATE DATABASE app"),
    ):
        app = render(functions, devcontainer=True)
        assert composed(app)["sqlserver"]["healthcheck"]["test"].endswith(f' -Q "{query}"')
        says_so = "creates the database" in (app / "compose.yml").read_text(encoding="utf-8")
        assert says_so == ("rows" in functions)


def test_what_a_container_waits_for_and_reads_is_there(app: Path) -> None:
    containers = composed(app)
    for container in containers.values():
        for needed, condition in container.get("depends_on", {}).items():
            assert condition == {"condition": "service_healthy"}
            assert "healthcheck" in containers[needed]
        for volume in container.get("volumes", []):
            source = volume.split(":")[0]
            assert source in read_yaml(app / "compose.yml")["volumes"] or (app / source).is_file()


def test_the_emulators_have_what_the_functions_name(render: Callable[..., Path]) -> None:
    app = render(
        {
            **FEW,
            **STORED,
            "more": "servicebus_output",
            "prices": "servicebus_topic_output",
            "steps": "servicebus_sessions",
            "notices": "rabbitmq",
        },
        devcontainer=True,
    )
    folder = app / "emulators"
    [namespace] = read_json(folder / "servicebus.json")["UserConfig"]["Namespaces"]
    sessions = {
        queue["Name"]: queue["Properties"].get("RequiresSession", False)
        for queue in namespace["Queues"]
    }
    assert sessions == {"pay": False, "more": False, "steps": True}
    assert [topic["Name"] for topic in namespace["Topics"]] == ["news", "prices"]
    for topic in namespace["Topics"]:
        assert [subscription["Name"] for subscription in topic["Subscriptions"]] == ["default"]
    [hubs] = read_json(folder / "eventhubs.json")["UserConfig"]["NamespaceConfig"]
    # The function reads as the group $Default, which the emulator creates.
    assert hubs["Entities"] == [{"Name": "readings", "PartitionCount": 2, "ConsumerGroups": []}]
    rabbitmq = read_json(folder / "rabbitmq.json")
    assert [queue["name"] for queue in rabbitmq["queues"]] == ["notices"]
    resources = read_json(folder / "resources.json")
    assert resources["storage"] == {
        "containers": ["uploads"],
        "queues": ["orders"],
        "tables": ["Reviews"],
    }
    assert resources["cosmosdb"] == {"changes": "/tenant", "functions-leases": "/id"}


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
    text = tool.read_text(encoding="utf-8")
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
    program.parent.mkdir(exist_ok=True)
    if docker:
        program.write_text(
            f'#!/bin/sh\necho "$@" >> "{tmp_path}/called"\n{docker}\n', encoding="utf-8"
        )
        program.chmod(0o755)
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
    client = container / "mysql"
    client.write_text(
        f'#!/bin/sh\nprintf "%s\\n" mysql "$@" >> "{tmp_path}/run"\n', encoding="utf-8"
    )
    client.chmod(0o755)
    tables = read_json(with_tables / "emulators" / "resources.json")["tables"]
    assert list(tables) == ["database/sql.sql", "database/mysql.sql"]
    # There is no such folder outside of the container.
    command = tables["database/sql.sql"]["command"].replace(
        "/opt/mssql-tools18/bin/sqlcmd", "mysql"
    )
    tables["database/sql.sql"]["command"] = command
    change_resources(with_tables, answers={}, tables=tables)
    start(with_tables, tmp_path, docker)
    sqlcmd = ["mysql", "-C", "-S", "localhost", "-U", "sa", "-P", "", "-d", "app", "-b", "-Q"]
    mysql = ["mysql", "--user", "root", "--password=secret", "--execute"]
    files = [
        (with_tables / "database" / f"{name}.sql").read_text(encoding="utf-8")
        for name in ("sql", "mysql")
    ]
    expected = ["in sqlserver", *sqlcmd, files[0], "in mysql", *mysql, files[1], "app", ""]
    assert (tmp_path / "run").read_text(encoding="utf-8") == "\n".join(expected)


def test_the_tool_says_whose_statements_failed(with_tables: Path, tmp_path: Path) -> None:
    change_resources(with_tables, answers={})
    done = start(with_tables, tmp_path, 'test "$2" != exec', status=1)
    assert done.stderr.startswith("database/sql.sql failed in the container sqlserver.")


def test_an_app_has_the_tables_of_its_functions(with_tables: Path) -> None:
    files = {path.name for path in (with_tables / "database").iterdir()}
    assert files == {"sql.sql", "mysql.sql"}
    sql = (with_tables / "database" / "sql.sql").read_text(encoding="utf-8")
    assert re.findall(r"CREATE TABLE (\S+)", sql) == ["dbo.Rows", "dbo.More"]
    assert "ALTER TABLE dbo.Rows ENABLE CHANGE_TRACKING;" in sql
    assert "dbo.More ENABLE" not in sql
    ignored = (with_tables / ".funcignore").read_text(encoding="utf-8").splitlines()
    assert "database" in ignored


def test_an_app_without_databases_has_no_tables(render: Callable[..., Path]) -> None:
    app = render(STORED, devcontainer=True)
    assert not (app / "database").exists()
    assert "database" not in (app / ".funcignore").read_text(encoding="utf-8").splitlines()


def test_an_app_without_emulators_has_nothing_of_them(render: Callable[..., Path]) -> None:
    # Its README does not say how to get emulators of other services.
    app = render({"orders": "queue", "uploads": "blob", "reviews": "table_output"})
    for name in (".devcontainer", "compose.yml", "emulators", "tools/emulators.py"):
        assert not (app / name).exists()
    for path in (
        ".funcignore",
        ".dockerignore",
        ".vscode/tasks.json",
        "README.md",
        "requirements-dev.txt",
    ):
        assert not re.search(
            "emulators|compose|devcontainer|azure-storage", (app / path).read_text(encoding="utf-8")
        )


def test_the_dev_container_has_the_python_the_tools_and_the_emulators(
    render: Callable[..., Path],
) -> None:
    app = render({"hello": "http"}, devcontainer=True, python_version="3.12")
    container = read_json(app / ".devcontainer" / "devcontainer.json")
    vscode = container["customizations"].pop("vscode")
    assert container == {
        "name": "my-app",
        "image": "mcr.microsoft.com/devcontainers/python:3-3.12-bookworm",
        # Docker in it publishes the emulators' ports to its own localhost, as local.settings.json has them.
        "features": {
            "ghcr.io/devcontainers/features/azure-cli:1": {},
            "ghcr.io/devcontainers/features/docker-in-docker:4": {"moby": False},
            "ghcr.io/devcontainers/features/node:2": {},
        },
        "customizations": {},
        "postCreateCommand": {
            "core-tools": "npm install --global azure-functions-core-tools@4",
            "app": "python -m venv .venv && .venv/bin/pip install -r requirements-dev.txt"
            " && .venv/bin/python -m tools.settings",
        },
        "postStartCommand": ".venv/bin/python -m tools.emulators",
        "forwardPorts": [7071],
        "remoteUser": "vscode",
    }
    recommended = read_json(app / ".vscode" / "extensions.json")["recommendations"]
    assert set(recommended) - set(vscode["extensions"]) == {"ms-vscode-remote.remote-containers"}
    assert vscode["settings"] == {
        "python.defaultInterpreterPath": "${containerWorkspaceFolder}/.venv/bin/python"
    }


def test_the_dev_container_of_an_app_of_uv_syncs(render: Callable[..., Path]) -> None:
    app = render({"hello": "http"}, devcontainer=True, package_manager="uv")
    container = read_json(app / ".devcontainer" / "devcontainer.json")
    assert container["postCreateCommand"]["app"] == (
        "pipx install uv && uv sync && uv run python -m tools.settings"
    )


@pytest.mark.parametrize("infra", ["none", "azd"])
@pytest.mark.parametrize("python", [python.version for python in OFFERED_PYTHONS])
def test_the_dev_container_can_be_built(
    python: str, infra: str, render: Callable[..., Path]
) -> None:
    app = render({"hello": "http"}, devcontainer=True, python_version=python, infra=infra)
    container = read_json(app / ".devcontainer" / "devcontainer.json")
    assert devcontainer.faults(container) == []
    assert ("ghcr.io/azure/azure-dev/azd:0" in container["features"]) == (infra == "azd")


DOCKER = "ghcr.io/devcontainers/features/docker-in-docker"
IMAGE = devcontainer.KNOWN["images"]["repository"]


@pytest.mark.parametrize(
    ("tag", "features", "fault"),
    [
        # Both float: the image is that of the newest distribution, where Moby cannot be installed.
        ("3.13", {f"{DOCKER}:4": {}}, "does not name a known distribution"),
        ("3-3.13-trixie", {f"{DOCKER}:4": {}}, "does not support trixie with {'moby': True}"),
        ("3-3.13-trixie", {f"{DOCKER}:4": {"moby": False}}, None),
        ("3-3.13-bookworm", {f"{DOCKER}:4": {}}, None),
        ("3-3.13-bookworm", {f"{DOCKER}:4": {"mobby": False}}, "has no option mobby"),
        ("3-3.13-bookworm", {f"{DOCKER}:5": {}}, "docker-in-docker:5 is not known"),
        ("2-3.13-bookworm", {}, "Version 2 is not known"),
        ("3-3.9-bookworm", {}, "does not name a known distribution"),
    ],
)
def test_a_dev_container_that_cannot_be_built_is_found(
    tag: str, features: dict[str, Any], fault: str | None
) -> None:
    found = devcontainer.faults({"image": f"{IMAGE}:{tag}", "features": features})
    assert len(found) == (fault is not None)
    assert fault is None or fault in found[0]
