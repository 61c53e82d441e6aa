"""Parameters and annotations that the worker rejects."""

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from functions_validator.data import read_table
from hooks.catalogue import ROOT
from hooks.pyz import PYZ
from tests.support.run import run
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

SIGNATURES = ROOT / "src" / "functions_validator" / "indexing" / "worker_signatures.py"


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


def orders(signature: str, imports: str = "") -> dict[str, str]:
    """Return a blueprint of a queue-triggered function with a queue output."""
    return {
        "blueprints/orders.py": f"""
            import typing

            import azure.functions as func
            {imports}
            bp = func.Blueprint()


            @bp.queue_trigger(arg_name="message", queue_name="orders", connection="OrdersStorage")
            @bp.queue_output(arg_name="invoice", queue_name="invoices", connection="OrdersStorage")
            def orders({signature}:
                invoice.set("")
            """
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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('arg_name="message", queue_name="orders"', 'arg_name="orders", queue_name="message"'),
        ('arg_name="invoice", queue_name="invoices"', '"invoices", "invoice"'),
    ],
)
def test_arguments_that_are_swapped_are_reported_once(
    old: str, new: str, plant: Plant, find: Find
) -> None:
    [source] = orders("message: func.QueueMessage, invoice: func.Out[str]) -> None").values()
    [found] = find(plant({"blueprints/orders.py": source.replace(old, new)}), "AF11")
    assert found.code == "AF113"
    name = "message" if "message" in old else "invoice"
    assert found.fix == f'Its arguments may be swapped: write arg_name="{name}".'


@pytest.mark.parametrize(
    ("signature", "fix"),
    [
        (
            "msg: func.QueueMessage, invoice: func.Out[str])",
            'Rename it to "message", or write arg_name="msg" in the decorator.',
        ),
        (
            "message: func.QueueMessage, bill: func.Out[str])",
            'Rename it to "invoice", or write arg_name="bill" in the decorator.',
        ),
        ("_: func.QueueMessage, invoice: func.Out[str])", 'Rename it to "message".'),
    ],
)
def test_a_parameter_of_another_name_is_reported_once(
    signature: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(orders(signature)), "AF11")
    assert (found.code, found.fix) == ("AF113", fix)


@pytest.mark.parametrize(
    ("signature", "count"),
    [
        ("msg: func.QueueMessage, bill: func.Out[str])", 4),
        ("message: func.QueueMessage, bill: func.Out[str], more: str)", 3),
        ("message: func.QueueMessage, bill: str = '')", 2),
    ],
)
def test_parameters_whose_names_are_not_known(
    signature: str, count: int, plant: Plant, find: Find
) -> None:
    found = find(plant(orders(signature)), "AF113")
    assert len(found) == count


