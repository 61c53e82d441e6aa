"""An app with durable functions, whose orchestrator the tests of the rules about them write."""

import textwrap

from tests.support.validator import Files

NAMES = """
import time

GREET = "say_hello"
WRONG = "say_hallo"


def stamp():
    return time.time()


def plain(value):
    return value
"""
IMPORTS = """import azure.durable_functions as df
import azure.functions as func
from enum import Enum
from shared import names
from shared.names import plain, stamp

bp = df.Blueprint()
"""
FUNCTIONS = """


@bp.activity_trigger(input_name="name")
def say_hello(name: str) -> str:
    return name


@bp.activity_trigger(input_name="name", activity="greet")
def greeting(name: str) -> str:
    return name


@bp.entity_trigger(context_name="context", entity_name="Counter")
def counter_entity(context) -> None:
    context.set_result(1)


@bp.orchestration_trigger(context_name="context")
def child(context):
    yield context.call_activity("greet", "")


def helper(name):
    return name


@bp.route(route="start")
@bp.durable_client_input(client_name="durable")
async def start(req: func.HttpRequest, durable, ) -> func.HttpResponse:
    await durable.start_new(req.params["name"])
    return func.HttpResponse("")


@bp.orchestration_trigger(context_name="context")
def steps(context):
"""


def steps(orchestrator: str, top: str = "") -> Files:
    """Return an app with the body of an orchestrator, and lines at the top of its module."""
    body = textwrap.indent(textwrap.dedent(orchestrator).strip(), "    ")
    return {
        "shared/__init__.py": "",
        "shared/names.py": NAMES,
        "blueprints/hello.py": f"{IMPORTS}{textwrap.dedent(top).strip()}{FUNCTIONS}{body}\n",
    }
