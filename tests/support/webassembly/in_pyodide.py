"""Runs pytest inside Pyodide, where asyncio has no selector and the loop of JavaScript would run coroutines."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any


class Selector:
    """Waits for timers only: nothing is connected."""

    def select(self, seconds: float | None) -> list[object]:
        """Wait, and report no events."""
        time.sleep(seconds or 0)
        return []


class Loop(asyncio.BaseEventLoop):
    """An event loop of Python alone."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = Selector()

    def _process_events(self, events: list[object]) -> None:
        """Do nothing: there are no events."""

    def _write_to_self(self) -> None:
        """Do nothing: there are no threads that could wake the loop."""


def run(
    main: Coroutine[Any, Any, Any],
    *,
    debug: bool | None = None,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] = Loop,
) -> Any:
    """Replace asyncio.run, which Pyodide has replaced."""
    with asyncio.Runner(debug=debug, loop_factory=loop_factory) as runner:
        return runner.run(main)


def run_tests(app: str, arguments: list[str]) -> int:
    """Run an app's tests, and return the exit code of pytest."""
    import pytest

    asyncio.run = run
    # Otherwise, the tests would be inside the loop of JavaScript.
    asyncio._set_running_loop(None)
    sys.dont_write_bytecode = True
    os.chdir(app)
    return int(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:faulthandler", *arguments]))
