import pytest

from tests.worker.exchange import Binding
from tests.worker.routing import compile_template, find_route, read_routes


@pytest.mark.parametrize(
    ("template", "path", "parameters"),
    [
        ("api/hello", "/api/hello", {}),
        ("api/hello", "/API/Hello/", {}),
        ("api/hello", "/api/hello/you", None),
        ("api/hello", "/other/api/hello", None),
        ("api/v1.0", "/api/v1x0", None),
        ("/hello", "/hello", {}),
        ("api/items/{id}", "/api/items/Ab1", {"id": "Ab1"}),
        ("api/items/{id}", "/api/items", None),
        ("api/items/{id}", "/api/items/1/2", None),
        ("api/items/{id}", "/api/items/a%20b", {"id": "a b"}),
        ("api/items/{id:int}", "/api/items/12", {"id": "12"}),
        (r"api/items/{id:regex(^\d{{2}}$)}/x", "/api/items/12/x", {"id": "12"}),
        ("api/items/{id?}", "/api/items/1", {"id": "1"}),
        ("api/items/{id?}", "/api/items", {}),
        ("api/items/{id:int?}", "/api/items", {}),
        ("api/items/{id?}", "/api/items/1/2", None),
        ("api/{folder}/{file}.{type}", "/api/a/b.txt", {"folder": "a", "file": "b", "type": "txt"}),
        ("{*rest}", "/a/b", {"rest": "a/b"}),
        ("{*rest}", "/", {}),
        ("files/{**rest}", "/files/a/b", {"rest": "a/b"}),
        ("files/{*rest}", "/filesystem", None),
    ],
)
def test_template(template: str, path: str, parameters: dict[str, str] | None) -> None:
    route = read_routes({"f": [http_trigger(route=template)]}, prefix="")
    match = find_route(route, "GET", path)
    assert (match.parameters if match else None) == parameters


def test_prefix_stands_before_the_route() -> None:
    routes = read_routes({"f": [http_trigger(route="hello")]}, prefix="/v1/api/")
    assert find_route(routes, "GET", "/v1/api/hello")
    assert not find_route(routes, "GET", "/hello")


@pytest.mark.parametrize("binding", [{}, {"route": ""}, {"route": None}])
def test_route_defaults_to_the_function_name(binding: Binding) -> None:
    routes = read_routes({"say_hello": [http_trigger(**binding)]}, prefix="api")
    assert find_route(routes, "GET", "/api/say_hello")
    assert not find_route(routes, "GET", "/api")


def test_method_decides_between_functions() -> None:
    functions = {
        "read": [http_trigger(route="items", methods=["get"])],
        "write": [http_trigger(route="items", methods=["POST", "PUT"])],
    }
    routes = read_routes(functions, prefix="api")
    found = {
        method: find_route(routes, method, "/api/items") for method in ("GET", "put", "DELETE")
    }
    names = {method: match.route.function if match else None for method, match in found.items()}
    assert names == {"GET": "read", "put": "write", "DELETE": None}


@pytest.mark.parametrize(
    ("path", "function"),
    [("/items/new", "new"), ("/items/7", "one"), ("/items/7/parts", "rest"), ("/other", "rest")],
)
def test_the_more_specific_route_wins(path: str, function: str) -> None:
    functions = {
        "rest": [http_trigger(route="/{*path}")],
        "one": [http_trigger(route="items/{id}")],
        "new": [http_trigger(route="items/new")],
    }
    found = find_route(read_routes(functions, prefix=""), "GET", path)
    assert found is not None
    assert found.route.function == function


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_no_methods_are_all_methods(method: str) -> None:
    routes = read_routes({"f": [http_trigger(route="items")]}, prefix="api")
    assert find_route(routes, method, "/api/items")


def test_route_names_the_argument_of_the_trigger() -> None:
    functions = {"f": [http_trigger(name="request"), {"type": "http", "name": "$return"}]}
    [route] = read_routes(functions, prefix="")
    assert route.argument == "request"


def test_other_triggers_have_no_route() -> None:
    assert read_routes({"f": [{"type": "queueTrigger", "name": "message"}]}, prefix="") == []


def test_compile_template_gives_a_group_for_each_parameter() -> None:
    assert set(compile_template("a/{b}-{c}/{d?}").groupindex) == {"b", "c", "d"}


def http_trigger(**binding: object) -> Binding:
    return {"type": "httpTrigger", "name": "req", **binding}
