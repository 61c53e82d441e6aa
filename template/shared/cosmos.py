"""The client of Azure Cosmos DB that all functions of the app share.

It is made when a function first needs it, and kept: a client for each request would open new
connections every time, until the instance has no ports left. With a connection string in the
setting CosmosDBConnection, as on a developer's machine, it connects with the key and makes the
database and the containers that are missing. With CosmosDBConnection__accountEndpoint instead, as
in Azure, it connects with an identity, which can read and write items but make no containers.
"""

import asyncio
import atexit
import base64
import contextlib
import logging
import math
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

# The SDK takes a while to import: functions do it on first use, so that the app starts without it.
if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy, CosmosClient
    from azure.cosmos.exceptions import CosmosHttpResponseError
    from azure.identity.aio import DefaultAzureCredential

Made = TypeVar("Made")
Item = dict[str, Any]

logger = logging.getLogger(__name__)

CONNECTION = "CosmosDBConnection"
EMULATOR_HOSTS = {"localhost", "127.0.0.1"}

# For so many seconds the client itself tries again; then the caller is told to come later.
LONGEST_BACKOFF = 5
ANSWERED = {404, 409, 412, 429}
UNAVAILABLE = {408, 410, 449, 503}
# The substatus of a 404 when a region has not yet what the client has seen in another one, and when
# the container itself is not there.
NOT_YET = 1002
NO_CONTAINER = 1003


class Failure(Exception):
    """A request that did not succeed, and the HTTP status that tells a caller why.

    400: a token that comes from no page. 404: no such item. 409: there is one of this id. 412: it
    has another ETag by now. 429: too many requests, and `retry_after` says how many seconds to wait.
    503: the service cannot be reached.
    """

    def __init__(self, status: int, retry_after: int | None = None) -> None:
        super().__init__(f"A request to Azure Cosmos DB did not succeed: {status}")
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True)
class Page:
    """Some items of a query, and the token that gets those after them, if there may be more."""

    items: list[Item]
    token: str | None


@contextlib.asynccontextmanager
async def container(name: str, partition_key: str) -> "AsyncIterator[ContainerProxy]":
    """Give a container of the database COSMOSDB_DATABASE; what the SDK raises becomes a Failure.

    What the owner of the app must mend, such as a container or a permission that is missing in
    Azure, is no Failure: the function fails, and Application Insights has the stack trace.
    """
    from azure.core.exceptions import ServiceRequestError, ServiceResponseError
    from azure.cosmos.exceptions import CosmosHttpResponseError

    try:
        yield await _connection().container(name, partition_key)
    except CosmosHttpResponseError as error:
        failure = _failure(error)
        if failure is None:
            raise
        raise failure from error
    except (ServiceRequestError, ServiceResponseError) as error:
        raise Failure(503) from error


async def read_page(
    items: "ContainerProxy",
    query: str,
    parameters: Mapping[str, object],
    partition_key: str,
    size: int,
    token: str | None = None,
) -> Page:
    """Return some of the items that a query finds in one partition, `size` at most.

    What callers send belongs into the parameters (`{"@color": "red"}`), never into the query, which
    should name the partition key too: some emulators do not find the partition without it.
    """
    from azure.cosmos.exceptions import CosmosHttpResponseError

    answers: list[Mapping[str, str]] = []
    continuation = _decode(token) if token else None
    pages = items.query_items(
        query,
        parameters=[{"name": name, "value": value} for name, value in parameters.items()],
        partition_key=partition_key,
        max_item_count=size,
        # The iterator's own token is what the client got last, and on the last page may be an ETag.
        response_hook=lambda headers, _: answers.append(headers),
    ).by_page(continuation)
    try:
        found = [item async for item in await anext(pages)]
    except StopAsyncIteration:
        found = []
    except CosmosHttpResponseError as error:
        if token and error.status_code == 400:
            raise Failure(400) from error
        raise
    following = answers[-1].get("x-ms-continuation")
    return Page(found, _encode(following) if following else None)


async def replace(items: "ContainerProxy", item: Item, etag: str) -> Item:
    """Replace an item that still has this ETag, or any if it is `*`, and return the new one."""
    from azure.core import MatchConditions

    if etag == "*":
        return await items.replace_item(item["id"], item)
    condition = MatchConditions.IfNotModified
    return await items.replace_item(item["id"], item, etag=etag, match_condition=condition)


async def close() -> None:
    """Close the client of the running event loop; the next use makes another one."""
    connection = _connections.pop(asyncio.get_running_loop(), None)
    if connection:
        await connection.close()


