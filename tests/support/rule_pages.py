"""Reads docs/rules/: one page per family of rules, with small apps as examples.

A rule's section is `## CODE` with its title and severity, what it finds, why, an example and what to use instead. An
example is what is changed in the healthy app of `validator.py`: a file name in backquotes, a colon and a code block.
The second word after the backquotes of a block is an encoding, and "`NAME` is missing." deletes a file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from functions_validator.registry import FAMILIES
from functions_validator.registry import PAGES as LINKS
from hooks.catalogue import ROOT
from tests.support.text_files import read
from tests.support.validator import Files

FOLDER = ROOT / "docs" / "rules"
SECTION = re.compile(r"^## (AF\d+)\n\n(.*?)(?=^## AF|\Z)", re.MULTILINE | re.DOTALL)
FILE = re.compile(
    r"^`(?P<name>[^`\n]+)`:\n\n```\w+ ?(?P<encoding>[\w-]*)\n(?P<text>.*?)^```$"
    r"|^`(?P<missing>[^`\n]+)` is missing\.$",
    re.MULTILINE | re.DOTALL,
)
INDEX = """# What the validator finds

Run `python tools/validate.pyz` in a generated app, or `functions-validator PROJECT` for any app in the v2 programming
model. An error stops the app or loses data. A warning is likely to cause trouble. [The validator](../validator.md)
explains how to install it, how to select rules and how to accept a finding.

Each rule comes with a small app in which it finds the problem, and with what to write instead. Only the changed files are
shown.
"""

PARTS = ("**What it finds.** ", "**Why.** ", "**Example**\n", "**Use instead**\n")


@dataclass(frozen=True)
class Page:
    """What the section of a rule says: its heading, and the files of its two apps."""

    code: str
    heading: str
    example: Files
    instead: Files
    text: str


def read_pages(path: Path) -> list[Page]:
    """Return the sections of a page. Raises ValueError for one that lacks a part."""
    text = read(path)
    return [_page(code, section) for code, section in SECTION.findall(text)]


def _page(code: str, section: str) -> Page:
    places = [section.find(part) for part in PARTS]
    if -1 in places or places != sorted(places):
        raise ValueError(f"{code} needs {', '.join(PARTS)}, in this order.")
    heading = section[: places[0]].strip()
    example, instead = section[places[2] : places[3]], section[places[3] :]
    return Page(code, heading, _files(example), _files(instead), section)


def _files(text: str) -> Files:
    files: Files = {}
    for match in FILE.finditer(text):
        if match["missing"]:
            files[match["missing"]] = None
        else:
            content = match["text"]
            encoding = match["encoding"]
            files[match["name"]] = content.encode(encoding) if encoding else content
    return files


PAGES = {
    page.code: page for family in FAMILIES for page in read_pages(FOLDER / f"{family.name}.md")
}


def index() -> str:
    """Return the text of docs/rules/README.md: a table for each family of rules."""
    return "\n".join([INDEX, *_tables()])


def _tables() -> Iterator[str]:
    for family in FAMILIES:
        yield f"## [{family.title}]({family.name}.md)\n"
        yield "| Code | | What |\n|---|---|---|"
        for rule in family.rules:
            yield f"| [{rule.code}]({LINKS[rule.code]}) | {rule.severity.value} | {rule.title} |"
        yield ""
