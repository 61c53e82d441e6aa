"""Every kind in the real worker: it indexes the functions, and each answers what the host sends."""

from collections.abc import Callable
from pathlib import Path

import pytest
from catalogue import KINDS, Kind
from levels import alone, function_name
from worker.client import Report, check, load_invocations, run_project

INVOCATIONS = [(kind, invocation) for kind in KINDS for invocation in alone(kind)]


@pytest.fixture(scope="module")
def report(render: Callable[..., Path], worker_python: Path) -> Report:
    """What the worker makes of an app with all kinds, and of all their invocations."""
    project = render({function_name(kind): kind.id for kind in KINDS})
    return run_project(worker_python, project, [invocation for _, invocation in INVOCATIONS])


def test_the_worker_takes_every_function(
    report: Report, reach: Callable[[Kind, str, bool], None]
) -> None:
    assert report.rejection is None
    expected = {kind: kind.functions(function_name(kind)) for kind in KINDS}
    for kind, names in expected.items():
        reach(kind, "indexed", set(names) <= set(report.functions))
    assert sorted(report.functions) == sorted(name for names in expected.values() for name in names)


@pytest.mark.parametrize(
    "place",
    range(len(INVOCATIONS)),
    ids=[f"{kind.id}: {invocation.title}" for kind, invocation in INVOCATIONS],
)
def test_a_function_answers_as_its_kind_says(
    place: int, report: Report, reach: Callable[[Kind, str, bool], None]
) -> None:
    kind, invocation = INVOCATIONS[place]
    difference = check(invocation, report.results[place])
    reach(kind, "invoked", difference is None)
    assert difference is None


def test_the_worker_answers_the_greeting_of_the_readme(
    render: Callable[..., Path], worker_python: Path
) -> None:
    """The command that README.md begins with gives an app that answers its first request."""
    functions = {"hello": "http", "orders": "queue", "nightly": "timer"}
    [http] = [kind for kind in KINDS if kind.id == "http"]
    greeting = load_invocations(http.folder, http.id, "hello")[0]
    report = run_project(worker_python, render(functions), [greeting])
    assert set(report.functions) == set(functions)
    [result] = report.results
    assert result.answer is not None
    assert (result.answer.status, result.answer.body) == (200, b'{"message": "Hello, Ada!"}')
