"""Tests for the shared client of Azure Table Storage: the real SDK with a fake service."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError
from azure.core.pipeline.transport import AsyncHttpResponse, AsyncHttpTransport
from azure.data.tables.aio import TableServiceClient

from shared import event_loops, tables

ENDPOINT = "https://fake.table.core.windows.net"
KEYED = f"AccountName=fake;AccountKey=a2V5PT0=;TableEndpoint={ENDPOINT}"
PAGE_OF_SERVICE = 2


class Answer(AsyncHttpResponse):
    """A response that the transport passes to the SDK."""

    def __init__(self, request: Any, status: int, content: Any, headers: dict[str, str]) -> None:
        super().__init__(request, None)
        self.status_code = status
        self.headers = {"content-type": "application/json", **headers}
        self.reason = ""
        self.content_type = "application/json"
        self.data = json.dumps(content).encode() if content is not None else b""

    async def load_body(self) -> None:
        pass

    async def read(self) -> bytes:
        return self.data

    def body(self) -> bytes:
        return self.data

    def json(self) -> Any:
        return json.loads(self.data)


class Account(AsyncHttpTransport[Any, Any]):
    """A fake account that handles the HTTP requests of the SDK."""

    def __init__(self) -> None:
        self.clients = 0
        self.closed = 0
        self.requests: list[Any] = []
        self.tables: dict[str, dict[tuple[str, str], Any]] = {}
        self.version = 0
        self.down: type[Exception] | None = None
        self.refusals: list[int] = []
        self.options: dict[str, Any] = {}

    def client(self, *arguments: Any, **options: Any) -> TableServiceClient:
        self.clients += 1
        self.options = options
        return TableServiceClient(*arguments, transport=self, **options)

    def keyed_client(self, connection: str, **options: Any) -> TableServiceClient:
        self.clients += 1
        self.options = options
        return CONNECT(connection, transport=self, **options)

    async def __aenter__(self) -> AsyncHttpTransport[Any, Any]:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        self.closed += 1

    async def sleep(self, duration: float) -> None:
        pass

    async def send(self, request: Any, **options: Any) -> Answer:
        await asyncio.sleep(0.001)
        self.requests.append(request)
        if self.down:
            raise self.down("no connection")
        if self.refusals:
            return Answer(request, self.refusals.pop(0), None, {})
        return Answer(request, *self.answer(request))

    def answer(self, request: Any) -> tuple[int, Any, dict[str, str]]:
        url = urlsplit(request.url)
        content = json.loads(request.content) if request.content else {}
        path = unquote(url.path).strip("/")
        if path == "Tables" and request.method == "GET":
            return 200, {"value": [{"TableName": name} for name in self.tables]}, {}
        if path == "Tables":
            if content["TableName"] in self.tables:
                return error(409, "TableAlreadyExists")
            self.tables[content["TableName"]] = {}
            return 201, content, {}
        [(name, partition, key)] = re.findall(
            r"(\w+)(?:\(PartitionKey='(.*)',RowKey='(.*)'\)|\(\))?$", path
        )
        if name not in self.tables:
            return error(404, "TableNotFound")
        rows = self.tables[name]
        if request.method == "POST":
            place = (content["PartitionKey"], content["RowKey"])
            return error(409, "EntityAlreadyExists") if place in rows else self.put(rows, content)
        if not key:
            return self.query(rows, {k: v[0] for k, v in parse_qs(url.query).items()})
        if (partition, key) not in rows:
            return error(404, "ResourceNotFound")
        stored = rows[partition, key]
        if request.headers.get("If-Match", stored["odata.etag"]) not in {"*", stored["odata.etag"]}:
            return error(412, "UpdateConditionNotSatisfied")
        if request.method == "GET":
            return 200, stored, {"etag": stored["odata.etag"]}
        if request.method == "DELETE":
            del rows[partition, key]
            return 204, None, {}
        return self.put(rows, content, 204)

    def put(self, rows: Any, entity: Any, status: int = 201) -> tuple[int, Any, dict[str, str]]:
        self.version += 1
        etag = f"W/\"datetime'{self.version}'\""
        content = {**entity, "odata.etag": etag}
        rows[entity["PartitionKey"], entity["RowKey"]] = content
        return status, content if status == 201 else None, {"etag": etag}

    def query(self, rows: Any, query: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        """Return a page, which the service may end wherever it likes."""
        text = "'((?:[^']|'')*)'"
        filter = re.fullmatch(f"PartitionKey eq {text} and RowKey gt {text}", query["$filter"])
        assert filter, "the filter is not the one that was written"
        partition, after = filter.groups()
        after = max(after, query.get("NextRowKey", ""))
        found = [rows[place] for place in sorted(rows) if place[0] == partition]
        found = [row for row in found if row["RowKey"] > after]
        page = found[: min(int(query["$top"]), PAGE_OF_SERVICE)]
        if len(found) == len(page):
            return 200, {"value": page}, {}
        headers = {
            "x-ms-continuation-NextPartitionKey": partition,
            "x-ms-continuation-NextRowKey": page[-1]["RowKey"],
        }
        return 200, {"value": page}, headers


CONNECT = TableServiceClient.from_connection_string


def error(status: int, code: str) -> tuple[int, Any, dict[str, str]]:
    message = {"lang": "en-us", "value": code}
    return status, {"odata.error": {"code": code, "message": message}}, {}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    """An empty account that the app connects to with a key."""
    account = Account()
    monkeypatch.setattr(TableServiceClient, "from_connection_string", account.keyed_client)
    monkeypatch.setenv("StorageConnection", KEYED)
    return account


Use = Callable[[tables.Table], Awaitable[Any]]


def run(*uses: Use, partition: str = "rows") -> list[Any]:
    """Run several uses of the table at once; return their results, and close the client."""

    async def use(action: Use) -> Any:
        return await action(await tables.table("Drinks", partition))

    async def run_all() -> list[Any]:
        try:
            return await asyncio.gather(*map(use, uses), return_exceptions=True)
        finally:
            await tables.close()

    return asyncio.run(run_all())


def insert(drinks: tables.Table) -> Awaitable[None]:
    return drinks.insert("1", {"name": "Assam"})


def statuses(results: list[Any]) -> list[int]:
    assert all(isinstance(result, tables.Failure) for result in results), results
    return [result.status for result in results]


def test_writes_and_reads_a_row(account: Account) -> None:
    run(insert)
    [row] = run(lambda drinks: drinks.read("1"))
    assert (row.key, row.content) == ("1", {"name": "Assam"})
    run(lambda drinks: drinks.replace(row, {"name": "Ceylon"}))
    [changed] = run(lambda drinks: drinks.read("1"))
    assert changed.content == {"name": "Ceylon"}
    assert changed.version != row.version
    assert run(lambda drinks: drinks.delete(changed)) == [None]
    assert account.tables == {"Drinks": {}}


def test_of_many_writers_of_a_key_one_succeeds(account: Account) -> None:
    results = run(*[insert] * 20)
    assert results.count(None) == 1
    assert statuses([result for result in results if result]) == [409] * 19


def test_does_not_replace_or_delete_another_version(account: Account) -> None:
    run(insert)
    [row] = run(lambda drinks: drinks.read("1"))
    results = run(*[lambda drinks: drinks.replace(row, {"name": "Ceylon"})] * 5)
    assert results.count(None) == 1
    assert statuses([result for result in results if result]) == [412] * 4
    assert statuses(run(lambda drinks: drinks.delete(row))) == [412]
    assert len(account.tables["Drinks"]) == 1


def test_tells_that_there_is_no_such_row(account: Account) -> None:
    row = tables.Row("1", {}, '"1"')
    results = run(lambda drinks: drinks.read("1"), lambda drinks: drinks.replace(row, {}))
    assert statuses(results) == [404, 404]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 9])
def test_reads_pages_of_any_size(account: Account, size: int) -> None:
    keys = [f"{number}" for number in range(5)]
    run(*[lambda drinks, key=key: drinks.insert(key, {}) for key in keys])
    run(insert, partition="others")
    found: list[str] = []
    while True:
        after = found[-1] if found else ""
        [page] = run(lambda drinks, after=after: drinks.page(size, after))  # type: ignore[misc]
        found += [row.key for row in page]
        assert len(page) <= size
        if len(page) < size:
            break
    assert found == keys


def test_a_quote_does_not_end_the_filter(account: Account) -> None:
    run(insert)
    [page] = run(lambda drinks: drinks.page(5, "x' or RowKey gt '"))
    assert page == []


def test_a_hundred_first_calls_make_one_client_and_one_table(account: Account) -> None:
    run(*[lambda drinks: drinks.page(1)] * 100)
    assert (account.clients, account.closed) == (1, 1)
    made = [request for request in account.requests if request.method == "POST"]
    assert len(made) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_tells_that_the_service_cannot_answer_now(account: Account, status: int) -> None:
    run(insert)
    before = len(account.requests)
    account.refusals = [status] * 99
    assert statuses(run(lambda drinks: drinks.read("1"))) == [503]
    assert len(account.requests) - before <= tables.TRIES


@pytest.mark.parametrize("error", [ServiceRequestError, ServiceResponseError])
def test_a_service_that_is_away_is_tried_again_by_the_next_call(
    account: Account, error: type[Exception]
) -> None:
    account.down = error
    assert statuses(run(insert)) == [503]
    account.down = None
    assert run(insert) == [None]


@pytest.mark.parametrize("status", [400, 401, 403])
def test_what_the_owner_must_fix_stays_an_error_of_the_sdk(account: Account, status: int) -> None:
    run(insert)
    account.refusals = [status] * 9
    [failed] = run(lambda drinks: drinks.read("1"))
    assert isinstance(failed, HttpResponseError)
    assert failed.status_code == status


def test_no_request_waits_for_minutes(account: Account) -> None:
    run(insert)
    waits = account.options["connection_timeout"] + account.options["read_timeout"]
    assert waits * tables.TRIES < 60


def test_checks_the_connection(account: Account) -> None:
    async def check() -> None:
        try:
            await tables.check()
        finally:
            await tables.close()

    asyncio.run(check())
    account.down = ServiceRequestError
    with pytest.raises(ServiceRequestError):
        asyncio.run(check())


class Identity:
    """A fake of the app's managed identity."""

    made: list[dict[str, Any]]

    def __init__(self, **options: Any) -> None:
        self.made.append(options)

    async def __aenter__(self) -> object:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.made.append({"closed": True})

    async def get_token(self, *_: str, **__: Any) -> AccessToken:
        return AccessToken("a.token", 4102444800)


