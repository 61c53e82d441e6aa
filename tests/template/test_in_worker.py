"""Every kind in the real worker: it indexes the functions, and each answers what the host sends."""

from collections.abc import Callable
from pathlib import Path

import pytest
from catalogue import KINDS
from worker.client import Report, check, load_invocations, run_project

# Names unlike the placeholders, so that one that was forgotten shows.
NAMES = {kind.id: f"my_{kind.id}" for kind in KINDS}
INVOCATIONS = [
    (kind, invocation)
    for kind in KINDS
    for invocation in load_invocations(kind.folder, kind.id, NAMES[kind.id])
]


@pytest.fixture(scope="module")
def report(render: Callable[..., Path], worker_python: Path) -> Report:
    """What the worker makes of an app with all kinds, and of all their invocations."""
    project = render({name: kind for kind, name in NAMES.items()})
    return run_project(worker_python, project, [invocation for _, invocation in INVOCATIONS])


def test_the_worker_takes_every_function(report: Report) -> None:
    assert report.rejection is None
    assert set(report.functions) == {
        function for kind in KINDS for function in kind.functions(NAMES[kind.id])
    }


@pytest.mark.parametrize(
    "place",
    range(len(INVOCATIONS)),
    ids=[f"{kind.id}: {invocation.title}" for kind, invocation in INVOCATIONS],
)
def test_a_function_answers_as_its_kind_says(place: int, report: Report) -> None:
    _, invocation = INVOCATIONS[place]
    assert check(invocation, report.results[place]) is None


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
