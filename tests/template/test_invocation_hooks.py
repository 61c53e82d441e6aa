"""Apps with code around every invocation: nothing else about their functions changes."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hooks.catalogue import Kind
from tests.support.apps import check_style, check_types
from tests.support.catalogue import DEFAULT_PYTHON, KINDS, PYTHONS, one_of_each
from tests.support.kind_events import alone, function_name
from tests.support.own_tests import run_other_tests
from tests.support.text_files import read
from tests.worker.client import check, run_project

streams = pytest.mark.parametrize("streams", [False, True])


@pytest.mark.first
@streams
@pytest.mark.parametrize("version", [PYTHONS[0], PYTHONS[-1]])
def test_all_kinds_are_clean_typed_and_tested(
    version: str,
    streams: bool,
    project: Callable[..., Path],
    render: Callable[..., Path],
    environment: Callable[[str], Path],
) -> None:
    functions = one_of_each(version, streams=streams)
    app = project(functions, python_version=version, invocation_hooks=True)
    assert list(functions_without_hooks(app)) == []
    check_style(app)
    check_types(app, environment(version))
    # test_own_tests.py runs those of this app.
    run_other_tests(app, environment(version), render(functions, python_version=version))


@streams
def test_every_invocation_has_the_same_result_and_a_line_in_the_log(
    streams: bool, render: Callable[..., Path], worker_python: Path
) -> None:
    kinds = [kind for kind in KINDS if DEFAULT_PYTHON in kind.python and kind.streams == streams]
    app = render({function_name(kind): kind.id for kind in kinds}, invocation_hooks=True)
    invocations = [(kind, invocation) for kind in kinds for invocation in alone(kind)]
    report = run_project(worker_python, app, [invocation for _, invocation in invocations])
    assert (report.rejection, report.stopped, report.in_error) == (None, None, {})
    logged = set()
    for (kind, invocation), result in zip(invocations, report.results, strict=True):
        assert check(invocation, result) is None
        for line in map(json.loads, filter(is_line, result.logs)):
            assert line["invocation_id"] or has_no_context(kind), kind.id
            assert line["outcome"] == ("failed" if result.failure else "succeeded"), kind.id
            logged.add(kind.id)
    invoked = {
        kind.id
        for (kind, _), result in zip(invocations, report.results, strict=True)
        # No function has the route.
        if not (result.answer and result.answer.status == 404)
    }
    assert invoked <= logged


def functions_without_hooks(app: Path) -> Iterator[str]:
    """Yield the functions of the app that lack the decorator."""
    for blueprint in (app / "blueprints").glob("[!_]*.py"):
        for node in ast.walk(ast.parse(read(blueprint))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
                is_function = any(decorator.startswith("bp.") for decorator in decorators)
                if is_function and not any("invocations.observed" in one for one in decorators):
                    yield node.name


def has_no_context(kind: Kind) -> bool:
    """Whether a function has the parameters of a tool, or calls its trigger context."""
    source = read(kind.folder / "blueprint.py")
    return bool(re.search(r'@bp\.mcp_tool\(|(arg|context)_name="context"', source))


def is_line(message: str) -> bool:
    """Whether the app logged a message around an invocation."""
    return message.startswith('{"function": ')


def test_an_app_without_the_option_has_nothing_of_it(render: Callable[..., Path]) -> None:
    app = render({"hello": "http"})
    assert not (app / "shared").exists()
    assert "observed" not in read(app / "blueprints" / "hello.py")
    assert "observed" not in read(app / "README.md")
