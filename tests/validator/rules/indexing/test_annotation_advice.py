"""What to write instead of an annotation that the worker rejects."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.validator import Find, Plant, find_problems
from tests.validator.rules.signature_files import orders

FUNCTION = """
import typing

import azure.functions as func

bp = func.Blueprint()


@bp.{decorators}
def orders(message{annotation}{more}) -> {result}:
    print(message)
"""
TIMER = 'timer_trigger(arg_name="message", schedule="0 0 6 * * *")'
SQL = 'sql_trigger(arg_name="message", table_name="orders", connection_string_setting="OrdersSql")'
GRID = 'event_grid_trigger(arg_name="message")'
TOPIC = (
    'service_bus_queue_trigger(arg_name="message", queue_name="orders", connection="OrdersBus", '
    'data_type="binary", cardinality="{}")'
)
OUTPUT = (
    f'{TIMER}\n@bp.cosmos_db_output(arg_name="out", database_name="shop", container_name="orders", '
    'connection="OrdersCosmos")'
)
RESULT = f'{TIMER}\n@bp.queue_output(arg_name="$return", queue_name="orders", connection="C")'


@pytest.mark.parametrize(
    ("decorators", "annotation", "more", "result", "types"),
    [
        (SQL, "func.SqlRowList", "", "None", "str"),
        (TIMER, "dict", "", "None", "func.TimerRequest or str"),
        (GRID, "dict", "", "None", "func.CloudEvent, func.EventGridEvent or str"),
        (TOPIC.format("ONE"), "dict", "", "None", "func.ServiceBusMessage or str"),
        (TOPIC.format("many"), "list", "", "None", "typing.List[func.ServiceBusMessage]"),
        (
            OUTPUT,
            "func.TimerRequest",
            ", out: func.Out[dict]",
            "None",
            "func.Out[func.Document], func.Out[func.DocumentList] or func.Out[str]",
        ),
        (RESULT, "func.TimerRequest", "", "dict", "func.QueueMessage or str"),
    ],
)
def test_the_types_of_a_binding(
    decorators: str,
    annotation: str,
    more: str,
    result: str,
    types: str,
    plant: Plant,
    find: Find,
) -> None:
    source = FUNCTION.format(
        decorators=decorators, annotation=f": {annotation}", more=more, result=result
    )
    [found] = find(plant({"blueprints/orders.py": source}), "AF114")
    assert found.fix == f"Annotate it with {types}, or remove the annotation."


ONLY_CHECKED = (
    "if typing.TYPE_CHECKING:\n                from azure.functions import QueueMessage\n"
)
OUTSIDE = "Import QueueMessage outside of the block under TYPE_CHECKING."


def test_a_type_that_is_imported_only_for_type_checkers(plant: Plant, find: Find) -> None:
    files = orders('message: "QueueMessage", invoice: func.Out[str])', ONLY_CHECKED)
    [found] = find(plant(files), "AF1")
    assert (found.code, found.fix) == ("AF114", OUTSIDE)
    assert "QueueMessage is imported only under TYPE_CHECKING" in found.message


def test_such_a_type_that_the_import_reads(plant: Plant, find: Find) -> None:
    files = orders("message: QueueMessage, invoice: func.Out[str])", ONLY_CHECKED)
    [found] = find(plant(files), "AF1", imports=False)
    assert (found.code, found.fix) == ("AF101", OUTSIDE)
    assert found.message.startswith("QueueMessage is imported only under TYPE_CHECKING")


@pytest.mark.parametrize(
    "other",
    ["else:\n                QueueMessage = str", "class QueueMessage(func.QueueMessage): ..."],
)
def test_such_a_type_that_is_something_else_when_the_app_runs(
    other: str, plant: Plant, find: Find
) -> None:
    imports = f"{ONLY_CHECKED}            {other}"
    files = orders('message: "QueueMessage", invoice: func.Out[str])', imports)
    assert find(plant(files), "AF1") == []


def test_such_a_type_in_a_function_that_a_decorator_wraps(
    plant: Plant, worker_python: Path
) -> None:
    source = FUNCTION.format(
        decorators=f"{TIMER}\n@named", annotation=': "TimerRequest"', more="", result="None"
    )
    imports = "if typing.TYPE_CHECKING:\n    from azure.functions import TimerRequest\n"
    wrapper = "def named(call):\n    return functools.wraps(call)(lambda message: call(message))\n"
    source = source.replace("import typing\n", "import functools\nimport typing\n")
    source = source.replace("\nbp =", f"\n{imports}\n\n{wrapper}\nbp =")
    [found] = find_problems(plant({"blueprints/orders.py": source}), "AF114", worker_python)
    assert found.fix == "Import TimerRequest outside of the block under TYPE_CHECKING."


def test_a_default_that_makes_an_annotation_optional(
    plant: Plant, environment: Callable[[str], Path]
) -> None:
    fix = "Remove the default None: on Python 3.10, it makes the annotation Optional."
    for annotation, expected in [("func.QueueMessage", fix), ("dict", "Annotate it with ")]:
        app = plant(orders(f"message: {annotation}, invoice: func.Out[str] = None)"))
        [found, *_] = find_problems(app, "AF114", environment("3.10"))
        assert found.fix.startswith(expected)


def test_an_object_that_can_be_called(plant: Plant, worker_python: Path) -> None:
    source = """
        import functools

        import azure.functions as func

        bp = func.Blueprint()


        def hello(text: str, req: func.HttpRequest) -> str:
            return text


        call = functools.partial(hello, "Hello")
        call.__name__ = "hello"
        bp.route(route="hello")(call)
        """
    [found] = find_problems(plant({"blueprints/hello.py": source}), "AF11", worker_python)
    assert (found.code, found.fix) == ("AF115", "Decorate a function, which calls it.")
    assert found.message.endswith("it is an object of the class partial, and not a function.")
