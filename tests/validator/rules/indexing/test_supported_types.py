"""The types of parameters and results that the worker supports, binding by binding."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from functions_validator.data import read_table
from hooks.pyz import PYZ
from tests.support.run import run
from tests.support.validator import Files, Find, Plant, find_problems
from tests.validator.rules.signature_files import SIGNATURES

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
        (QUEUE, ": typing.Dict[str, str]", "queueTrigger does not support Dict[str, str]"),
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


def test_a_name_of_a_library_may_be_any_type(plant: Plant) -> None:
    files = typed(TO_QUEUE, "timer: func.TimerRequest, x: shopkit.Texts")
    files["blueprints/orders.py"] = "import shopkit\n" + str(files["blueprints/orders.py"])
    assert find_problems(plant(files), "AF114") == []


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


@pytest.mark.parametrize(
    ("imports", "annotation", "extension"),
    [
        (
            "from azure.servicebus import ServiceBusReceivedMessage as Message",
            "Message",
            "servicebus",
        ),
        ("import azure.servicebus as sb", "sb.ServiceBusReceivedMessage", "servicebus"),
        (
            "from azure.servicebus import ServiceBusReceivedMessage as Message",
            "typing.List[Message]",
            "servicebus",
        ),
        (
            "from azurefunctions.extensions.bindings.servicebus import ServiceBusReceivedMessage as Message",
            "Message",
            "",
        ),
    ],
)
def test_classes_of_sdks_come_from_extensions(
    imports: str, annotation: str, extension: str, plant: Plant, find: Find
) -> None:
    source = f"""
        import typing
        import azure.functions as func
        {imports}

        bp = func.Blueprint()


        @bp.service_bus_queue_trigger("message", "OrdersStorage", "orders", cardinality="many")
        def orders(message: {annotation}) -> None:
            print(message)
        """
    found = find(plant({"blueprints/orders.py": source}), "AF114")
    start = f'Write "from azurefunctions.extensions.bindings.{extension} import '
    assert [one.fix.startswith(start) for one in found] == [True] * bool(extension)
