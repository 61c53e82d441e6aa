"""The levels at which the kinds are proven, as docs/catalogue.md shows them and the tests reach them.

After a run, the tests print which levels they saw.
"""

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from hooks.catalogue import RETIRED, TEMPLATE, Kind, read_kinds
from tests.support.answers import answers
from tests.support.catalogue import DEFAULT_PYTHON, KINDS, PYTHONS, SERVICES
from tests.support.group_pictures import file_name
from tests.support.webassembly.results import read_results
from tests.worker.invocations import Invocation, load_invocations

RESULTS = read_results()
LACKING = sorted(
    {missing for outcome in RESULTS.kinds.values() for missing in outcome.missing.split(" and ")}
    - {""}
)
EMULATORS = {"storage": "Azurite", "cosmosdb": "Cosmos DB server"}
LEVELS = [*PYTHONS, "indexed", "invoked", "emulator"]

PYODIDE = textwrap.fill(
    f"Pyodide is CPython, built for WebAssembly. It lacks {', '.join(LACKING[:-1])} and {LACKING[-1]}, so some of the"
    " tests cannot pass there. `make pyodide` runs them again.",
    120,
)

INTRODUCTION = """\
# The catalogue

Every answer that you can give, and every kind of function that an app can have. `make docs` generates this page from
`template/`, and a test checks that it is current.
"""

LEVELS_OF_KINDS = f"""
## Kinds of functions

They are in groups, as at the prompt. A picture shows what starts a function of each kind, and what it reads and writes.
NAME is the name of your function. Copier has no search at its prompts: find a kind here, and type its name at the question
after the list, or give it with `--data 'functions={{NAME: KIND}}'`.

The tables show how each kind is tested. `make test` ends with a table of the levels that it reached.

| Column | Meaning |
|---|---|
| Plans | `all`: Flex Consumption, Premium and Dedicated; otherwise those that it runs on |
| {PYTHONS[0]} to {PYTHONS[-1]} | the tests that come with the function pass on that Python version; `refused`: the template refuses the kind there; `-`: not run |
| {RESULTS.version} | the same on Python {RESULTS.python} in Pyodide {RESULTS.pyodide}, on {RESULTS.date}, or how many of the tests passed |
| Indexed | `azure-functions-runtime`, which runs functions in Azure on Python 3.13, accepts the function |
| Invoked | how many events, valid and invalid, the tests send to the function as the Functions host does |
| Emulator | how many events, including those that need stored data, go through a local emulator |

{PYODIDE}

The emulators are Azurite for Azure Storage and `@vercel/cosmosdb-server` for Cosmos DB, both from npm. Microsoft's
emulators of other services need Docker and do not run in the tests. Neither do the Functions host and the worker for
Python 3.12 and earlier, which is not on PyPI.

`http_stream` and `http_sse` use the HTTP streams of Azure Functions, which every HTTP function of an app then has to use.
The template refuses them beside other HTTP functions and web frameworks.
"""

DELIVERIES = """
## What happens to messages

For kinds that are not here, a caller waits for the answer and decides whether to ask again.

"""


def function_name(kind: Kind) -> str:
    """Return a name for a kind's function that is unlike its placeholder."""
    return f"a_{kind.id}"


def invocations(kind: Kind) -> list[Invocation]:
    """Return what the host sends to a function of this kind."""
    return load_invocations(kind.folder, kind.id, function_name(kind))


def alone(kind: Kind) -> list[Invocation]:
    """Return the invocations that need no service to be there; none without a worker to run them."""
    if DEFAULT_PYTHON not in kind.python:
        return []
    return [invocation for invocation in invocations(kind) if not invocation.stored]


def emulated(kind: Kind) -> list[Invocation]:
    """Return the invocations that go through an emulator: all, if there is one of the service.

    The one of Cosmos DB has no change feed of all versions.
    """
    is_emulated = not any("all_versions" in resource for resource in kind.resources)
    return invocations(kind) if kind.service in EMULATORS and is_emulated else []


def catalogue(template: Path = TEMPLATE) -> str:
    """Return the text of docs/catalogue.md."""
    return "".join(
        [
            INTRODUCTION,
            answers(template),
            LEVELS_OF_KINDS,
            *_sections(read_kinds(template)),
            DELIVERIES,
            *_deliveries(read_kinds(template)),
        ]
    )


def _sections(kinds: Iterable[Kind]) -> Iterator[str]:
    for group, members in groupby(kinds, key=lambda kind: kind.group):
        yield f"\n### {group}\n\n"
        if group != RETIRED:
            yield f"![What starts each kind, and what it reads and writes]({file_name(group)})\n\n"
        else:
            yield "No longer offered, but apps that have such a function keep it and can still be updated.\n\n"
        titles = [*PYTHONS, RESULTS.version, "Indexed", "Invoked", "Emulator"]
        yield _row(["Kind", "Title", "Service", "Plans", *titles])
        yield "|---|---|---|---|" + ":-:|" * len(titles) + "\n"
        for kind in members:
            service = SERVICES[kind.service].title if kind.service else "-"
            title = kind.title + (" (preview bundle)" if kind.bundle else "")
            title += f": {kind.retired}" if kind.retired else ""
            yield _row([f"`{kind.id}`", title, service, _plans(kind), *_levels(kind)])


def _plans(kind: Kind) -> str:
    if kind.dapr:
        return "Container Apps"
    return "Premium, Dedicated" if kind.not_on_flex else "all"


def _deliveries(kinds: Iterable[Kind]) -> Iterator[str]:
    yield _row(["Kind", "Delivered", "An invalid message", "After an exception", "Order", "Batch"])
    yield "|---|---|---|---|---|:-:|\n"
    for kind in kinds:
        if delivery := kind.delivery:
            then = delivery.then
            if delivery.attempts > 1:
                then = f"{delivery.attempts} attempts, then {then}"
            invalid = delivery.invalid or "as after an exception"
            batch = "yes" if delivery.batch else "no"
            yield _row([f"`{kind.id}`", delivery.guarantee, invalid, then, delivery.order, batch])


def _levels(kind: Kind) -> Iterator[str]:
    for version in PYTHONS:
        yield "yes" if version in kind.python else "refused"
    yield _in_webassembly(kind)
    yield "yes" if DEFAULT_PYTHON in kind.python else "-"
    yield str(len(alone(kind))) if alone(kind) else "-"
    events = len(emulated(kind))
    yield f"{EMULATORS[kind.service]}: {events}" if events else "-"


def _in_webassembly(kind: Kind) -> str:
    if RESULTS.version not in kind.python:
        return "refused"
    outcome = RESULTS.kinds.get(kind.id)
    if outcome is None or not outcome.passed:
        return "-"
    return f"{outcome.passed} of {outcome.passed + outcome.failed}" if outcome.failed else "yes"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def reached(seen: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    """Yield the lines of a table of what the tests saw: (kind, level, whether it held) each."""
    cells: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for id, level, held in seen:
        cells[id, level].append(held)
    yield f"{'kind':26}" + "".join(f"{level:>10}" for level in LEVELS)
    for kind in KINDS:
        texts = [_cell(cells.get((kind.id, level), [])) for level in LEVELS]
        yield f"{kind.id:26}" + "".join(f"{text:>10}" for text in texts)


def _cell(held: Sequence[bool]) -> str:
    if not held:
        return "not run"
    return f"{len(held)} passed" if all(held) else "FAILED"
