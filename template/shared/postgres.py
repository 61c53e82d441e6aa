"""The PostgreSQL database of the app, with one pool of connections for all functions.

The pool is made on first use and kept. It opens connections when functions need them, at most
POSTGRESQL_POOL_SIZE per process, replaces those that the server has closed, and closes those that
are idle. The setting PostgreSqlConnection is a URL, such as postgresql://USER@SERVER/DATABASE. With
a password in it, as on a developer's machine, that is used. Without one, each new connection gets a
token of the app's identity in Microsoft Entra ID, over TLS with a checked certificate.
"""

import asyncio
import contextlib
import logging
import os
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shared.event_loops import PerEventLoop

# The driver is slow to import, so functions import it on first use and the app starts without it.
if TYPE_CHECKING:
    from asyncpg import Connection, Pool
    from azure.identity.aio import DefaultAzureCredential

logger = logging.getLogger(__name__)

CONNECTION = "PostgreSqlConnection"
SCOPE = "https://ossrdbms-aad.database.windows.net/.default"
# After these, the caller is told to try later.
SECONDS_TO_CONNECT = 5
SECONDS_PER_STATEMENT = 10
# Networks in Azure silently drop connections that are idle for longer.
SECONDS_IDLE = 180


class Failure(Exception):
    """A failed transaction, and the HTTP status that tells the caller why.

    409: what was written conflicts with another row. 503: the database cannot answer now, or not in
    time.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"A transaction of PostgreSQL failed with status {status}")
        self.status = status


@contextlib.asynccontextmanager
async def transaction() -> "AsyncIterator[Connection]":
    """Provide a connection, whose statements all take effect or, after an exception, none.

    Pass input from callers as arguments ($1, $2), never in the statement. Errors that the app's
    owner must fix, such as a missing table or a wrong password, do not become a Failure: the
    function fails, and Application Insights has the stack trace.
    """
    with _explained():
        async with _connected() as connection, connection.transaction():
            yield connection


@contextlib.asynccontextmanager
async def _connected() -> "AsyncIterator[Connection]":
    """Provide a connection of the pool; a Failure if the server cannot be reached."""
    pool = await Database.current().pool()
    try:
        connection = await pool.acquire(timeout=SECONDS_TO_CONNECT)
    except OSError as error:
        raise _unavailable(error) from error
    try:
        yield connection
    finally:
        await pool.release(connection)


async def connect() -> "Connection":
    """Return a connection without the limits of functions, such as for migrations; close it yourself."""
    return await Database.current().connect()


async def close() -> None:
    """Close the pool of the running event loop; the next use creates a new one."""
    await Database.close_current()


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn errors that the caller should know into a Failure."""
    try:
        yield
    except Exception as error:
        status = _status(error)
        if status is None:
            raise
        raise (_unavailable(error) if status == 503 else Failure(status)) from error


def _unavailable(error: Exception) -> Failure:
    logger.warning("PostgreSQL cannot answer: %s: %s", type(error).__name__, error)
    return Failure(503)


def _status(error: Exception) -> int | None:
    """Return the status to report to the caller, or None if the app's owner must fix the error."""
    from asyncpg import exceptions

    if isinstance(error, (exceptions.UniqueViolationError, exceptions.ForeignKeyViolationError)):
        return 409
    # Of all OSErrors, only a timeout: after the start of a transaction, the driver raises no other.
    unavailable = (
        asyncio.TimeoutError,
        exceptions.PostgresConnectionError,
        # It is starting or stopping, or it canceled a statement that took too long.
        exceptions.OperatorInterventionError,
        # It has too many connections, for example.
        exceptions.InsufficientResourcesError,
        # Two transactions waited for each other.
        exceptions.TransactionRollbackError,
        exceptions.LockNotAvailableError,
    )
    if isinstance(error, unavailable):
        return 503
    # The end of a transaction whose connection was lost.
    lost = isinstance(error, exceptions.InterfaceError) and "closed" in str(error)
    return 503 if lost else None


class Database(PerEventLoop):
    """The pool of one event loop, and the identity with which it connects."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._opened = contextlib.AsyncExitStack()
        self._pool: Pool | None = None
        self._credential: DefaultAzureCredential | None = None

    async def pool(self) -> "Pool":
        """Return the pool, which the first caller makes."""
        async with self._lock:
            if self._pool is None:
                self._pool = await self._open()
        return self._pool

    async def connect(self) -> "Connection":
        """Return a new connection, which is not in the pool."""
        import asyncpg

        url = os.environ[CONNECTION]
        async with self._lock:
            options = await self._options(url)
        return await asyncpg.connect(url, **options)

    async def close(self) -> None:
        """Close the pool and the identity, if there are any."""
        await self._opened.aclose()

    async def _open(self) -> "Pool":
        import asyncpg

        url = os.environ[CONNECTION]
        milliseconds = SECONDS_PER_STATEMENT * 1000
        pool = asyncpg.create_pool(
            url,
            min_size=0,
            max_size=int(os.environ["POSTGRESQL_POOL_SIZE"]),
            max_inactive_connection_lifetime=SECONDS_IDLE,
            # If the server does not end a statement in time, the network may be down.
            command_timeout=SECONDS_PER_STATEMENT + 2,
            server_settings={"statement_timeout": str(milliseconds)},
            **await self._options(url),
        )
        await self._opened.enter_async_context(pool)
        logger.info("Made the pool of %s", urlsplit(url).hostname)
        return pool

    async def _options(self, url: str) -> dict[str, Any]:
        """Return how to connect to a URL: with its password, or else with the identity."""
        options: dict[str, Any] = {"timeout": SECONDS_TO_CONNECT}
        if urlsplit(url).password is None:
            options["password"] = await self._identity()
            options["ssl"] = ssl.create_default_context()
        return options

    async def _identity(self) -> Any:
        """Return the function that gets the password of a new connection: a token that expires.

        The identity is that of AZURE_CLIENT_ID or, on a developer's machine, the developer's. It
        keeps a token and gets a new one before it expires.
        """
        from azure.identity.aio import DefaultAzureCredential

        if self._credential is None:
            made = DefaultAzureCredential()
            self._credential = await self._opened.enter_async_context(made)
        credential = self._credential

        async def token() -> str:
            return (await credential.get_token(SCOPE)).token

        return token
