"""What functions return."""

import textwrap

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

SOURCE = """
import json

import azure.functions as func

bp = func.Blueprint()


@bp.{decorator}
{definition}:
{body}


def answer():
    return "x"


def fail():
    raise ValueError


def made(again=False):
    rows = {{}}
    return rows


async def awaited():
    return [made()]


def one_of(again):
    return "x" if again else {{}}


def generated():
    yield "x"
    return {{}}
"""
AFTER = "returns nothing after this line"
LEFT_OUT = "returns nothing for a request without a"
FROM_BODY = 'a = req.params.get("a")\nif not a:\n    body = req.get_json()\n    a = body.get("a")\n'
FROM_INIT = """logging.info("Python HTTP trigger function processed a request.")
a = req.params.get("a")
if not a:
    try:
        body = req.get_json()
    except ValueError:
        pass
    else:
        a = body.get("a")
"""
ASKED = 'a = req.params.get("a")\n'
TAKEN = 'if a:\n    return "x"'
ROUTE = 'route(route="orders")'
GENERIC = 'generic_trigger(arg_name="req", type="httpTrigger", route="x")'
TIMER = 'timer_trigger(arg_name="req", schedule="0 0 6 * * *")'
QUEUE = 'queue_trigger(arg_name="req", queue_name="orders", connection="OrdersStorage")'
OUTPUT = (
    f'queue_output(arg_name="$return", queue_name="x", connection="OrdersStorage")\n@bp.{QUEUE}'
)


def returning(body: str, decorator: str = ROUTE, definition: str = "def orders(req)") -> Files:
    """Return an app with a function whose body begins on line 10."""
    source = SOURCE.format(
        decorator=decorator, definition=definition, body=textwrap.indent(body, "    ")
    )
    return {"blueprints/orders.py": source}


@pytest.mark.parametrize(
    ("body", "what", "line"),
    [
        ('return {"a": 1}', "returns a dict", 10),
        ("return [1]", "returns a list", 10),
        ("return [x for x in ()]", "returns a list", 10),
        ('return "x", 200', "returns a tuple", 10),
        ("return 1", "returns the number 1", 10),
        ("return True", "returns the value True", 10),
        ('return b"x"', "returns the value b'x'", 10),
        ("return None", "returns None", 10),
        ('if req.params:\n    return\nreturn "x"', "returns None", 11),
        ("return dict(a=1)", "returns a dict", 10),
        ("rows = []\nrows.append(1)\nreturn rows", "returns a list", 12),
        ('more = "x"\nrows: list = []\nreturn rows', "returns a list", 12),
        ('print("x")', "returns nothing", 9),
        ('if req.params:\n    return "x"\nfunc.HttpResponse("y")', AFTER, 12),
        ('if req.params:\n    return "x"\nanswer = "y"', AFTER, 12),
        ('try:\n    x = 1\nexcept ValueError:\n    return "x"\nprint("y")', AFTER, 14),
        ('try:\n    return "x"\nexcept ValueError as e:\n    func.HttpResponse(str(e))', AFTER, 13),
        ('try:\n    return "x"\nexcept ValueError as e:\n    logger.error(e)', AFTER, 13),
        ('try:\n    return "x"\nexcept ValueError:\n    pass\nfinally:\n    close()', AFTER, 13),
        ('try:\n    x = 1\nexcept ValueError:\n    return "x"\nelse:\n    print(x)', AFTER, 15),
        ('if req.params:\n    return "x"\nanswer()', AFTER, 12),
        ('if req.params:\n    return "x"\nelse:\n    print("y")', AFTER, 13),
        ('with open("a") as file:\n    if file:\n        return "x"\n    print("y")', AFTER, 13),
        (
            'match req.method:\n    case "GET":\n        return "x"\n    case _:\n        x = 1',
            AFTER,
            14,
        ),
        ('if req.params:\n    return "x"\nelse:\n    x = 1\nprint("y")', AFTER, 14),
        ('if req.params:\n    x = 1\nelse:\n    return "x"\nprint("y")', AFTER, 14),
        ('try:\n    return "x"\nexcept ValueError:\n    x = 1\nprint("y")', AFTER, 14),
        ('if req.params:\n    return "x"\ncount += 1', AFTER, 12),
        ('if req.params:\n    return "x"\nLOG.info("y")', AFTER, 12),
        ('if not req.params:\n    raise ValueError\nprint("y")', AFTER, 12),
        ('assert req.params\nprint("y")', AFTER, 11),
        ('yield "x"', "is a generator", 9),
        ("return made()", "returns a dict", 10),
        ("rows = made(again=True)\nreturn rows", "returns a dict", 11),
        ('if req.params.get("a"):\n    return "x"', LEFT_OUT, 10),
        ('a = req.params.get("a")\nif a:\n    return "x"', LEFT_OUT, 11),
        ('if (a := req.params.get("a")):\n    return a', LEFT_OUT, 10),
        (f'{FROM_BODY}if a and a != "b":\n    return "x"', LEFT_OUT, 14),
        ('if req.form.get("a") or "b" in req.params:\n    return "x"', f"{LEFT_OUT} and b", 10),
        (
            'if "a" in req.params:\n    return "x"\nelif req.form.get("b") is not None:\n    return "y"',
            f"{LEFT_OUT} and b",
            10,
        ),
        (
            'try:\n    if req.get_json().get("a"):\n        return "x"\nexcept ValueError:\n    return "y"',
            LEFT_OUT,
            11,
        ),
        (f'{FROM_INIT}if a:\n    return "x"', LEFT_OUT, 19),
        ('if req.method == "POST":\n    return "x"', "returns nothing for the method GET", 10),
        (
            'if req.method in ("GET", "PUT"):\n    return "x"\nelif req.method == "PUT":\n    return "y"',
            "returns nothing for the method POST",
            10,
        ),
        (
            f'logging.info("%s", req.method)\nb = req.headers.get("b")\n{ASKED}{TAKEN}',
            LEFT_OUT,
            13,
        ),
    ],
)
def test_results_that_are_not_responses(
    body: str, what: str, line: int, plant: Plant, find: Find
) -> None:
    [found] = find(plant(returning(body)), "AF242")
    assert (found.code, found.path, found.line) == ("AF242", "blueprints/orders.py", line)
    assert found.message == f"orders {what}, so the caller gets status 500 and an empty body."


