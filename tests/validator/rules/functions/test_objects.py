"""What functions do with the objects of azure.functions."""

import json
from pathlib import Path

import pytest

from functions_validator.data import read_table
from tests.support.run import run
from tests.support.validator import Files, Find, Plant, find_problems
from tests.validator.rules.settings_files import ORDERS, blueprint

ROUTE = 'route(route="orders")'
HTTP = """
    import json
    import azure.functions as func
    from azure.functions import HttpResponse
    from typing import Annotated

    bp = func.Blueprint()
    Asked = func.HttpRequest


    @bp.{decorator}
    def orders({parameters}):
        {body}
        return func.HttpResponse("")
    """
REQUEST = "req: func.HttpRequest"
BUS = 'service_bus_queue_trigger(arg_name="message", queue_name="q", connection="OrdersStorage")'
BLOB = 'blob_trigger(arg_name="message", path="orders/{name}", connection="OrdersStorage")'


def written(body: str, decorator: str = ROUTE, parameters: str = REQUEST) -> dict[str, str]:
    source = HTTP.format(
        decorator=decorator, parameters=parameters, body=body.replace("\n", "\n        ")
    )
    if "await " in body:
        source = source.replace("def orders", "async def orders")
    return {
        "blueprints/orders.py": source
        if decorator == ROUTE
        else source.replace('func.HttpResponse("")', "None")
    }


