"""Tests for the shared Azure Cosmos DB client: the real SDK with a fake service."""

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ServiceRequestError
from azure.core.pipeline.transport import AsyncHttpResponse, AsyncHttpTransport
from azure.cosmos.aio import ContainerProxy, CosmosClient
from azure.cosmos.exceptions import CosmosHttpResponseError

from shared import cosmos, event_loops

ACCOUNT = "https://fake.documents.azure.com:443/"
TEA = {"id": "1", "kind": "tea", "name": "Assam"}
QUERY = "SELECT * FROM c WHERE c.kind = @kind"


class Answer(AsyncHttpResponse):
    """A response that the transport passes to the SDK."""

    def __init__(self, request: Any, status: int, content: Any, headers: dict[str, str]) -> None:
        super().__init__(request, None)
        self.status_code = status
        self.headers = headers
        self.reason = ""
        self.content = json.dumps(content).encode()

    async def load_body(self) -> None:
        pass

    def body(self) -> bytes:
        return self.content


class Account(AsyncHttpTransport[Any, Any]):
    """A fake account with one database that handles the HTTP requests of the SDK."""

    def __init__(self) -> None:
        self.clients = 0
        self.closed = 0
        self.options: dict[str, Any] = {}
        self.requests: list[tuple[str, str]] = []
        self.sent: list[SimpleNamespace] = []
        self.databases: set[str] = set()
        self.containers: dict[str, Any] = {}
        self.items: dict[str, Any] = {}
        self.version = 0
        self.empty_pages = 0
        self.down = False
        self.refusals: list[tuple[int, dict[str, str]]] = []

    def client(self, *arguments: Any, **options: Any) -> CosmosClient:
        self.clients += 1
        self.options = options
        return CosmosClient(*arguments, transport=self, **options)

    async def __aenter__(self) -> AsyncHttpTransport[Any, Any]:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        self.closed += 1

    async def send(self, request: Any, **options: Any) -> Answer:
        await asyncio.sleep(0.001)
        path = unquote(urlsplit(request.url).path).strip("/")
        self.requests.append((request.method, path))
        self.sent.append(SimpleNamespace(headers=request.headers, options=options))
        if self.down:
            raise ServiceRequestError("no connection")
        if "/docs" in path and self.refusals:
            status, headers = self.refusals.pop(0)
            return Answer(request, status, {"message": "refused"}, headers)
        content = json.loads(request.data) if request.data else {}
        status, answer, headers = self.answer(request, path.split("/"), content)
        return Answer(request, status, answer, {"content-type": "application/json", **headers})

    def answer(
        self, request: Any, path: list[str], content: Any
    ) -> tuple[int, Any, dict[str, str]]:
        missing: tuple[int, Any, dict[str, str]] = 404, {"message": "not found"}, {}
        match request.method, *path:
            case "GET", "":
                here = [{"name": "here", "databaseAccountEndpoint": ACCOUNT}]
                consistency = {"defaultConsistencyLevel": "Session"}
                locations = {"writableLocations": here, "readableLocations": here}
                return 200, {"userConsistencyPolicy": consistency, **locations}, {}
            case "GET", "dbs", name:
                return (200, {"id": name}, {}) if name in self.databases else missing
            case "POST", "dbs":
                self.databases.add(content["id"])
                return 201, content, {}
            case "GET", "dbs", _, "colls", name:
                known = self.containers.get(name)
                return (200, known, {}) if known else missing
            case "POST", "dbs", _, "colls":
                self.containers[content["id"]] = {"_rid": "AAAA", "_self": "self", **content}
                return 201, self.containers[content["id"]], {}
            case "GET", *_, "pkranges":
                ranges = [{"id": "0", "minInclusive": "", "maxExclusive": "FF"}]
                return 200, {"PartitionKeyRanges": ranges}, {}
            case _, "dbs", _, "colls", name, *_ if name not in self.containers:
                return 404, {"message": "no container"}, {"x-ms-substatus": "1003"}
            case "POST", *_, "docs" if "query" in content:
                return self.find(request, content)
            case "POST", *_, "docs":
                return (409, {}, {}) if content["id"] in self.items else self.keep(201, content)
            case "GET", *_, "docs", id if id in self.items:
                return 200, self.items[id], {}
            case "PUT", *_, "docs", id if id in self.items:
                wanted = request.headers.get("If-Match", self.items[id]["_etag"])
                if wanted != self.items[id]["_etag"]:
                    return 412, {}, {}
                return self.keep(200, content)
            case "DELETE", *_, "docs", id if id in self.items:
                del self.items[id]
                return 204, {}, {}
        return missing

    def keep(self, status: int, item: Any) -> tuple[int, Any, dict[str, str]]:
        self.version += 1
        self.items[item["id"]] = {**item, "_etag": f'"{self.version}"'}
        return status, self.items[item["id"]], {}

    def find(self, request: Any, query: Any) -> tuple[int, Any, dict[str, str]]:
        """Return a page; the continuation has the position where the next one starts."""
        [kind] = [p["value"] for p in query["parameters"] if p["name"] == "@kind"]
        found = [item for item in self.items.values() if item["kind"] == kind]
        continuation = request.headers.get("x-ms-continuation") or "?>~0"
        assert continuation.isprintable()
        if not re.fullmatch(r"\?>~\d+", continuation):
            return 400, {"message": "invalid continuation"}, {}
        if self.empty_pages:
            self.empty_pages -= 1
            return 200, {"Documents": []}, {"x-ms-continuation": continuation}
        start = int(continuation.removeprefix("?>~"))
        end = start + int(request.headers["x-ms-max-item-count"])
        headers = {"x-ms-continuation": f"?>~{end}"} if end < len(found) else {"etag": '"9"'}
        return 200, {"Documents": found[start:end]}, headers


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    """An empty account that the app connects to with a key."""
    account = Account()
    monkeypatch.setattr("azure.cosmos.aio.CosmosClient", account.client)
    monkeypatch.setenv("COSMOSDB_DATABASE", "app")
    monkeypatch.setenv("CosmosDBConnection", f"AccountEndpoint={ACCOUNT};AccountKey=a2V5PT0=;")
    return account


