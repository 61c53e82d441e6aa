"""Operations that the objects of azure.functions do not have."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import csv
import io
import json
import azure.functions as func

bp = func.Blueprint()


@bp.route(route="hello")
@bp.blob_input("blob", "in/a", "OrdersStorage")
def hello(req: func.HttpRequest, blob: func.InputStream) -> func.HttpResponse:
{request}
    return func.HttpResponse("")


@bp.queue_trigger("msg", "orders", "OrdersStorage")
def orders(msg: func.QueueMessage) -> None:
{message}
    print("")
"""


def app(request: str = "pass", message: str = "pass") -> Files:
    """Return an app with lines in a function of each kind."""
    request, message = (textwrap.indent(body, "    ") for body in (request, message))
    source = SOURCE.format(request=request, message=message)
    return {"blueprints/hello.py": source, "blueprints/orders.py": ORDERS}


def with_output(body: str) -> Files:
    """Return an app with lines in a function that has an output."""
    files = app(message=body)
    source = str(files["blueprints/hello.py"]).replace(
        """@bp.queue_trigger("msg", "orders", "OrdersStorage")\ndef orders(msg: func.QueueMessage)""",
        """@bp.queue_trigger("msg", "orders", "OrdersStorage")
@bp.queue_output("out", "invoices", "OrdersStorage")
def orders(msg: func.QueueMessage, out: func.Out[str])""",
    )
    return {**files, "blueprints/hello.py": source}