@pytest.mark.parametrize(
    ("body", "decorator", "parameters", "words"),
    [
        ("body = req.json", ROUTE, REQUEST, "no attribute 'json'. Use get_json."),
        ("body = req.json()", ROUTE, REQUEST, "no attribute 'json'. Use get_json."),
        (
            "body = req.json()\ntry:\n    send()\nexcept Exception:\n    pass",
            ROUTE,
            REQUEST,
            "Use get_json.",
        ),
        ("body = await_of(req.body)", ROUTE, REQUEST, "'body'. Use get_body."),
        ("message.complete()", BUS, "message: func.ServiceBusMessage", "The host settles it when"),
        ("name = req.query.get('a')", ROUTE, REQUEST, "'query'. Use params."),
        ("name = req.parms['a']", ROUTE, "req: 'func.HttpRequest'", "'parms'. Use params."),
        ("name = req.cookies", ROUTE, REQUEST, "'cookies'. It has files, form, get_body"),
        (
            "x = message.cookies",
            BUS,
            "message: func.ServiceBusMessage",
            "'cookies'. It has get_body, message_id, metadata and others.",
        ),
        (
            "x = message.cookies",
            BLOB,
            "message: func.InputStream",
            "'cookies'. It has read, name, length, uri, metadata and others.",
        ),
        ("name = req.get_json['a']", ROUTE, REQUEST, "get_json is a method, which is not called"),
        ("body = req.get_json\nname = body['a']", ROUTE, REQUEST, "Write req.get_json()."),
        (
            "name = message.get_body.decode()",
            ORDERS,
            "message: func.QueueMessage",
            "Write message.get_body().",
        ),
        ("body = await req.get_json()", ROUTE, REQUEST, "Write it without await."),
        ("body = await message.read()", BLOB, "message: func.InputStream", "not a coroutine"),
        ("name = req.get_body()['a']", ROUTE, REQUEST, "Write json.loads(req.get_body())."),
        (
            "name = message.get_body().get('a')",
            ORDERS,
            "message: func.QueueMessage",
            "is bytes, not the JSON in them",
        ),
        (
            "body = message.get_body()\nname = body['a']",
            BUS,
            "message: func.ServiceBusMessage",
            "Write json.loads(message.get_body()).",
        ),
        (
            "body: bytes = message.get_body()\nname = body.customer",
            BUS,
            "message: func.ServiceBusMessage",
            "Write json.loads(message.get_body()).",
        ),
        ("name = json.loads(message.read)", BLOB, "message: func.InputStream", "message.read()"),
        ("name = message.body", ORDERS, "message: func.QueueMessage", "Use get_body."),
        ("name = message.get_json()", BUS, "message: func.ServiceBusMessage", "Use get_body."),
        ("name = message.content", BLOB, "message: func.InputStream", "Use read."),
        ("body = req.json", ROUTE, "req: Annotated[func.HttpRequest, 'a']", "Use get_json."),
        ("body = req.json", ROUTE, "req: 'Annotated[func.HttpRequest, 1]'", "Use get_json."),
        ("body = req.json", ROUTE, "req: Asked", "Use get_json."),
        (
            "x = func.HttpResponse('x', status=404)",
            ROUTE,
            REQUEST,
            "'status', so this line fails. Use status_code.",
        ),
        ("x = func.HttpResponse(content='x')", ROUTE, REQUEST, "no argument 'content'"),
        ("x = HttpResponse('', content_type='a/b')", ROUTE, REQUEST, "Use mimetype."),
        ("x = func.HttpResponse({'a': 1})", ROUTE, REQUEST, "The body of this response is a dict"),
        ("x = func.HttpResponse(body=[1])", ROUTE, REQUEST, "is a list, so this line fails."),
        ("x = json.loads(req)", ROUTE, REQUEST, "Write json.loads(req.get_body())."),
        ("x = json.loads(message)", ORDERS, "message: func.QueueMessage", "message.get_body()"),
        ("x = json.loads(message)", BLOB, "message: func.InputStream", "message.read()"),
        ("x = func.HTTPResponse('x')", ROUTE, REQUEST, "Write func.HttpResponse instead."),
        (
            "x = func.HttpResponce()\ntry:\n    send()\nexcept Exception:\n    pass",
            ROUTE,
            REQUEST,
            "There is no azure.functions.HttpResponce, so this line fails.",
        ),
        ("x = func.HttpMethod.get", ROUTE, REQUEST, "Write func.HttpMethod.GET instead."),
    ],
)
def test_what_objects_do_not_have(
    body: str, decorator: str, parameters: str, words: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(written(body, decorator, parameters)), "AF241")
    assert (found.path, found.line) == ("blueprints/orders.py", 12)
    assert words in f"{found.message} {found.fix}"


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        ("body = req.get_json()", REQUEST),
        ("body = req.get_body().decode()[0]", REQUEST),
        ("body = req.get_body()\nbody = json.loads(body)\nname = body['a']", REQUEST),
        ("body = req.get_body()\nname = body['a'] if isinstance(body, dict) else body", REQUEST),
        ("body = req.get_body()\nname = body.name if hasattr(body, 'name') else body", REQUEST),
        ("body = await stored(req.get_json())", REQUEST),
        ("body = await req.get_json()", "req"),
        ("name = req.route_params.get('id') or req.headers['a']", REQUEST),
        ("req = Wrapped(req)\nbody = req.json", REQUEST),
        ("body = req.json if hasattr(req, 'json') else None", REQUEST),
        ("if isinstance(req, Request):\n    body = req.json", REQUEST),
        (
            "try:\n    body = req.json\nexcept OSError:\n    pass\nexcept AttributeError:\n    pass",
            REQUEST,
        ),
        ("try:\n    body = req.json\nexcept AttributeError:\n    body = None", REQUEST),
        ("try:\n    body = req.json()\nexcept (KeyError, Exception):\n    body = None", REQUEST),
        ("try:\n    body = req.json\nexcept (KeyError,) + (AttributeError,):\n    pass", REQUEST),
        ("try:\n    send()\nexcept OSError as req:\n    print(req.errno)", REQUEST),
        ("import requests as req\nbody = req.get('https://example.com')", REQUEST),
        ("match call():\n    case {'a': _, **req}:\n        body = req.pop('b')", REQUEST),
        ("match call():\n    case [_, *req]:\n        body = req.index('b')", REQUEST),
        ("def inner(req):\n    return req.json", REQUEST),
        ("body = req.json", "req"),
        ("req = None", REQUEST),
        ("body = req.json", "req: Request"),
        ("name = req._HttpRequest__method", REQUEST),
        ("req.user = 1\nname = req.user", REQUEST),
        ("setattr(req, 'user', 1)\nname = req.user", REQUEST),
        (
            "x = func.HttpResponse(body, status_code=404, headers={}, mimetype='a/b', charset='x')",
            REQUEST,
        ),
        ("x = func.HttpResponse('x', **options)", REQUEST),
        ("x = json.loads(req.get_body())", REQUEST),
        ("try:\n    x = json.loads(req)\nexcept TypeError:\n    x = None", REQUEST),
        ("x: func.HTTPRequest = req", REQUEST),
        ("x = func.HttpMethod.GET.value, func.NewRequest", REQUEST),
        ("x = func.HTTPRequest if hasattr(func, 'HTTPRequest') else None", REQUEST),
        ("try:\n    x = func.HTTPRequest\nexcept AttributeError:\n    x = None", REQUEST),
        ("def inner(func):\n    return func.HTTPResponse()", REQUEST),
    ],
)
def test_what_objects_have(body: str, parameters: str, plant: Plant, find: Find) -> None:
    imports = parameters != "req: Request"
    assert find(plant(written(body, ROUTE, parameters)), "AF241", imports=imports) == []


