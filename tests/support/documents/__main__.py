"""Writes the documents: `python -m tests.support.documents`, or `make docs`."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from hooks.catalogue import ROOT, offered_groups
from tests.support import rule_pages
from tests.support.catalogue import KINDS

from . import catalogue_page, group_pictures

DOCS = ROOT / "docs"
DOCUMENTS: Mapping[Path, Callable[[], str]] = {
    DOCS / "catalogue.md": catalogue_page.catalogue,
    DOCS / "rules" / "README.md": rule_pages.index,
    **{
        DOCS / group_pictures.file_name(group): partial(group_pictures.draw, group, kinds)
        for group, kinds in offered_groups(KINDS).items()
    },
}


def outdated_pictures() -> set[Path]:
    """Return the pictures of groups that are no longer there."""
    return {*DOCS.glob(group_pictures.file_name("*"))} - {*DOCUMENTS}


def main() -> None:
    """Write each document."""
    for path in outdated_pictures():
        path.unlink()
    for path, text in DOCUMENTS.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
