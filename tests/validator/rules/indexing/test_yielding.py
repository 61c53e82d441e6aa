"""What an orchestrator calls without yield."""

import pytest

from tests.support.validator import Files, Find, Plant
from tests.validator.rules.durable_files import steps

TOP = """
import json
import logging

log = logging.getLogger(__name__)


def collect(context):
    first = yield context.call_activity("say_hello")
    return [first]


def started(context):
    return context.call_activity("say_hello")


def helper_of(context: df.DurableOrchestrationContext):
    {helper}
"""
CONTEXT = "df.DurableOrchestrationContext"
NEXT = "\nyield context.call_activity('say_hello')"


def orchestrating(body: str, helper: str = "pass") -> Files:
    return steps(f"{body}{NEXT}", TOP.format(helper=helper))


@pytest.mark.parametrize(
    "call",
    [
        "context.call_activity('say_hello')",
        "context.call_activity_with_retry('say_hello', df.RetryOptions(1, 1))",
        "context.call_sub_orchestrator('child')",
        "context.call_entity(df.EntityId('Counter', 'a'), 'add')",
        "context.call_http('GET', 'https://example.com')",
        "context.create_timer(context.current_utc_datetime)",
        "context.task_all([started(context)])",
        "context.task_any([started(context)])",
        "context.wait_for_external_event('go')",
    ],
)
def test_dropped_tasks(call: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(orchestrating(call)), "AF126")
    assert found.message == f"{call.partition('(')[0]} does not run: nothing yields it."
    assert found.fix == "Write yield before it."
    assert found.path == "blueprints/hello.py"


CALL = "context.call_activity('say_hello')"


@pytest.mark.parametrize(
    "body",
    [
        f"x = {CALL}",
        f"x = {CALL}\nlog.info('%s', x)",
        f"x = {CALL}\nlogging.info('%s', x)",
        f"x = {CALL}\nyield context.call_activity('say_hello', x)",
        f"x = {CALL}\nyield context.call_activity('say_hello', {{'a': x}})",
        f"x: object = {CALL}\ncontext.set_custom_status(x)",
        f"x = {CALL}\ny = x['name']",
        f"x = {CALL}\ny = x.name",
        f"x = {CALL}\nfor item in x:\n    yield started(context)",
        f"x = {CALL}\nif x:\n    yield started(context)",
        f"x = {CALL}\ny = f'{{x}}'",
        f"x = {CALL}\nreturn x",
        f"x = {CALL}\nreturn {{'a': [x]}}",
        f"x = {CALL}\ny = sum(x)",
        f"x = list({CALL})",
        f"a, b = {CALL}",
        f"x = json.dumps({CALL})",
        f"return {CALL}",
        f"for item in {CALL}:\n    yield started(context)",
        f"y = {CALL} + 'x'",
    ],
)
def test_results_that_are_taken_for_those_of_tasks(body: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(orchestrating(body)), "AF126")
    assert found.message == "context.call_activity does not run: nothing yields it."


@pytest.mark.parametrize(
    "body",
    [
        f"x = {CALL}\nyield x",
        f"x = yield {CALL}",
        f"x = {CALL}\ny = x\nyield y",
        f"x = [{CALL} for _ in range(3)]\nyield context.task_all(x)",
        f"x = []\nx.append({CALL})\nyield context.task_all(x)",
        f"x = {CALL}\nfirst = yield context.task_any([x])\nif first == x:\n    x.cancel()",
        f"x = {CALL}\nif not x.is_completed:\n    yield x",
        f"x = {CALL}\nx = 1",
        f"x = {CALL}\ndef inner():\n    return x\nyield inner()",
        f"x = plain({CALL})\nyield x",
        "context.signal_entity(df.EntityId('Counter', 'a'), 'add')",
        "context.set_custom_status('x')",
        "context.continue_as_new(1)",
        "x = yield from collect(context)",
        "for task in collect(context):\n    yield task",
        "x = collect(context)\nyield from x",
        "for task in list(collect(context)):\n    yield task",
        f"sum = plain\nx = sum({CALL})\nyield x",
        "yield started(context)",
        f"context = plain(context)\n{CALL}",
        f"work = lambda: {CALL}\nyield work()",
        "x = [1]\nyield plain(x)",
        "if False:\n    yield",
        "yield context.continue_as_new(1)",
        "yield None",
    ],
)
def test_tasks_that_may_run(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(orchestrating(body)), "AF126") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"x = []\nx.append({CALL})\nreturn sum(x)", 1),
        (f"x = [{CALL}]\nx.append({CALL})\nlog.info('%s', x)", 2),
        (f"x = [{CALL}]\nreturn collect(x)", 0),
        (f"x = [{CALL}]\nx = collect(x)\nreturn x", 0),
    ],
)
def test_an_orchestrator_without_yield(body: str, expected: int, plant: Plant, find: Find) -> None:
    found = find(plant(steps(body, TOP.format(helper="pass"))), "AF126")
    assert [one.fix for one in found] == ["Write yield before it."] * expected