@pytest.mark.parametrize(
    "body",
    [
        'return "x"',
        "return json.dumps({})",
        "return func.HttpResponse()",
        "return answer(req)",
        "def inner():\n    return {}\nreturn str(inner())",
        "raise ValueError",
        "while True:\n    pass",
        'rows = []\nrows = "x"\nreturn rows',
        "for rows in ():\n    return rows\nrows = []\nreturn str(rows)",
        "def rows():\n    rows = {}\nreturn rows",
        "global json\njson = {}\nreturn json",
        'if req.params:\n    return "x"\nabort(404)',
        'if req.method in ("GET", "POST"):\n    return "x"',
        'if req.method == "OPTIONS":\n    return ""\nif req.method != "POST":\n    return "x"',
        'if req.method == "GET" or req.params:\n    return "x"',
        'if req.method == METHOD:\n    return "x"',
        'check(req)\nif req.method == "POST":\n    return "x"',
        'if req.method == "POST":\n    return "x"\nelse:\n    return "y"',
        'if req.params:\n    return "x"\nfail()',
        'if req.params:\n    return "x"\nelse:\n    raise ValueError\nprint("y")',
        'try:\n    return "x"\nexcept ValueError:\n    return "y"\nprint("z")',
        'with open("a") as file:\n    return file.read()\nprint("z")',
        'while True:\n    return "x"\nprint("y")',
        'try:\n    return "x"\nexcept ValueError:\n    raise',
        'try:\n    return "x"\nexcept ValueError:\n    abort(400)',
        'try:\n    return "x"\nexcept ValueError:\n    print("y")\nfinally:\n    return "z"',
        'try:\n    return "x"\nexcept ValueError:\n    print("y")\nreturn "z"',
        'if req.method == "GET":\n    return "x"\nelif req.method == "POST":\n    return "y"',
        'match req.method:\n    case "GET":\n        return "x"\n    case "POST":\n        return "y"',
        'match req.method:\n    case "GET":\n        return "x"\n    case _:\n        return "y"\nx = 1',
        'for x in req.params:\n    print(x)\nelse:\n    return "x"',
        "if not req.params:\n    raise ValueError\nstart()",
        '"""Later."""\n...',
        "return one_of(req)",
        "return json.dumps(made())",
        "return generated()",
        'if req.params.get("a"):\n    return "x"\nelse:\n    return "y"',
        'if req.params.get("a"):\n    return "x"\nelif not req.params.get("a"):\n    return "y"',
        'if req.params.get("a") or req.method:\n    return "x"',
        'if req.params.get("a", "b"):\n    return "x"',
        'if req.route_params.get("a"):\n    return "x"',
        'a = req.params.get("a")\nif not a:\n    return "x"\nif a:\n    return a',
        f"{ASKED}error = validate(a)\nif error:\n    return error\n{TAKEN}",
        f'{ASKED}b = [key for key in "ab" if key not in req.params]\nif b:\n    return "y"\n{TAKEN}',
        f'{ASKED}try:\n    req.params["a"]\nexcept KeyError:\n    return "y"\n{TAKEN}',
        f'{ASKED}ok = bool(a)\nif not ok:\n    return "y"\n{TAKEN}',
        f'{ASKED}for key in ("a",):\n    if not req.params.get(key):\n        return "y"\n{TAKEN}',
        f"{ASKED}require(a)\n{TAKEN}",
        f"{ASKED}b = authorize(req, a)\n{TAKEN}",
        f'{ASKED}b = req.params["a"]\n{TAKEN}',
        f"{ASKED}b = a.upper()\n{TAKEN}",
        f"{ASKED}b = users.get(a)\n{TAKEN}",
        f"{ASKED}logging.info(f'{{a:>9}}')\n{TAKEN}",
        f'{ASKED}with guard(req):\n    if a:\n        return "x"',
        'body = req.get_json()\nModel(**body)\nif body.get("a"):\n    return "x"',
        'if int(req.params["a"]) > 1 and req.params.get("a"):\n    return "x"',
        'assert req.params.get("a")\nif req.params.get("a"):\n    return "x"',
        'a = req.params.get("a")\na = a or "b"\nif a:\n    return "x"',
        'for a in (req.params.get("a"), "b"):\n    req.params.get(a)\nif a:\n    return "x"',
        'while True:\n    if req.params.get("a"):\n        return "x"',
        'try:\n    if req.params.get("a"):\n        return "x"\nfinally:\n    return "y"',
    ],
)
def test_results_that_are_responses(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(returning(body)), "AF242") == []