ORDERS = "import azure.functions as func\n\nbp = func.Blueprint()\n"
REQUEST = [
    ("print(blob.read().split(','))", "Write blob.read().decode()."),
    ("text = blob.read()\nfor line in text.split('x'):\n    print(line)", "Write text.decode()."),
    ("print('x' + blob.read())", "Write blob.read().decode()."),
    ("print(io.StringIO(blob.read()).read())", "Write blob.read().decode()."),
    (
        "print([*csv.reader(req.get_body(), delimiter=';')])",
        "Write req.get_body().decode().splitlines().",
    ),
    ("print([*csv.DictReader(blob)])", "Write blob.read().decode().splitlines()."),
    ("print(io.StringIO(blob).read())", "Write blob.read().decode()."),
    ("with open(blob) as file:\n    print(file)", "Use blob.read()."),
    ("print(json.loads(str(blob)))", "Write json.loads(blob.read())."),
    ("print(range(req.params['n']))", "Write int(req.params['n'])."),
    ("n = req.params.get('n', 1)\nprint([*range(1, n)])", "Write int(n)."),
    ("print('abc'[:req.headers['n']])", "Write int(req.headers['n'])."),
    ("n = req.params.get('n', 1)\nprint('abc'[n:])", "Write int(n)."),
    (
        "import datetime\nprint(datetime.timedelta(days=req.params['n']))",
        "Write int(req.params['n']).",
    ),
    ("print(req.params('x'))", "Write req.params.get('x')."),
    ("print(req.headers('x'))", "Write req.headers.get('x')."),
    ("print(req.route_params('x'))", "Write req.route_params.get('x')."),
    ("print(req.method())", "Write req.method without parentheses."),
    ("print(blob.name())", "Write blob.name without parentheses."),
    ("print(req.get_json(silent=True))", "Write req.get_json()."),
    ("print(f'{req.get_json}')", "Write req.get_json()."),
    ("body = req.get_json\nprint(json.dumps(body))", "Write req.get_json()."),
    ("print('x' + req.get_body())", "Write req.get_body().decode()."),
    ("body = req.get_body()\nprint(body + 'x')", "Write body.decode()."),
    (
        "print(req.params.get('x', default='y'))",
        "Write the default second, as in req.params.get('name', '').",
    ),
    ("print('x' + req.url + req.get_body())", "Write req.get_body().decode()."),
    ("print(req['name'])", "Use req.get_json()."),
    ("print(req.get_json().name)", "Write req.get_json()['name'].".replace("'", '"')),
    ("body = req.get_json()\nprint(body.name.first)", 'Write body["name"].'),
    ("body = json.loads(req.get_body())\nprint(body.name)", 'Write body["name"].'),
    (
        "body = req.get_body().decode()\nprint(body['a'])",
        "Write json.loads(req.get_body().decode()).",
    ),
    ("print(req.get_body().decode().get('a'))", "Write json.loads(req.get_body().decode())."),
    ("if req.method == 'post':\n    print(1)", 'Write "POST".'),
    ("import pandas as pd\npd.read_csv(req.get_body())", "Write io.BytesIO(req.get_body())."),
    ("import zipfile\nfile = blob.read()\nzipfile.ZipFile(file)", "Write io.BytesIO(file)."),
    ("func.HttpResponse('x', 404)", "Write status_code=, headers= or mimetype= before 404."),
    ("func.HttpResponse(404)", "Write it as text, or status_code= before it."),
    ("func.HttpResponse(headers=[('a', 'b')])", 'Write a dict, such as {"Name": "value"}.'),
    ("print('file ' + blob)", "Write blob.read().decode()."),
]
OUTPUT = [
    ("out.append('x')", "Use set."),
    ("out('x')", "Write out.set(...)."),
    ("out = 'x'", "Write out.set(...)."),
    ("out='x'", "Write out.set(...)."),
    ("if msg.id:\n    out = 'x'", "Write out.set(...)."),
    ("file = io.BytesIO(b'x')\nout.set(file)", "Write file.getvalue()."),
    ("import pandas\nrows = pandas.DataFrame()\nout.set(rows)", "Write rows.to_csv(index=False)."),
    ("out.set({'at': msg.insertion_time})", "Write msg.insertion_time.isoformat()."),
    ("out.set([{'a', 'b'}])", "Write it as text, such as str(...)."),
    ("print('x' + out)", "Write out.set(...)."),
]
MESSAGE = [
    ("for one in msg:\n    print(one)", "Use msg.get_json()."),
    ("print(sorted(one for one in msg))", "Use msg.get_json()."),
    ("print(len(msg))", "Use msg.get_json()."),
    ("print(msg('x'))", "Use msg.get_json()."),
    ("print(msg.id())", "Write msg.id without parentheses."),
    ("print(str(msg.get_body))", "Write msg.get_body()."),
    ("print(msg.get_body('utf-8'))", "Write msg.get_body()."),
    ("print(msg.get_body().split(','))", "Write msg.get_body().decode()."),
    ("print(msg.get_body() == 'x')", "Write msg.get_body().decode()."),
    ("print('x' in msg.get_body())", "Write msg.get_body().decode()."),
    ("print(json.dumps(msg.get_body()))", "Write msg.get_body().decode()."),
    ("print(json.dumps(msg))", "Use msg.get_json()."),
    ("data = msg.get_json()\nprint(data.id)", 'Write data["id"].'),
    (
        "import datetime\nprint(datetime.datetime.utcnow() - msg.insertion_time)",
        "Write datetime.now(timezone.utc), with timezone from datetime.",
    ),
    (
        "from datetime import datetime\nnow = datetime.now()\nprint(msg.expiration_time < now)",
        "Write datetime.now(timezone.utc), with timezone from datetime.",
    ),
    ("print(json.loads(str(msg)))", "Write json.loads(msg.get_body())."),
    (
        "print(json.dumps({'a': [msg.expiration_time]}))",
        "Write msg.expiration_time.isoformat().",
    ),
    ("a = {'at': msg.insertion_time}\njson.dumps(a)", "Write msg.insertion_time.isoformat()."),
    ("print(msg['id'])", "Use msg.get_json()."),
    ("print('order ' + msg)", "Write msg.get_body().decode()."),
    ("print('order '+msg)", "Write msg.get_body().decode()."),
    ("print(msg+' x')", "Write msg.get_body().decode()."),
    ("print(msg == 'stop')", "Write msg.get_body().decode()."),
    ("print(msg=='stop')", "Write msg.get_body().decode()."),
    ("print('stop'!=msg)", "Write msg.get_body().decode()."),
    ("print(int(msg))", "Write msg.get_body().decode()."),
    ("print(float(msg) * 2)", "Write msg.get_body().decode()."),
]


