"""Tests for the HTTP functions of cosmosdb_client_example; shared/cosmos.py has its own tests."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import Mock, create_autospec

import azure.functions as func
import pytest
from azure.core import MatchConditions
from azure.cosmos.aio import ContainerProxy

from blueprints import cosmosdb_client_example as blueprint
from shared import cosmos

DEVICE = {"id": "A1", "site": "berlin", "model": "TH-20", "status": "active"}
STORED = {**DEVICE, "_etag": '"1"', "_ts": 1}
FUNCTIONS = {
    ("GET", 1): blueprint.cosmosdb_client_example,
    ("POST", 1): blueprint.cosmosdb_client_example_create,
    ("GET", 2): blueprint.cosmosdb_client_example_get,
    ("PUT", 2): blueprint.cosmosdb_client_example_replace,
    ("DELETE", 2): blueprint.cosmosdb_client_example_delete,
}


@pytest.fixture(scope="module")
def recorder() -> Mock:
    """A container that checks its calls and records them; it takes a while to make."""
    container: Mock = create_autospec(ContainerProxy, instance=True)
    return container


@pytest.fixture
def container(recorder: Mock, monkeypatch: pytest.MonkeyPatch) -> Mock:
    """The container of the devices, with one device."""
    recorder.reset_mock(return_value=True, side_effect=True)
    for method in (recorder.create_item, recorder.read_item, recorder.replace_item):
        method.return_value = STORED

    @contextlib.asynccontextmanager
    async def give(name: str, partition_key: str) -> AsyncIterator[Mock]:
        assert (name, partition_key) == (blueprint.CONTAINER, "/site")
        yield recorder

    monkeypatch.setattr(cosmos, "container", give)
    return recorder


@pytest.fixture
def read_page(container: Mock, monkeypatch: pytest.MonkeyPatch) -> Mock:
    """A replacement for `read_page` that returns one device and says that there are more."""
    read_page: Mock = create_autospec(cosmos.read_page, return_value=cosmos.Page([STORED], "abc"))
    monkeypatch.setattr(cosmos, "read_page", read_page)
    return read_page


def call(
    method: str,
    *route: str,
    content: object = None,
    params: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    query: str = "",
) -> tuple[int, Any, dict[str, str]]:
    """Return the status, JSON content and headers of the response."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    req = func.HttpRequest(
        method=method,
        url=f"/api/cosmosdb-client-example/{'/'.join(route)}{query}",
        route_params=dict(zip(("site", "id"), route, strict=False)),
        params=params or {},
        headers=headers or {},
        body=body,
    )
    response = asyncio.run(FUNCTIONS[method, len(route)](req))
    answer = response.get_body()
    assert not answer or response.mimetype == "application/json"
    return response.status_code, json.loads(answer) if answer else None, dict(response.headers)


def test_adds_a_device(container: Mock) -> None:
    content = {"id": "A1", "model": " TH-20 ", "site": "elsewhere", "more": 1}
    status, answer, headers = call("POST", "berlin", content=content)
    assert (status, answer, headers["ETag"]) == (201, DEVICE, '"1"')
    container.create_item.assert_awaited_once_with(DEVICE)


@pytest.mark.parametrize(
    "device",
    [
        {**DEVICE, "id": "A", "model": "T"},
        {**DEVICE, "id": "A" * 100, "model": "T" * 100, "status": "retired"},
    ],
)
def test_takes_the_shortest_and_the_longest_device(container: Mock, device: dict[str, str]) -> None:
    assert call("POST", "berlin", content=device)[0] == 201
    container.create_item.assert_awaited_once_with(device)


@pytest.mark.parametrize("query", ["", "/", "?code=KEY", "/?code=KEY"])
def test_the_caller_gets_the_address_of_a_new_device(container: Mock, query: str) -> None:
    _, _, headers = call("POST", "berlin", content=DEVICE, query=query)
    assert headers["Location"] == "/api/cosmosdb-client-example/berlin/A1"


def test_returns_a_device_and_its_version(container: Mock) -> None:
    status, answer, headers = call("GET", "berlin", "A1")
    assert (status, answer, headers["ETag"]) == (200, DEVICE, '"1"')
    container.read_item.assert_awaited_once_with("A1", "berlin")


def test_replaces_the_version_that_the_caller_knows(container: Mock) -> None:
    content = {"id": "B2", "model": "TH-20", "status": "broken"}
    status, answer, headers = call(
        "PUT", "berlin", "A1", content=content, headers={"If-Match": '"0"'}
    )
    assert (status, answer, headers["ETag"]) == (200, DEVICE, '"1"')
    container.replace_item.assert_awaited_once_with(
        "A1",
        {**DEVICE, "status": "broken"},
        etag='"0"',
        match_condition=MatchConditions.IfNotModified,
    )


