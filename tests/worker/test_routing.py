"""Which function gets a request, as the real host was seen to decide."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.worker.exchange import Binding
from tests.worker.routing import Routes, find_route, read_routes

APPS: Sequence[Mapping[str, Any]] = json.loads(
    (Path(__file__).parent / "observed" / "routes.json").read_text("utf-8")
)


@pytest.mark.parametrize("app", APPS, ids=[f"prefix {app['route_prefix']!r}" for app in APPS])
def test_every_request_goes_where_the_real_host_sent_it(app: Mapping[str, Any]) -> None:
    routes = routes_of(app)
    assert sorted(routes.table.in_error) == app["functions_in_error"]
    requests = [request for group in app["groups"] for request in group["requests"]]
    wrong = [request for request in requests if not is_as_observed(routes, request)]
    assert len(requests) > 500
    assert wrong == []


def routes_of(app: Mapping[str, Any]) -> Routes:
    functions = {
        name: [http_trigger(route=route, methods=methods)]
        for group in app["groups"]
        for name, route, methods in group["functions"]
    }
    return read_routes(functions, app["route_prefix"])


def is_as_observed(routes: Routes, request: Sequence[Any]) -> bool:
    """Whether function and parameters are those of a row; of HEAD only the status is known."""
    method, path, status, function, parameters = request
    match = find_route(routes, method, path.replace("%", "%25").replace(" ", "%20"))
    if match is None or method == "HEAD":
        return bool(status == (404 if match is None else 200))
    return (status, function, parameters) == (200, match.function, match.parameters)


def test_an_encoded_slash_is_not_a_slash() -> None:
    routes = read_routes({"f": [http_trigger(route="items/{id}")]}, prefix="api")
    match = find_route(routes, "GET", "/api/items/a%2Fb%20c")
    assert match is not None
    assert match.parameters == {"id": "a%2Fb c"}


def test_a_match_names_the_argument_of_the_trigger() -> None:
    functions = {"f": [http_trigger(name="request"), {"type": "http", "name": "$return"}]}
    match = find_route(read_routes(functions, prefix=""), "GET", "/f")
    assert match is not None
    assert match.argument == "request"


def test_other_triggers_have_no_route() -> None:
    routes = read_routes({"f": [{"type": "queueTrigger", "name": "message"}]}, prefix="")
    assert find_route(routes, "GET", "/f") is None


def http_trigger(**binding: object) -> Binding:
    return {"type": "httpTrigger", "name": "req", **binding}
