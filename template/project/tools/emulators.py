"""Start the emulators and create what the app needs: python -m tools.emulators

Runs `docker compose up`, waits until every emulator responds, and creates the
containers, queues and tables in emulators/resources.json. Keeps existing ones.
"""

import json
import socket
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


def wait_for(port: int, until: float) -> None:
    """Return once something listens on a port; exit after a timeout."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                sys.exit(f"Nothing answers on port {port}. {SEE_LOGS}")
            time.sleep(0.5)


def create_in_storage(names: dict[str, list[str]], connection: str) -> None:
    """Create the containers, queues and tables that do not exist yet."""
    from azure.core.exceptions import ResourceExistsError
    from azure.data.tables import TableServiceClient
    from azure.storage.blob import BlobServiceClient
    from azure.storage.queue import QueueServiceClient

    blobs = BlobServiceClient.from_connection_string(connection)
    queues = QueueServiceClient.from_connection_string(connection)
    tables = TableServiceClient.from_connection_string(connection)
    creators: dict[str, Callable[[str], object]] = {
        "containers": blobs.create_container,
        "queues": queues.create_queue,
        "tables": tables.create_table,
    }
    for type, create in creators.items():
        for name in names[type]:
            try:
                create(name)
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


def main() -> None:
    values = read(LOCAL)["Values"]
    resources = read(RESOURCES)
    start()
    until = time.monotonic() + PATIENCE_SECONDS
    for port in resources["ports"]:
        wait_for(port, until)
    if any(resources["storage"].values()):
        create_in_storage(resources["storage"], values["StorageConnection"])
    if resources["cosmosdb"]:
        create_in_cosmosdb(
            resources["cosmosdb"],
            values["CosmosDBConnection"],
            values["COSMOSDB_DATABASE"],
        )
    print("The emulators are running. Stop them with `docker compose down`.")


if __name__ == "__main__":
    main()
