"""Parameters and annotations that the worker rejects."""

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.run import run
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
from tests.validator.rules.signature_files import SIGNATURES, orders


def results(python: Path) -> dict[str, tuple[str | None, bool | None]]:
    """Return why we reject each of thousands of signatures, and whether the worker does."""
    script = Path(__file__).with_name("every_signature.py")
    done = run(python, "-B", script, SIGNATURES)
    return {title: (why, rejects) for title, (why, rejects) in json.loads(done.stdout).items()}


def test_our_rules_reject_what_the_worker_rejects(worker_python: Path) -> None:
    found = results(worker_python)
    differing = [title for title, (why, rejects) in found.items() if bool(why) != rejects]
    assert differing == []
    assert len({rejects for _, rejects in found.values()}) == 2


def test_our_rules_are_the_same_where_there_is_no_worker(
    environment: Callable[[str], Path], worker_python: Path
) -> None:
    found, expected = results(environment("3.12")), results(worker_python)
    assert {title: bool(why) for title, (why, _) in found.items()} == {
        title: bool(why) for title, (why, _) in expected.items()
    }


@pytest.mark.parametrize(
    "signature",
    [
        "message: func.QueueMessage, invoice: func.Out[str]) -> None",
        'message: "func.QueueMessage", invoice: "func.Out[str]") -> None',
        "message, invoice)",
        "message: str, invoice: func.Out[typing.List[str]], context: func.Context) -> None",
        "invoice: func.Out[bytes], message: func.QueueMessage) -> int | None",
    ],
)
def test_signatures_that_the_worker_accepts(signature: str, plant: Plant, find: Find) -> None:
    assert find(plant(orders(signature)), "AF11") == []


BATCH = """
import typing

import azure.functions as func

bp = func.Blueprint()


@bp.{trigger}arg_name="message", connection="AzureWebJobsStorage")
def orders(message: {annotation}) -> None:
    print(message)
"""
HUB = 'event_hub_message_trigger(event_hub_name="orders", cardinality="many", data_type="binary", '
TOPIC = 'service_bus_queue_trigger(queue_name="orders", cardinality="many", data_type="binary", '
QUEUE = 'queue_trigger(queue_name="orders", '


@pytest.mark.parametrize(
    ("trigger", "annotation", "fix"),
    [
        (HUB, "list[func.EventHubEvent]", "write List[func.EventHubEvent] instead."),
        (TOPIC, "list[func.ServiceBusMessage]", "write List[func.ServiceBusMessage] instead."),
        (HUB, "list[dict]", "or remove the annotation."),
        (HUB, "tuple[func.EventHubEvent]", "or remove the annotation."),
        (QUEUE, "list[func.QueueMessage]", "or remove the annotation."),
        (HUB, "typing.List[func.EventHubEvent]", ""),
    ],
)
def test_how_to_annotate_a_batch(
    trigger: str, annotation: str, fix: str, plant: Plant, find: Find
) -> None:
    app = plant({"blueprints/orders.py": BATCH.format(trigger=trigger, annotation=annotation)})
    found = find(app, "AF114")
    assert [one.fix.endswith(fix) for one in found] == ([True] if fix else [])


@pytest.mark.parametrize(
    ("signature", "code", "words"),
    [
        ("message: func.QueueMessage, invoice: func.Out[list[str]])", "AF114", "list[str]"),
        ("message: func.QueueMessage | None, invoice: func.Out[str])", "AF114", "None"),
        ("message: typing.Optional[func.QueueMessage], invoice: func.Out[str])", "AF114", "Opt"),
        ("message: func.QueueMessage, invoice: str)", "AF114", "func.Out"),
        ("message: func.QueueMessage, invoice: func.QueueMessage)", "AF114", "func.Out"),
        ("message: func.Out[str], invoice: func.Out[str])", "AF114", "input"),
        ("msg: func.QueueMessage, invoice: func.Out[str])", "AF113", '"msg"'),
        ("message: func.QueueMessage, invoice: func.Out[str], more: int = 1)", "AF113", '"more"'),
        ("message: func.QueueMessage, invoice: func.Out[str], *more)", "AF113", 'parameter "more"'),
        ("message, invoice: func.Out[str], **more)", "AF113", 'parameter "more"'),
        ("message: func.QueueMessage, **invoice_and_more)", "AF113", 'names "invoice"'),
    ],
)
def test_signatures_that_the_worker_rejects(
    signature: str, code: str, words: str, plant: Plant, find: Find
) -> None:
    found = find(plant(orders(signature)), "AF11")
    assert {(finding.code, finding.path) for finding in found} == {(code, "blueprints/orders.py")}
    assert any(words in finding.message for finding in found)


