"""The documents that are made from data are current."""

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hooks.catalogue import ROOT, Kind, offered_groups
from tests.support.catalogue import KINDS
from tests.support.documents import group_pictures
from tests.support.documents.__main__ import DOCS, DOCUMENTS, outdated_pictures
from tests.support.text_files import read


@pytest.mark.parametrize(
    ("path", "text"), DOCUMENTS.items(), ids=lambda value: getattr(value, "name", "")
)
def test_it_is_current(path: Path, text: Callable[[], str]) -> None:
    assert read(path) == text(), "Run `make docs`."


SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(("group", "kinds"), offered_groups(KINDS).items(), ids=lambda value: "")
def test_the_picture_of_a_group_shows_its_kinds_and_cuts_nothing(
    group: str, kinds: list[Kind]
) -> None:
    text = group_pictures.draw(group, kinds)
    assert len(text) < 20_000
    picture = ElementTree.fromstring(text)
    shown = [node.text or "" for node in picture.iter(f"{SVG}text")]
    assert {kind.id for kind in kinds} <= {*shown}
    data = [line for line in shown if line.startswith(("reads ", "writes "))]
    assert len(data) == sum(len(kind.reads) + len(kind.writes) for kind in kinds)
    assert not any(kind.placeholder in text for kind in kinds)
    right = 0.0
    for node in picture:
        left = float(node.get("x", "0"))
        if node.tag == f"{SVG}rect":
            right = left + float(node.attrib["width"])
        elif node.tag == f"{SVG}text":
            assert left + len(node.text or "") * group_pictures.CHARACTER < right


def test_the_readme_names_every_page() -> None:
    linked = re.findall(r"\((docs/[\w./-]+)\)", read(ROOT / "README.md"))
    assert {f"docs/{path.name}" for path in DOCS.glob("*.md")} - {*linked} == set()


def test_there_is_no_picture_of_a_group_that_does_not_exist() -> None:
    assert outdated_pictures() == set()
