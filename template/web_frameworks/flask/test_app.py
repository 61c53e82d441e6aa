"""Tests for the web app, called as the Functions worker calls it: through WSGI."""

from typing import Any

import httpx
import pytest

from web import products as routes
from web.app import app


def send(method: str, url: str, **content: Any) -> httpx.Response:
    """Return the response to a request."""
    transport = httpx.WSGITransport(app=app)
    with httpx.Client(transport=transport, base_url="http://test") as client:
        return client.request(method, url, **content)


def call(method: str, url: str, json: Any = None) -> tuple[int, Any]:
    """Return the status and JSON content of the response to a request."""
    response = send(method, url, json=json)
    return response.status_code, response.json()


@pytest.fixture(autouse=True)
def products(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The products of the store; every test has its own."""
    # FLASK_DEBUG in the environment would let exceptions through to the caller.
    monkeypatch.setattr(app, "debug", False)
    monkeypatch.setattr(routes, "store", routes.ProductStore())
    routes.store.add(routes.Product(id="tea", name="Tea", cents=250))
    return routes.store.products


def test_returns_a_product() -> None:
    assert call("GET", "/products/tea") == (200, {"id": "tea", "name": "Tea", "cents": 250})


def test_a_product_that_is_not_there_is_not_found() -> None:
    assert call("GET", "/products/milk") == (404, {"detail": "There is no product milk."})


def test_adds_a_product(products: Any) -> None:
    milk = {"id": "milk", "name": "Milk", "cents": 120}
    assert call("POST", "/products", json=milk) == (201, milk)
    assert products["milk"].cents == 120


def test_does_not_add_a_product_twice(products: Any) -> None:
    status, content = call("POST", "/products", json={"id": "tea", "name": "T", "cents": 1})
    assert (status, content) == (409, {"detail": "There is a product tea already."})
    assert products["tea"].cents == 250


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
        [],
        ["id", "name", "cents"],
        {"id": "milk", "name": "Milk"},
        {"id": 7, "name": "Milk", "cents": 120},
        {"id": "milk", "name": 7, "cents": 120},
        {"id": "Milk!", "name": "Milk", "cents": 120},
        {"id": "milk", "name": "", "cents": 120},
        {"id": "milk", "name": "m" * 101, "cents": 120},
        {"id": "milk", "name": "Milk", "cents": -1},
        {"id": "milk", "name": "Milk", "cents": 10_000_001},
        {"id": "milk", "name": "Milk", "cents": "120"},
    ],
)
def test_refuses_an_invalid_product(product: Any, products: Any) -> None:
    status, content = call("POST", "/products", json=product)
    assert status == 422
    assert content["detail"]
    assert list(products) == ["tea"]


def test_refuses_an_unpaired_surrogate(products: Any) -> None:
    body = '{"id": "milk", "name": "\\ud800", "cents": 120}'
    response = send("POST", "/products", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert response.json() == {"detail": "The name must be valid Unicode text."}
    assert list(products) == ["tea"]


def test_lists_products_up_to_a_limit(products: Any) -> None:
    routes.store.add(routes.Product(id="milk", name="Milk", cents=120))
    status, content = call("GET", "/products")
    assert (status, [product["id"] for product in content]) == (200, ["milk", "tea"])
    assert len(call("GET", "/products?limit=1")[1]) == 1


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_refuses_an_impossible_limit(limit: str) -> None:
    assert call("GET", f"/products?limit={limit}")[0] == 422


def test_says_when_the_store_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise routes.StoreUnavailable("timeout")

    monkeypatch.setattr(routes.store, "get", fail)
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


@pytest.mark.parametrize(("kind", "status"), [("text/plain", 415), ("application/json", 400)])
def test_refuses_a_body_that_is_not_json(kind: str, status: int) -> None:
    response = send("POST", "/products", content="{", headers={"Content-Type": kind})
    assert response.status_code == status
    assert response.json()["detail"]


def test_refuses_a_body_that_is_nested_too_deeply() -> None:
    headers = {"Content-Type": "application/json"}
    response = send("POST", "/products", content="[" * 100_000, headers=headers)
    assert response.status_code == 422
    assert response.json() == {"detail": "The body is nested too deeply."}


def test_says_where_a_new_product_is() -> None:
    product = {"id": "milk", "name": "Milk", "cents": 120}
    location = send("POST", "/products", json=product).headers["Location"]
    assert location == "/products/milk"
    assert call("GET", location) == (200, product)


def test_says_which_methods_a_route_has() -> None:
    response = send("DELETE", "/products")
    assert response.status_code == 405
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["detail"]
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize("bug", [ValueError, KeyError, RuntimeError])
def test_does_not_show_the_text_of_a_bug(
    bug: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise bug("password")

    monkeypatch.setattr(routes.store, "get", fail)
    response = send("GET", "/products/tea")
    assert response.status_code == 500
    assert response.json()["detail"]
    assert "password" not in response.text


def test_says_that_it_runs() -> None:
    assert call("GET", "/health") == (200, {"status": "ok"})
