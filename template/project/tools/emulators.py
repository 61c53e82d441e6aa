"""Start the emulators and make what the app needs in them: python -m tools.emulators

Runs `docker compose up`, waits until every emulator answers, and makes the containers, queues and
tables of emulators/resources.json. What is there already stays as it is.
"""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

LOCAL = Path("local.settings.json")
RESOURCES = Path("emulators/resources.json")
START = ["docker", "compose", "up", "--detach", "--wait"]
PATIENCE_SECONDS = 120


def read(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; exit with a sentence if it cannot be read."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        sys.exit(f"{path} cannot be read ({error}). Mend it, and run this again.")
    return content


def start() -> None:
    """Start what compose.yml says; exit with a sentence if that does not work."""
    try:
        status = subprocess.run(START, check=False).returncode
    except FileNotFoundError:
        sys.exit("There is no command docker. Install Docker, or start the emulators without it.")
    if status != 0:
        sys.exit(f"`{' '.join(START)}` failed: `docker compose logs` says why.")


def wait_for(port: int, until: float) -> None:
    """Return once something listens on a port of this machine; exit if the time is over."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                sys.exit(f"Nothing answers on port {port}: `docker compose logs` says why.")
            time.sleep(0.5)


def make_in_storage(names: Mapping[str, list[str]], connection: str) -> None:
    """Make the containers, queues and tables that are not there yet."""
    from azure.core.exceptions import ResourceExistsError
    from azure.data.tables import TableServiceClient
    from azure.storage.blob import BlobServiceClient
    from azure.storage.queue import QueueServiceClient

    makers: dict[str, Callable[[str], object]] = {
        "containers": BlobServiceClient.from_connection_string(connection).create_container,
        "queues": QueueServiceClient.from_connection_string(connection).create_queue,
        "tables": TableServiceClient.from_connection_string(connection).create_table,
    }
    for type, make in makers.items():
        for name in names[type]:
            try:
                make(name)
            except ResourceExistsError:
                continue
            print(f"Made {name} of the {type}")


def make_in_cosmosdb(partition_keys: Mapping[str, str], connection: str, database: str) -> None:
    """Make the database and the containers, by their partition keys, that are not there yet."""
    from azure.cosmos import CosmosClient, PartitionKey

    # The emulator signs its certificate itself, and may name an address of its own.
    client = CosmosClient.from_connection_string(
        connection, connection_verify=False, enable_endpoint_discovery=False
    )
    made = client.create_database_if_not_exists(database)
    for name, path in partition_keys.items():
        made.create_container_if_not_exists(name, PartitionKey(path))


def main() -> None:
    values = read(LOCAL)["Values"]
    resources = read(RESOURCES)
    start()
    until = time.monotonic() + PATIENCE_SECONDS
    for port in resources["ports"]:
        wait_for(port, until)
    if any(resources["storage"].values()):
        make_in_storage(resources["storage"], values["StorageConnection"])
    if resources["cosmosdb"]:
        make_in_cosmosdb(
            resources["cosmosdb"], values["CosmosDBConnection"], values["COSMOSDB_DATABASE"]
        )
    print("The emulators run; `docker compose down` stops them.")


if __name__ == "__main__":
    main()
