"""Objects that a function uses inside of a `try`, whose handler may expect that they are other ones."""

import textwrap

import pytest

from tests.support.validator import Find, Plant
from tests.validator.rules.functions.test_objects import BUS, REQUEST, ROUTE, written

MESSAGE = "message: func.ServiceBusMessage"
ANSWER = "return func.HttpResponse(str(e), status_code=500)"


def tried(body: str, *handler: str, error: str = "Exception as e") -> str:
    return "\n".join([f"try:\n    {body}\nexcept {error}:", *(f"    {line}" for line in handler)])


@pytest.mark.parametrize(
    "body",
    [
        tried("body = req.json", ANSWER),
        tried("body = req.json", ANSWER, error="(KeyError, Exception) as e"),
        tried("body = req.json", "print(req.url, e)", ANSWER),
        tried("body = req.json", "logging.error('%s: %s', req.url, e)", "raise"),
        tried("body = req.json", "logging.exception(req.url)", "raise OSError(req.url) from e"),
        tried("body = req.json\n    print(body)", "print(e)"),
        tried("body = req.json\n    print(body)", "body = None") + "\nprint(body)",
        tried("if req.params:\n        body = req.json", "print(e)"),
        "for one in [1, 2]:\n" + textwrap.indent(tried("body = req.json", "continue"), "    "),
    ],
)
def test_a_handler_that_only_reports_the_error(body: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(written(body)), "AF241")
    assert found.message == "req is a func.HttpRequest, which has no attribute 'json'."


@pytest.mark.parametrize(
    "body",
    [
        tried("body = req.json", "body = req.get_json()"),
        tried("body = req.json", "return answer(req.get_body())"),
        tried("body = req.json", "send(req.get_body())", "return ''"),
        tried("body = req.json", "body = None") + "\nprint(body or req.get_body())",
        tried("body = req.json", "body = None"),
        tried("body = req.json\n    print(1)", "body = None") + "\nprint(body or req.get_body())",
        tried("body = req.json\n    print(1)", ANSWER, error="AttributeError as e"),
        tried("body = req.json\n    print(1)", ANSWER, error="(KeyError, AttributeError) as e"),
    ],
)
def test_a_handler_that_has_another_way(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(written(body)), "AF241") == []


def test_a_handler_that_settles_a_message(plant: Plant, find: Find) -> None:
    body = tried("print(json.loads(message.get_body()))", "await message.dead_letter()", "raise")
    found = find(plant(written(f"{body}\nawait message.complete()", BUS, MESSAGE)), "AF241")
    assert [one.message.partition(", ")[2] for one in found] == [
        "which has no attribute 'dead_letter'.",
        "which has no attribute 'complete'.",
    ]


def test_the_worker_calls_such_functions_in_vain(plant: Plant, find: Find) -> None:
    body = tried("size = req.params['size'] + 1", ANSWER)
    [found] = find(plant(written(body, ROUTE, REQUEST)), "AF241")
    assert found.fix == "Write int(req.params['size'])."
