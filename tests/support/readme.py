"""Reads the README of an app."""

from pathlib import Path

from tests.support import markdown
from tests.support.text_files import read

# Those of an app whose README has the usual sections.
FUNCTIONS = {"hello": "http", "orders": "queue"}


def section(app: Path, title: str) -> str:
    """Return the text below a heading of the README."""
    return markdown.section(read(app / "README.md"), title)


def commands_to_try(app: Path) -> str:
    """Return the commands that start the functions."""
    [commands] = markdown.blocks(section(app, "Run").partition("\nTry the functions")[2])[:1]
    return commands
