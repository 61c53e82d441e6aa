"""Route templates: what ASP.NET reads, and which paths fit."""

import pytest

from functions_validator.routing.constraints import GUID
from functions_validator.routing.templates import InvalidTemplate, parse_template


@pytest.mark.parametrize(
    ("route", "path", "parameters"),
    [
        ("api/hello", "/api/hello", {}),
        ("api/hello", "/API/Hello/", {}),
        ("api/hello", "/api/hello/you", None),
        ("api/hello", "/other/api/hello", None),
        ("api/hello", "/api//hello", None),
        ("api/v1.0", "/api/v1x0", None),
        ("/hello", "/hello", {}),
        ("~/hello", "/hello", {}),
        ("é", "/É", {}),
        ("api/items/{id}", "/api/items/Ab1", {"id": "Ab1"}),
        ("api/items/{id}", "/api/items", None),
        ("api/items/{id}", "/api/items/1/2", None),
        ("api/items/{id}", "/api/items/a b/", {"id": "a b"}),
        ("items/{id:int}", "/items/12", {"id": "12"}),
        ("items/{id:int}", "/items/x", None),
        ("items/{id:INT:min(3)}", "/items/2", None),
        ("items/{id:int}", "/items/2147483648", None),
        ("items/{id:long}", "/items/2147483648", {"id": "2147483648"}),
        ("items/{id:range(1,3)}", "/items/3", {"id": "3"}),
        ("items/{id:range(1,3)}", "/items/4", None),
        ("items/{id:length(2,3)}", "/items/abcd", None),
        ("items/{id:minlength(2)}", "/items/a", None),
        ("items/{id:maxlength(2)}", "/items/abc", None),
        ("items/{on:bool}", "/items/True", {"on": "True"}),
        ("items/{on:bool}", "/items/1", None),
        ("items/{x:decimal}", "/items/1.5", {"x": "1.5"}),
        ("items/{x:double}", "/items/-1e3", {"x": "-1e3"}),
        ("items/{x:double}", "/items/e3", None),
        ("items/{day:datetime}", "/items/2026-11-25", {"day": "2026-11-25"}),
        ("items/{day:datetime}", "/items/today", None),
        ("items/{x:alpha}", "/items/a1", None),
        ("items/{x:guid}", f"/items/{{{GUID}}}", {"x": f"{{{GUID}}}"}),
        ("items/{x:guid}", "/items/3f2504e0", None),
        ("items/{x:file}", "/items/a.txt", {"x": "a.txt"}),
        ("items/{x:nonfile}", "/items/a.txt", None),
        ("items/{x:file}", "/items/a", None),
        ("items/{x:nonfile}", "/items/a", {"x": "a"}),
        ("items/{x:file}", "/items/a.", None),
        (r"items/{id:regex(^\d{{2}}$)}/x", "/items/12/x", {"id": "12"}),
        (r"items/{id:regex(^(a|b)\d$):length(2)}", "/items/B1", {"id": "B1"}),
        ("items/{x:regex([)}", "/items/a", None),
        ("items/{id?}", "/items/1", {"id": "1"}),
        ("items/{id?}", "/items", {}),
        ("items/{id:int?}", "/items", {}),
        ("items/{id?}", "/items/1/2", None),
        ("items/{id?}/x", "/items/1/x", {"id": "1"}),
        ("items/{id?}/x", "/items/x", None),
        ("items/{lang=en}", "/items", {"lang": "en"}),
        ("items/{lang=en}", "/items/it", {"lang": "it"}),
        ("{folder}/{file}.{type}", "/a/b.c.txt", {"folder": "a", "file": "b.c", "type": "txt"}),
        ("{file}.{type?}", "/a.txt", {"file": "a", "type": "txt"}),
        ("{file}.{type?}", "/a", {"file": "a"}),
        ("{file}.{type?}", "/a.", None),
        ("v-{id}", "/V-7", {"id": "7"}),
        ("v-{id}", "/xv-7", None),
        ("{a}-{b}", "/1-2-3", {"a": "1-2", "b": "3"}),
        ("{a}-{b}", "/-2", None),
        ("{a}-x", "/-x", None),
        ("{*rest}", "/a/b", {"rest": "a/b"}),
        ("{*rest}", "/", {}),
        ("a/{*rest}", "/a/b//c/", {"rest": "b//c/"}),
        ("a/{*rest}", "/a//b", {"rest": "/b"}),
        ("a/{*rest:int}", "/a", None),
        ("a/{*rest=x}", "/a", {"rest": "x"}),
        ("files/{**rest}", "/files/a/b", {"rest": "a/b"}),
        ("files/{*rest}", "/filesystem", None),
        ("{{x}}", "/{X}", {}),
    ],
)
def test_a_path_that_fits_has_parameters(
    route: str, path: str, parameters: dict[str, str] | None
) -> None:
    assert parse_template(route).match(path) == parameters


@pytest.mark.parametrize(
    "route",
    [
        "api//x",
        "x//y",
        "a/{b",
        "a/b}",
        "a/{}",
        "a/{b}{c}",
        "a/{b}/{B}",
        "a/{*b}/c",
        "a/x{*b}",
        "a?b=1",
        "a/{b:nope}",
        "a/{b:length(x)}",
        "a/{b:length}",
        "a/{b:int(3)}",
        r"a/{b:regex(^\d{2}$)}",
        "a/{b=1?}",
        "a/{*b?}",
        "a/{b?}c",
        "a/x{b?}",
        "{",
        "}",
        "~x",
    ],
)
def test_templates_that_stop_the_host(route: str) -> None:
    with pytest.raises(InvalidTemplate):
        parse_template(route)
