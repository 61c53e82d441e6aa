"""The page docs/catalogue.md: the answers, the kinds with the levels at which they are tested, and their deliveries."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from hooks.catalogue import RETIRED, TEMPLATE, Kind, read_kinds
from tests.support.catalogue import DEFAULT_PYTHON, PYTHONS, SERVICES
from tests.support.kind_events import EMULATORS, alone, emulated
from tests.support.webassembly.results import read_results

from .answers import answers
from .group_pictures import file_name

RESULTS = read_results()

LACKING = sorted(
    {missing for outcome in RESULTS.kinds.values() for missing in outcome.missing.split(" and ")}
    - {""}
)

PYODIDE = textwrap.fill(
    f"Pyodide is CPython, built for WebAssembly. It lacks {', '.join(LACKING[:-1])} and {LACKING[-1]}, so some of the"
    " tests cannot pass there. `make pyodide` runs them again.",
    120,
)

INTRODUCTION = """\
# The catalogue

This page lists every answer that you can give, and every kind of function that an app can have. `make docs` generates it
from `template/`, and a test checks that it is current.
"""

LEVELS_OF_KINDS = f"""
## Kinds of functions

The kinds are in groups, as at the prompt. Each group has a picture that shows what starts a function of each kind, and what
it reads and writes. NAME is the name of your function. Copier's prompts have no search: find a kind here, and type its name
at the question after the list, or give it with `--data 'functions={{NAME: KIND}}'`.

The tables show how each kind is tested. `make test` ends with a table of the levels that it reached.

| Column | Meaning |
|---|---|
| Plans | `all`: Flex Consumption, Premium and Dedicated; otherwise the plans on which it runs |
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
The template refuses to combine them with other HTTP functions or a web framework.
"""

DELIVERIES = """
## What happens to messages

This table shows what happens to the message, event or change that starts a function. For all other kinds, a caller waits
for the answer and decides whether to try again.

"""


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
