"""The clients that an app shares, under load: the worker gets up to 200 requests at once.

They go to real services on this machine, the emulators of Cosmos DB and of Azure Storage.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.catalogue import SERVICES
from tests.support.emulators import servers
from tests.support.emulators.extensions import Storage
from tests.worker.client import AtOnce, run_at_once
from tests.worker.exchange import HttpRequest

CLIENT_OF_TABLES = "azure.data.tables.aio:TableServiceClient"
DEVICES = [
    {"id": f"A{n}", "site": f"site-{n % 10}", "model": "TH-20", "status": "active"}
    for n in range(200)
]


@pytest.fixture(scope="module")
def connection(emulators: Path) -> Iterator[str]:
    """The connection string of a Cosmos DB server without any database."""
    with servers.cosmosdb_server(emulators) as connection:
        yield connection


@pytest.fixture(scope="module")
def load(
    render: Callable[..., Path],
    connection: str,
    worker_python: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AtOnce:
    """The results of 200 requests at once that add devices, and then of 200 other requests at once."""
    project = render({"devices": "cosmosdb_client"})
    app = Path(shutil.copytree(project, tmp_path_factory.mktemp("load") / "app"))
    servers.connect(app, {SERVICES["cosmosdb"].connection: connection})
    add = [
        HttpRequest("POST", f"/api/devices/{device['site']}", body=json.dumps(device).encode())
        for device in DEVICES
    ]
    get = [HttpRequest("GET", f"/api/devices/{d['site']}/{d['id']}") for d in DEVICES[:100]]
    add_again = add[100:150]
    list_site = [HttpRequest("GET", f"/api/devices/site-{n % 10}") for n in range(50)]
    rounds = [add, [*get, *add_again, *list_site]]
    return run_at_once(worker_python, app, rounds, "azure.cosmos.aio:CosmosClient")


def test_every_first_request_adds_its_device(load: AtOnce) -> None:
    """The database and the container are made once, while the other requests wait for them."""
    answers = [result.http_answer() for result in load.rounds[0].results]
    assert [a.status for a in answers] == [201] * 200
    assert [json.loads(a.body) for a in answers] == DEVICES


def test_every_later_request_has_its_own_answer(load: AtOnce) -> None:
    answers = [result.http_answer() for result in load.rounds[1].results]
    got, refused, lists = answers[:100], answers[100:150], answers[150:]
    assert [(a.status, json.loads(a.body)) for a in got] == [(200, d) for d in DEVICES[:100]]
    assert [a.status for a in refused] == [409] * 50
    for n, listed in enumerate(lists):
        found = {device["id"] for device in json.loads(listed.body)["devices"]}
        assert found == {device["id"] for device in DEVICES if device["site"] == f"site-{n % 10}"}


def test_one_client_serves_them_all(load: AtOnce) -> None:
    assert load.made == 1


def test_there_are_no_warnings_and_nothing_stays_open(load: AtOnce) -> None:
    """Neither while it runs nor at the end, where aiohttp would warn of an unclosed session."""
    assert load.stderr == ""


TASK = "0123456789abcdef0123456789abcdef"


def test_only_one_of_many_simultaneous_changes_to_a_version_succeeds(
    render: Callable[..., Path], emulators: Path, worker_python: Path, tmp_path: Path
) -> None:
    app = Path(shutil.copytree(render({"tasks": "http_api"}), tmp_path / "app"))
    with servers.azurite(emulators) as connection:
        servers.connect(app, {SERVICES["storage"].connection: connection})
        content = json.dumps({"title": "Order tea", "done": False, "due": None})
        task = {"PartitionKey": "rows", "RowKey": TASK, "content": content}
        Storage(connection).put_entities("Tasks", [task])
        get = HttpRequest("GET", f"/api/tasks/{TASK}")
        [before] = run_at_once(worker_python, app, [[get]], CLIENT_OF_TABLES).rounds
        headers = {
            "content-type": "application/json",
            "if-match": before.results[0].http_answer().headers["etag"],
        }
        changes = [
            HttpRequest("PATCH", get.url, headers, json.dumps({"title": f"Order {n}"}).encode())
            for n in range(30)
        ]
        load = run_at_once(worker_python, app, [changes, [get]], CLIENT_OF_TABLES)
    statuses = [result.http_answer().status for result in load.rounds[0].results]
    assert sorted(statuses) == [200] + [412] * 29
    won = load.rounds[0].results[statuses.index(200)].http_answer()
    assert json.loads(load.rounds[1].results[0].http_answer().body) == json.loads(won.body)
    assert load.made == 1
    # Its sockets have no TLS, and cannot be closed when the event loop is.
    assert "Unclosed client session" not in load.stderr
