"""The levels at which the kinds are proven, as docs/catalogue.md shows them and the tests reach them.

`make docs` writes docs/catalogue.md with it. After a run, the tests print which levels they saw.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from tests.support.catalogue import DEFAULT_PYTHON, KINDS, PYTHONS, RETIRED, SERVICES, Kind
from tests.worker.invocations import Invocation, load_invocations

EMULATORS = {"storage": "Azurite", "cosmosdb": "Cosmos DB server"}
LEVELS = [*PYTHONS, "indexed", "invoked", "emulator"]

INTRODUCTION = """\
# The catalogue

Every kind of function that an app can have, and how far it is proven. `make docs` makes this page from
`template/catalogue/`, and a test checks it; `make test` ends with the levels that it has seen.

| Column | What was seen to run |
|---|---|
| 3.10 to 3.13 | the tests that come with the function, on that Python |
| Indexed | `azure-functions-runtime`, which runs functions in Azure on Python 3.13, takes the function |
| Invoked | how many events it was given, good and bad ones, as the Functions host sends them |
| Emulator | how many of them, and of those that read a service themselves, went through a real one on this machine |

Storage is Azurite and Cosmos DB is `@vercel/cosmosdb-server`, both from npm. Microsoft's emulators of other services
need Docker and do not run in the tests; nor does the Functions host itself, nor the worker of Python 3.12 and below,
which is not on PyPI.
"""


def function_name(kind: Kind) -> str:
    """Return a name for a kind's function that is unlike its placeholder."""
    return f"my_{kind.id}"


def invocations(kind: Kind) -> list[Invocation]:
    """Return what the host sends to a function of this kind."""
    return load_invocations(kind.folder, kind.id, function_name(kind))


def alone(kind: Kind) -> list[Invocation]:
    """Return the invocations that need no service to be there; none without a worker to run them."""
    if not kind.runs_on(DEFAULT_PYTHON):
        return []
    return [invocation for invocation in invocations(kind) if not invocation.stored]


def emulated(kind: Kind) -> list[Invocation]:
    """Return the invocations that go through an emulator: all, if there is one of the service."""
    return invocations(kind) if kind.data["service"] in EMULATORS else []


def catalogue(kinds: Iterable[Kind] = KINDS) -> str:
    """Return the text of docs/catalogue.md."""
    return "".join([INTRODUCTION, *_sections(kinds)])


def _sections(kinds: Iterable[Kind]) -> Iterator[str]:
    for group, members in groupby(kinds, key=lambda kind: kind.group):
        yield f"\n## {group}\n\n"
        if group == RETIRED:
            yield "No longer offered, but apps that have such a function keep it, and updates go on.\n\n"
        titles = [*PYTHONS, "Indexed", "Invoked", "Emulator"]
        yield _row(["Kind", "Title", "Service", *titles])
        yield "|---|---|---|" + ":-:|" * len(titles) + "\n"
        for kind in members:
            service = SERVICES[kind.data["service"]]["title"] if kind.data["service"] else "-"
            title = kind.title + (" (preview bundle)" if "bundle" in kind.data else "")
            title += f": {kind.help}" if kind.retired else ""
            yield _row([f"`{kind.id}`", title, service, *_levels(kind)])


def _levels(kind: Kind) -> Iterator[str]:
    for version in PYTHONS:
        yield "yes" if kind.runs_on(version) else "refused"
    yield "yes" if kind.runs_on(DEFAULT_PYTHON) else "-"
    yield str(len(alone(kind))) if alone(kind) else "-"
    events = len(emulated(kind))
    yield f"{EMULATORS[kind.data['service']]}: {events}" if events else "-"


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


if __name__ == "__main__":
    print(catalogue(), end="")
