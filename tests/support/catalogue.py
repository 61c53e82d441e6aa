"""The template's kinds and services, read from their files for the tests and the benchmarks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "template" / "catalogue"
SHARED = ROOT / "template" / "shared"
DEFAULT_PYTHON = "3.13"
RETIRED = "Retired"
PYTHONS = ["3.10", "3.11", "3.12", "3.13"]


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of function: its line in the index, its folder and its kind.yml."""

    id: str
    group: str
    title: str
    help: str
    folder: Path
    data: dict[str, Any]

    @property
    def placeholder(self) -> str:
        """The function's name in the kind's sources."""
        return f"{self.id}_example"

    def functions(self, name: str) -> list[str]:
        """Return the names of all functions that it defines for one of this name."""
        names: str = self.data.get("functions", self.placeholder)
        return names.replace(self.placeholder, name).split()

    @property
    def shared(self) -> list[str]:
        """The modules that it shares with other functions."""
        modules: list[str] = self.data.get("shared", [])
        return modules

    @property
    def retired(self) -> bool:
        """Whether it is there only for apps that have it; its help says what to use instead."""
        return self.group == RETIRED

    @property
    def can_be_several(self) -> bool:
        """Whether an app can have several functions of it, whose names then differ."""
        return all(self.placeholder in name for name in self.functions(self.placeholder))

    @property
    def streams(self) -> bool:
        """Whether its HTTP functions take the extension's Request."""
        return self.data.get("http") == "stream"

    def can_live_with(self, other: "Kind") -> bool:
        """Whether the worker takes an app that has functions of both kinds."""
        http = [kind for kind in (self, other) if "http" in kind.data.get("host", {})]
        return len({kind.streams for kind in http}) < 2

    def runs_on(self, version: str) -> bool:
        """Whether it can be chosen for a Python such as 3.13."""
        return version in self.data.get("python", [version])


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file of the template."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def read_kinds(catalogue: Path = CATALOGUE) -> list[Kind]:
    """Return every kind in the order of the prompt; ValueError for a malformed line of the index."""
    kinds = []
    for line, id in read_yaml(catalogue / "index.yml").items():
        group, title, help = re.split(" {2,}", line)
        data = read_yaml(catalogue / id / "kind.yml")
        kinds.append(Kind(id, group, title, help, catalogue / id, data))
    return kinds


KINDS = read_kinds()
WEB_FRAMEWORKS = sorted(path.parent.name for path in ROOT.glob("template/web_frameworks/*/app.py"))
SERVICES = read_yaml(ROOT / "template" / "services.yml")
RESERVED_NAMES = read_yaml(ROOT / "template" / "reserved_names.yml")


def newest_python(kinds: Iterable[str]) -> str:
    """Return the newest of PYTHONS that these kinds, given by their ids, run on."""
    chosen = [kind for kind in KINDS if kind.id in set(kinds)]
    return [version for version in PYTHONS if all(kind.runs_on(version) for kind in chosen)][-1]


def one_of_each(version: str = DEFAULT_PYTHON, streams: bool = False) -> dict[str, str]:
    """Return a function of every kind that runs on a Python, named as the prompt proposes.

    Kinds that stream HTTP cannot live with the others: an app has the ones or the others.
    """
    return {
        kind.placeholder: kind.id
        for kind in KINDS
        if kind.runs_on(version) and kind.streams == streams
    }