@pytest.mark.parametrize(
    "body", ["collect(context)", "yield collect(context)", "x = collect(context)\ny = x['a']"]
)
def test_generators_whose_tasks_are_lost(body: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(orchestrating(body)), "AF126")
    assert found.message.startswith("collect does not run: the orchestrator does not get its tasks")
    assert found.fix == "Write yield from before it."


@pytest.mark.parametrize("body", [f"yield [{CALL}]", f"x = yield [{CALL} for _ in range(3)]"])
def test_lists_that_are_yielded(body: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(orchestrating(body)), "AF126")
    assert "yields a list" in found.message
    assert found.fix == "Write context.task_all(...) around the list."


@pytest.mark.parametrize(
    ("body", "is_certain"),
    [
        (f"x = [{CALL} for _ in range(3)]\nyield x", True),
        (f"x = []\nfor _ in 'ab':\n    x.append({CALL})\ny = yield x", True),
        ("x = [1]\nx.append(2)\nyield plain(x)", False),
        (f"x = [{CALL}]\nx = context.task_all(x)\nyield x", False),
    ],
)
def test_variables_with_lists_that_are_yielded(
    body: str, is_certain: bool, plant: Plant, find: Find
) -> None:
    found = find(plant(orchestrating(body)), "AF126")
    assert [one.fix for one in found] == ["Write context.task_all(x)."] * is_certain


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("5", "5"),
        ("'done'", "'done'"),
        ("f'{context.instance_id}'", "f'{context.instance_id}'"),
        ("[1]", "a list"),
        ("{'a': 1}", "a dict"),
        ("(1, 2)", "a tuple"),
        ("context.get_input()", "context.get_input"),
        ("context.new_uuid()", "context.new_uuid"),
        ("context.set_custom_status('x')", "context.set_custom_status"),
        ("context.instance_id", "context.instance_id"),
    ],
)
def test_other_values_that_are_yielded(value: str, what: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(orchestrating(f"x = yield {value}")), "AF126")
    result = "never ends" if "status" in value else "fails"
    assert found.message == (
        f"This orchestrator yields {what}, so it {result}: it waits for tasks only."
    )
    assert found.fix.endswith("rite it without yield.")


@pytest.mark.parametrize(
    ("helper", "count"),
    [(CALL, 1), (f"return {CALL}", 0), (f"yield [{CALL}]", 0), (f"yield {CALL}", 0)],
)
def test_helpers_with_the_context(helper: str, count: int, plant: Plant, find: Find) -> None:
    assert len(find(plant(orchestrating("", helper)), "AF126")) == count


def test_other_decorators_and_the_second_version(plant: Plant, find: Find) -> None:
    """A decorator may pass another context, and the library's second version starts each task at once."""
    files = orchestrating(CALL)
    text = str(files["blueprints/hello.py"])
    second = {"requirements.txt": "azure-functions\nazure-functions-durable>=2\n"}
    assert find(plant({**files, **second}), "AF126") == []
    wrapped = text.replace("def steps(", "@plain\ndef steps(")
    assert find(plant({**files, "blueprints/hello.py": wrapped}), "AF126") == []
    returning = wrapped.replace("steps(context)", f"steps(context: {CONTEXT})")
    returning = returning.replace(f"    {CALL}", f"    return {CALL}")
    assert find(plant({**files, "blueprints/hello.py": returning}), "AF126") == []
    assert find(plant({**files, "blueprints/hello.py": returning.replace("@plain", "")}), "AF126")
