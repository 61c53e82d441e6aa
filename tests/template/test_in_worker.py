"""Every kind in the real worker: it indexes the functions, and each answers what the host sends."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hooks.catalogue import Kind
from tests.support.catalogue import DEFAULT_PYTHON, KINDS
from tests.support.levels import alone, function_name
from tests.worker.client import Invocation, Report, check, load_invocations, run_project

# The worker's library is there for Python 3.13 and above.
INDEXED = [kind for kind in KINDS if DEFAULT_PYTHON in kind.python]
# Each with its place among those of its app.
INVOCATIONS = [
    (kind, place, invocation)
    for streams in (False, True)
    for place, (kind, invocation) in enumerate(
        (kind, invocation)
        for kind in INDEXED
        if kind.streams == streams
        for invocation in alone(kind)
    )
]


@pytest.fixture(scope="module")
def reports(render: Callable[..., Path], worker_python: Path) -> Mapping[bool, Report]:
    """What the worker makes of apps with all kinds that stream HTTP, and with all that do not."""

    def run(streams: bool) -> Report:
        kinds = [kind for kind in INDEXED if kind.streams == streams]
        project = render({function_name(kind): kind.id for kind in kinds})
        invocations = [invocation for kind in kinds for invocation in alone(kind)]
        return run_project(worker_python, project, invocations)

    return {streams: run(streams) for streams in (False, True)}


@pytest.mark.parametrize("streams", [False, True])
def test_the_worker_takes_every_function(
    streams: bool, reports: Mapping[bool, Report], reach: Callable[[Kind, str, bool], None]
) -> None:
    report = reports[streams]
    assert report.rejection is None
    expected = {
        kind: kind.functions_of(function_name(kind)) for kind in INDEXED if kind.streams == streams
    }
    for kind, names in expected.items():
        reach(kind, "indexed", set(names) <= set(report.functions))
    assert sorted(report.functions) == sorted(name for names in expected.values() for name in names)


@pytest.mark.parametrize(
    ("kind", "place", "invocation"),
    INVOCATIONS,
    ids=[f"{kind.id}: {invocation.title}" for kind, _, invocation in INVOCATIONS],
)
def test_a_function_answers_as_its_kind_says(
    kind: Kind,
    place: int,
    invocation: Invocation,
    reports: Mapping[bool, Report],
    reach: Callable[[Kind, str, bool], None],
) -> None:
    difference = check(invocation, reports[kind.streams].results[place])
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
