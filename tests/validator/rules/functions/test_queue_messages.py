"""Plain text that an app sends to a queue whose trigger takes base64."""

import json
import textwrap

import pytest

from tests.support.validator import Files, Find, Plant, find_problems
from tests.validator.rules.settings_files import AZURITE, local

SOURCE = """
import json
import os

import azure.functions as func
from azure.storage.queue import {names}

bp = func.Blueprint()
CONNECTION = os.environ["OrdersStorage"]
NAME = "orders"
module_client = QueueClient.from_connection_string(CONNECTION, NAME)
{top}


@bp.route(route="hello")
{kind} hello(req: func.HttpRequest) -> func.HttpResponse:
{body}
    return func.HttpResponse("")
"""
MADE = 'client = QueueClient.from_connection_string(CONNECTION, "orders"{})'
SENT = f"{MADE.format('')}\nclient.send_message({{}})"
PLAIN = "json.dumps({'id': 1})"
READ = "client = QueueClient.from_connection_string(CONNECTION, os.environ['QUEUE'])"
NAMED = (
    "client = QueueClient.from_connection_string("
    "conn_str=os.environ['AzureWebJobsOrdersStorage'], queue_name='Orders')"
)
LOCAL = (
    "name = 'orders'\nclient = QueueClient.from_connection_string(connection, name)\n"
    f"client.send_message({PLAIN})"
)
NEEDS = "azure-functions\nazure-storage-queue\n"


def sending(body: str, top: str = "", names: str = "QueueClient", kind: str = "def") -> Files:
    """Return an app with lines in a function, beside one that the queue `orders` triggers."""
    body = textwrap.indent(body, "    ")
    return {
        "blueprints/hello.py": SOURCE.format(names=names, top=top, kind=kind, body=body),
        "requirements.txt": NEEDS,
    }


@pytest.mark.parametrize(
    "body",
    [
        SENT.format(PLAIN),
        SENT.format("'Order 1'"),
        SENT.format("f'order-{req.url}'"),
        SENT.format("json.dumps(req.get_json())"),
        SENT.format("order.model_dump_json()"),
        SENT.format(f"content={PLAIN}"),
        f"text = {PLAIN}\n{SENT.format('text, visibility_timeout=5')}",
        f"client = QueueClient.from_connection_string(CONNECTION, NAME)\nclient.send_message({PLAIN})",
        f"{NAMED}\nclient.send_message({PLAIN})",
        f"{READ}\nclient.send_message({PLAIN})",
        f"with {MADE[9:].format('')} as client:\n    client.send_message({PLAIN})",
        f"QueueClient.from_connection_string(CONNECTION, 'orders').send_message({PLAIN})",
        f"connection = os.getenv('OrdersStorage')\n{LOCAL}",
        f"module_client.send_message({PLAIN})",
    ],
)
def test_plain_text(body: str, plant: Plant, find: Find) -> None:
    settings = local(OrdersStorage=AZURITE, AzureWebJobsOrdersStorage=AZURITE, QUEUE="orders")
    [found] = find(plant({**sending(body), "local.settings.json": settings}), "AF251")
    assert found.path == "blueprints/hello.py"
    assert found.message == (
        "This is plain text, but orders takes base64 from the queue orders, "
        "so the host moves it to orders-poison."
    )
    assert "message_encode_policy=TextBase64EncodePolicy()" in found.fix


ENCODED = f"base64.b64encode({PLAIN}.encode())"


@pytest.mark.parametrize(
    "lines",
    [
        SENT.format(f"str({ENCODED})"),
        f"text = str({ENCODED})\n{SENT.format('text')}",
        f"text = {ENCODED}\n{SENT.format('str(text)')}",
    ],
)
def test_the_text_of_bytes(lines: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(sending(f"import base64\n{lines}")), "AF251")
    assert found.message.startswith("This text begins with b', but orders takes base64")
    assert found.fix == "Write .decode() after base64.b64encode(...), in place of str(...)."


@pytest.mark.parametrize(
    "text", [f"{ENCODED}.decode()", f"str({ENCODED}, 'ascii')", f"str({ENCODED}.decode())"]
)
def test_text_in_base64(text: str, plant: Plant) -> None:
    app = plant(sending(f"import base64\n{SENT.format(text)}"))
    assert find_problems(app, "AF251") == []


