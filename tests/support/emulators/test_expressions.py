"""Binding expressions, with the values of settings, requests and events."""

import pytest

from tests.support.emulators.expressions import resolve_binding, values_of_event, values_of_request
from tests.worker.exchange import Call, HttpRequest, TypedValue


def test_settings_and_expressions_give_way_to_their_values() -> None:
    binding = {"type": "blob", "name": "file", "path": "%FOLDER%/{Id}-{query.part}.csv", "size": 1}
    request = HttpRequest("GET", "/api/files/7?part=a%20b")
    values = values_of_request(request, {"id": "7"})
    assert resolve_binding(binding, values, {"FOLDER": "may"}) == {
        **binding,
        "path": "may/7-a b.csv",
    }


def test_values_in_a_query_are_quoted() -> None:
    binding = {"type": "cosmosDB", "sqlQuery": "SELECT * FROM c WHERE c.city = {city}"}
    resolved = resolve_binding(binding, {"city": 'Turin"'}, {})
    assert resolved["sqlQuery"] == r'SELECT * FROM c WHERE c.city = "Turin\""'


def test_a_request_gives_its_body_headers_query_and_route() -> None:
    request = HttpRequest("POST", "/x?n=1", {"x-user": "ada"}, b'{"id": "body", "list": []}')
    assert values_of_request(request, {"id": "route"}) == {
        "id": "route",
        "n": "1",
        "query.n": "1",
        "headers.x-user": "ada",
    }


@pytest.mark.parametrize("body", [b"", b"no json", b"[1]"])
def test_a_body_without_names_gives_none(body: bytes) -> None:
    assert values_of_request(HttpRequest("POST", "/x", body=body), {}) == {}


def test_an_event_gives_its_metadata() -> None:
    assert values_of_event(Call("f", {}, {"name": TypedValue("string", "a.csv")})) == {
        "name": "a.csv"
    }


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        resolve_binding({"type": "blob", "path": "{nobody}"}, {}, {})