@pytest.mark.parametrize("id", ["", "an-id"])
def test_an_identity_connects_where_there_is_no_key(
    account: Account, monkeypatch: pytest.MonkeyPatch, id: str
) -> None:
    made: list[dict[str, Any]] = []
    monkeypatch.setattr(Identity, "made", made, raising=False)
    monkeypatch.setattr("azure.identity.aio.DefaultAzureCredential", Identity)
    monkeypatch.setattr("azure.data.tables.aio.TableServiceClient", account.client)
    monkeypatch.delenv("StorageConnection")
    monkeypatch.setenv("StorageConnection__tableServiceUri", ENDPOINT)
    monkeypatch.setenv("StorageConnection__clientId", id)
    account.tables["Drinks"] = {}
    assert run(insert) == [None]
    assert made == [{"managed_identity_client_id": id} if id else {}, {"closed": True}]
    assert account.requests[-1].headers["Authorization"] == "Bearer a.token"
    assert account.options["read_timeout"] == tables.SECONDS_TO_ANSWER
    # It cannot create tables, so a missing one is for the owner to fix.
    account.tables.clear()
    [failed] = run(lambda drinks: drinks.read("1"))
    assert isinstance(failed, HttpResponseError)
    assert account.tables == {}


def test_an_app_without_an_endpoint_opens_no_identity(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[dict[str, Any]] = []
    monkeypatch.setattr(Identity, "made", made, raising=False)
    monkeypatch.setattr("azure.identity.aio.DefaultAzureCredential", Identity)
    monkeypatch.delenv("StorageConnection")
    monkeypatch.delenv("StorageConnection__tableServiceUri", raising=False)
    [failed] = run(insert)
    assert isinstance(failed, KeyError)
    assert {"closed": True} not in made


def test_closes_the_client_when_the_process_ends(account: Account) -> None:
    async def use() -> None:
        await tables.table("Drinks")
        assert account.closed == 0

    asyncio.run(use())
    event_loops.close_all()
    assert account.closed == 1