@pytest.mark.parametrize(("body", "fix"), REQUEST)
def test_what_a_request_does_not_have(body: str, fix: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(request=body)), "AF241")
    assert found.fix == fix


@pytest.mark.parametrize(("body", "fix"), MESSAGE)
def test_what_a_message_does_not_have(body: str, fix: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(message=body)), "AF241")
    assert found.fix == fix


@pytest.mark.parametrize(("body", "fix"), OUTPUT)
def test_what_an_output_does_not_have(body: str, fix: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(with_output(body)), "AF241")
    assert found.fix == fix


@pytest.mark.parametrize(
    "body",
    [
        "out.set('x')\nprint(out.get())",
        "file = io.BytesIO(b'x')\nout.set(file.getvalue())",
        "out.set({'at': msg.insertion_time.isoformat()})",
        "out = out or None\nout.set('x')",
        "out: func.Out[str]\nsend(locals())",
        "send = out.set\nsend('x')",
        "print(out)\nout = msg.id",
        "def inner():\n    out.set('x')\ninner()",
    ],
)
def test_what_an_output_has(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(with_output(body)), "AF241") == []


def test_a_blob_that_is_written_from_a_file(plant: Plant, find: Find) -> None:
    files = with_output("file = io.BytesIO(b'x')\nout.set(file)")
    source = str(files["blueprints/hello.py"]).replace("queue_output(", "blob_output(")
    assert find(plant({**files, "blueprints/hello.py": source}), "AF241") == []


BATCH = """
import azure.functions as func

bp = func.Blueprint()


@bp.event_hub_message_trigger("events", "OrdersStorage", "orders"{cardinality})
def orders(events: func.EventHubEvent) -> None:
    for event in events:
        print(event.get_body(), events[0], len(events))
"""


@pytest.mark.parametrize(
    "cardinality", ["", ', cardinality="one"', ", cardinality=func.Cardinality.ONE"]
)
def test_one_event_is_not_a_list(cardinality: str, plant: Plant, find: Find) -> None:
    files: Files = {"blueprints/orders.py": BATCH.format(cardinality=cardinality)}
    fix = 'Write cardinality="many" in the decorator, and annotate it as List[func.EventHubEvent].'
    found = find(plant(files), "AF241")
    assert [one.fix for one in found] == [fix, "Use events.get_body().", fix]


@pytest.mark.parametrize("cardinality", [', cardinality="many"', ", **OPTIONS"])
def test_events_of_a_batch_may_have_any_annotation(
    cardinality: str, plant: Plant, find: Find
) -> None:
    source = BATCH.format(cardinality=cardinality)
    source = source.replace("Blueprint()", 'Blueprint()\nOPTIONS = {"cardinality": "many"}')
    assert find(plant({"blueprints/orders.py": source}), "AF241") == []


