"""What the harness sees of requests that come at once."""

from pathlib import Path

import pytest

from tests.worker.client import AtOnce, run_at_once
from tests.worker.exchange import HttpRequest
from tests.worker.small_apps import write_project

HOST_JSON = {"host.json": '{"version": "2.0"}'}
# Each request waits until all are there, and leaves a session open.
APP = """
import asyncio
import logging

import aiohttp
import azure.functions as func

app = func.FunctionApp()
together = asyncio.Barrier(20)


@app.route("{number}")
async def wait(req: func.HttpRequest) -> str:
    aiohttp.ClientSession()
    await together.wait()
    logging.info("not a warning")
    logging.getLogger("shop").warning("number %s", req.route_params["number"])
    return req.route_params["number"]
"""


@pytest.fixture(scope="module")
def seen(worker_python: Path, tmp_path_factory: pytest.TempPathFactory) -> AtOnce:
    """What comes of two rounds of twenty requests."""
    project = write_project(tmp_path_factory.mktemp("app"), {"function_app.py": APP, **HOST_JSON})
    requests = [HttpRequest("GET", f"/api/{number}") for number in range(20)]
    return run_at_once(worker_python, project, [requests, requests], "aiohttp:ClientSession")


def test_the_requests_of_a_round_run_at_once_and_their_answers_come_in_order(seen: AtOnce) -> None:
    assert len(seen.rounds) == 2
    for round in seen.rounds:
        bodies = [result.answer and result.answer.body for result in round.results]
        assert bodies == [str(number).encode() for number in range(20)]
        assert 0 < round.seconds < 60


def test_objects_of_the_class_are_counted(seen: AtOnce) -> None:
    assert seen.made == 40


def test_warnings_and_what_stays_open_are_seen(seen: AtOnce) -> None:
    assert seen.stderr.count("number 7\n") == 2
    assert "Unclosed client session" in seen.stderr
    assert "not a warning" not in seen.stderr


# Its peer reads nothing at first, so that the connection is still closing after the last answer.
SLOW_TO_CLOSE = """
import asyncio
import socket
import threading
import time

import azure.functions as func

app = func.FunctionApp()
server = socket.create_server(("127.0.0.1", 0))


def serve() -> None:
    connection, _ = server.accept()
    time.sleep(0.5)
    while connection.recv(1024 * 1024):
        pass
    connection.close()
    server.close()


threading.Thread(target=serve, daemon=True).start()


@app.route("send")
async def send(req: func.HttpRequest) -> str:
    _, writer = await asyncio.open_connection(*server.getsockname())
    writer.write(bytes(20 * 1024 * 1024))
    writer.close()
    return "sent"
"""


def test_what_is_slow_to_close_is_not_said_to_stay_open(
    worker_python: Path, tmp_path: Path
) -> None:
    project = write_project(tmp_path, {"function_app.py": SLOW_TO_CLOSE, **HOST_JSON})
    request = HttpRequest("GET", "/api/send")
    seen = run_at_once(worker_python, project, [[request]], "asyncio:Event")
    assert seen.stderr == ""