def run(*uses: Callable[[ContainerProxy], Awaitable[Any]]) -> list[Any]:
    """Run several uses of the container at once; return their results, and close the client."""

    async def use(action: Callable[[ContainerProxy], Awaitable[Any]]) -> Any:
        async with cosmos.container("drinks", "/kind") as drinks:
            return await action(drinks)

    async def run_all() -> list[Any]:
        try:
            return await asyncio.gather(*map(use, uses), return_exceptions=True)
        finally:
            await cosmos.close()

    return asyncio.run(run_all())


def create(drinks: ContainerProxy) -> Awaitable[Any]:
    return drinks.create_item(TEA)


def read(drinks: ContainerProxy) -> Awaitable[Any]:
    return drinks.read_item("1", "tea")


def list_drinks(
    size: int, token: str | None = None, kind: str = "tea"
) -> Callable[[ContainerProxy], Awaitable[cosmos.Page]]:
    parameters = {"@kind": kind}
    return lambda drinks: cosmos.read_page(drinks, QUERY, parameters, kind, size, token)


def statuses(results: list[Any]) -> list[int]:
    assert all(isinstance(result, cosmos.Failure) for result in results), results
    return [result.status for result in results]


def test_a_hundred_first_calls_make_one_client_one_database_and_one_container(
    account: Account,
) -> None:
    account.keep(201, TEA)
    results = run(*[read] * 100)
    assert [result["name"] for result in results] == ["Assam"] * 100
    assert account.clients == 1
    made = [path for method, path in account.requests if method == "POST"]
    assert made == ["dbs", "dbs/app/colls"]
    assert account.containers["drinks"]["partitionKey"]["paths"] == ["/kind"]
    assert account.closed == 1


def test_what_is_there_is_not_made(account: Account) -> None:
    run(create)
    account.requests.clear()
    run(read)
    assert [path for method, path in account.requests if method == "POST"] == []


def test_makes_several_containers_with_one_client(account: Account) -> None:
    async def use(name: str) -> None:
        async with cosmos.container(name, "/id"):
            pass

    async def use_all() -> None:
        await asyncio.gather(*map(use, ["cups", "pots", "cups"]))
        await cosmos.close()

    asyncio.run(use_all())
    assert account.clients == 1
    assert set(account.containers) == {"cups", "pots"}
    assert account.requests.count(("POST", "dbs")) == 1


