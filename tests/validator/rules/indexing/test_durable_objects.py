"""What functions do with a durable client, or with the context of an orchestrator or entity."""

import json
from pathlib import Path

import pytest

from functions_validator.data import read_table
from tests.support.run import run
from tests.support.validator import Find, Plant, find_problems
from tests.validator.rules.durable_files import steps

RETRY = "call_activity_with_retry('say_hello', "
CALL = "context.call_activity('say_hello'"
ALL = f"a = [{CALL}, n) for n in 'ab']\nyield context.task_all(a)\n"
NEXT = f"\nyield {CALL})"


@pytest.mark.parametrize(
    ("line", "message", "fix"),
    [
        (f"yield {CALL}, input=1)", "no argument 'input'", "Use input_."),
        (f"yield {CALL}, expected_typ=str)", "no argument 'expected_typ'", "Use expected_type."),
        (f"yield {CALL}, 1, str, 2)", "too many arguments", "It takes name, input_,"),
        (f"yield {CALL}, 1, 'a')", "takes one input", "Write one list or dict as the input."),
        ("context.new_guid(1)", "too many arguments", "It takes no arguments."),
        ("yield context.call_activity()", "needs the argument 'name'", "Add it."),
        (f"yield context.{RETRY}'a')", "is the RetryOptions", "before the input."),
        ("a = {}\n" + f"yield context.{RETRY}a, df.RetryOptions(1, 1))", "is the Retry", "before"),
        (
            f"yield context.{RETRY}df.RetryOptions(first_retry_interval=1, max_number_of_attempts=1))",
            "df.RetryOptions has no argument 'first_retry_interval'",
            "Use first_retry_interval_in_milliseconds.",
        ),
        *(
            (f"yield context.{RETRY}df.RetryOptions({arguments}), 'a')", message, "such as 5000.")
            for arguments, message in (
                ("0, 3", "an interval above 0"),
                ("-1, 3", "an interval above 0"),
                ("max_number_of_attempts=3, first_retry_interval_in_milliseconds=0", "above 0"),
                ("timedelta(seconds=5), 3", "milliseconds and not a duration"),
            )
        ),
        ("yield context.call_entity(df.EntityId('Counter'), 'add')", "argument 'key'", "Add it."),
        (
            "yield context.create_timer(30)",
            "takes the time at which it ends",
            "Write context.create_timer(context.current_utc_datetime + datetime.timedelta(seconds=30)).",
        ),
        ("yield context.create_timer(timedelta(days=1))", "not a duration", "timedelta(days=1))."),
        (f"yield context.task_all({CALL}), {CALL}))", "one list of tasks", "task_all([...])."),
        (f"yield context.task_all({CALL}))", "a list of tasks", "context.task_all([...])."),
        (f"yield context.task_any({CALL}, n) for n in 'ab')", "a list", "task_any([...])."),
        (f"a = [{CALL}, n) for n in 'ab']\nyield context.task_all(*a)", "one list", "task_all(a)."),
        (f"yield context.task_any(*[{CALL})])", "one list of tasks", f"task_any([{CALL})])."),
        (
            f"a = []\nfor n in 'ab':\n    a.append({CALL}, n))\nyield context.task_all(*a)",
            "one list of tasks",
            "Write context.task_all(a).",
        ),
        (f"{ALL}return a", "a has tasks and not their results", "Return what yield context.task_"),
        ("yield context.when_all([])", "no attribute 'when_all'", "Use task_all."),
        ("x = context.cookies", "'cookies'", "It has current_utc_datetime, "),
        ("x = context.is_replaying()", "is a value, not a method", "without parentheses."),
    ],
)
def test_wrong_uses_of_an_orchestrators_context(
    line: str, message: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(steps(f"{line}{NEXT}", "from datetime import timedelta")), "AF127")
    assert message in found.message
    assert fix in found.fix