@pytest.mark.parametrize(
    "body",
    [
        "print(req.params.get('x'), req.headers['x'], req.route_params)",
        "print(req.params.keys(), req.form.get('x'), req.files.values())",
        "print(req.method.lower(), req.url.split('/'))",
        "print(blob.name.upper(), blob.read(1), blob.readline())",
        "print(req.get_json(), req.get_json()['x'])",
        "print(f'{req.get_json()} {req.params}')",
        "read = req.get_json\nprint(json.dumps(read()))",
        "call(req.get_json)",
        "print('x' + req.get_body().decode())",
        "body = req.get_body()\nbody = body.decode()\nprint(body + 'x')",
        "body = req.get_body()\nif isinstance(body, str):\n    print(body + 'x')",
        "print(b'x' + req.get_body(), req.get_body() == b'x', b'x' in req.get_body())",
        "req = req.params\nprint(req['name'], req.get_json('x'))",
        "if hasattr(req, 'x'):\n    print(req.params('x'))",
        "try:\n    print(req.params('x'))\nexcept TypeError:\n    pass",
        "def inner(req):\n    return req['x'] + req.params('x')\nprint(inner)",
        "print(json.loads(req.get_json()))",
        "func.HttpResponse(b'x', status_code=404)",
        "func.HttpResponse(None, headers={})",
        "func.HttpResponse('x', headers={'a': 1})",
        "func.HttpResponse('x', headers={name: '' for name in 'ab'})",
        "func.HttpResponse(*['x'])",
        "print(blob.read().split(b','), blob.read().decode().split(','), io.BytesIO(blob.read()))",
        "print([*csv.reader(blob.read().decode().splitlines())], open(blob.name))",
        "print(req.get_json().get('a'), req.get_json().items(), req.get_json().upper())",
        "body = req.get_json()\nbody = Body(**body)\nprint(body.name)",
        "body = json.loads(req.get_body(), object_hook=Body)\nprint(body.name)",
        "body = req.get_json()\nif hasattr(body, 'name'):\n    print(body.name)",
        "print(req.get_body().decode()[0], req.get_body().decode().casefold())",
        "print(req.method.lower() == 'post', req.method == 'POST', req.url == 'post')",
        "import pandas as pd\npd.read_csv(io.BytesIO(req.get_body()))\npd.read_excel(blob.read())",
        "print('abc'[int(req.params['n']):], range(int(req.params['n'])), round(len(req.url)))",
        "range = len\nprint(range(req.params['n']))",
        "import pandas as pd\nprint(pd.DataFrame().loc[req.params['a'] : req.params['b']])",
        "import asyncio\nasyncio.run(asyncio.sleep(0, req.params['a']))",
        "import asyncio\nasyncio.run(asyncio.sleep(0, result=req.params['a']))",
        "print(req.headers.get('a', default=''))",
        "print(json.loads(blob.read()), [*csv.reader(io.StringIO(blob.read().decode()))])",
    ],
)
def test_what_a_request_has(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(request=body)), "AF241") == []


@pytest.mark.parametrize(
    "body",
    [
        "print(msg.id, msg.dequeue_count + 1, msg.id.upper())",
        "print(str(msg.get_body()), msg.get_body().hex(':'))",
        "print(msg.get_body().decode('utf-8').split(','))",
        "print(msg.get_body().split(b','), msg.get_body().startswith(b'x'))",
        "print(msg.get_body().decode() == 'x', msg.id == 'x')",
        "print('x' in msg.get_body().decode())",
        "print(json.dumps({'at': msg.insertion_time}, default=str))",
        "import datetime as d\nprint(d.datetime.now(d.timezone.utc) - msg.insertion_time)",
        "import datetime\nprint(datetime.datetime.now() - datetime.datetime.now())",
        "print(json.dumps({'at': str(msg.insertion_time), 'id': msg.id}))",
        "a = {'at': msg.insertion_time}\na['at'] = 'x'\nprint(json.dumps(a))",
        "print(json.loads(str(msg.get_json()['x'])), json.loads(str(msg, 'utf-8')))",
        "print(json.dumps(msg.get_body().decode()), json.dumps(msg.get_json()))",
        "print(json.dumps(msg, default=str), json.dumps(msg.get_body(), default=str))",
        "print(msg.get_json()['id'], msg == None)",
        "for msg in [msg]:\n    print(msg.id)",
        "print([one for one in msg.get_json()], len(msg.get_body()), msg in [])",
        "int = len\nprint(int(msg))",
        "try:\n    print('x' + msg)\nexcept TypeError:\n    pass",
        "msg = str(msg)\nprint('x' + msg, int(msg))",
        "print(f'order {msg}', 'order %s' % msg, str(msg) + 'x')",
    ],
)
def test_what_a_message_has(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(message=body)), "AF241") == []
