"""Requests and messages that functions pass on to others."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import json
import azure.functions as func

bp = func.Blueprint()


{helper}


@bp.route(route="orders")
def orders(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("")
"""


def app(helper: str) -> Files:
    """Return an app with a helper, which begins on line 7."""
    return {"blueprints/orders.py": SOURCE.format(helper=textwrap.dedent(helper))}


@pytest.mark.parametrize(
    ("helper", "line", "fix"),
    [
        ("def load(req: func.HttpRequest):\n    return req.json()", 8, "Use get_json."),
        ("def page(request: func.HttpRequest):\n    return request.args['a']", 8, "Use params."),
        ("async def load(req: func.HttpRequest):\n    return await req.get_json()", 8, "Write it"),
        ("def size(text, msg: 'func.QueueMessage'):\n    return len(msg)", 8, "Use msg.get_json()"),
        (
            "class Orders:\n    def load(self, req: func.HttpRequest):\n        return req.body",
            9,
            "Use get_body.",
        ),
        ("def n(req: func.HttpRequest):\n    return req.params['n'] - 1", 8, "Write int(req.par"),
    ],
)
def test_what_a_helper_gets(helper: str, line: int, fix: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(helper)), "AF241")
    assert (found.path, found.line) == ("blueprints/orders.py", line)
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    "helper",
    [
        "def load(req: func.HttpRequest):\n    return req.get_json()",
        "def load(req):\n    return req.json()",
        "def load(req: dict):\n    return req.items()",
        "@staticmethod\ndef load(req: func.HttpRequest):\n    return req.json()",
        "def load(req: func.HttpRequest):\n    req = json.loads(req.get_body())\n    return req.a",
        "def load(req: func.HttpRequest):\n    return req.json() if hasattr(req, 'json') else 1",
        "def mark(req: func.HttpRequest):\n    req.user = 1\n    return req.user",
    ],
)
def test_what_a_helper_may_get(helper: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(helper)), "AF241") == []