@pytest.mark.parametrize(
    "line",
    [
        f"yield {CALL}, 1)",
        f"yield {CALL}, input_={{}}, expected_type=str)",
        f"yield {CALL}, *arguments)",
        f"yield {CALL}, **options)",
        f"yield context.{RETRY}df.RetryOptions(1, max_number_of_attempts=1), 'a')",
        f"yield context.{RETRY}retry_options=df.RetryOptions(1, 1), input_='a')",
        f"yield context.{RETRY}None, 'a')",
        "yield context.create_timer(context.current_utc_datetime + timedelta(days=1))",
        f"yield context.task_all([{CALL}, n) for n in 'ab'])",
        f"{ALL}return [one.result for one in a]",
        f"{ALL}a[:] = [one.result for one in a]\nreturn a",
        f"{ALL}a.clear()\nreturn a",
        f"{ALL}if not a:\n    return a",
        "yield context.task_all(list_of(context))",
        f"yield context.task_all(*[[{CALL}), {CALL})]])",
        f"a = []\na.append([{CALL}), {CALL})])\nyield context.task_all(*a)",
        f"a = []\na.append({CALL}))\na = [a]\nyield context.task_all(*a)",
        "yield context.task_all(*list_of(context))",
        "x = context.is_replaying or context._histories",
        "x = context.cookies if hasattr(context, 'cookies') else None",
        "yield context.call_entity(df.EntityId('Counter', 'a'), 'add', 1)",
        "context = Wrapped(context)\nyield context.when_all([])",
    ],
)
def test_right_uses_of_an_orchestrators_context(line: str, plant: Plant, find: Find) -> None:
    assert find(plant(steps(f"{line}{NEXT}", "from datetime import timedelta")), "AF127") == []


VALUES = """
import dataclasses
from datetime import datetime
from pydantic import BaseModel


@dataclasses.dataclass(frozen=True)
class Order:
    id: str


class Item(BaseModel):
    id: str


class State(str, Enum):
    NEW = "new"


@dataclasses_json
@dataclasses.dataclass
class Sent:
    id: str
"""
WRITTEN = "{'at': str(datetime.now()), 'x': [1, (2,), None]}"


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("Order('x')", "an object of Order"),
        ("[Item(id='x')]", "an object of Item"),
        ("{'at': datetime.now()}", "a datetime"),
        ("datetime(2026, 1, 1)", "a datetime"),
        ("context.current_utc_datetime", "a datetime"),
        ("{1, 2}", "a set"),
        ("b'x'", "bytes"),
        (WRITTEN, ""),
        ("State('new')", ""),
        ("Sent('x')", ""),
        ("Item(id='x').model_dump()", ""),
        ("unknown(1)", ""),
    ],
)
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (f"yield {CALL}, {{}})", "AF127"),
        (f"x = {{}}\nyield {CALL}, input_=x)", "AF127"),
        (f"yield {CALL})\nreturn {{}}", "AF242"),
    ],
)
def test_values_that_json_does_not_have(
    value: str, what: str, body: str, code: str, plant: Plant
) -> None:
    files = steps(body.replace("{}", value), VALUES)
    found = find_problems(plant(files), code)
    assert [what in one.message for one in found] == [True] * bool(what)


def test_a_result_of_an_activity_that_json_does_not_have(plant: Plant, find: Find) -> None:
    files = steps(f"yield {CALL})", "import decimal")
    source = str(files["blueprints/hello.py"]).replace(
        "return name", "return decimal.Decimal(1)", 1
    )
    [found] = find(plant({**files, "blueprints/hello.py": source}), "AF242")
    assert found.message == "say_hello returns a Decimal, which cannot be written as JSON."


def test_a_class_that_writes_itself(plant: Plant, find: Find) -> None:
    order = "class Order:\n    def to_json(self): ...\n\n    @classmethod\n    def from_json(cls, data): ...\n"
    files = steps(f"yield {CALL}, Order())\nreturn Order()", order)
    assert [find(plant(files), code) for code in ("AF1", "AF2")] == [[], []]


def test_an_enum_that_writes_itself(plant: Plant, find: Find) -> None:
    state = "import enum\n\n\nclass State(enum.Enum):\n    NEW = 1\n\n    def to_json(self): ...\n"
    files = steps(f"yield {CALL}, State.NEW)\nreturn State.NEW", state)
    assert [find(plant(files), code) for code in ("AF127", "AF242")] == [[], []]


@pytest.mark.parametrize(
    ("annotation", "body", "fix"),
    [
        ("Item", "return name.id", "Make the object from it first, as in Item(**name)."),
        ("'Order'", "return name.id", "Make the object from it first, as in Order(**name)."),
        ("Item", "return Item(**name).id", ""),
        ("Item", "return name.get('id')", ""),
        ("Item", "name = Item(**name)\n    return name.id", ""),
        ("Sent", "return name.id", ""),
        ("dict", "return name['id']", ""),
    ],
)
def test_the_input_of_an_activity_as_an_object(
    annotation: str, body: str, fix: str, plant: Plant
) -> None:
    files = steps(f"yield {CALL})", VALUES)
    source = str(files["blueprints/hello.py"]).replace("name: str", f"name: {annotation}", 1)
    source = source.replace("return name", body, 1)
    found = find_problems(plant({**files, "blueprints/hello.py": source}), "AF127")
    assert [one.fix for one in found] == [fix] * bool(fix)


