"""The template's kinds and services, read from their files for the tests and the benchmarks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "template" / "catalogue"


@dataclass(frozen=True)
class Kind:
    """A kind of function: its id, its title in the prompt, its folder and its kind.yml."""

    id: str
    title: str
    folder: Path
    data: dict[str, Any]

    @property
    def placeholder(self) -> str:
        """The function's name in the kind's sources."""
        return f"{self.id}_example"


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file of the template."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def read_kinds() -> list[Kind]:
    """Return every kind in the order of the prompt."""
    return [
        Kind(id, title, CATALOGUE / id, read_yaml(CATALOGUE / id / "kind.yml"))
        for title, id in read_yaml(CATALOGUE / "index.yml").items()
    ]


KINDS = read_kinds()
SERVICES = read_yaml(ROOT / "template" / "services.yml")
RESERVED_NAMES = read_yaml(ROOT / "template" / "reserved_names.yml")

# One function of every kind, under the name that the prompt proposes.
ONE_OF_EACH = {kind.placeholder: kind.id for kind in KINDS}