@pytest.mark.parametrize("annotation", ["dict", "None"])
def test_what_a_function_with_a_route_may_return(annotation: str, plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("-> func.HttpResponse", f"-> {annotation}")
    [found] = find(plant({"blueprints/hello.py": source}), "AF114")
    assert found.fix == "Annotate it with func.HttpResponse or str, or remove the annotation."


def test_a_type_that_is_imported_only_for_type_checkers_is_rejected(
    plant: Plant, find: Find
) -> None:
    imports = "if typing.TYPE_CHECKING:\n                from decimal import Decimal\n"
    files = orders('message: "Decimal", invoice: func.Out[str])', imports)
    [found] = find(plant(files), "AF11")
    assert (found.code, found.path) == ("AF114", "blueprints/orders.py")


def test_a_return_annotation_that_http_does_not_support_is_rejected(
    plant: Plant, find: Find
) -> None:
    app = plant(
        {
            "blueprints/hello.py": """
                import azure.functions as func

                bp = func.Blueprint()


                @bp.route(route="hello")
                def hello(req: func.HttpRequest) -> None:
                    return None
                """
        }
    )
    [found] = find(app, "AF11")
    assert (found.code, found.line) == ("AF114", 7)


@pytest.mark.parametrize(
    ("annotation", "why", "fix"),
    [
        ("'Missing'", "Missing is not defined", "Import it, or correct the name."),
        ("'func.QueueMesage'", "there is no azure.functions.QueueMesage", "Write func.QueueM"),
        ("'QueueMessage'", "QueueMessage is not defined", "Write func.QueueMessage instead."),
        ("'fnc.QueueMessage'", "fnc is not defined", "Import it, or correct the name."),
        ("'func.'", "'func.' is not an annotation", "Correct it."),
    ],
)
def test_an_annotation_that_the_worker_cannot_read(
    annotation: str, why: str, fix: str, plant: Plant, find: Find
) -> None:
    files = orders(f"message: {annotation}, invoice: func.Out[str])")
    [found] = find(plant(files), "AF1")
    assert (found.code, found.path, found.line) == ("AF114", "blueprints/orders.py", 10)
    assert found.message == f"The worker cannot read this annotation of orders: {why}."
    assert found.fix.startswith(fix)
    if not why.endswith("annotation"):
        source = files["blueprints/orders.py"].replace(annotation, annotation.strip("'"))
        late = source.replace("import typing", "from __future__ import annotations\n", 1)
        [same] = find(plant({"blueprints/orders.py": late}), "AF1")
        assert (same.code, same.message, same.fix) == (found.code, found.message, found.fix)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def orders", "def make(Missing): ...\n\n\nMissing = func.QueueMessage\n\n\ndef orders"),
        ("bp = func", "globals()\nbp = func"),
        ("bp = func", "from os import *\nbp = func"),
        ("@bp.queue_trigger", "@app_own\n@bp.queue_trigger"),
        ("@bp.queue_trigger", "@bp.durable_client_input(client_name='client')\n@bp.queue_trigger"),
    ],
)
def test_names_that_may_be_there(old: str, new: str, plant: Plant) -> None:
    source = textwrap.dedent(orders("message: 'Missing', invoice)")["blueprints/orders.py"])
    assert find_problems(plant({"blueprints/orders.py": source.replace(old, new)}), "AF114") == []


@pytest.mark.parametrize(
    ("annotation", "reason"),
    [
        ("func.Out[list[str]]", "Out[list[str]] is not supported"),
        (
            "'func.Missing'",
            "the annotations cannot be read: module 'azure.functions' has no attribute 'Missing'",
        ),
    ],
)
def test_what_only_the_worker_shows_of_an_annotation(
    annotation: str, reason: str, plant: Plant, worker_python: Path
) -> None:
    app = plant(orders(f"message: {annotation}, invoice: func.Out[str])"))
    [found] = find_problems(app, "AF11", worker_python)
    assert found.code == "AF114"
    assert found.message.endswith(f" of orders: {reason}.")