SIGNED_IN = """
import functools

import azure.functions as func

bp = func.Blueprint()


def signed_in(call):
    @functools.wraps(call)
    def inner(req):
        return call(WithUser(req))

    return inner


@bp.route(route="orders")
@signed_in
def orders(req: func.HttpRequest):
    return func.HttpResponse(req.user)
"""


def test_a_decorator_of_the_app_may_pass_another_object(plant: Plant, find: Find) -> None:
    assert find(plant({"blueprints/orders.py": SIGNED_IN}), "AF241") == []
    source = SIGNED_IN.replace("@signed_in\n", "")
    assert [one.code for one in find(plant({"blueprints/orders.py": source}), "AF241")] == ["AF241"]


DESCRIBE = """
import azure.functions, importlib, inspect, json, pkgutil
package = azure.functions
modules = [package, *(importlib.import_module(f"azure.functions.{m.name}") for m in pkgutil.iter_modules(package.__path__) if not m.ispkg)]
found = {}
for module in modules:
    for name, value in vars(module).items():
        if inspect.isclass(value):
            found.setdefault(name, set()).update(a for a in dir(value) if not a.startswith("_"))
parameters = inspect.signature(package.HttpResponse.__init__).parameters
print(json.dumps({"attributes": {k: sorted(v) for k, v in found.items()}, "response": list(parameters)[1:]}))
"""


def test_the_table_is_that_of_the_library(worker_python: Path) -> None:
    library = json.loads(run(worker_python, "-c", DESCRIBE).stdout)
    table = read_table("objects")
    assert table["response"] == library["response"]
    for name, attributes in table["attributes"].items():
        assert attributes == library["attributes"][name]


def test_a_blueprint_of_the_other_tests_has_no_such_mistake(plant: Plant, find: Find) -> None:
    assert find(plant({"blueprints/orders.py": blueprint(ORDERS)}), "AF24") == []


OUTPUT = """
    import json

    import azure.functions as func

    bp = func.Blueprint()


    @bp.timer_trigger(arg_name="timer", schedule="0 0 * * * *")
    @bp.{output}
    def orders(timer: func.TimerRequest, sent{annotation}) -> None:
        {body}
    """
TO_QUEUE = 'queue_output("sent", "orders", "OrdersStorage")'
TO_BLOB = 'blob_output("sent", "orders/{rand-guid}", "OrdersStorage")'
TO_COSMOS = 'cosmos_db_output("sent", "d", "c", "OrdersStorage")'
TO_BUS = 'service_bus_queue_output("sent", "OrdersStorage", "orders")'
TO_SQL = 'sql_output("sent", "orders", "OrdersStorage")'
TO_MYSQL = 'mysql_output("sent", "orders", "OrdersStorage")'
TO_GRID = 'event_grid_output("sent", "TopicUri", "TopicKey")'
TO_HUB = 'event_hub_output("sent", "OrdersStorage", "hub")'


EVENT = {"id": "1", "subject": "orders/1", "eventType": "placed", "dataVersion": "1"}
TO_KAFKA = 'kafka_output("sent", "orders", "localhost:9092")'


def writing(output: str, body: str, type_: str = "") -> Files:
    annotation = f": func.Out[{type_}]" if type_ else ""
    return {"blueprints/orders.py": OUTPUT.format(output=output, annotation=annotation, body=body)}


