"""Tests for shared/event_loops.py: one object for each event loop, which is closed once."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shared import event_loops


class Client(event_loops.PerEventLoop):
    """Something to close."""

    closed = 0

    async def close(self) -> None:
        self.closed += 1


class Broken(event_loops.PerEventLoop):
    """Something that cannot be closed."""

    async def close(self) -> None:
        raise OSError("closed by the other side")


async def current() -> Client:
    return Client.current()


def test_an_event_loop_has_one_of_each_class() -> None:
    async def use() -> tuple[Client, Client]:
        Broken.current()
        return Client.current(), Client.current()

    first, second = asyncio.run(use())
    assert first is second
    assert asyncio.run(current()) is not first


def test_the_next_use_after_closing_makes_a_new_one() -> None:
    async def use() -> tuple[Client, Client]:
        first = Client.current()
        await Client.close_current()
        await Client.close_current()
        return first, Client.current()

    first, second = asyncio.run(use())
    assert (first.closed, second.closed) == (1, 0)


@pytest.mark.parametrize("is_closed", [True, False])
def test_everything_is_closed_when_the_process_ends(is_closed: bool) -> None:
    loop = asyncio.new_event_loop()
    client = loop.run_until_complete(current())
    if is_closed:
        loop.close()
    asyncio.run(broken())
    event_loops.close_all()
    event_loops.close_all()
    assert client.closed == 1
    loop.close()


def test_what_does_not_close_does_not_keep_the_process_alive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def wait_for_ever(self: Client) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(event_loops, "SECONDS_TO_CLOSE", 0.01)
    monkeypatch.setattr(Client, "close", wait_for_ever)
    asyncio.run(current())
    started = time.monotonic()
    event_loops.close_all()
    assert time.monotonic() < started + 30


def test_closes_without_being_asked_when_the_process_ends() -> None:
    code = """
import asyncio
from shared import event_loops

class Client(event_loops.PerEventLoop):
    async def close(self):
        print("closed")

async def use():
    Client.current()

asyncio.run(use())
"""
    app = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=app, capture_output=True, check=True)
    assert done.stdout.split() == [b"closed"]


async def broken() -> Broken:
    return Broken.current()
