"""The tests' side: runs a project in the worker and compares what came of it."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

from tests.support.run import run

from .exchange import (
    Binding,
    Failure,
    HttpAnswer,
    HttpRequest,
    Result,
    TypedValue,
    dumps,
    loads,
)
from .invocations import Answer, Expected, Invocation, canonical_json, load_invocations

__all__ = [
    "AtOnce",
    "Invocation",
    "Report",
    "Round",
    "WorkerCrashed",
    "check",
    "load_invocations",
    "run_at_once",
    "run_project",
]

# What SDKs log about every request or message, at level INFO, unless the app turns it off.
NOISE = re.compile("Request headers|Response headers|amqpvalue")

# The app's own Python imports this package, and of the repository only what needs no library.
PACKAGE = Path(__file__).parent.name
PATHS = (Path(__file__).parents[1], Path(__file__).parents[2] / "src")


class WorkerCrashed(Exception):
    """The worker's process gave no answer: it failed or took too long."""


@dataclass(frozen=True)
class Report:
    """What the worker made of a project: its functions and a result for each invocation.

    `in_error` are the functions that the host does not run, with what it says of each. If the
    worker rejected the project, there is only `rejection`; if the host does not start, `stopped`.
    `printed` is what the host takes from the output of the worker's process into its own log.
    """

    functions: Mapping[str, Sequence[Binding]] = field(default_factory=dict)
    results: Sequence[Result] = ()
    rejection: Failure | None = None
    in_error: Mapping[str, Sequence[str]] = field(default_factory=dict)
    stopped: str | None = None
    printed: str = ""


def run_project(
    python: Path, project: Path, invocations: Sequence[Invocation] = (), seconds: float = 60
) -> Report:
    """Run the invocations, in order, in a new process of the worker; leave no file in the project.

    `python` is an interpreter that has azure-functions-runtime. Raises WorkerCrashed if there is no
    answer in time or none at all, as when an invocation names a function that does not exist.
    """
    requests = [invocation.request for invocation in invocations]
    process = _run(python, [PACKAGE, project], requests, project, seconds)
    answer = loads(process.stdout.splitlines()[-1])
    if "rejected" in answer:
        return Report(rejection=Failure(answer["rejected"], answer["stack"]))
    if "stopped" in answer:
        return Report(stopped=answer["stopped"])
    return Report(
        answer["functions"],
        answer["results"],
        in_error=answer["in_error"],
        printed=process.stderr,
    )


@dataclass(frozen=True)
class Round:
    """What came of requests that the worker got at once, and how long they took together."""

    seconds: float
    results: Sequence[Result]


@dataclass(frozen=True)
class AtOnce:
    """What came of several rounds in one process.

    `made` is how many objects of a class the app has made; `stderr` has the warnings and errors
    of the app and of the libraries, until the process has ended.
    """

    rounds: Sequence[Round]
    made: int
    stderr: str


def run_at_once(
    python: Path,
    project: Path,
    rounds: Sequence[Sequence[HttpRequest]],
    counted: str,
    seconds: float = 60,
) -> AtOnce:
    """Run rounds of requests in a new process of the worker, those of a round all at once.

    `counted` names the class, as `module:Class`. Raises WorkerCrashed as `run_project` does.
    """
    command: list[str | Path] = [f"{PACKAGE}.at_once", project, counted]
    process = _run(python, command, rounds, project, seconds)
    answer = loads(process.stdout.splitlines()[-1])
    answered = [Round(**content) for content in answer["rounds"]]
    return AtOnce(answered, answer["made"], process.stderr)


def environment() -> dict[str, str]:
    """Return the variables with which the app's own Python finds this package."""
    return {"PYTHONPATH": os.pathsep.join(map(str, PATHS))}


def _run(
    python: Path, module: Sequence[str | Path], stdin: object, project: Path, seconds: float
) -> CompletedProcess[str]:
    try:
        process = run(
            *(python, "-B", "-m", *module),
            folder=project,
            environment=environment(),
            status=None,
            stdin=dumps(stdin),
            timeout=seconds,
        )
    except TimeoutExpired as expired:
        stderr = (expired.stderr or b"").decode(errors="replace")
        raise WorkerCrashed(f"No answer within {seconds} seconds.\n{stderr}") from None
    if process.returncode != 0:
        raise WorkerCrashed(f"Exit code {process.returncode}.\n{process.stderr}")
    return process


def check(invocation: Invocation, result: Result) -> str | None:
    """Return what differs from the expected result, a line for each difference, or None."""
    differences = list(_differences(invocation.expected, result))
    return "\n".join([f"{invocation.title}:", *differences]) if differences else None


def _differences(expected: Expected, result: Result) -> Iterator[str]:
    if result.failure and expected.raised is None:
        yield f"raised {result.failure.message}\n{result.failure.stack}"
    elif expected.raised is not None:
        message = result.failure.message if result.failure else "nothing"
        if not result.failure or expected.raised not in message:
            yield f"raised {message}, not {expected.raised}"
    if expected.answer:
        yield from _answer_differences(expected.answer, result.answer or HttpAnswer(0))
    if expected.returned and not _same(expected.returned, result.returned):
        yield f"returned {result.returned}, not {expected.returned}"
    if expected.outputs is not None:
        for name in sorted({*expected.outputs, *result.outputs}):
            wanted, got = expected.outputs.get(name), result.outputs.get(name)
            if not _same(wanted, got):
                yield f"output {name} is {got}, not {wanted}"
    for text in expected.logged:
        if not any(text in message for message in result.logs):
            yield f"no log message has {text!r}: {result.logs}"
    for message in result.logs:
        if NOISE.search(message):
            yield f"an SDK logged {message!r}"


def _answer_differences(expected: Answer, answer: HttpAnswer) -> Iterator[str]:
    text = answer.body.decode(errors="replace")
    if answer.status != expected.status:
        yield f"status is {answer.status}, not {expected.status}; body: {text!r}"
    if expected.json is not None and _parse(text) != expected.json:
        yield f"body is {text!r}, not the JSON {expected.json}"
    if expected.text is not None and text != expected.text:
        yield f"body is {text!r}, not {expected.text!r}"
    for name, value in expected.headers.items():
        if answer.headers.get(name) != value:
            yield f"header {name} is {answer.headers.get(name)!r}, not {value!r}"


def _same(wanted: TypedValue | None, got: TypedValue | None) -> bool:
    if wanted and got and (wanted.kind, got.kind) == ("partial_json", "json"):
        return _contains(json.loads(str(got.value)), json.loads(str(wanted.value)))
    if wanted and got and wanted.kind == got.kind == "json":
        return _parse(str(wanted.value)) == _parse(str(got.value))
    return wanted == got


def _contains(got: object, wanted: object) -> bool:
    """Whether JSON has all that is wanted: mappings may have more names, lists are as long."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        return all(name in got and _contains(got[name], wanted[name]) for name in wanted)
    if isinstance(wanted, list) and isinstance(got, list):
        return len(got) == len(wanted) and all(map(_contains, got, wanted))
    return canonical_json(got) == canonical_json(wanted)


def _parse(text: str) -> str | None:
    try:
        return canonical_json(json.loads(text))
    except ValueError:
        return None