@pytest.mark.parametrize("type_", ["str", "typing.Any", "func.HttpRequest", "'dict'", "Other"])
def test_another_context_is_rejected(type_: str, plant: Plant, find: Find) -> None:
    files = orders(f"message, invoice, context: {type_})", "class Other: ...")
    [found] = find(plant(files), "AF11")
    assert found.code == "AF114"
    assert found.message == (
        'The worker rejects the annotation of the parameter "context" of orders: it must be '
        "azure.functions.Context."
    )
    assert found.fix == "Annotate it with func.Context, or remove the annotation."


@pytest.mark.parametrize("imports", ["class Context: ...", "Context = func.Context"])
def test_a_class_that_is_called_context_is_a_context(
    imports: str, plant: Plant, find: Find
) -> None:
    assert find(plant(orders("message, invoice, context: Context)", imports)), "AF11") == []


@pytest.mark.parametrize(
    ("arguments", "parameters", "reason"),
    [
        ('arg_name="message", queue_name=PurePath("orders")', "message", "not JSON serializable"),
        ('arg_name="$return", queue_name="orders"', "", '"$return" binding must have direction'),
    ],
)
def test_what_the_worker_rejects_for_another_reason(
    arguments: str, parameters: str, reason: str, plant: Plant, worker_python: Path
) -> None:
    app = plant(
        {
            "blueprints/orders.py": f"""
                from pathlib import PurePath

                import azure.functions as func

                bp = func.Blueprint()


                @bp.queue_trigger({arguments}, connection="OrdersStorage")
                def orders({parameters}):
                    pass
                """
        }
    )
    [found] = find_problems(app, "AF11", worker_python)
    assert (found.code, found.path) == ("AF115", "blueprints/orders.py")
    assert reason in found.message


@pytest.mark.parametrize("annotation", ["dict[str, int]", "str | None", "typing.Optional[str]"])
def test_what_to_do_about_the_annotation_of_an_activity(
    plant: Plant, find: Find, annotation: str
) -> None:
    source = f"""
        import typing

        import azure.durable_functions as df

        bp = df.Blueprint()


        @bp.activity_trigger(input_name="order")
        def orders(order: {annotation}) -> str:
            return "x"
        """
    app = plant(
        {
            "blueprints/orders.py": source,
            "requirements.txt": "azure-functions\nazure-functions-durable\n",
        }
    )
    assert ["such as dict" in one.fix for one in find(app, "AF114")] == [True]


CACHES = {
    "import functools": "functools.lru_cache",
    "from functools import cache": "cache",
    "from functools import lru_cache as cached": "cached(maxsize=1)",
}


@pytest.mark.parametrize("statement", CACHES)
def test_a_cached_function_is_rejected(statement: str, plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("def ", f"@{CACHES[statement]}\ndef ")
    [found] = find(plant({"blueprints/hello.py": f"{statement}\n{source}"}))
    assert found.code == "AF115"
    assert found.message.endswith("cache is below its trigger.")
    assert found.fix.startswith("Remove it, and let the function call another")


@pytest.mark.parametrize("name", ["cache", "functools.lru_cache", "staticmethod"])
def test_a_decorator_that_makes_a_function_again(name: str, plant: Plant, find: Find) -> None:
    head = "import functools\ndef again(function):\n    @functools.wraps(function)\n"
    head += (
        "    def wrapper(req):\n        return function(req)\n    return wrapper\ncache = again\n"
    )
    source = HEALTHY["blueprints/hello.py"].replace("def ", f"@again\n@{name}\ndef ")
    if name == "cache":
        source = source.replace("@again\n", "")
    assert find(plant({"blueprints/hello.py": head + source}), "AF115") == []


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("from functools import lru_cache\ndef lru_cache(function):", "lru_cache"),
        ("def staticmethod(function):", "staticmethod"),
    ],
)
def test_a_decorator_with_the_same_name_as_another(
    lines: str, name: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("def ", f"@{name}\ndef ")
    files: Files = {"blueprints/hello.py": f"{lines}\n    return function\n{source}"}
    assert find(plant(files), "AF115") == []


def test_an_object_that_is_no_function(plant: Plant, worker_python: Path) -> None:
    lines = "from functools import partial\nhello = partial(print)\nhello.__name__ = 'hello'\n"
    source = (
        f"import azure.functions as func\n{lines}bp = func.Blueprint()\nbp.route('hello')(hello)\n"
    )
    [found] = find_problems(plant({"blueprints/hello.py": source}), "AF1", worker_python)
    assert found.code == "AF115"
    assert "an object of the class partial, and not a function" in found.message
