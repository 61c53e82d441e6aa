"""Calls of the functions of the sample app: what they get, return, write and log."""

import json
from collections.abc import Mapping

import pytest

from tests.worker.exchange import Result, TypedValue
from tests.worker.mcp import take_arguments
from tests.worker.sample_app import tool_call


def test_an_output_has_what_the_function_sets(results: Mapping[str, Result]) -> None:
    assert results["copy"].failure is None
    assert results["copy"].outputs == {"copy": TypedValue("string", "hello!")}


def test_logs_are_those_of_the_app_and_the_invocation(results: Mapping[str, Result]) -> None:
    assert results["copy"].logs == ["got 7, attempt 2", "from a library"]
    assert results["copy once more"].logs == ["got None, attempt None", "from a library"]
    assert results["forward"].logs == []


def test_a_returned_value_has_its_type(results: Mapping[str, Result]) -> None:
    assert results["forward"].failure is None
    assert results["forward"].returned == TypedValue("bytes", b"hello!")


def test_a_failure_has_its_message_stack_and_logs(results: Mapping[str, Result]) -> None:
    failure, logs = results["fail"].failure, results["fail"].logs
    assert failure is not None
    assert failure.message == "ValueError: no order"
    assert 'raise ValueError("no order")' in failure.stack
    assert logs[0].startswith("trace 00-")
    assert logs[1] == "attempt 0"


def test_a_log_message_that_cannot_be_formatted_is_a_failure(results: Mapping[str, Result]) -> None:
    failure = results["log badly"].failure
    assert failure is not None
    assert "%d format" in failure.message


def test_an_argument_that_does_not_exist_is_a_failure(results: Mapping[str, Result]) -> None:
    failure = results["wrong argument"].failure
    assert failure is not None
    assert failure.message == "KeyError: 'text'"


def test_a_tool_gets_the_arguments_that_it_has_whatever_their_types(
    results: Mapping[str, Result],
) -> None:
    titles = ("tool", "tool with null for what is optional")
    returned = [results[title].returned for title in titles]
    assert returned == [TypedValue("string", "[7, [1], 0]"), TypedValue("string", '["", 1, null]')]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("tool without a value", "words"),
        ("tool with null", "words"),
        # The decorator of the property requires it, though the parameter has a default.
        ("tool without what has a default", "most"),
        ("tool without arguments", "words, most"),
    ],
)
def test_a_tool_is_not_called_without_what_it_requires(
    results: Mapping[str, Result], title: str, names: str
) -> None:
    failure = results[title].failure
    assert failure is not None
    assert failure.message.endswith(f"Please provide: {names}")
    assert (results[title].returned, results[title].logs) == (None, [])


def test_a_tool_gets_no_argument_that_it_does_not_have() -> None:
    """The worker would hide it from a function that names its arguments."""
    properties = json.dumps([{"propertyName": "words", "isRequired": True}])
    trigger = {"type": "mcpToolTrigger", "name": "context", "toolProperties": properties}
    call = tool_call({"words": "tea", "page": 2})
    content = json.loads(str(take_arguments([trigger], call.inputs)["context"].value))
    assert content == {"name": "find", "arguments": {"words": "tea"}}


def test_an_input_arrives_as_its_type(results: Mapping[str, Result]) -> None:
    assert results["bytes"].logs == [r"b'\xff'"]
    assert results["json"].logs == ["'[1]'"]
    assert results["no value"].logs == ["None"]
    assert results["texts"].logs == ["[b'a', b'b']"]
    assert results["bytes of a batch"].logs == [r"[b'a', b'\xff']"]
