"""What lives as long as an event loop, such as a client with its connections.

The worker has one event loop for all functions, and each test has its own.
"""

import asyncio
import atexit
import contextlib
from typing import TypeVar

SECONDS_TO_CLOSE = 5

Kept = TypeVar("Kept", bound="PerEventLoop")


class PerEventLoop:
    """An object of each event loop, made on first use and closed when the process ends."""

    # The type Self is there from Python 3.11 on.
    @classmethod
    def current(cls: "type[Kept]") -> "Kept":  # noqa: PYI019
        """Return the object of the running event loop."""
        key = cls, asyncio.get_running_loop()
        if key not in _kept:
            _kept[key] = cls()
        kept = _kept[key]
        assert isinstance(kept, cls)
        return kept

    @classmethod
    async def close_current(cls) -> None:
        """Close the object of the running event loop; the next use makes a new one."""
        kept = _kept.pop((cls, asyncio.get_running_loop()), None)
        if kept:
            await kept.close()

    async def close(self) -> None:
        """Close what it has opened."""
        raise NotImplementedError


_kept: "dict[tuple[type[PerEventLoop], asyncio.AbstractEventLoop], PerEventLoop]" = {}


@atexit.register
def close_all() -> None:
    """Close what is still open, or aiohttp warns about it; the event loop has already stopped."""
    while _kept:
        (_, loop), kept = _kept.popitem()
        with contextlib.suppress(Exception):
            if loop.is_closed():
                asyncio.run(_close(kept))
            elif not loop.is_running():
                loop.run_until_complete(_close(kept))


async def _close(kept: PerEventLoop) -> None:
    await asyncio.wait_for(kept.close(), SECONDS_TO_CLOSE)
