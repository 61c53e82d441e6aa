"""Tools, resources and prompts of the Model Context Protocol."""

import json

import pytest

from tests.support.validator import Find, Found, Plant
from tests.validator.rules.binding_files import STORAGE, function

OUTPUT = f"queue_output('out', 'inbox', {STORAGE})"


def resource(uri: str) -> str:
    return f"@bp.mcp_resource_trigger('context', '{uri}', 'prices')"


def trigger(name: str, properties: str = "") -> str:
    options = f", tool_properties={properties}" if properties else ""
    return f"@bp.mcp_tool_trigger('context', '{name}', 'Finds'{options})"


def found(plant: Plant, find: Find, *functions: str, top: str = "") -> list[Found]:
    """Return what is found in a blueprint with several functions."""
    sources = [
        source.replace("def orders", f"def orders{number}")
        if "mcp_tool()" not in source
        else source
        for number, source in enumerate(functions)
    ]
    blueprint = sources[0].replace("bp = func", f"{top}\n    bp = func" if top else "bp = func")
    for other in sources[1:]:
        blueprint += other.partition("bp = func.Blueprint()")[2]
    return find(plant({"blueprints/orders.py": blueprint}), "AF")


@pytest.mark.parametrize(
    "uri",
    [
        "prices",
        "shop_a://prices",
        "shop://%NAME%/x",
        "shop://prices{?page}",
        "shop://prices/{id",
        "shop://prices/{}",
        "shop://prices/{a}{b}",
        "shop://prices/{id}/{ID}",
        "shop://prices/{a-b}/{a_b}",
        "shop://prices/{a/b}",
        "",
    ],
)
def test_the_uri_of_a_resource_that_stops_the_host(plant: Plant, find: Find, uri: str) -> None:
    [one] = found(plant, find, function(resource(uri), "context: str"))
    assert (one.code, one.line) == ("AF230", 8)
    assert "the whole host stops" in one.message


@pytest.mark.parametrize(
    "uri",
    [
        "shop://prices",
        "ui://a_b",
        "file:///x",
        "shop://prices/{id}",
        "shop://prices/{id}/{size-eu}.{ext}",
        "urn:a:b",
        "x://%C3%A9",
        "s://a%20b",
    ],
)
def test_the_uri_of_a_resource_that_is_right(plant: Plant, find: Find, uri: str) -> None:
    assert found(plant, find, function(resource(uri), "context: str")) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (trigger("find"), trigger("Find"), ["AF230"]),
        (trigger("find"), trigger("search"), []),
        (resource("shop://a"), resource("SHOP://A"), ["AF230"]),
        (resource("shop://a"), resource("shop://b"), []),
        (resource("shop://a/{id}"), resource("shop://a/{name}"), ["AF230"]),
        (resource("shop://a/{id}"), resource("shop://a/{id}/b"), []),
        (trigger("find{a}"), trigger("find{b}"), []),
        (
            "@bp.mcp_prompt_trigger('context', 'ask')",
            "@bp.mcp_prompt_trigger('context', 'ASK')",
            ["AF230"],
        ),
        (trigger("ask"), "@bp.mcp_prompt_trigger('context', 'ask')", []),
    ],
)
def test_names_must_be_unique(
    plant: Plant, find: Find, one: str, other: str, expected: list[str]
) -> None:
    functions = [function(decorator, "context: str") for decorator in (one, other)]
    assert [f.code for f in found(plant, find, *functions)] == expected


