"""The template's kinds, services and versions of Python, for the tests and the benchmarks."""

from collections.abc import Iterable
from dataclasses import replace

from hooks.catalogue import (
    ROOT,
    TEMPLATE,
    Kind,
    read_kinds,
    read_options,
    read_pythons,
    read_services,
    read_yaml,
)
from tests.support.placeholders import replace_placeholder

# The functions of an app: the id of the kind of each, by its name.
Functions = dict[str, str]

KINDS = read_kinds()
BY_ID = {kind.id: kind for kind in KINDS}
# Those that apps with infra/ can have.
ON_FLEX = {kind.id: kind for kind in KINDS if not kind.not_on_flex}
SERVICES = read_services()
OPTIONS = read_options()
# The answer with which durable functions use it.
SCHEDULER = {"durable_backend": "scheduler"}
OFFERED_PYTHONS = [python for python in read_pythons() if python.is_offered]
DEFAULT_PYTHON = OFFERED_PYTHONS[0].version
# Those that the tests run on, the oldest first.
PYTHONS = [
    python.version
    for python in sorted(OFFERED_PYTHONS, key=lambda python: python.minor)
    if python.tested
]
WEB_FRAMEWORKS = sorted(path.parent.name for path in ROOT.glob("template/web_frameworks/*/app.py"))
RESERVED_NAMES = read_yaml(TEMPLATE / "reserved_names.yml")


def newest_python(kinds: Iterable[str]) -> str:
    """Return the newest of PYTHONS that these kinds, given by their ids, run on."""
    chosen = [BY_ID[id] for id in kinds]
    return [version for version in PYTHONS if all(version in kind.python for kind in chosen)][-1]


def one_of_each(version: str = DEFAULT_PYTHON, *, streams: bool = False) -> Functions:
    """Return a function of every kind that runs on a Python, named as the prompt proposes.

    Kinds that stream HTTP cannot be in an app with the others: `streams` chooses which of the two are returned.
    """
    return {
        kind.placeholder: kind.id
        for kind in KINDS
        if version in kind.python and kind.streams == streams
    }


def every_on_flex() -> Functions:
    """Return a function of every kind that runs on the Flex Consumption plan."""
    return {name: id for name, id in one_of_each().items() if id in ON_FLEX}


def can_be_several(kind: Kind) -> bool:
    """Whether an app can have several functions of a kind, whose names then differ."""
    return all(kind.placeholder in name for name in kind.functions)


def can_be_together(kinds: Iterable[Kind]) -> bool:
    """Whether the worker takes an app that has functions of all these kinds."""
    return len({kind.streams for kind in kinds if "http" in kind.host}) < 2


def with_scheduler(kind: Kind) -> Kind:
    """Return a kind as it is where the Durable Task Scheduler keeps the state of durable functions."""
    if "durableTask" not in kind.host:
        return kind
    return replace(kind, service="durabletask", roles=list(SERVICES["durabletask"].roles))


def named(kind: Kind, name: str, text: str) -> str:
    """Return a text of a kind as it is for a function of this name, in the app my-app."""
    text = replace_placeholder(text, kind.placeholder, name)
    return text.replace("<project_name>", "my-app")