@pytest.mark.parametrize(
    ("decorator", "parameter", "option"),
    [
        ('route(route="hello")', "request: func.HttpRequest", "trigger_arg_name"),
        ('activity_trigger(input_name="text")', "name: str", "input_name"),
    ],
)
def test_the_option_that_names_a_parameter(
    decorator: str, parameter: str, option: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("req: func.HttpRequest", parameter)
    source = source.replace('route(route="hello", methods=["GET"])', decorator)
    source = source.replace(" -> func.HttpResponse", "")
    [found] = find(plant({"blueprints/hello.py": source}), "AF113")
    assert f'write {option}="{parameter.partition(":")[0]}"' in found.fix


@pytest.mark.parametrize("route", ["hello/{id}", "hello/{id:int}", "{*id}"])
def test_a_parameter_of_the_route_is_one_of_the_request(
    route: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("(req:", "(id: str, req:")
    source = source.replace('route="hello"', f'route="{route}"')
    [found] = find(plant({"blueprints/hello.py": source}), "AF113")
    assert found.fix == 'Remove the parameter, and read req.route_params["id"].'


@pytest.mark.parametrize(
    ("parameter", "line"),
    [
        ("client: df.DurableOrchestrationClient", "print(client)"),
        ("client: str", "print(df.DurableOrchestrationClient(client))"),
    ],
)
def test_a_durable_client_without_a_decorator(
    parameter: str, line: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("(req:", f"({parameter}, req:")
    source = f"import azure.durable_functions as df\n{source}".replace(
        "    return", f"    {line}\n    return"
    )
    [found] = find(plant({"blueprints/hello.py": source}), "AF113")
    decorator = '@bp.durable_client_input(client_name="client")'
    assert found.fix == f"Add {decorator} below the trigger."


@pytest.mark.parametrize("annotation", ["dict", "None"])
def test_what_a_function_with_a_route_may_return(annotation: str, plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("-> func.HttpResponse", f"-> {annotation}")
    [found] = find(plant({"blueprints/hello.py": source}), "AF114")
    assert found.fix == "Annotate it with func.HttpResponse or str, or remove the annotation."


def test_a_method_is_no_function(plant: Plant, find: Find) -> None:
    head, _, body = HEALTHY["blueprints/hello.py"].partition("@bp.route")
    lines = f"@bp.route{body}".replace("(req:", "(self, req:").splitlines()
    source = f"{head}class Hello:\n" + "\n".join(f"    {line}" for line in lines) + "\n"
    [found] = find(plant({"blueprints/hello.py": source}), "AF113")
    assert found.fix.startswith("Move the function out of its class")


@pytest.mark.parametrize("decorator", ["retry('fixed_delay', '3', '00:00:10')", "http_type('any')"])
def test_a_decorator_that_makes_no_binding_hides_nothing(decorator: str, plant: Plant) -> None:
    source = orders("msg, invoice)")["blueprints/orders.py"]
    source = source.replace("@bp.queue_trigger", f"@bp.{decorator}\n            @bp.queue_trigger")
    assert {found.code for found in find_problems(plant({"blueprints/orders.py": source}), "AF113")}


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


TYPED = """
import datetime
import typing
from collections import abc
from typing import Any, Dict, List

import azure.functions as func
from azure.functions import DocumentList, QueueMessage
from shared import names
from shared.names import Event

Alias = func.DocumentList
Payload = dict
Again = names.Payload
Many = List[func.EventHubEvent]
Maybe = typing.Optional[func.QueueMessage]
Noted = typing.Annotated[func.QueueMessage, "one of many"]
Named: typing.TypeAlias = "func.QueueMessage"
Key = typing.NewType("Key", str)
T = typing.TypeVar("T")
Kind = typing.Literal["a", "b"]
Row = typing.NamedTuple("Row", [("id", int)])
Lists = list[str]
Texts = func.Out[str]
bp = func.Blueprint()


class Own(func.QueueMessage):
    pass


class Order(dict):
    pass


class Document:
    pass


class File:
    def read(self) -> bytes:
        return b""


@bp.{decorator}
def orders(x{annotation}){result}:
    return ""
"""
QUEUE = 'queue_trigger("x", "orders", "OrdersStorage")'
SERVICE_BUS = 'service_bus_queue_trigger("x", "OrdersStorage", "orders")'
COSMOS = 'cosmos_db_trigger("x", "OrdersStorage", "a", "b")'
EVENT_HUB = 'event_hub_message_trigger("x", "OrdersStorage", "a", cardinality="many")'
OUTPUT = '{}\n@bp.timer_trigger("timer", "0 0 * * * *")'
TO_QUEUE = OUTPUT.format('queue_output("x", "a", "OrdersStorage")')
TO_BLOB = OUTPUT.format('blob_output("x", "a", "OrdersStorage")')
TO_COSMOS = OUTPUT.format('cosmos_db_output("x", "a", "b", "OrdersStorage")')
OUT_OF = "timer: func.TimerRequest, x: func.Out[{}]"
HTTP = 'route("orders", trigger_arg_name="x")'


def typed(decorator: str, annotation: str, result: str = "") -> Files:
    source = TYPED.format(decorator=decorator, annotation=annotation, result=result)
    if annotation.startswith("timer"):
        source = source.replace("(xtimer", "(timer")
    names = "import dataclasses\nimport typing\n\nimport azure.functions as func\n\nEvent = func.QueueMessage\n"
    names += "Payload = typing.Dict[str, typing.Any]\n\n\n@dataclasses.dataclass\nclass Item:\n    id: str\n"
    names += "Key = typing.NewType('Key', func.QueueMessage)\n"
    files = {"shared/__init__.py": "", "shared/names.py": names}
    return {**files, "blueprints/orders.py": source}


@pytest.mark.parametrize(
    ("decorator", "annotation", "reason"),
    [
        (QUEUE, ": dict", "queueTrigger does not support dict"),
        (QUEUE, ": Payload", "queueTrigger does not support dict"),
        (QUEUE, ": 'dict'", "queueTrigger does not support dict"),
        (QUEUE, ": Any", "queueTrigger does not support Any"),
        (QUEUE, ": Maybe", "is not supported"),
        (QUEUE, ": Order", "queueTrigger does not support Order"),
        (QUEUE, ": Key", "is not supported"),
        (QUEUE, ": T", "is not supported"),
        (QUEUE, ": names.Key", "is not supported"),
        (QUEUE, ": Kind", "queueTrigger does not support Literal['a', 'b']"),
        (QUEUE, ": typing.Literal['a']", "queueTrigger does not support Literal['a']"),
        (QUEUE, ": typing.Annotated[dict, 'x']", "queueTrigger does not support dict"),
        (QUEUE, ": typing.Union[dict]", "queueTrigger does not support dict"),
        (QUEUE, ": datetime.datetime", "queueTrigger does not support datetime"),
        (QUEUE, ": typing.Callable[[], str]", "Callable[[], str] is not supported"),
        (QUEUE, ": typing.Tuple[str, str]", "Tuple[str, str] is not supported"),
        (EVENT_HUB, ": List", "eventHubTrigger does not support List"),
        (EVENT_HUB, ": abc.Sequence[func.EventHubEvent]", "is not supported"),
        (TO_QUEUE, OUT_OF.format("Lists"), "is not supported"),
        (QUEUE, ": names.Item", "queueTrigger does not support Item"),
        (QUEUE, ": names.Payload", "queueTrigger does not support Dict[str, Any]"),
        (QUEUE, ": Again", "queueTrigger does not support Dict[str, Any]"),
        (COSMOS, ": Event", "cosmosDBTrigger does not support QueueMessage"),
        (TO_COSMOS, OUT_OF.format("Document"), "cosmosDB does not support Document"),
        (QUEUE, ": typing.Dict[str, Any]", "queueTrigger does not support Dict[str, Any]"),
        (QUEUE, ": List[QueueMessage]", "queueTrigger does not support List[QueueMessage]"),
        (QUEUE, ": func.ServiceBusMessage", "queueTrigger does not support ServiceBusMessage"),
        (SERVICE_BUS, ": QueueMessage", "serviceBusTrigger does not support QueueMessage"),
        (COSMOS, ": List[func.Document]", "cosmosDBTrigger does not support List[Document]"),
        (COSMOS, ": func.Document", "cosmosDBTrigger does not support Document"),
        (COSMOS, ": list", "cosmosDBTrigger does not support list"),
        (EVENT_HUB, ": List[str]", "eventHubTrigger does not support List[str]"),
        (
            'sql_trigger("x", "a", "OrdersStorage")',
            ": func.SqlRowList",
            "does not support SqlRowList",
        ),
        ('timer_trigger("x", "0 0 * * * *")', ": func.HttpRequest", "does not support HttpRequest"),
        (HTTP, ": dict", "httpTrigger does not support dict"),
        (TO_COSMOS, OUT_OF.format("dict"), "cosmosDB does not support dict"),
        (TO_QUEUE, OUT_OF.format("List[dict]"), "queue does not support List[dict]"),
        (TO_QUEUE, "timer: func.TimerRequest, x: func.Out", "Out needs one type, such as Out[str]"),
    ],
)
def test_types_that_the_worker_does_not_support(
    decorator: str, annotation: str, reason: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(typed(decorator, annotation)), "AF114")
    assert found.message.endswith(f"{reason}.")


@pytest.mark.parametrize("annotation", ["Event", "names.Event"])
def test_names_of_type_statements_are_not_supported(
    annotation: str, plant: Plant, worker_python: Path
) -> None:
    """They run in the worker's Python, since the one of these tests may be too old to parse them."""
    files = typed(QUEUE, f": {annotation}")
    for path, text in files.items():
        more = "\ntype Event = func.QueueMessage\n"
        files[path] = (
            str(text)
            .replace("\nEvent = func.QueueMessage\n", more)
            .replace("\nAlias", f"{more}Alias")
        )
    options = ("--no-index", "--select", "AF114")
    done = run(worker_python, "-B", PYZ, plant(files), *options, status=1)
    assert "Event is not supported." in done.stdout


@pytest.mark.parametrize(
    "result",
    [
        *("dict", "List[str]", "bytes", "int", "Any", "Dict[str, str]", "Order", "Key", "Kind"),
        *("typing.Awaitable[str]", "abc.Awaitable[str]", "typing.Mapping[str, str]", "object"),
    ],
)
def test_results_that_http_does_not_support(result: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(typed(HTTP, "", f" -> {result}")), "AF114")
    assert "the return value of orders" in found.message


@pytest.mark.parametrize(
    ("decorator", "annotation"),
    [
        (QUEUE, ": str"),
        (QUEUE, ": Own"),
        (QUEUE, ": Noted"),
        (QUEUE, ": Named"),
        (QUEUE, ": typing.Union[str]"),
        ('activity_trigger("x")', ": typing.Literal['a']"),
        ('activity_trigger("x")', ": Row"),
        (TO_BLOB, OUT_OF.format("typing.BinaryIO")),
        (TO_BLOB, OUT_OF.format("File")),
        (EVENT_HUB, ": typing.Sequence[func.EventHubEvent]"),
        (TO_QUEUE, OUT_OF.format("'str'")),
        (QUEUE, ": Event"),
        (EVENT_HUB, ": Many"),
        (TO_QUEUE, "timer: func.TimerRequest, x: Texts"),
        (COSMOS, ": Alias"),
        (COSMOS, ": DocumentList"),
        (SERVICE_BUS, ": List[func.ServiceBusMessage]"),
        (EVENT_HUB, ": List[func.EventHubEvent]"),
        ('activity_trigger("x")', ": dict"),
        ('activity_trigger("x")', ": List[str]"),
        (TO_QUEUE, OUT_OF.format("List[str]")),
        (
            OUTPUT.format('event_hub_output("x", "OrdersStorage", "a")'),
            OUT_OF.format("Dict[str, Any]"),
        ),
        (HTTP, ": func.HttpRequest"),
    ],
)
def test_types_that_the_worker_supports(
    decorator: str, annotation: str, plant: Plant, find: Find
) -> None:
    durable = {"requirements.txt": "azure-functions\nazure-functions-durable\n"}
    assert find(plant({**typed(decorator, annotation), **durable}), "AF114") == []


@pytest.mark.parametrize("python", ["3.10", "3.11", "3.12", "3.13"])
def test_the_table_has_all_that_the_libraries_accept(
    python: str, environment: Callable[[str], Path]
) -> None:
    """A type that is missing in it would be a false finding."""
    table = read_table("annotations")
    script = Path(__file__).with_name("accepted_types.py")
    rows = {row: table[row] for row in ("in", "out", "result")}
    bindings = {row: list(types) for row, types in rows.items()}
    done = run(
        environment(python),
        "-B",
        script,
        SIGNATURES,
        json.dumps(table["classes"]),
        json.dumps(bindings),
    )
    accepted = json.loads(done.stdout)
    for row, types in rows.items():
        for binding, names in types.items():
            assert set(accepted[row][binding]) <= set(names), (row, binding)
            # One that only some versions accept is in the table.
            assert len(set(names) - set(accepted[row][binding])) <= 1, (row, binding)


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


DURABLE = """
    import azure.durable_functions as df

    bp = df.Blueprint()


    @bp.orchestration_trigger(context_name="{name}")
    def steps({parameters}):
        yield {parameter}.create_timer({parameter}.current_utc_datetime)


    @bp.entity_trigger(context_name="{name}")
    def counter({parameters}):
        {parameter}.set_result(1)
    """


def durable(name: str, parameters: str) -> Files:
    """Return an app whose orchestrator and entity name their triggers and have these parameters."""
    parameter = parameters.partition(",")[0]
    source = DURABLE.format(name=name, parameters=parameters, parameter=parameter)
    requirements = "azure-functions\nazure-functions-durable<2\n"
    return {"blueprints/hello.py": source, "requirements.txt": requirements}


@pytest.mark.parametrize(
    "parameters", ["context", "ctx", "context, tries=3", "ctx, *more, **options"]
)
def test_orchestrators_and_entities_can_call_their_parameters_as_they_like(
    parameters: str, plant: Plant, find: Find
) -> None:
    assert find(plant(durable("context", parameters)), "AF11") == []


@pytest.mark.parametrize("parameters", ["ctx", "context"])
def test_the_trigger_of_an_orchestrator_or_entity_names_the_context(
    parameters: str, plant: Plant, find: Find
) -> None:
    found = find(plant(durable("ctx", parameters)), "AF11")
    assert [(one.code, one.line) for one in found] == [("AF113", 6), ("AF113", 11)]
    assert found[0].message == (
        'A decorator of steps names "ctx", but azure-functions-durable gives the worker a function '
        'whose only parameter is "context".'
    )
    assert found[0].fix.startswith('Write context_name="context".')


def test_all_that_does_not_match_is_found_at_once(plant: Plant, find: Find) -> None:
    source = """
        from typing import List

        import azure.functions as func

        bp = func.Blueprint()


        @bp.route(route="hello")
        @bp.queue_output(arg_name="first", queue_name="q", connection="OrdersStorage")
        @bp.queue_output(arg_name="second", queue_name="q", connection="OrdersStorage")
        def hello(
            req: func.HttpRequest, one: str, two: str, first: str, other: func.Out[str]
        ) -> func.HttpResponse:
            return func.HttpResponse("")
        """
    found = find(plant({"blueprints/hello.py": source}), "AF11")
    named = sorted(problem.message.split('"')[1] for problem in found)
    assert named == ["first", "one", "other", "second", "two"]


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


WRAPPED = """
import functools

import azure.functions as func

bp = func.Blueprint()


def timed(call):
    def inner(*args, **kwargs):
        return call(*args, **kwargs)

    return inner


{above}@bp.route(route="orders")
{below}def orders(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("")
"""


def test_a_wrapper_without_the_parameters_of_its_function(plant: Plant, find: Find) -> None:
    source = WRAPPED.format(above="", below="@timed\n")
    [found] = find(plant({"blueprints/orders.py": source}), "AF1")
    assert (found.code, found.path, found.line) == ("AF113", "blueprints/orders.py", 9)
    assert found.message.startswith("orders has the parameters of inner, which wraps it")
    assert found.fix == "Write @functools.wraps(...) above inner."


def test_a_wrapper_with_the_parameters_of_its_function(plant: Plant, find: Find) -> None:
    source = WRAPPED.format(above="", below="@timed\n")
    wraps = source.replace("    def inner", "    @functools.wraps(call)\n    def inner")
    assert find(plant({"blueprints/orders.py": wraps}), "AF1") == []
    for line in ("inner.__wrapped__ = call", "inner.__signature__ = inspect.signature(call)"):
        given = source.replace("return inner", f"{line}\n    return inner")
        given = given.replace("import functools", "import inspect")
        assert find(plant({"blueprints/orders.py": given}), "AF113") == []
    named = source.replace("*args, **kwargs", "req")
    assert find(plant({"blueprints/orders.py": named}), "AF1") == []