def test_creates_reads_and_deletes_an_item(account: Account) -> None:
    [created] = run(create)
    assert created["name"] == "Assam"
    assert run(read) == [created]
    assert run(lambda drinks: drinks.delete_item("1", "tea")) == [None]
    assert account.items == {}


def test_refuses_a_second_item_of_an_id(account: Account) -> None:
    account.keep(201, TEA)
    assert statuses(run(create)) == [409]


def test_tells_that_there_is_no_such_item(account: Account) -> None:
    assert statuses(run(read, lambda drinks: drinks.delete_item("1", "tea"))) == [404, 404]


@pytest.mark.parametrize("etag", ['"1"', "*"])
def test_replaces_the_version_that_is_named(account: Account, etag: str) -> None:
    account.keep(201, TEA)
    [replaced] = run(lambda drinks: cosmos.replace(drinks, {**TEA, "name": "Ceylon"}, etag))
    assert (replaced["name"], replaced["_etag"]) == ("Ceylon", '"2"')


def test_does_not_replace_another_version(account: Account) -> None:
    account.keep(201, TEA)
    account.keep(200, {**TEA, "name": "Ceylon"})
    assert statuses(run(lambda drinks: cosmos.replace(drinks, TEA, '"1"'))) == [412]
    assert account.items["1"]["name"] == "Ceylon"


def test_does_not_replace_what_is_not_there(account: Account) -> None:
    assert statuses(run(lambda drinks: cosmos.replace(drinks, TEA, "*"))) == [404]


def test_reads_page_after_page(account: Account) -> None:
    for number in range(5):
        account.keep(201, {"id": str(number), "kind": "tea"})
    account.keep(201, {"id": "5", "kind": "coffee"})
    [page] = run(list_drinks(2))
    pages = [page]
    while page.token:
        [page] = run(list_drinks(2, page.token))
        pages.append(page)
    found = [[item["id"] for item in page.items] for page in pages]
    assert found == [["0", "1"], ["2", "3"], ["4"]]


def test_pages_that_are_read_at_once_have_their_own_tokens(account: Account) -> None:
    for number in range(4):
        account.keep(201, {"id": str(number), "kind": "tea"})
    pages = run(*[list_drinks(2), list_drinks(9)] * 20)
    assert [bool(page.token) for page in pages] == [True, False] * 20


def test_goes_on_when_the_service_has_found_nothing_yet(account: Account) -> None:
    account.keep(201, TEA)
    account.empty_pages = 2
    [page] = run(list_drinks(2))
    assert ([item["name"] for item in page.items], page.token) == (["Assam"], None)


def test_an_empty_list_is_a_page(account: Account) -> None:
    assert run(list_drinks(2, kind="water")) == [cosmos.Page([], None)]


@pytest.mark.parametrize("token", ["!", "a", "_w", "Cg", "Zm9v"])
def test_refuses_a_token_that_comes_from_no_page(account: Account, token: str) -> None:
    assert statuses(run(list_drinks(2, token))) == [400]


@pytest.mark.parametrize(("milliseconds", "seconds"), [("1", 1), ("1001", 2)])
def test_tells_how_long_to_wait_when_there_are_too_many_requests(
    account: Account, monkeypatch: pytest.MonkeyPatch, milliseconds: str, seconds: int
) -> None:
    monkeypatch.setattr(cosmos, "MAX_BACKOFF", 1)
    account.refusals = [(429, {"x-ms-retry-after-ms": milliseconds})] * 99
    [failure] = run(read)
    assert (failure.status, failure.retry_after) == (429, seconds)


def test_waits_itself_when_it_is_not_for_long(account: Account) -> None:
    account.keep(201, TEA)
    account.refusals = [(429, {"x-ms-retry-after-ms": "1"})] * 3
    assert run(read)[0]["name"] == "Assam"


@pytest.mark.parametrize(
    ("status", "headers"),
    [(408, {}), (410, {}), (449, {}), (503, {}), (404, {"x-ms-substatus": "1002"})],
)
def test_tells_that_the_service_cannot_answer_now(
    account: Account, status: int, headers: dict[str, str]
) -> None:
    account.refusals = [(status, headers)] * 99
    assert statuses(run(create)) == [503]


