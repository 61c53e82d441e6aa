"""Tests for the web app, called as the Functions worker calls it: through ASGI."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from web.app import app
from web.products import Product, ProductStore, StoreUnavailable, get_store


def send(method: str, url: str, **content: Any) -> httpx.Response:
    """Return the response to a request, as the first of an app that starts."""

    async def respond() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://test") as client,
        ):
            return await client.request(method, url, **content)

    return asyncio.run(respond())


def call(method: str, url: str, json: Any = None) -> tuple[int, Any]:
    """Return the status and JSON content of the response to a request."""
    response = send(method, url, json=json)
    return response.status_code, response.json()


@pytest.fixture(autouse=True)
def store() -> Iterator[ProductStore]:
    """The store of the routes; every test has its own."""
    store = ProductStore()
    store.add(Product(id="tea", name="Tea", cents=250))
    app.dependency_overrides[get_store] = lambda: store
    yield store
    app.dependency_overrides.clear()


def test_returns_a_product() -> None:
    assert call("GET", "/products/tea") == (200, {"id": "tea", "name": "Tea", "cents": 250})


def test_a_product_that_is_not_there_is_not_found() -> None:
    assert call("GET", "/products/milk") == (404, {"detail": "There is no product milk."})


def test_adds_a_product(store: ProductStore) -> None:
    milk = {"id": "milk", "name": "Milk", "cents": 120}
    assert call("POST", "/products", json=milk) == (201, milk)
    assert store.products["milk"].cents == 120


def test_does_not_add_a_product_twice(store: ProductStore) -> None:
    status, content = call("POST", "/products", json={"id": "tea", "name": "T", "cents": 1})
    assert (status, content) == (409, {"detail": "There is a product tea already."})
    assert store.products["tea"].cents == 250


@pytest.mark.parametrize(
    "product",
    [
        {"id": "t", "name": "T", "cents": 0},
        {"id": "t" * 30, "name": "T" * 100, "cents": 10_000_000},
    ],
)
def test_takes_the_smallest_and_the_largest_product(product: Any) -> None:
    assert call("POST", "/products", json=product) == (201, product)


@pytest.mark.parametrize(
    "product",
    [
        "[]",
        "{id",
        '{"id": "milk", "name": "Milk"}',
        '{"id": "Milk!", "name": "Milk", "cents": 120}',
        '{"id": "milk", "name": "", "cents": 120}',
        '{"id": "milk", "name": "%s", "cents": 120}' % ("m" * 101),
        '{"id": "milk", "name": "Milk", "cents": -1}',
        '{"id": "milk", "name": "Milk", "cents": 10000001}',
        '{"id": "milk", "name": "Milk", "cents": "120"}',
        # Python reads them as JSON, but cannot write them.
        '{"id": "milk", "name": "Milk", "cents": NaN}',
        '{"id": "milk", "name": "Milk", "cents": 1e999}',
        '{"id": "milk", "name": "\\ud800", "cents": 120}',
    ],
)
def test_refuses_an_invalid_product(product: str, store: ProductStore) -> None:
    headers = {"Content-Type": "application/json"}
    response = send("POST", "/products", content=product, headers=headers)
    assert response.status_code == 422
    detail = response.json()["detail"]
    assert detail
    assert all(set(each) == {"type", "loc", "msg"} for each in detail)
    assert list(store.products) == ["tea"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("[" * 100_000, id="deep"),
        pytest.param('{"cents": ' + "1" * 5000 + "}", id="long"),
    ],
)
def test_refuses_a_body_that_cannot_be_read(body: str) -> None:
    headers = {"Content-Type": "application/json"}
    response = send("POST", "/products", content=body, headers=headers)
    assert response.status_code == 400
    assert response.json()["detail"]


def test_lists_products_up_to_a_limit(store: ProductStore) -> None:
    store.add(Product(id="milk", name="Milk", cents=120))
    status, content = call("GET", "/products")
    assert (status, [product["id"] for product in content]) == (200, ["milk", "tea"])
    assert len(call("GET", "/products?limit=1")[1]) == 1


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_refuses_an_impossible_limit(limit: str) -> None:
    assert call("GET", f"/products?limit={limit}")[0] == 422


def test_says_when_the_store_does_not_answer(
    store: ProductStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise StoreUnavailable("timeout")

    monkeypatch.setattr(store, "get", fail)
    response = send("GET", "/products/tea")
    assert response.status_code == 503
    assert response.json() == {"detail": "The products are not available now."}
    assert int(response.headers["Retry-After"]) > 0


def test_the_host_tries_the_functions_before_the_web_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host tries them by name, where `_` comes after all letters and digits."""
    # With this setting, the import would start telemetry and send it to Azure.
    monkeypatch.delenv("APPLICATIONINSIGHTS_CONNECTION_STRING", raising=False)
    import function_app

    functions = function_app.app.get_functions()
    names = [str(function.get_function_name()).upper() for function in functions]
    assert max(names) == "Z__WEB"


def test_an_unknown_path_is_not_found() -> None:
    status, content = call("GET", "/nothing")
    assert status == 404
    assert content["detail"]


def test_says_where_a_new_product_is() -> None:
    product = {"id": "milk", "name": "Milk", "cents": 120}
    location = send("POST", "/products", json=product).headers["Location"]
    assert location == "/products/milk"
    assert call("GET", location) == (200, product)


def test_says_which_methods_a_route_has() -> None:
    response = send("DELETE", "/health")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_does_not_redirect_to_a_path_without_a_slash(method: str) -> None:
    response = send(method, "/products/")
    assert (response.status_code, response.headers.get("Location")) == (404, None)


@pytest.mark.parametrize("bug", [ValueError, KeyError, RuntimeError])
def test_does_not_show_the_text_of_a_bug(
    bug: type[Exception], store: ProductStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise bug("password")

    monkeypatch.setattr(store, "get", fail)
    response = send("GET", "/products/tea")
    assert response.status_code == 500
    assert "password" not in response.text


def test_creates_the_store_once_however_often_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    app.dependency_overrides.clear()
    monkeypatch.delattr(app.state, "store", raising=False)
    product = {"id": "milk", "name": "Milk", "cents": 120}
    assert call("POST", "/products", json=product)[0] == 201
    assert call("GET", "/products") == (200, [product])


@pytest.mark.parametrize(
    ("query", "schema"),
    [("", "/openapi.json"), ("?code=a%27b%3Cc", "/openapi.json?code=a%27b%3Cc")],
)
def test_the_documentation_loads_its_schema_with_the_same_key(query: str, schema: str) -> None:
    page = send("GET", f"/docs{query}")
    assert page.status_code == 200
    assert f"url: '{schema}'" in page.text
    status, content = call("GET", schema)
    assert (status, set(content["paths"])) == (200, {"/health", "/products", "/products/{id}"})
    [scheme] = content["components"]["securitySchemes"].values()
    assert (scheme["in"], scheme["name"]) == ("header", "x-functions-key")


def test_has_no_page_that_would_load_its_schema_without_a_key() -> None:
    assert send("GET", "/redoc").status_code == 404


def test_says_that_it_runs() -> None:
    assert call("GET", "/health") == (200, {"status": "ok"})
