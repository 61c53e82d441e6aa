"""Tests for the MCP tool mcp_tool_example."""

import asyncio
import inspect
import json
from typing import Any

import pytest

from blueprints import mcp_tool_example as blueprint

NO_WORDS = "Give at least one word to search for."
NO_LIMIT = "The limit must be a whole number from 1 to 20."


def ask(**arguments: Any) -> str:
    """Return what the tool returns to an assistant."""
    context = json.dumps({"name": "tool", "arguments": arguments})
    tool = blueprint.mcp_tool_example.build().get_user_function()
    answer: str = asyncio.run(tool(context=context))
    return answer


def test_finds_the_products_whose_names_have_all_words() -> None:
    assert json.loads(ask(words="Tea")) == [
        {"name": "black tea", "cents": 250},
        {"name": "green tea", "cents": 300},
    ]
    assert json.loads(ask(words="tea green")) == [{"name": "green tea", "cents": 300}]


def test_returns_no_more_than_the_limit() -> None:
    assert json.loads(ask(words="tea", limit=1)) == [{"name": "black tea", "cents": 250}]


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ({"words": "coffee"}, "No product is called coffee."),
        ({"words": "  "}, NO_WORDS),
        ({"words": None}, NO_WORDS),
        ({"words": 7}, NO_WORDS),
        ({"words": ["tea"]}, NO_WORDS),
        ({"words": "tea", "limit": 0}, NO_LIMIT),
        ({"words": "tea", "limit": 21}, NO_LIMIT),
        ({"words": "tea", "limit": "5"}, NO_LIMIT),
        ({"words": "tea", "limit": 1.5}, NO_LIMIT),
        ({"words": "tea", "limit": True}, NO_LIMIT),
    ],
)
def test_tells_the_assistant_what_is_wrong(arguments: dict[str, Any], answer: str) -> None:
    assert ask(**arguments) == answer


def test_a_limit_of_null_is_none() -> None:
    assert ask(words="tea", limit=None) == ask(words="tea")


def test_asks_for_words_and_leaves_the_limit_to_the_assistant() -> None:
    function = blueprint.mcp_tool_example.build()
    [trigger] = function.get_bindings_dict()["bindings"]
    properties = json.loads(trigger["toolProperties"])
    assert [(p["propertyName"], p["propertyType"], p["isRequired"]) for p in properties] == [
        ("words", "string", True),
        ("limit", "integer", False),
    ]


def test_is_asynchronous_because_the_worker_runs_tools_in_the_thread_of_all_functions() -> None:
    function = blueprint.mcp_tool_example.build()
    assert inspect.iscoroutinefunction(inspect.unwrap(function.get_user_function()))
