"""Reads the files in CONTRIBUTING.md: a path in backquotes, a colon and a code block."""

import re
from collections.abc import Mapping

from hooks.catalogue import ROOT
from tests.support.text_files import read

GUIDE = read(ROOT / "CONTRIBUTING.md")
FILE = re.compile(r"(?ms)^`([^`\n]+)`:\n\n(```+)\w*\n(.*?)^\2$")


def files(heading: str) -> Mapping[str, str]:
    """Return the files below a heading such as "Add an option", by their paths."""
    section = GUIDE.partition(f"\n### {heading}\n")[2]
    section = re.split(r"(?m)^##+ ", section.partition("````")[0])[0]
    return {path: text for path, _, text in FILE.findall(section)}


def page(heading: str) -> str:
    """Return the Markdown that a section shows."""
    section = GUIDE.partition(f"\n### {heading}\n")[2]
    [text] = re.findall(r"(?ms)^````markdown\n(.*?)^````$", section)[:1]
    return str(text)