@pytest.mark.parametrize(
    ("output", "body", "words"),
    [
        (TO_QUEUE, 'sent.set({"id": 1})', "gets a dict, which this output cannot write."),
        (TO_QUEUE, 'sent.set([{"id": 1}])', "gets a list"),
        (
            TO_QUEUE,
            'row = {"id": 1}\n        sent.set(row)',
            "Write json.dumps(...) for each dict.",
        ),
        (TO_BLOB, 'sent.set({"id": n for n in range(3)})', "Write json.dumps(...)"),
        (TO_BUS, 'sent.set({"id": 1})', "Write json.dumps(...)"),
        (TO_SQL, 'sent.set({"id": 1})', "Write func.SqlRow.from_dict(...)"),
        (TO_GRID, f"sent.set({EVENT})", "Write func.EventGridOutputEvent(...)"),
        (TO_MYSQL, 'sent.set([{"id": 1}])', "Write func.MySqlRow.from_dict(...)"),
        (TO_COSMOS, "sent.set(json.loads(text))", "sent.set gets parsed JSON"),
        (TO_SQL, "row = json.loads(text)\n        sent.set(row)", "func.SqlRow.from_dict(...)"),
        (TO_COSMOS, 'sent.set([{"id": str(n)} for n in range(3)])', "func.Document.from_dict(...)"),
        (
            TO_COSMOS,
            'sent.set(json.dumps({"id": "1"}))',
            "gets text, which this output cannot write.",
        ),
        (TO_SQL, 'sent.set(f"{timer}")', "Annotate sent as func.Out[str]."),
        (TO_HUB, 'sent.set({"id": 1})', "gets a dict, which this output cannot write."),
        (TO_KAFKA, 'sent.set("x")', "sent.set fails: a Kafka output takes only func.Out[str] or"),
    ],
)
def test_dicts_and_text_that_an_output_does_not_write(
    output: str, body: str, words: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(writing(output, body)), "AF241")
    assert words in f"{found.message} {found.fix}"
    for type_ in ("str", "'str'", "bytes"):
        assert find_problems(plant(writing(output, body, type_)), "AF241") == []


@pytest.mark.parametrize(
    ("output", "type_"),
    [(TO_QUEUE, "func.QueueMessage"), (TO_COSMOS, "func.Document"), (TO_SQL, "func.SqlRow")],
)
def test_a_dict_for_an_output_of_objects(output: str, type_: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(writing(output, 'sent.set({"id": 1})', type_)), "AF241")
    assert found.message == "sent.set gets a dict, which this output cannot write."


@pytest.mark.parametrize(
    ("output", "body", "type_"),
    [
        (TO_QUEUE, 'sent.set(json.dumps({"id": 1}))', ""),
        (TO_QUEUE, 'sent.set(["a", "b"])', ""),
        (TO_QUEUE, "sent.set([])", ""),
        (TO_COSMOS, 'sent.set(func.Document({"id": "1"}))', "func.Document"),
        (TO_HUB, 'sent.set([{"id": 1}])', ""),
        (TO_KAFKA, "sent.set(None)", ""),
        (TO_COSMOS, "sent.set(None)", ""),
        (TO_QUEUE, "sent.set(json.loads(text))", ""),
        (TO_COSMOS, "sent.set(func.Document.from_dict(json.loads(text)))", "func.Document"),
        (TO_COSMOS, "sent.set(json.loads(text, object_hook=func.Document))", "func.Document"),
        (TO_QUEUE, 'other.set({"id": 1})', ""),
        (TO_QUEUE, 'sent = Buffer()\n        sent.set({"id": 1})', ""),
        (TO_QUEUE, 'row = {"id": 1}\n        row = json.dumps(row)\n        sent.set(row)', ""),
    ],
)
def test_what_an_output_writes(output: str, body: str, type_: str, plant: Plant) -> None:
    assert find_problems(plant(writing(output, body, type_)), "AF241") == []


@pytest.mark.parametrize(
    "body",
    [
        "get = req.get_json\nbody = get()",
        "send(req.get_json)",
        "pool.submit(req.get_json)",
        "send(req.get_json)\nname = req.params['a']",
        "name = req.get_json.__name__ if later else ''\nreq = later",
        "body = req.get_json()['a']",
    ],
)
def test_methods_that_are_passed_on(body: str, plant: Plant) -> None:
    assert find_problems(plant(written(body)), "AF241") == []