def test_an_asynchronous_client(plant: Plant, find: Find) -> None:
    body = f"async with {MADE.format('')[9:]} as client:\n    await client.send_message({PLAIN})"
    files = sending(body, kind="async def")
    source = str(files["blueprints/hello.py"]).replace("storage.queue", "storage.queue.aio")
    [found] = find(plant({**files, "blueprints/hello.py": source}), "AF251")
    assert found.line == 17


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (
            f"{MADE.format(', message_encode_policy=TextBase64EncodePolicy()')}\nclient.send_message({PLAIN})",
            "QueueClient, TextBase64EncodePolicy",
        ),
        (
            f"options = {{}}\n{MADE.format(', **options')}\nclient.send_message({PLAIN})",
            "QueueClient",
        ),
        (SENT.format("'T3JkZXIgMQ=='"), "QueueClient"),
        (SENT.format("req.url"), "QueueClient"),
        (SENT.format("json.dumps(1234)"), "QueueClient"),
        (SENT.format("json.dumps(req.url)"), "QueueClient"),
        (SENT.format("f'{req.url}'"), "QueueClient"),
        (
            SENT.format(PLAIN).replace("'orders'", "'other'").replace('"orders"', '"other"'),
            "QueueClient",
        ),
        (SENT.format(PLAIN).replace("CONNECTION", "os.environ['Other']"), "QueueClient"),
        (SENT.format(PLAIN).replace("CONNECTION", "req.url"), "QueueClient"),
        (SENT.format(PLAIN).replace('"orders"', "req.url"), "QueueClient"),
        (
            f"client = QueueClient('https://a', 'orders')\nclient.send_message({PLAIN})",
            "QueueClient",
        ),
        (f"client = req\nclient.send_message({PLAIN})", "QueueClient"),
        (f"module_client = req\nmodule_client.send_message({PLAIN})", "QueueClient"),
        (f"{MADE.format('')}\nclient.receive_message()", "QueueClient"),
    ],
)
def test_messages_that_the_trigger_may_read(body: str, names: str, plant: Plant) -> None:
    assert find_problems(plant(sending(body, names=names)), "AF251") == []


def test_a_client_of_the_module_has_the_names_of_the_module(plant: Plant) -> None:
    top = "connection = os.environ['Other']\nother = QueueClient.from_connection_string(connection, NAME)"
    body = f"connection = os.environ['OrdersStorage']\nother.send_message({PLAIN})"
    assert find_problems(plant(sending(body, top=top)), "AF251") == []


def test_names_that_are_parameters(plant: Plant) -> None:
    top = f"def send(CONNECTION):\n{textwrap.indent(SENT.format(PLAIN), '    ')}"
    app = plant(sending("send(os.environ['Other'])", top=top))
    assert find_problems(app, "AF251") == []


def test_a_client_that_gets_an_encoding_elsewhere(plant: Plant) -> None:
    files = sending(f"{MADE.format('')}\nencode(client)\nclient.send_message({PLAIN})")
    source = str(files["blueprints/hello.py"]).replace(
        "import os", "import os\nfrom encoder import encode"
    )
    encoder = "def encode(client):\n    client._message_encode_policy = object()\n"
    app = plant({**files, "blueprints/hello.py": source, "encoder.py": encoder})
    assert find_problems(app, "AF251") == []


@pytest.mark.parametrize(("encoding", "count"), [("none", 0), ("None", 0), ("base64", 1), ("", 1)])
def test_the_encoding_that_host_json_gives(encoding: str, count: int, plant: Plant) -> None:
    queues = {"messageEncoding": encoding} if encoding else {}
    host = json.dumps({"version": "2.0", "extensions": {"queues": queues}})
    app = plant({**sending(SENT.format(PLAIN)), "host.json": host})
    assert len(find_problems(app, "AF251")) == count


def test_the_encoding_that_a_setting_gives(plant: Plant) -> None:
    name = "AzureFunctionsJobHost__extensions__queues__messageEncoding"
    files = sending(SENT.format(PLAIN))
    settings = local(OrdersStorage=AZURITE, **{name: "none"})
    assert find_problems(plant({**files, "local.settings.json": settings}), "AF251") == []
    bicep = f"var settings = {{\n  {name}: 'none'\n}}\n"
    assert find_problems(plant({**files, "infra/main.bicep": bicep}), "AF251") == []


def test_a_queue_without_a_trigger(plant: Plant) -> None:
    files = sending(SENT.format(PLAIN))
    entry = (
        "import azure.functions as func\nfrom blueprints import hello\n\napp = func.FunctionApp()\n"
    )
    entry += "app.register_functions(hello.bp)\n"
    app = plant({**files, "function_app.py": entry, "blueprints/orders.py": None})
    assert find_problems(app, "AF251") == []
