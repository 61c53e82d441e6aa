"""Tests for the MCP prompt mcp_prompt_example."""

import json
from typing import Any

import azure.functions as func
import pytest

from blueprints import mcp_prompt_example as blueprint

PRODUCT = "product must be one of: black tea, green tea, milk."
TONE = "tone must be one of: formal, friendly."
WORDS = "words must be a whole number from 1 to 200."


def get(**arguments: Any) -> str:
    """Return the prompt that an assistant gets for these arguments."""
    context = func.PromptInvocationContext({"name": "prompt", "arguments": arguments})
    prompt: str = blueprint.mcp_prompt_example(context)
    return prompt


def test_names_the_product_and_what_is_known_of_it() -> None:
    assert get(product="Green Tea ") == (
        "Describe this product of our shop in at most 50 words: green tea (Sencha, 80 g, mild). "
        "Write as if to a regular guest. Add no facts that are not given here."
    )


def test_follows_the_optional_arguments() -> None:
    prompt = get(product="milk", tone="Formal", words=" 20 ")
    assert "in at most 20 words: milk" in prompt
    assert "Write as for a printed price list." in prompt


@pytest.mark.parametrize("words", ["1", "200"])
def test_takes_the_smallest_and_the_largest_number_of_words(words: str) -> None:
    assert f"in at most {words} words" in get(product="milk", words=words)


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_optional_argument_can_be_empty(nothing: Any) -> None:
    assert get(product="milk", tone=nothing, words=nothing) == get(product="milk")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"product": "coffee"}, PRODUCT),
        ({"product": ""}, PRODUCT),
        ({"product": ["milk"]}, PRODUCT),
        ({"product": 7}, PRODUCT),
        ({"product": "milk", "tone": "angry"}, TONE),
        ({"product": "milk", "words": "0"}, WORDS),
        ({"product": "milk", "words": "201"}, WORDS),
        ({"product": "milk", "words": "-5"}, WORDS),
        ({"product": "milk", "words": "1.5"}, WORDS),
        ({"product": "milk", "words": "²"}, WORDS),
        ({"product": "milk", "words": "9" * 5000}, WORDS),
        ({"product": "milk", "words": "000000001999"}, WORDS),
    ],
)
def test_says_what_is_wrong(arguments: dict[str, Any], error: str) -> None:
    prompt = get(**arguments)
    assert prompt == f"Tell me only this: the prompt does not work, because {error}"


def test_arguments_that_are_missing_altogether_are_no_exception() -> None:
    context = func.PromptInvocationContext({"name": "prompt", "arguments": None})
    assert PRODUCT in blueprint.mcp_prompt_example(context)


def test_assistants_learn_which_arguments_there_are() -> None:
    function = blueprint.mcp_prompt_example.build()
    [trigger] = function.get_bindings_dict()["bindings"]
    arguments = json.loads(trigger["promptArguments"])
    required = {each["name"]: each["required"] for each in arguments}
    assert required == {"product": True, "tone": False, "words": False}
    assert all(each["description"] for each in arguments)
