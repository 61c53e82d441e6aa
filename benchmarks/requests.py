"""How long an app takes for many requests at once, with the worker and a real service."""

import json
import shutil
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support import packages
from tests.support.emulators import servers
from tests.worker.client import Round, run_at_once
from tests.worker.exchange import HttpRequest

from .projects import generate, install, with_functions
from .timing import Measurement

REQUESTS = 200
CLIENT = "azure.cosmos.aio:CosmosClient"
SETTING = "CosmosDBConnection"
# The same app, but with a client that is made for each request and closed after it.
CLIENT_EACH = """

@contextlib.asynccontextmanager
async def container(name: str, partition_key: str) -> "AsyncIterator[ContainerProxy]":
    connection = Connection()
    try:
        client = await connection._open()
        database = client.get_database_client(os.environ["COSMOSDB_DATABASE"])
        yield database.get_container_client(name)
    finally:
        await connection.close()
"""


def measure_requests(box: Path, template: Path, rounds: int) -> list[Measurement]:
    """Compare requests at once that share a client of Azure Cosmos DB with a client for each."""
    if packages.find_node() is None:
        sys.exit("Requests are measured with a Cosmos DB server, which needs Node.js and npm.")
    shared = generate(
        template, box / "shared-client", *with_functions({"devices": "cosmosdb_client"})
    )
    each = Path(shutil.copytree(shared, box / "client-each"))
    with (each / "shared" / "cosmos.py").open("a", encoding="utf-8") as module:
        module.write(CLIENT_EACH)
    python = install(box / "environment-of-requests", shared)
    seconds: dict[Path, list[float]] = {shared: [], each: []}
    with servers.cosmosdb_server(servers.install()) as connection:
        for app in (shared, each):
            servers.connect(app, {SETTING: connection})
        add_devices(python, shared)
        for _ in range(rounds):
            for app, made in ((shared, 1), (each, 2 * REQUESTS)):
                seconds[app].append(get_devices(python, app, made).seconds)
    one, many = (statistics.median(measured) for measured in seconds.values())
    name = f"{REQUESTS} requests at once, one client / a client each"
    return [Measurement(name, one, 0.5, many)]


def add_devices(python: Path, app: Path) -> None:
    """Store a device for each request."""
    devices = [{"id": f"A{number}", "model": "TH-20"} for number in range(REQUESTS)]
    add = [
        HttpRequest("POST", "/api/devices/berlin", body=json.dumps(device).encode())
        for device in devices
    ]
    expect(201, run_at_once(python, app, [add], CLIENT).rounds)


def get_devices(python: Path, app: Path, made: int) -> Round:
    """Get each device, all at once, in a process that has done it before, and return the round."""
    get = [HttpRequest("GET", f"/api/devices/berlin/A{number}") for number in range(REQUESTS)]
    load = run_at_once(python, app, [get, get], CLIENT, seconds=300)
    expect(200, load.rounds)
    if load.made != made:
        sys.exit(f"{app.name} made {load.made} clients, not {made}.")
    return load.rounds[1]


def expect(status: int, rounds: Sequence[Round]) -> None:
    """Exit if a request has another answer: measuring it would be pointless."""
    answers = [result.answer for round in rounds for result in round.results]
    others = [answer for answer in answers if answer is None or answer.status != status]
    if others:
        sys.exit(f"{len(others)} of {len(answers)} answers are not {status}: {others[0]}")