class Connection:
    """The client of one event loop, and what it has found or made."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._opened = contextlib.AsyncExitStack()

    async def container(self, name: str, partition_key: str) -> "ContainerProxy":
        """Return a container, which is made if it is missing and there is a key to do that with."""
        return await self._once(f"container {name}", lambda: self._find(name, partition_key))

    async def close(self) -> None:
        """Close the client and its credential, if there are any."""
        await self._opened.aclose()

    async def _once(self, what: str, make: Callable[[], Coroutine[Any, Any, Made]]) -> Made:
        """Return what was made the first time; who comes meanwhile waits for the same attempt."""
        task = self._tasks.get(what)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._tasks[what] = asyncio.create_task(make())
        made: Made = await asyncio.shield(task)
        return made

    async def _find(self, name: str, partition_key: str) -> "ContainerProxy":
        from azure.cosmos import PartitionKey
        from azure.cosmos.exceptions import CosmosResourceExistsError, CosmosResourceNotFoundError

        client = await self._once("client", self._open)
        database = client.get_database_client(os.environ["COSMOSDB_DATABASE"])
        found = database.get_container_client(name)
        if os.environ.get(CONNECTION):
            await self._once("database", lambda: self._make_database(client, database.id))
            # Another process may make it at the same time.
            with contextlib.suppress(CosmosResourceExistsError):
                await database.create_container_if_not_exists(name, PartitionKey(partition_key))
            return found
        try:
            await found.read()
        except CosmosResourceNotFoundError as error:
            missing = f"Make the container {name} in the database {database.id}: it is not there."
            raise LookupError(missing) from error
        return found

    async def _make_database(self, client: "CosmosClient", name: str) -> None:
        from azure.cosmos.exceptions import CosmosResourceExistsError

        with contextlib.suppress(CosmosResourceExistsError):
            await client.create_database_if_not_exists(name)

    async def _open(self) -> "CosmosClient":
        from azure.cosmos.aio import CosmosClient

        # Else the SDK logs the headers of every request and answer, which crowds out all else.
        logging.getLogger("azure.cosmos").setLevel(logging.WARNING)
        async with contextlib.AsyncExitStack() as opened:
            credential: str | DefaultAzureCredential
            if connection := os.environ.get(CONNECTION):
                parts = dict(part.split("=", 1) for part in connection.split(";") if part)
                endpoint, credential = parts["AccountEndpoint"], parts["AccountKey"]
            else:
                endpoint = os.environ[f"{CONNECTION}__accountEndpoint"]
                credential = await opened.enter_async_context(_identity())
            emulator = urlsplit(endpoint).hostname in EMULATOR_HOSTS
            client = CosmosClient(
                endpoint,
                credential,
                # The emulator signs its certificate itself, and may name an address of its own.
                connection_verify=not emulator,
                enable_endpoint_discovery=not emulator,
                retry_backoff_max=LONGEST_BACKOFF,
            )
            opened.push_async_callback(client.close)
            await client.__aenter__()
            logger.info("Connected to %s", endpoint)
            self._opened = opened.pop_all()
        return client


_connections: dict[asyncio.AbstractEventLoop, Connection] = {}


def _connection() -> Connection:
    """Return the connection of the running event loop; the worker has one for all functions."""
    loop = asyncio.get_running_loop()
    if loop not in _connections:
        _connections[loop] = Connection()
    return _connections[loop]


@atexit.register
def _close_at_exit() -> None:
    """Close what is open, or aiohttp complains; the event loop has stopped by then."""
    while _connections:
        loop, connection = _connections.popitem()
        with contextlib.suppress(Exception):
            if loop.is_closed():
                asyncio.run(connection.close())
            elif not loop.is_running():
                loop.run_until_complete(connection.close())


def _identity() -> "DefaultAzureCredential":
    """Return the identity of the app in Azure, and on a developer's machine that of the developer."""
    from azure.identity.aio import DefaultAzureCredential

    client_id = os.environ.get(f"{CONNECTION}__clientId")
    return DefaultAzureCredential(managed_identity_client_id=client_id)


def _failure(error: "CosmosHttpResponseError") -> Failure | None:
    """Return what a caller is told of an error, or None for one that the app's owner must mend."""
    status = error.status_code
    if status in UNAVAILABLE or (status == 404 and error.sub_status == NOT_YET):
        return Failure(503)
    if status not in ANSWERED or (status == 404 and error.sub_status == NO_CONTAINER):
        return None
    if status == 429:
        milliseconds = float(error.headers.get("x-ms-retry-after-ms", 1000))
        return Failure(429, retry_after=max(1, math.ceil(milliseconds / 1000)))
    return Failure(status)


def _encode(continuation: str) -> str:
    """Return a continuation of the service as a token that fits into a URL."""
    return base64.urlsafe_b64encode(continuation.encode()).decode().rstrip("=")


def _decode(token: str) -> str:
    """Return the continuation that a token stands for."""
    try:
        padded = token + "=" * (-len(token) % 4)
        continuation = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise Failure(400) from error
    if not continuation.isprintable():
        raise Failure(400)
    return continuation
