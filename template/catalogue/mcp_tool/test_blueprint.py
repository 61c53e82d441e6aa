"""Tests for the MCP tool mcp_tool_example."""

import asyncio
import json
from typing import Any

import pytest

from blueprints import mcp_tool_example as blueprint


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
        ({"words": "  "}, "Give at least one word to search for."),
        ({"words": "tea", "limit": 0}, "The limit must be from 1 to 20."),
        ({"words": "tea", "limit": 21}, "The limit must be from 1 to 20."),
    ],
)
def test_tells_the_assistant_what_is_wrong(arguments: dict[str, Any], answer: str) -> None:
    assert ask(**arguments) == answer