@pytest.mark.parametrize(
    ("value", "is_found"), [("0", True), ("{}", True), ("int", False), ("None", False)]
)
def test_the_first_state_of_an_entity(value: str, is_found: bool, plant: Plant) -> None:
    files = steps(f"yield {CALL})")
    line = f"context.set_result(context.get_state({value}))"
    source = str(files["blueprints/hello.py"]).replace("context.set_result(1)", line)
    found = find_problems(plant({**files, "blueprints/hello.py": source}), "AF127")
    fix = f"Write context.get_state(lambda: {value})."
    assert [one.fix for one in found] == [fix] * is_found


STARTER = """
@bp.route(route="go")
@bp.durable_client_input(client_name="client")
async def go(req: func.HttpRequest, client) -> func.HttpResponse:
    {line}
    return func.HttpResponse("")
"""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("await client.start_new('steps', {'a': 1})", "Write client_input={'a': 1}."),
        ("await client.start_new('steps', req.get_json())", "not its input."),
        ("body = req.get_json()\n    await client.start_new('steps', body)", "client_input=body."),
        ("await client.start_new('steps', input=1)", "Use client_input."),
        ("await client.start('steps')", "Use start_new."),
        ("await client.start_new('steps', 'orders/17')", "contains /"),
        ("await client.start_new('steps', instance_id=f'{req.url}#1')", "contains #"),
        ("an_id = '@a'\n    await client.start_new('steps', an_id)", "begins with @"),
        ("other = df.DurableOrchestrationClient(client)", "Use client as it is."),
        ("await client.raise_event('a', 'go', data=1)", "Use event_data."),
        ("await client.create_check_status_response(req, 'a')", "Write it without await."),
    ],
)
def test_wrong_uses_of_a_client(line: str, words: str, plant: Plant, find: Find) -> None:
    source = steps(NEXT, STARTER.format(line=line))
    [found] = find(plant(source), "AF127")
    assert words in f"{found.message} {found.fix}"
    assert (
        find(plant({**source, "requirements.txt": "azure-functions-durable>=2\n"}), "AF127") == []
    )


@pytest.mark.parametrize(
    ("call", "start"),
    [
        ("call_entity(df.EntityId('Counter', 'a'), 'add', {1})", "The input is a set"),
        ("signal_entity(df.EntityId('Counter', 'a'), 'add', {1})", "The input is a set"),
        ("set_custom_status({1})", "The custom status is a set"),
        (
            "set_custom_status({'at': context.current_utc_datetime})",
            "The custom status has a datetime",
        ),
    ],
)
def test_other_values_of_an_orchestrator_that_json_does_not_have(
    call: str, start: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(steps(f"context.{call}{NEXT}")), "AF127")
    assert found.message.startswith(f"{start}, which cannot be written as JSON, so")


@pytest.mark.parametrize("method", ["set_state", "set_result"])
@pytest.mark.parametrize(("value", "count"), [("{1}", 1), ("[1]", 0), ("str({1})", 0)])
def test_values_of_an_entity_that_json_does_not_have(
    method: str, value: str, count: int, plant: Plant
) -> None:
    files = steps(f"yield {CALL})")
    line = f"context.{method}({value})"
    source = str(files["blueprints/hello.py"]).replace("context.set_result(1)", line)
    found = find_problems(plant({**files, "blueprints/hello.py": source}), "AF127")
    name = method.removeprefix("set_")
    message = f"The {name} is a set, which cannot be written as JSON, so counter_entity fails."
    assert [one.message for one in found] == [message] * count


