"""compose.yml, the configuration of the emulators and the local settings: they agree."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hooks.catalogue import read_yaml
from tests.support.catalogue import SERVICES, one_of_each
from tests.support.linters import schema
from tests.support.text_files import read, read_json

FEW = {"pay": "servicebus_queue", "news": "servicebus_topic", "readings": "eventhub"}


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
        says_so = "creates the database" in read(app / "compose.yml")
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
            "orders": "queue",
            "uploads": "blob",
            "reviews": "table_output",
            "changes": "cosmosdb",
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


def test_the_emulator_of_signalr_sends_messages_to_the_host_on_this_machine(app: Path) -> None:
    container = composed(app)["signalr"]
    # The emulator looks for settings.json in the folder in which it starts.
    assert container["volumes"] == ["./emulators/signalr.json:/emulator/settings.json:ro"]
    assert container["extra_hosts"] == ["host.docker.internal:host-gateway"]
    [upstream] = read_json(app / "emulators" / "signalr.json")["UpstreamSettings"]["Templates"]
    assert upstream == {
        "UrlTemplate": "http://host.docker.internal:7071/runtime/webhooks/signalr",
        "HubPattern": "*",
        "CategoryPattern": "messages",
        "EventPattern": "*",
    }


def test_an_app_has_the_tables_of_its_functions(render: Callable[..., Path]) -> None:
    app = render(
        {"rows": "sql", "more": "sql_input", "bookings": "mysql_output"}, devcontainer=True
    )
    files = {path.name for path in (app / "database").iterdir()}
    assert files == {"sql.sql", "mysql.sql"}
    sql = read(app / "database" / "sql.sql")
    assert re.findall(r"CREATE TABLE (\S+)", sql) == ["dbo.Rows", "dbo.More"]
    assert "ALTER TABLE dbo.Rows ENABLE CHANGE_TRACKING;" in sql
    assert "dbo.More ENABLE" not in sql
    ignored = read(app / ".funcignore").splitlines()
    assert "database" in ignored


def test_an_app_without_databases_has_no_tables(render: Callable[..., Path]) -> None:
    app = render(FEW, devcontainer=True)
    assert not (app / "database").exists()
    assert "database" not in read(app / ".funcignore").splitlines()


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
        assert not re.search("emulators|compose|devcontainer|azure-storage", read(app / path))
