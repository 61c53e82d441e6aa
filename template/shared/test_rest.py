"""Tests for what HTTP APIs read and answer."""

from typing import Any

import azure.functions as func
import pytest
from pydantic import BaseModel, ConfigDict

from shared import rest
from shared.problems import Problem


class Cup(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    size: int
    inks: list[str] = []


def request(
    body: bytes = b"", method: str = "POST", type: str = "application/json", **headers: str
) -> func.HttpRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return func.HttpRequest(
        method=method, url="/", headers={"Content-Type": type, **named}, body=body
    )


@pytest.mark.parametrize("type", ["application/json", "Application/JSON; charset=utf-8"])
def test_reads_json(type: str) -> None:
    assert rest.read_json(request('{"a": "é"}'.encode(), type=type)) == {"a": "é"}


@pytest.mark.parametrize(
    "body",
    [b"", b"{a}", b"\xff", b'{"a": NaN}', b"-Infinity", b"[" * 100_000, b"1" * 5000],
    ids=range(7),
)
def test_refuses_what_is_not_json(body: bytes) -> None:
    with pytest.raises(Problem) as raised:
        rest.read_json(request(body))
    assert raised.value.status == 400


@pytest.mark.parametrize("type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_refuses_another_media_type(type: str) -> None:
    with pytest.raises(Problem) as raised:
        rest.read_json(request(b"{}", type=type))
    assert (raised.value.status, raised.value.headers) == (415, {"Accept-Post": rest.JSON})
    with pytest.raises(Problem) as raised:
        rest.read_json(request(b"{}", "PATCH", type), rest.MERGE_PATCH)
    assert raised.value.headers == {"Accept-Patch": rest.MERGE_PATCH}


def test_responds_with_a_model() -> None:
    response = rest.respond(Cup(size=2), 201, {"Location": "/cups/2"})
    assert (response.status_code, response.mimetype) == (201, rest.JSON)
    assert Cup.model_validate_json(response.get_body()) == Cup(size=2)
    assert response.headers["Location"] == "/cups/2"
    assert rest.respond(Cup(size=2)).status_code == 200


def test_validates_without_showing_the_input() -> None:
    assert rest.validate(Cup, {"size": 2}) == Cup(size=2)
    with pytest.raises(Problem) as raised:
        rest.validate(Cup, {"size": "secret", "inks": ["red", 1], "~/": 1})
    assert raised.value.status == 422
    errors = raised.value.members["errors"]
    assert [error["pointer"] for error in errors] == ["#/size", "#/inks/1", "#/~0~1"]
    assert all(error["detail"] for error in errors)
    assert "secret" not in str(errors)
    assert raised.value.__suppress_context__


@pytest.mark.parametrize("content", [None, [], "a", {"size": "\ud800"}])
def test_refuses_every_content_that_is_not_the_model(content: object) -> None:
    with pytest.raises(Problem) as raised:
        rest.validate(Cup, content)
    assert raised.value.status == 422


@pytest.mark.parametrize(
    ("target", "patch", "merged"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": "foo"}, ["c"], ["c"]),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merges_as_the_rfc_says(target: Any, patch: Any, merged: Any) -> None:
    before = repr(target)
    assert rest.merge_patch(target, patch) == merged
    assert repr(target) == before


def nested(depth: int) -> Any:
    """Return what Python 3.13 reads as JSON, up to some thousands of levels."""
    content: Any = 1
    for _ in range(depth):
        content = {"a": content}
    return content


def test_refuses_what_is_nested_too_deeply() -> None:
    with pytest.raises(Problem, match=rest.TOO_DEEP) as merged:
        rest.merge_patch({}, nested(2_000))
    with pytest.raises(Problem, match=rest.TOO_DEEP) as validated:
        rest.validate(Cup, nested(100_000))
    assert (merged.value.status, validated.value.status) == (400, 400)


@pytest.mark.parametrize(("text", "number"), [(None, 20), ("1", 1), ("007", 7), ("50", 50)])
def test_reads_a_number(text: str | None, number: int) -> None:
    req = func.HttpRequest("GET", "/", params={"limit": text} if text else {}, body=b"")
    assert rest.read_number(req, "limit", 20, 50) == number


@pytest.mark.parametrize("text", ["", "0", "51", "-1", "1.0", "1 ", "٣", "ten", "9" * 5000])
def test_refuses_what_is_not_a_number_in_the_range(text: str) -> None:
    req = func.HttpRequest("GET", "/", params={"limit": text}, body=b"")
    with pytest.raises(Problem, match="limit must be a number from 1 to 50") as raised:
        rest.read_number(req, "limit", 20, 50)
    assert raised.value.status == 400


def test_the_version_follows_the_content() -> None:
    tag = rest.etag(Cup(size=1))
    assert tag == rest.etag(Cup(size=1)) != rest.etag(Cup(size=2))
    assert tag[0] == tag[-1] == '"'


@pytest.mark.parametrize(
    ("header", "known", "matches"),
    [
        ('"1"', True, True),
        ('W/"1"', True, False),
        ('"0", "1"', True, True),
        (" * ", True, True),
        ('"2"', False, False),
        ("1", False, False),
        ('"11"', False, False),
        ("", False, False),
    ],
)
def test_compares_versions(header: str, known: bool, matches: bool) -> None:
    assert rest.is_known(request(If_None_Match=header), '"1"') == known
    if matches:
        rest.require_match(request(If_Match=header), '"1"')
    else:
        with pytest.raises(Problem) as raised:
            rest.require_match(request(If_Match=header), '"1"')
        assert (raised.value.status, raised.value.headers) == (412, {"ETag": '"1"'})


def test_asks_for_a_version() -> None:
    rest.require_if_match(request(If_Match="*"))
    with pytest.raises(Problem) as raised:
        rest.require_if_match(request())
    assert raised.value.status == 428
