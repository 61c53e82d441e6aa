"""Writes the documents that are made from the catalogue and from the rules: `make docs`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from hooks.catalogue import ROOT
from tests.support import levels, rule_pages

DOCUMENTS: Mapping[Path, Callable[[], str]] = {
    ROOT / "docs" / "catalogue.md": levels.catalogue,
    ROOT / "docs" / "rules" / "README.md": rule_pages.index,
}


def main() -> None:
    """Write each document."""
    for path, text in DOCUMENTS.items():
        path.write_text(text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