def test_the_name_of_a_tool_is_that_of_the_python_function(plant: Plant, find: Find) -> None:
    tool = function("@bp.mcp_tool()", "words: str")
    other = function("@bp.function_name('other')\n@bp.mcp_tool()", "words: str")
    [one] = found(plant, find, tool, other)
    assert (one.code, one.line) == ("AF230", 15)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("'{}'", ["AF230"]),
        ("'no json'", ["AF230"]),
        ("'[]'", []),
        ('\'[{"propertyName": "a", "propertyType": "array"}]\'', ["AF232"]),
        ('\'[{"propertyName": "a", "propertyType": "int"}]\'', ["AF232"]),
        ('\'[{"propertyName": "a", "propertyType": "String"}]\'', ["AF232"]),
        ('\'[{"propertyname": "a", "propertytype": "integer"}]\'', []),
        ('\'[{"propertyName": "a"}]\'', []),
        ('\'[{"name": "a", "type": "string"}]\'', ["AF232"]),
        ('\'[{"propertyName": "a", "propertyType": "string", "isArray": true}]\'', []),
        ('json.dumps([{"propertyName": "a", "propertyType": "array"}])', ["AF232"]),
        ("json.dumps(PROPERTIES)", ["AF232"]),
        ("WRITTEN", ["AF232"]),
        ("written([{'propertyName': 'a', 'propertyType': 'array'}])", []),
        ("json.dumps([])", []),
    ],
)
def test_the_properties_of_a_tool_as_json(
    plant: Plant, find: Find, properties: str, expected: list[str]
) -> None:
    one = json.dumps([{"propertyName": "a", "propertyType": "array"}])
    top = f"import json\n    written = lambda _: '[]'\n    PROPERTIES = {one}\n    WRITTEN = json.dumps(PROPERTIES)"
    source = function(trigger("find", properties), "context: str")
    assert [f.code for f in found(plant, find, source, top=top)] == expected


@pytest.mark.parametrize(
    ("decorators", "parameters", "expected"),
    [
        (f"@bp.{OUTPUT}\n@bp.mcp_tool()", "words: str, out: func.Out[str]", [("AF231", 8)]),
        (f"@bp.mcp_tool()\n@bp.{OUTPUT}", "words: str, out: func.Out[str]", []),
        ("@bp.mcp_tool()", "words: str, context: func.Context", [("AF231", 9)]),
        ("@bp.mcp_tool()", 'words: str, context: "func.Context"', [("AF231", 9)]),
        ("@bp.mcp_tool()", "words: str, more: func.Context", [("AF231", 9)]),
        (
            "@bp.mcp_tool()",
            "words: str, context: typing.Annotated[func.Context, 'a']",
            [("AF231", 9)],
        ),
        ("@bp.mcp_tool()", "words: str, context: func.MCPToolContext", []),
        ("@bp.function_name('find')\n@bp.mcp_tool()", "words: str", []),
    ],
)
def test_parameters_that_mcp_tool_takes_for_properties(
    plant: Plant, find: Find, decorators: str, parameters: str, expected: list[tuple[str, int]]
) -> None:
    one = found(plant, find, function(decorators, parameters))
    assert [(f.code, f.line) for f in one] == expected


@pytest.mark.parametrize(
    ("options", "parameter", "expected"),
    [
        ("", "x: int = 5", ["AF232"]),
        (", is_required=True", "x: int = 5", ["AF232"]),
        (", is_required=False", "x: int = 5", []),
        (", is_required=None", "x: int = 5", []),
        ("", "*, x: int = 5", ["AF232"]),
        ("", "x: int", []),
        ("", "x: typing.List[str]", ["AF232"]),
        ("", "x: typing.Annotated[typing.List[str], 'a']", ["AF232"]),
        ("", "x: 'typing.List[str]'", ["AF232"]),
        ("", "x: typing.Optional[typing.List[str]]", ["AF232"]),
        (", as_array=True", "x: typing.List[str]", []),
        (", as_array=None", "x: typing.List[str]", []),
    ],
)
def test_a_property_overrides_the_signature(
    plant: Plant, find: Find, options: str, parameter: str, expected: list[str]
) -> None:
    decorators = f"@bp.mcp_tool()\n@bp.mcp_tool_property('x'{options})"
    one = found(plant, find, function(decorators, parameter))
    assert [f.code for f in one] == expected
    assert all(f.line == 9 for f in one)


@pytest.mark.parametrize("name", ["y", "X"])
def test_a_property_without_a_parameter(name: str, plant: Plant, find: Find) -> None:
    decorators = f"@bp.mcp_tool()\n@bp.mcp_tool_property({name!r})"
    [one] = found(plant, find, function(decorators, "x: int"))
    assert (one.code, one.line) == ("AF232", 9)
    assert f"has no parameter {name!r}, so this property has no effect." in one.message


def test_without_a_property_the_signature_counts(plant: Plant, find: Find) -> None:
    source = function("@bp.mcp_tool()", "x: typing.List[str], y: int = 5")
    assert found(plant, find, source) == []
