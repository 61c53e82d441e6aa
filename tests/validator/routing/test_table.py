"""The order of functions, and what the host does not map."""

import pytest

from functions_validator.routing.table import HttpFunction, make_table, order


def test_names_sort_as_on_the_host() -> None:
    names = ["B", "a_", "ab", "aA", "A2", "a1", "a-b"]
    assert sorted(names, key=order) == ["a-b", "a1", "A2", "aA", "ab", "a_", "B"]


def taker(path: str, *functions: HttpFunction, prefix: str = "api", method: str = "GET") -> str:
    found = make_table(functions, prefix).find(method, path)
    return found[0].function if found else ""


@pytest.mark.parametrize("prefix", ["v1/api", "/v1/api"])
def test_the_prefix_stands_before_the_route(prefix: str) -> None:
    function = HttpFunction("f", "hello")
    assert taker("/v1/api/hello", function, prefix=prefix) == "f"
    assert taker("/hello", function, prefix=prefix) == ""


@pytest.mark.parametrize("route", ["", None, " "])
def test_the_name_is_the_route_of_a_function_without_one(route: str | None) -> None:
    assert taker("/api/say_hello", HttpFunction("say_hello", route)) == "say_hello"
    assert taker("/api", HttpFunction("say_hello", route)) == ""


def test_the_first_name_wins_and_not_the_more_specific_route() -> None:
    details, listing = HttpFunction("details", "items/{id}"), HttpFunction("listing", "items/list")
    assert taker("/api/items/list", listing, details) == "details"


def test_a_method_falls_through_to_the_next_route() -> None:
    functions = [HttpFunction("a", "x", ["get"]), HttpFunction("b", "{any}", ["POST", "PUT"])]
    takers = [taker("/api/x", *functions, method=method) for method in ("GET", "put", "DELETE")]
    assert takers == ["a", "b", ""]


@pytest.mark.parametrize("method", ["GET", "TRACE", "FOO"])
def test_no_methods_are_all_methods(method: str) -> None:
    assert taker("/api/items", HttpFunction("f", "items"), method=method) == "f"


@pytest.mark.parametrize(
    ("first", "second", "in_error"),
    [
        (("x", None), ("X/", ["GET"]), ["b"]),
        (("x", ["GET"]), ("x", ["get", "POST"]), ["b"]),
        (("x", ["GET"]), ("x", ["POST"]), []),
        (("x/{a}", None), ("x/{b}", None), []),
        (("b", None), (None, None), ["b"]),
        (("admin", None), ("Runtimes/x", None), ["a", "b"]),
        (("x/admin", None), ("~x", None), ["b"]),
    ],
)
def test_what_the_host_does_not_map(
    first: tuple[str, list[str] | None], second: tuple[str, list[str] | None], in_error: list[str]
) -> None:
    table = make_table([HttpFunction("b", *second), HttpFunction("a", *first)])
    assert sorted(table.in_error) == in_error
    assert [route.function for route in table.routes] == [n for n in "ab" if n not in in_error]


@pytest.mark.parametrize(
    ("prefix", "route", "stops"),
    [
        ("api", "/x", True),
        ("", "/x", False),
        ("v1/", "x", True),
        ("/", "x", True),
        ("/v1", "x", False),
    ],
)
def test_slashes_that_stop_the_host(prefix: str, route: str, stops: bool) -> None:
    assert ("f" in make_table([HttpFunction("f", route)], prefix).stopped_by) == stops