@pytest.mark.parametrize("decorator", [TIMER, QUEUE])
@pytest.mark.parametrize(
    "value", ['"x"', "{}", "0", "func.HttpResponse()", "json.dumps(1)", "str(req)", 'f"{req}"']
)
def test_results_without_an_output(decorator: str, value: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(returning(f"return {value}", decorator)), "AF2")
    assert (found.code, found.line) == ("AF242", 10)
    assert "has no output for it, so the call fails" in found.message


def test_a_generic_http_trigger_needs_an_output(plant: Plant, find: Find) -> None:
    [found] = find(plant(returning("return func.HttpResponse('x')", GENERIC)), "AF2")
    assert "has no output for it, so the call fails" in found.message
    assert found.fix == 'Add generic_output_binding(arg_name="$return", type="http").'


def test_every_trigger_without_a_result(plant: Plant, find: Find) -> None:
    triggers = (
        "blob_trigger('x', 'in/{name}', 'Main')",
        "service_bus_queue_trigger('x', 'Main', 'orders')",
        "event_hub_message_trigger('x', 'Main', 'readings')",
        "event_grid_trigger('x')",
        "cosmos_db_trigger('x', 'Main', 'shop', 'orders')",
        "kafka_trigger('x', topic='t', broker_list='Main', consumer_group='a')",
        "sql_trigger('x', 'dbo.Orders', 'Main')",
    )
    lines = ("import azure.functions as func", "bp = func.Blueprint()")
    functions = (f"@bp.{one}\ndef f{i}(x):\n    return 'x'" for i, one in enumerate(triggers))
    source = "\n\n\n".join((*lines, *functions))
    found = find(plant({"blueprints/orders.py": source}), "AF242")
    assert [one.message.split()[0] for one in found] == [f"f{i}" for i in range(len(triggers))]


def test_a_variable_without_an_output(plant: Plant, find: Find) -> None:
    [found] = find(plant(returning('text = "x"\nreturn text', QUEUE)), "AF2")
    assert (found.code, found.line) == ("AF242", 11)


@pytest.mark.parametrize(
    ("decorator", "value"),
    [
        (TIMER, "None"),
        (TIMER, ""),
        (QUEUE, "process(req)"),
        (OUTPUT, '"x"'),
        ('generic_trigger(arg_name="req", type="activityTrigger")', "{}"),
        (GENERIC, "None"),
        (f'{GENERIC}\n@bp.generic_output_binding(arg_name="$return", type="http")', "'x'"),
    ],
)
def test_results_that_an_output_takes(decorator: str, value: str, plant: Plant) -> None:
    assert find_problems(plant(returning(f"return {value}", decorator)), "AF242") == []


def test_an_app_with_streams_is_left_alone(plant: Plant) -> None:
    files = returning('return {"a": 1}')
    entry = (
        "from azurefunctions.extensions.http.fastapi import Request\n" + HEALTHY["function_app.py"]
    )
    assert find_problems(plant({**files, "function_app.py": entry}), "AF242") == []


def test_the_result_of_a_coroutine_of_the_app(plant: Plant, find: Find) -> None:
    definition = "async def orders(req)"
    [found] = find(plant(returning("return await awaited()", definition=definition)), "AF242")
    assert found.message.startswith("orders returns a list, ")
    assert (
        find(plant(returning("return str(await awaited())", definition=definition)), "AF242") == []
    )
