"""Start the emulators and create what the app needs: python -m tools.emulators

Runs `docker compose up` and waits until every emulator answers. Then creates
the containers, queues and tables in emulators/resources.json, and runs the
files in database/. Keeps what exists.
"""

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LOCAL = Path("local.settings.json")
RESOURCES = Path("emulators/resources.json")
START = ["docker", "compose", "up", "--detach", "--wait"]
PATIENCE_SECONDS = 120
SEE_LOGS = "See `docker compose logs`."
HTTP = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
# What a client sends first; a server answers in the same protocol.
GREETINGS = {"amqp": b"AMQP\x03\x01\x00\x00", "http": HTTP, "https": HTTP}


def read(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; exit with a message if invalid."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content: dict[str, Any] = json.loads(text)
    except (OSError, ValueError) as error:
        sys.exit(f"{path} cannot be read ({error}). Fix it and try again.")
    return content


def start() -> None:
    """Start the services of compose.yml; exit with a message if that fails."""
    try:
        status = subprocess.run(START, check=False).returncode
    except FileNotFoundError:
        sys.exit("Docker is not installed. The emulators run in containers.")
    if status != 0:
        sys.exit(f"`{' '.join(START)}` failed. {SEE_LOGS}")


def answers(port: int, protocol: str) -> bool:
    """Return whether a service answers in its protocol.

    To connect is not enough: Docker accepts connections before the service.
    """
    expected = b"AMQP" if protocol == "amqp" else b"HTTP"
    try:
        with connect(port, encrypted=protocol == "https") as connection:
            connection.sendall(GREETINGS[protocol])
            return connection.recv(4) == expected
    except OSError:
        return False


def connect(port: int, encrypted: bool) -> socket.socket:
    """Return a connection, which accepts the emulator's own certificate."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=5)
    if not encrypted:
        return connection
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(connection)


def wait_for(port: int, protocol: str, until: float) -> None:
    """Return once a service answers on a port; exit after a timeout."""
    while not answers(port, protocol):
        if time.monotonic() > until:
            sys.exit(f"Nothing answers on port {port}. {SEE_LOGS}")
        time.sleep(0.5)


def create(what: Callable[[], None], service: str, until: float) -> None:
    """Create what a service lacks as soon as the service is ready."""
    from azure.core.exceptions import AzureError

    while True:
        try:
            what()
            return
        except AzureError as error:
            refused = 400 <= (getattr(error, "status_code", None) or 0) < 500
            if refused or time.monotonic() > until:
                sys.exit(f"{service} does not respond: {error}\n{SEE_LOGS}")
            time.sleep(1)


def create_in_storage(names: dict[str, list[str]], connection: str) -> None:
    """Create the containers, queues and tables that do not exist yet."""
    from azure.core.exceptions import ResourceExistsError
    from azure.data.tables import TableServiceClient
    from azure.storage.blob import BlobServiceClient
    from azure.storage.queue import QueueServiceClient

    # `create` tries again itself, and knows when the time is over.
    once: dict[str, Any] = {"retry_total": 0}
    blobs = BlobServiceClient.from_connection_string(connection, **once)
    queues = QueueServiceClient.from_connection_string(connection, **once)
    tables = TableServiceClient.from_connection_string(connection, **once)
    creators: dict[str, Callable[[str], object]] = {
        "containers": blobs.create_container,
        "queues": queues.create_queue,
        "tables": tables.create_table,
    }
    for type, create_one in creators.items():
        for name in names[type]:
            try:
                create_one(name)
            except ResourceExistsError:
                continue
            print(f"Created {name} in {type}")


def create_in_cosmosdb(
    partition_keys: dict[str, str],
    connection: str,
    database: str,
) -> None:
    """Create the database and its containers that do not exist yet."""
    from azure.cosmos import CosmosClient, PartitionKey

    # The emulator has a self-signed certificate, and may name another address.
    client = CosmosClient.from_connection_string(
        connection,
        connection_verify=False,
        enable_endpoint_discovery=False,
    )
    created = client.create_database_if_not_exists(database)
    for name, path in partition_keys.items():
        # Items that have a ttl are deleted, and no others.
        created.create_container_if_not_exists(
            name,
            PartitionKey(path),
            default_ttl=-1,
        )


def create_tables(path: Path, container: str, command: str) -> None:
    """Run the statements in a file in the container of a database."""
    statements = path.read_text(encoding="utf-8-sig")
    run = ["docker", "compose", "exec", "-T", container, "sh", "-c", command]
    # The command reads the statements as $0.
    if subprocess.run([*run, statements], check=False).returncode != 0:
        sys.exit(f"{path} failed in the container {container}. {SEE_LOGS}")


def main() -> None:
    if sys.argv[1:]:
        sys.exit(__doc__)
    values = read(LOCAL)["Values"]
    resources = read(RESOURCES)
    start()
    until = time.monotonic() + PATIENCE_SECONDS
    for port, protocol in resources["answers"].items():
        wait_for(int(port), protocol, until)
    storage, cosmosdb = resources["storage"], resources["cosmosdb"]
    if any(storage.values()):
        connection = values["StorageConnection"]
        create(
            lambda: create_in_storage(storage, connection),
            "Azurite",
            until,
        )
    if cosmosdb:
        account = values["CosmosDBConnection"]
        database = values["COSMOSDB_DATABASE"]
        create(
            lambda: create_in_cosmosdb(cosmosdb, account, database),
            "The Cosmos DB emulator",
            until,
        )
    for path, place in resources["tables"].items():
        create_tables(Path(path), place["container"], place["command"])
    print("The emulators are running. Stop them with `docker compose down`.")


if __name__ == "__main__":
    main()
