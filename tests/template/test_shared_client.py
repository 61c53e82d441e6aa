"""The client of Azure Cosmos DB that an app shares, under load: the worker gets 200 requests at once.

They go to a real service on this machine, the Cosmos DB server of the emulators.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.catalogue import SERVICES
from tests.support.emulators import servers
from tests.worker.client import AtOnce, run_at_once
from tests.worker.exchange import HttpAnswer, HttpRequest, Result

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
    """What comes of 200 new devices at once, and then of 200 questions for them."""
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


def answer(result: Result) -> HttpAnswer:
    assert result.failure is None
    assert result.answer is not None
    return result.answer


def test_every_first_request_adds_its_device(load: AtOnce) -> None:
    """The database and the container are made once, while the other requests wait for them."""
    answers = [answer(result) for result in load.rounds[0].results]
    assert [a.status for a in answers] == [201] * 200
    assert [json.loads(a.body) for a in answers] == DEVICES


def test_every_later_request_has_its_own_answer(load: AtOnce) -> None:
    answers = [answer(result) for result in load.rounds[1].results]
    got, refused, lists = answers[:100], answers[100:150], answers[150:]
    assert [(a.status, json.loads(a.body)) for a in got] == [(200, d) for d in DEVICES[:100]]
    assert [a.status for a in refused] == [409] * 50
    for n, listed in enumerate(lists):
        found = {device["id"] for device in json.loads(listed.body)["devices"]}
        assert found == {device["id"] for device in DEVICES if device["site"] == f"site-{n % 10}"}


def test_one_client_serves_them_all(load: AtOnce) -> None:
    assert load.made == 1


def test_nothing_is_warned_of_and_nothing_stays_open(load: AtOnce) -> None:
    """Neither while it runs nor at the end, where aiohttp would tell of an unclosed session."""
    assert load.stderr == ""
