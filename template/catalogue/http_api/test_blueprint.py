"""Tests for the HTTP functions of http_api_example; the modules in shared/ have their own tests."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import azure.functions as func
import pytest

from blueprints import http_api_example as blueprint
from shared import tables

NOBODY = "0" * 32
ROUTE = "http-api-example"
FUNCTIONS = {
    ("GET", False): blueprint.http_api_example,
    ("POST", False): blueprint.http_api_example_create,
    ("GET", True): blueprint.http_api_example_get,
    ("PATCH", True): blueprint.http_api_example_change,
    ("DELETE", True): blueprint.http_api_example_delete,
}


class Store:
    """A table in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, tables.Row] = {}
        self.version = 0
        self.failure: tables.Failure | None = None
        # What another caller does after this one has read a row.
        self.meanwhile: Callable[[], object] = lambda: None

    async def insert(self, key: str, content: tables.Content) -> None:
        assert key not in self.rows
        self.put(key, content)

    async def read(self, key: str) -> tables.Row:
        assert blueprint.ID.fullmatch(key), "The service could refuse this key."
        if key not in self.rows:
            raise tables.Failure(404)
        row = self.rows[key]
        self.meanwhile()
        return row

    async def page(self, size: int, after: str) -> list[tables.Row]:
        return [self.rows[key] for key in sorted(self.rows) if key > after][:size]

    async def replace(self, row: tables.Row, content: tables.Content) -> None:
        self.require(row)
        self.put(row.key, content)

    async def delete(self, row: tables.Row) -> None:
        self.require(row)
        del self.rows[row.key]

    def require(self, row: tables.Row) -> None:
        if self.rows.get(row.key) != row:
            raise tables.Failure(412)

    def put(self, key: str, content: tables.Content) -> None:
        self.version += 1
        self.rows[key] = tables.Row(key, content, str(self.version))


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    """The table of the tasks, which is empty."""
    store = Store()

    async def table(name: str) -> Store:
        assert name == blueprint.TABLE
        if store.failure:
            raise store.failure
        return store

    monkeypatch.setattr(tables, "table", table)
    return store


def send(
    method: str,
    id: str = "",
    content: object = None,
    headers: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
    url: str = f"/api/{ROUTE}",
    function: Any = None,
) -> func.HttpResponse:
    types = {"content-type": "application/json"} if content is not None else {}
    req = func.HttpRequest(
        method=method,
        url=url,
        route_params={"id": id} if id else {},
        headers={**types, **(headers or {})},
        params=params or {},
        body=content if isinstance(content, bytes) else json.dumps(content).encode(),
    )
    response: func.HttpResponse = asyncio.run((function or FUNCTIONS[method, bool(id)])(req))
    if not function:
        path = "/{id}" if id else ""
        documented = blueprint.PATHS[f"/{ROUTE}{path}"][method.lower()]["responses"]
        assert str(response.status_code) in {*documented, "304"}
        if response.status_code < 300:
            described = documented[str(response.status_code)].get("headers", {})
            sent = [name for name in ("ETag", "Location") if name in response.headers]
            assert [*described] == sent
    return response


def body(response: func.HttpResponse) -> Any:
    return json.loads(response.get_body())


def problem(response: func.HttpResponse) -> Any:
    """Return the problem details of a response."""
    assert response.mimetype == "application/problem+json"
    content = body(response)
    assert content["status"] == response.status_code
    assert content["type"] == "about:blank"
    assert content["title"]
    return content


def add(title: str = "Order tea", **members: object) -> tuple[str, str]:
    """Add a task and return its id and its ETag."""
    response = send("POST", content={"title": title, **members})
    assert response.status_code == 201
    return body(response)["id"], response.headers["ETag"]


def test_adds_a_task(store: Store) -> None:
    content = {"title": " Order tea ", "due": "2030-01-31"}
    path = f"/api/{ROUTE}/?code=1"
    response = send("POST", content=content, url=f"https://example.com{path}")
    task = body(response)
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/{ROUTE}/{task['id']}"
    expected = {"title": "Order tea", "done": False, "due": "2030-01-31"}
    assert task == {**expected, "id": task["id"]}
    assert store.rows[task["id"]].content == expected
    assert body(send("GET", task["id"])) == task