STATUS = "import json\n    status = await client.get_status('a')\n    text = "


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"{STATUS}json.dumps(status)", "Write json.dumps(status.to_json())."),
        (
            "import json\n    text = json.dumps(await client.get_status('a'))",
            "Write json.dumps((await client.get_status('a')).to_json()).",
        ),
        (
            "import json\n    found = await client.get_status_all()\n    text = json.dumps(found)",
            "Write json.dumps([one.to_json() for one in found]).",
        ),
        ("await client.raise_event('a', 'go', {1})", "The event is a set"),
        (
            "await client.signal_entity(df.EntityId('Counter', 'a'), 'add', {1})",
            "The input is a set",
        ),
        (f"{STATUS}json.dumps(status.to_json())", ""),
        (f"{STATUS}json.dumps(status, default=str)", ""),
        (
            f"{STATUS}''\n    try:\n        json.dumps(status)\n    except TypeError:\n        pass",
            "",
        ),
        (f"{STATUS}''\n    json.JSONEncoder.default = str\n    json.dumps(status)", ""),
        (f"{STATUS}json.dumps(status.output)", ""),
        (f"{STATUS}json.dumps([1])", ""),
        (f"{STATUS}'x'\n    status = status.to_json()\n    text = json.dumps(status)", ""),
        ("await client.raise_event('a', 'go', [1])", ""),
        ("data = {'a': {1}}\n    go(data)\n    await client.raise_event('a', 'go', data)", ""),
    ],
)
def test_what_a_client_and_json_cannot_write(line: str, words: str, plant: Plant) -> None:
    found = find_problems(plant(steps(NEXT, STARTER.format(line=line))), "AF127")
    assert [words in f"{one.message} {one.fix}" for one in found] == [True] * bool(words)


@pytest.mark.parametrize(
    ("call", "takes_objects"),
    [
        ("start_new('steps', client_input=[{1}])", True),
        ("raise_event('a', 'go', [{1}])", False),
        ("signal_entity(df.EntityId('Counter', 'a'), 'add', [{1}])", False),
    ],
)
def test_where_a_client_writes_objects_with_to_json(
    call: str, takes_objects: bool, plant: Plant, find: Find
) -> None:
    [found] = find(plant(steps(NEXT, STARTER.format(line=f"await client.{call}"))), "AF127")
    assert " has a set, which" in found.message
    assert ("to_json" in found.fix) == takes_objects


@pytest.mark.parametrize(
    "line",
    [
        "await client.start_new('steps', None, {'a': 1})",
        "answer = client.create_check_status_response(req, 'a')",
        "await client.start_new('steps', req.params.get('id'))",
        "await client.start_new('steps', 'an-id', client_input=1)",
        "await client.start_new('steps', f'{req.url}@{req.method}:1')",
        "await client.start_new('steps', None, 'a/b')",
        "other = df.DurableOrchestrationClient(req.headers['x'])",
    ],
)
def test_right_uses_of_a_client(line: str, plant: Plant, find: Find) -> None:
    assert find(plant(steps(NEXT, STARTER.format(line=line))), "AF127") == []


def test_wrong_uses_of_an_entitys_context(plant: Plant, find: Find) -> None:
    source = steps(NEXT)
    text = str(source["blueprints/hello.py"])
    wrong = text.replace("context.set_result(1)", "context.set_value(1)")
    [found] = find(plant({**source, "blueprints/hello.py": wrong}), "AF127")
    assert "context is a DurableEntityContext" in found.message


DESCRIBE = """
import azure.durable_functions as library, inspect, json

def described(method):
    signature = inspect.signature(method)
    known = [p for p in signature.parameters.values() if p.name != "self"]
    required = sum(p.default is p.empty for p in known)
    described = {"required": required, "arguments": [p.name for p in known]}
    if inspect.iscoroutinefunction(method):
        described["result"] = "coroutine"
    # It has no annotation.
    elif "Task" in str(signature.return_annotation) or method.__name__ == "call_entity":
        described["result"] = "task"
    return described

def members(name):
    kind = getattr(library, name)
    known = {a: getattr(kind, a) for a in dir(kind) if not a.startswith("_")}
    return {
        "name": name,
        "attributes": [a for a, value in known.items() if not callable(value)],
        "methods": {a: described(value) for a, value in known.items() if callable(value)},
    }

names = ["DurableOrchestrationClient", "DurableOrchestrationContext", "DurableEntityContext"]
made = {"azure.durable_functions." + n: described(getattr(library, n)) for n in ("EntityId", "RetryOptions")}
print(json.dumps({"objects": [members(name) for name in names], "made": made}))
"""


def test_the_table_is_that_of_the_library(worker_python: Path) -> None:
    library = json.loads(run(worker_python, "-c", DESCRIBE).stdout)
    table = read_table("durable")
    assert library == {"objects": [*table["objects"].values()], "made": table["made"]}
