"""The validator agrees with what the Functions host was seen to do, row by row."""

from typing import Any

import pytest

from functions_validator.model import Severity
from functions_validator.registry import RULES
from hooks.catalogue import ROOT
from tests.support.text_files import read_json
from tests.support.validator import Files, Plant, find_problems
from tests.validator.rules.settings_files import AZURITE, local, queue

FOLDER = ROOT / "tests" / "worker" / "observed"
WARNINGS = {rule.code for rule in RULES if rule.severity is Severity.WARNING}
Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    found: list[Row] = read_json(FOLDER / f"{name}.json")
    return found


def each(name: str) -> pytest.MarkDecorator:
    """Run a test for each row of a file."""
    return pytest.mark.parametrize("row", rows(name), ids=lambda row: ascii(list(row.values())[:2]))


def errors_and_warnings(plant: Plant, files: Files) -> tuple[str, str]:
    """Return the codes of all that is found in an app, errors and warnings; empty texts for none."""
    codes = sorted({found.code for found in find_problems(plant(files))})
    errors = " ".join(code for code in codes if code not in WARNINGS)
    return errors, " ".join(code for code in codes if code in WARNINGS)


def hello(*lines: str) -> str:
    """Return a blueprint that has these lines."""
    return "\n".join(["import azure.functions as func", "", "bp = func.Blueprint()", *lines, ""])


def http(*decorators: str, name: str = "req") -> str:
    """Return a blueprint with an HTTP function."""
    definition = f"def hello({name}):"
    return hello(*decorators, definition, "    return func.HttpResponse('Hello')")


@each("schedules")
def test_schedules(row: Row, plant: Plant) -> None:
    decorator = f"@bp.timer_trigger(arg_name='timer', schedule={row['schedule']!r})"
    files: Files = {
        "blueprints/hello.py": hello(decorator, "def hello(timer):", "    print(timer)"),
        "local.settings.json": local(OrdersStorage=AZURITE, SET="0 0 3 * * *"),
    }
    errors, warnings = errors_and_warnings(plant, files)
    # The host takes a time span of zero or less, and calls the function some 250 times a second.
    is_refused = not row["accepted"] or row.get("trap") == "some 250 times a second"
    assert bool(errors) == is_refused, errors
    assert bool(warnings) == ("trap" in row and not is_refused), warnings


@each("function_names")
def test_function_names(row: Row, plant: Plant) -> None:
    lines = (f"@bp.function_name({row['name']!r})", "@bp.route(route='hello')")
    found = errors_and_warnings(plant, {"blueprints/hello.py": http(*lines)})
    assert found == ("" if row["accepted"] else "AF201", "")


@each("binding_names")
def test_binding_names(row: Row, plant: Plant) -> None:
    name = row["name"]
    line = f"@bp.route(route='hello', trigger_arg_name={name!r})"
    found = errors_and_warnings(plant, {"blueprints/hello.py": http(line, name=name)})
    assert found == ("" if row["accepted_since_4_1038"] else "AF209", "")


@each("route_templates")
def test_route_templates(row: Row, plant: Plant) -> None:
    files: Files = {"blueprints/hello.py": http(f"@bp.route(route={row['route']!r})")}
    messages = [one.message for one in find_problems(plant(files), "AF22")]
    harm = {
        "function in error": ["The host does not start hello because of its route"],
        "host stops": ["The host stops at the route"],
    }
    expected = harm.get(row["outcome"], [])
    assert len(messages) == len(expected)
    assert all(map(str.startswith, messages, expected))


@each("host_json")
def test_host_json(row: Row, plant: Plant) -> None:
    found = errors_and_warnings(plant, {"host.json": row["host_json"].encode()})
    if row.get("decided", True):
        is_refused = not row["starts"] or row["status_of_api_hello"] == 500
        assert bool(found[0]) == is_refused, found
    name = row["name"]
    in_days = name in ("timeout 10", "timeout 24:00:00", "queue poll number")
    assert ("AF513" in found[1]) == in_days


@each("resources")
def test_resources(row: Row, plant: Plant) -> None:
    kind, value = row["binding"], row["value"]
    field = "queue_name" if kind.startswith("queue") else "path"
    binding = f"@bp.{kind}(arg_name='x', {field}={value!r}, connection='OrdersStorage')"
    lines = [binding, "def hello(x):", "    print(x)"]
    if kind.endswith("output"):
        lines = ["@bp.route(route='hello/{id}')", binding, "def hello(req, x):", "    x.set('a')"]
        lines.append("    return func.HttpResponse()")
    files: Files = {
        "blueprints/hello.py": hello(*lines),
        "blueprints/orders.py": queue(name="of-another-function"),
        "local.settings.json": local(OrdersStorage=AZURITE, QUEUE="setqueue", CONT="setcont"),
    }
    errors, warnings = errors_and_warnings(plant, files)
    # What a parameter becomes is known at the call only.
    fails = row.get("answer_when_called") == 500 and "{" not in value
    is_refused = not row["accepted"] or row.get("host_ends", False) or fails
    assert bool(errors) == is_refused, errors
    assert warnings == ""