@pytest.mark.parametrize("pages", [[3, 3, 1], [3, 3]])
def test_lists_the_tasks_page_by_page(store: Store, pages: list[int]) -> None:
    ids = sorted(add(f"Task {number}")[0] for number in range(sum(pages)))
    found, after, sizes = [], "", []
    while True:
        page = body(send("GET", params={"limit": "3", "after": after}))
        found += [task["id"] for task in page["tasks"]]
        sizes.append(len(page["tasks"]))
        if page["next"] is None:
            break
        after = page["next"]
    assert (found, sizes) == (ids, pages)


def test_an_empty_list_is_a_page(store: Store) -> None:
    assert body(send("GET")) == {"tasks": [], "next": None}


@pytest.mark.parametrize(
    "params", [{"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"limit": "²"}, {"after": "x/'"}]
)
def test_refuses_a_page_that_cannot_be(store: Store, params: dict[str, str]) -> None:
    assert problem(send("GET", params=params))["status"] == 400


def test_a_caller_does_not_get_again_what_they_know(store: Store) -> None:
    id, etag = add()
    response = send("GET", id, headers={"If-None-Match": f'"other", W/{etag}'})
    assert (response.status_code, response.get_body(), response.headers["ETag"]) == (304, b"", etag)
    response = send("GET", id, headers={"If-None-Match": '"other"'})
    assert (response.status_code, response.headers["ETag"]) == (200, etag)


def test_changes_what_the_body_names(store: Store) -> None:
    id, etag = add(due="2030-01-31")
    response = send("PATCH", id, {"done": True, "due": None}, {"If-Match": etag})
    changed = {"id": id, "title": "Order tea", "done": True, "due": None}
    assert (response.status_code, body(response)) == (200, changed)
    assert response.headers["ETag"] not in ("", etag)
    assert body(send("GET", id)) == changed


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_does_not_overwrite_the_change_of_another(store: Store, method: str) -> None:
    id, etag = add()
    assert problem(send(method, id, {"done": True}))["status"] == 428
    first = send("PATCH", id, {"done": True}, {"If-Match": etag})
    assert first.status_code == 200
    response = send(method, id, {"title": "Order milk"}, {"If-Match": etag})
    assert problem(response)["status"] == 412
    assert response.headers["ETag"] == first.headers["ETag"]
    assert body(send("GET", id))["title"] == "Order tea"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_of_two_callers_at_the_same_moment_one_succeeds(store: Store, method: str) -> None:
    id, etag = add()
    store.meanwhile = lambda: store.put(id, {"title": "Order milk"})
    response = send(method, id, {"title": "Order coffee"}, {"If-Match": etag})
    assert problem(response)["status"] == 412
    assert store.rows[id].content == {"title": "Order milk"}


def test_a_weak_etag_is_not_enough_for_a_change(store: Store) -> None:
    id, etag = add()
    assert send("PATCH", id, {"done": True}, {"If-Match": f"W/{etag}"}).status_code == 412
    assert send("PATCH", id, {"done": True}, {"If-Match": "*"}).status_code == 200


def test_deletes_a_task(store: Store) -> None:
    id, etag = add()
    response = send("DELETE", id, headers={"If-Match": f'"other", {etag}'})
    assert (response.status_code, response.get_body()) == (204, b"")
    assert store.rows == {}


@pytest.mark.parametrize("id", [NOBODY, "x", "a/b", "a' or RowKey gt '"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_tells_that_there_is_no_such_task(store: Store, method: str, id: str) -> None:
    response = send(method, id, {}, {"If-Match": "*"})
    assert problem(response)["detail"] == "There is no such task."
    assert response.status_code == 404
    assert "Retry-After" not in response.headers


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        ({}, {"#/title"}),
        ({"title": " "}, {"#/title"}),
        ({"title": "a" * 101, "done": "yes", "due": "soon"}, {"#/title", "#/done", "#/due"}),
        ({"title": "a", "due": 7}, {"#/due"}),
        ({"title": 7}, {"#/title"}),
        ({"title": "a", "id": NOBODY}, {"#/id"}),
        ({"title": "a", "a/b": 1}, {"#/a~1b"}),
        ([], {"#"}),
    ],
)
def test_tells_everything_that_is_wrong_with_a_task(
    store: Store, content: object, pointers: set[str]
) -> None:
    refused = problem(send("POST", content=content))
    assert refused["status"] == 422
    assert {error["pointer"] for error in refused["errors"]} == pointers
    assert store.rows == {}


def test_a_change_must_leave_a_task(store: Store) -> None:
    id, etag = add()
    refused = problem(send("PATCH", id, {"title": None}, {"If-Match": etag}))
    assert (refused["status"], refused["errors"][0]["pointer"]) == (422, "#/title")


@pytest.mark.parametrize(("method", "id"), [("POST", ""), ("PATCH", NOBODY)])
def test_refuses_a_body_that_is_not_json(store: Store, method: str, id: str) -> None:
    assert problem(send(method, id, b"tea"))["status"] == 400
    assert problem(send(method, id, {}, {"content-type": "text/plain"}))["status"] == 415


@pytest.mark.parametrize(("method", "one"), FUNCTIONS)
def test_tells_that_the_table_does_not_answer(store: Store, method: str, one: bool) -> None:
    store.failure = tables.Failure(503)
    response = send(method, NOBODY if one else "", {"title": "Order tea"}, {"If-Match": "*"})
    assert problem(response)["status"] == 503
    assert response.headers["Retry-After"] == "5"


def test_a_refused_method_gets_the_ones_that_are_allowed() -> None:
    other = blueprint.http_api_example_other
    on_all = send("PUT", function=other)
    on_one = send("PUT", NOBODY, function=other)
    assert problem(on_all)["status"] == problem(on_one)["status"] == 405
    assert on_all.headers["Allow"] == "GET, POST"
    assert on_one.headers["Allow"] == "GET, PATCH, DELETE"
    for page in ("docs", "openapi.json"):
        assert send("PUT", page, function=other).headers["Allow"] == "GET"


def routes() -> set[tuple[str, str]]:
    """Return the methods and routes of the functions, but not of the one that takes all methods."""
    app = func.FunctionApp()
    app.register_functions(blueprint.bp)
    triggers: list[Any] = [function.get_trigger() for function in app.get_functions()]
    return {
        (method.value, trigger.route) for trigger in triggers for method in trigger.methods or []
    }


@pytest.mark.parametrize("prefix", ["/api", ""])
def test_the_document_has_every_route_and_no_other(prefix: str) -> None:
    url = f"https://example.com{prefix}/{ROUTE}/openapi.json?code=KEY"
    function = blueprint.http_api_example_document
    document = body(send("GET", url=url, function=function))
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": prefix or "/"}]
    described = {
        (method.upper(), path.removeprefix("/"))
        for path, operations in document["paths"].items()
        for method in operations
        if method != "parameters"
    }
    assert described == routes() - {("GET", f"{ROUTE}/docs"), ("GET", f"{ROUTE}/openapi.json")}
    schemas = document["components"]["schemas"]
    assert {*re.findall(r"#/components/schemas/(\w+)", json.dumps(document))} == {*schemas}
    patch = schemas["NewTaskPatch"]
    assert "required" not in patch
    assert {"type": "null"} in patch["properties"]["title"]["anyOf"]


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_the_document_asks_for_the_version_of_a_task(method: str) -> None:
    [path] = [path for path in blueprint.PATHS if path.endswith("{id}")]
    operation = blueprint.PATHS[path][method]
    assert "428" in operation["responses"]
    [header] = operation["parameters"]
    assert (header["name"], header["in"], header["required"]) == ("If-Match", "header", True)


def test_the_document_has_the_parameters_of_a_list() -> None:
    parameters = blueprint.PATHS[f"/{ROUTE}"]["get"]["parameters"]
    assert {(each["name"], each["in"], each["required"]) for each in parameters} == {
        ("after", "query", False),
        ("limit", "query", False),
    }


def test_the_page_shows_the_document() -> None:
    response = send("GET", function=blueprint.http_api_example_docs)
    assert response.mimetype == "text/html"
    assert b"/openapi.json" in response.get_body()