def test_asks_for_the_version_to_replace(container: Mock) -> None:
    status, answer, _ = call("PUT", "berlin", "A1", content=DEVICE)
    assert (status, answer) == (428, {"error": "Send the ETag of the device as If-Match."})
    container.replace_item.assert_not_called()


def test_deletes_a_device(container: Mock) -> None:
    assert call("DELETE", "berlin", "A1")[:2] == (204, None)
    container.delete_item.assert_awaited_once_with("A1", "berlin")


def test_lists_a_page_of_the_devices_of_a_site(container: Mock, read_page: Mock) -> None:
    status, answer, _ = call("GET", "berlin")
    assert (status, answer) == (200, {"devices": [DEVICE], "token": "abc"})
    read_page.assert_awaited_once_with(
        container, blueprint.EVERY_DEVICE, {"@site": "berlin"}, "berlin", blueprint.PAGE_SIZE, None
    )


def test_what_the_caller_looks_for_is_not_part_of_the_query(
    container: Mock, read_page: Mock
) -> None:
    status = "' OR true OR '"
    call("GET", "berlin", params={"status": status, "limit": "2", "token": "abc"})
    parameters = {"@site": "berlin", "@status": status}
    read_page.assert_awaited_once_with(
        container, blueprint.OF_A_STATUS, parameters, "berlin", 2, "abc"
    )


@pytest.mark.parametrize("limit", [1, 100])
def test_takes_the_smallest_and_the_largest_page(read_page: Mock, limit: int) -> None:
    assert call("GET", "berlin", params={"limit": str(limit)})[0] == 200
    assert read_page.await_args.args[4] == limit


@pytest.mark.parametrize("limit", ["0", "-1", "101", "ten", "²", ""])
def test_refuses_an_invalid_page_size(read_page: Mock, limit: str) -> None:
    status, answer, _ = call("GET", "berlin", params={"limit": limit})
    assert (status, answer) == (400, {"error": "The limit must be a number from 1 to 100."})
    read_page.assert_not_called()


@pytest.mark.parametrize("body", [b"", b"{id", b"\xff", pytest.param(b"[" * 100_000, id="deep")])
@pytest.mark.parametrize("route", [("POST", "berlin"), ("PUT", "berlin", "A1")])
def test_refuses_a_body_that_is_not_json(
    container: Mock, route: tuple[str, ...], body: bytes
) -> None:
    status, answer, _ = call(*route, content=body)
    assert (status, answer) == (400, {"error": "The body is not valid JSON."})


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"model": "TH-20"},
        {**DEVICE, "id": 1},
        {**DEVICE, "id": "a/b"},
        {**DEVICE, "id": "a" * 101},
        {**DEVICE, "model": " "},
        {**DEVICE, "model": "TH\n20"},
        {**DEVICE, "model": "\ud800"},
        {**DEVICE, "model": "a" * 101},
        {**DEVICE, "model": 20},
        {**DEVICE, "status": "lost"},
        {**DEVICE, "status": ["active"]},
    ],
)
def test_refuses_what_is_not_a_device(container: Mock, content: object) -> None:
    status, answer, _ = call("POST", "berlin", content=content)
    assert status == 400
    assert answer["error"].startswith("The ") or answer["error"].startswith("Send a device")
    container.create_item.assert_not_called()


@pytest.mark.parametrize(
    "route",
    [("GET", "a b"), ("POST", "ü"), ("GET", "a", "b?"), ("PUT", "a", "b\\"), ("DELETE", "#", "b")],
)
def test_refuses_what_names_no_site_or_device(
    container: Mock, read_page: Mock, route: tuple[str, ...]
) -> None:
    status, answer, _ = call(*route, content=DEVICE, headers={"If-Match": "*"})
    assert status == 400
    assert "1 to 100 letters" in answer["error"]
    assert container.mock_calls == read_page.mock_calls == []


@pytest.mark.parametrize("status", [400, 404, 409, 412, 429, 503])
@pytest.mark.parametrize(("method", "parts"), FUNCTIONS)
def test_tells_why_a_request_does_not_succeed(
    container: Mock, read_page: Mock, method: str, parts: int, status: int
) -> None:
    operations = ["create_item", "read_item", "replace_item", "delete_item"]
    for operation in [read_page, *(getattr(container, name) for name in operations)]:
        operation.side_effect = cosmos.Failure(status)
    answered, answer, headers = call(
        method, *["berlin", "A1"][:parts], content=DEVICE, headers={"If-Match": '"0"'}
    )
    assert (answered, answer) == (status, {"error": blueprint.EXPLANATIONS[status]})
    assert "Retry-After" not in headers


def test_tells_when_to_come_again(container: Mock) -> None:
    container.read_item.side_effect = cosmos.Failure(429, retry_after=7)
    status, _, headers = call("GET", "berlin", "A1")
    assert (status, headers["Retry-After"]) == (429, "7")