def test_a_service_that_is_away_is_tried_again_by_the_next_call(account: Account) -> None:
    account.down = True
    assert set(statuses(run(*[create] * 10))) == {503}
    assert account.clients == account.closed == 1

    async def recover() -> None:
        for account.down in (True, False):
            with contextlib.suppress(cosmos.Failure):
                async with cosmos.container("drinks", "/kind") as drinks:
                    await drinks.create_item(TEA)
        await cosmos.close()

    asyncio.run(recover())
    assert account.items["1"]["name"] == "Assam"
    assert account.clients == account.closed == 3


def test_what_the_owner_must_mend_stays_an_error_of_the_sdk(account: Account) -> None:
    account.refusals = [(403, {})]
    [error] = run(create)
    assert isinstance(error, CosmosHttpResponseError)
    assert error.status_code == 403


@pytest.mark.parametrize(("token", "status"), [(None, 400), (None, 403), ("MQ", 403)])
def test_a_query_that_the_owner_must_mend_stays_an_error_of_the_sdk(
    account: Account, token: str | None, status: int
) -> None:
    account.refusals = [(status, {})]
    [error] = run(list_drinks(2, token))
    assert isinstance(error, CosmosHttpResponseError)
    assert error.status_code == status


def test_a_container_that_is_gone_is_no_missing_item(account: Account) -> None:
    async def lose(drinks: ContainerProxy) -> Any:
        account.containers.clear()
        return await read(drinks)

    [error] = run(lose)
    assert isinstance(error, CosmosHttpResponseError)
    assert error.status_code == 404


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


@pytest.fixture
def identities(account: Account, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The options of the identities created in an app without a key."""
    made: list[dict[str, Any]] = []
    monkeypatch.setattr(Identity, "made", made, raising=False)
    monkeypatch.setattr("azure.identity.aio.DefaultAzureCredential", Identity)
    monkeypatch.delenv("CosmosDBConnection")
    monkeypatch.setenv("CosmosDBConnection__accountEndpoint", ACCOUNT)
    return made


def test_an_identity_connects_where_there_is_no_key(
    account: Account, identities: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    account.containers["drinks"] = {"partitionKey": {"paths": ["/kind"], "kind": "Hash"}}
    monkeypatch.setenv("CosmosDBConnection__clientId", "an-id")
    assert run(create)[0]["name"] == "Assam"
    assert identities == [{"managed_identity_client_id": "an-id"}, {"closed": True}]
    assert "type=aad" in unquote(account.sent[-1].headers["authorization"])


def test_an_identity_without_an_id_is_the_one_in_azure_client_id(
    identities: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CosmosDBConnection__clientId", raising=False)
    run(read)
    assert identities == [{}, {"closed": True}]


def test_an_identity_makes_no_container(account: Account, identities: list[dict[str, Any]]) -> None:
    [error] = run(read)
    assert isinstance(error, LookupError)
    assert "the container drinks in the database app" in str(error)
    assert account.containers == {}
    assert len(identities) == 2


@pytest.mark.parametrize(
    ("endpoint", "verified"),
    [
        ("https://localhost:8081/", False),
        ("https://127.0.0.1:8081/", False),
        ("https://localhost.example.com/", True),
        (ACCOUNT, True),
    ],
)
def test_only_an_emulator_may_have_a_certificate_of_its_own_and_report_another_address(
    account: Account, monkeypatch: pytest.MonkeyPatch, endpoint: str, verified: bool
) -> None:
    monkeypatch.setenv("CosmosDBConnection", f"AccountEndpoint={endpoint};AccountKey=a2V5PT0=;")
    run(create)
    assert {sent.options["connection_verify"] for sent in account.sent} == {verified}
    assert account.options["enable_endpoint_discovery"] is verified


def test_no_request_waits_for_minutes(account: Account) -> None:
    run(create)
    waits = account.sent[-1].options
    assert waits["connection_timeout"] + waits["read_timeout"] <= 15


def test_closes_the_client_when_the_process_ends(account: Account) -> None:
    async def use() -> None:
        async with cosmos.container("drinks", "/kind"):
            assert account.closed == 0

    asyncio.run(use())
    event_loops.close_all()
    assert account.closed == 1
