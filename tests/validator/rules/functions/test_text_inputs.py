"""Parameters that are text, and that a function uses as an object or as a number."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant
from tests.validator.rules.settings_files import ORDERS

SOURCE = """
import json

import azure.functions as func

bp = func.Blueprint()


@bp.{decorator}
def orders({parameter}):
{body}
    return {result}
"""
TIMER = (
    'timer_trigger(arg_name="timer", schedule="0 0 6 * * *")\n'
    '@bp.blob_input(arg_name="message", path="orders/a", connection="OrdersStorage")'
)


def app(decorator: str, parameter: str, body: str, result: str = "None") -> Files:
    """Return an app whose function has its body from line 10 on."""
    body = textwrap.indent(body, "    ")
    source = SOURCE.format(decorator=decorator, parameter=parameter, body=body, result=result)
    return {"blueprints/orders.py": source}


@pytest.mark.parametrize(
    ("body", "what", "fix"),
    [
        (
            "print(message.get_body())",
            "which has no attribute 'get_body'.",
            "Use message as it is, or annotate it as func.QueueMessage.",
        ),
        ('print(message["id"])', "which has no items by name.", "Write json.loads(message) first."),
        (
            'print(message.get("id"))',
            "which has no attribute 'get'.",
            "Write json.loads(message) first.",
        ),
    ],
)
@pytest.mark.parametrize("annotation", ["str", "'str'"])
def test_text_that_is_used_as_an_object(
    annotation: str, body: str, what: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(ORDERS, f"message: {annotation}", body)), "AF2")
    assert (found.code, found.path, found.line) == ("AF241", "blueprints/orders.py", 10)
    assert found.message == f"message is text, as it is annotated, {what}"
    assert found.fix == fix


def test_text_of_an_input(plant: Plant, find: Find) -> None:
    [found] = find(plant(app(TIMER, "timer, message: str", 'print(message["id"])')), "AF2")
    assert (found.code, found.line) == ("AF241", 11)


@pytest.mark.parametrize(
    ("parameter", "body"),
    [
        ("message: str", 'print(json.loads(message)["id"], message[0], message.strip())'),
        ("message: str", 'message = json.loads(message)\nprint(message["id"])'),
        ("message: str", 'if isinstance(message, dict):\n    print(message["id"])'),
        ("message: func.QueueMessage", "print(message.get_body())"),
        ("message", 'print(message["id"])'),
    ],
)
def test_text_that_is_used_as_text(parameter: str, body: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(ORDERS, parameter, body)), "AF241") == []


def test_an_activity_gets_what_its_caller_gave(plant: Plant, find: Find) -> None:
    source = """
    import azure.durable_functions as df

    bp = df.Blueprint()


    @bp.activity_trigger(input_name="order")
    def orders(order: str) -> str:
        return order["id"] + order.get("city", "")
    """
    files = {
        "blueprints/orders.py": source,
        "requirements.txt": "azure-functions\nazure-functions-durable\n",
    }
    assert find(plant(files), "AF241") == []


ROUTE = 'route(route="orders/{id}")'
REQUEST = "req: func.HttpRequest"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("x = req.route_params['id'] + 1", "req.route_params['id']"),
        ("x = 10 - req.route_params['id']", "req.route_params['id']"),
        ("if req.params.get('n', 5) > 3: pass", "req.params.get('n', 5)"),
        ("if req.params['n'] == 3: pass", "req.params['n']"),
        ("n = req.params.get('n'); x = n / 2", "n"),
    ],
)
def test_a_parameter_of_a_request_as_a_number(
    body: str, text: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(ROUTE, REQUEST, body, '"x"')), "AF2")
    assert (found.code, found.line) == ("AF241", 10)
    assert found.message == f"{text} is text, which this line uses as a number."
    assert found.fix == f"Write int({text})."


@pytest.mark.parametrize(
    "body",
    [
        "x = int(req.route_params['id']) + 1",
        "x = req.route_params['id'] + '1'",
        "if len(req.params['n']) > 3:\n    pass",
        "n = req.params.get('n')\nn = int(n)\nx = n / 2",
        "x = req.params['n'] * 2",
        "try:\n    x = req.params['n'] + 1\nexcept TypeError:\n    pass",
    ],
)
def test_a_parameter_of_a_request_as_text(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(ROUTE, REQUEST, body, '"x"')), "AF2") == []
