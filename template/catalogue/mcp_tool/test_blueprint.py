"""Tests for the MCP tool mcp_tool_example."""

import asyncio
import inspect
import json
from typing import Any

import pytest

from blueprints import mcp_tool_example as blueprint

WORDS = "words must be text with at least one word to search for."
WITHOUT = "without must be a list of words; leave it out to exclude none."
LIMIT = "limit must be a whole number from 1 to 20."


def ask(**arguments: Any) -> Any:
    """Return what the tool returns to an assistant, which must be JSON."""
    context = json.dumps({"name": "tool", "arguments": arguments})
    tool = blueprint.mcp_tool_example.build().get_user_function()
    return json.loads(asyncio.run(tool(context=context)))


def names(**arguments: Any) -> list[str]:
    """Return the names of the products that the tool finds."""
    return [product["name"] for product in ask(**arguments)["products"]]


def test_finds_the_products_whose_names_have_all_words() -> None:
    assert ask(words="Tea") == {
        "products": [{"name": "black tea", "cents": 250}, {"name": "green tea", "cents": 300}]
    }
    assert names(words="tea green") == ["green tea"]
    assert names(words="coffee") == []


def test_leaves_out_the_products_with_other_words() -> None:
    assert names(words="tea", without=["Black", "milk"]) == ["green tea"]
    assert names(words="tea", without=[]) == ["black tea", "green tea"]


def test_returns_no_more_than_the_limit() -> None:
    assert names(words="tea", limit=1) == ["black tea"]
    assert names(words="tea", limit=20) == ["black tea", "green tea"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"words": "  "}, WORDS),
        ({"words": None}, WORDS),
        ({"words": 7}, WORDS),
        ({"words": ["tea"]}, WORDS),
        ({"words": "tea", "without": "black"}, WITHOUT),
        ({"words": "tea", "without": [1]}, WITHOUT),
        ({"words": "tea", "without": {"word": "black"}}, WITHOUT),
        ({"words": "tea", "limit": 0}, LIMIT),
        ({"words": "tea", "limit": 21}, LIMIT),
        ({"words": "tea", "limit": "5"}, LIMIT),
        ({"words": "tea", "limit": 1.5}, LIMIT),
        ({"words": "tea", "limit": True}, LIMIT),
        ({"words": "tea", "limit": [5]}, LIMIT),
    ],
)
def test_tells_the_assistant_what_is_wrong(arguments: dict[str, Any], error: str) -> None:
    assert ask(**arguments) == {"error": error}


def test_null_stands_for_the_default() -> None:
    assert ask(words="tea", without=None, limit=None) == ask(words="tea")


def test_its_properties_are_what_the_signature_says() -> None:
    function = blueprint.mcp_tool_example.build()
    [trigger] = function.get_bindings_dict()["bindings"]
    keys = ("propertyName", "propertyType", "isArray", "isRequired")
    properties = json.loads(trigger["toolProperties"])
    assert [tuple(each[key] for key in keys) for each in properties] == [
        ("words", "string", False, True),
        ("without", "string", True, False),
        ("limit", "integer", False, False),
    ]
    assert all(each["description"] for each in properties)


def test_is_asynchronous_because_the_worker_runs_tools_in_the_thread_of_all_functions() -> None:
    function = blueprint.mcp_tool_example.build()
    assert inspect.iscoroutinefunction(inspect.unwrap(function.get_user_function()))
