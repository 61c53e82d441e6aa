"""What the tests of the kinds did in Pyodide, when they last ran there."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.text_files import read_json

FILE = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Outcome:
    """The tests of one kind: how many passed and failed, and what WebAssembly lacks for those that failed."""

    passed: int
    failed: int
    missing: str = ""


@dataclass(frozen=True)
class Results:
    """A run of all kinds: on which Python and Pyodide, when, and the outcome of each kind."""

    python: str
    pyodide: str
    date: str
    kinds: Mapping[str, Outcome]

    @property
    def version(self) -> str:
        """Return "3.14" for Python 3.14.2."""
        return self.python.rpartition(".")[0]


def read_results() -> Results:
    """Return the last run's results."""
    content = read_json(FILE)
    kinds = {id: Outcome(**outcome) for id, outcome in content.pop("kinds").items()}
    return Results(**content, kinds=kinds)
