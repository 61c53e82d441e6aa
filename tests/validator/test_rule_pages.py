"""docs/rules/ explains every rule, with examples that it finds and others that it does not."""

import re
from pathlib import Path

import pytest

from functions_validator.checking import check
from functions_validator.indexing.index import IndexOptions
from functions_validator.project.project import Project
from functions_validator.registry import FAMILIES, RULES, Family
from tests.support.rule_pages import FOLDER, PAGES, Page, read_pages
from tests.support.text_files import read
from tests.support.validator import Plant

# Rules that need the app to be imported are in this family.
INDEXED = "AF1"
# The rule about an import that does not end.
ENDLESS = "AF103"

each_rule = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


def codes(app: Path, page: Page, python: Path | None) -> set[str]:
    """Return the codes of all that is found, with an index for the rules that need one."""
    options = None
    if python and page.code.startswith(INDEXED):
        options = IndexOptions(python, seconds=2 if page.code == ENDLESS else 60)
    project = Project(app, options)
    found = {finding.code for finding in check(project, RULES)}
    assert [note for note in project.notes if "could not be checked" in note] == []
    return found


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_page_has_the_rules_of_its_family_in_their_order(family: Family) -> None:
    pages = read_pages(FOLDER / f"{family.name}.md")
    assert {page.code: page.heading for page in pages} == {
        rule.code: f"**{rule.title}** · {rule.severity.value}" for rule in family.rules
    }
    assert [page.code for page in pages] == [rule.code for rule in family.rules]
    title = read(FOLDER / f"{family.name}.md").splitlines()[0]
    assert title == f"# {family.title}"


def test_there_is_no_other_page() -> None:
    pages = {path.name for path in FOLDER.iterdir()}
    assert pages == {"README.md", *(f"{family.name}.md" for family in FAMILIES)}


@each_rule
def test_the_example_has_just_this_problem(page: Page, plant: Plant, worker_python: Path) -> None:
    app = plant(page.example)
    by_sources = codes(app, page, None)
    if by_sources or not page.code.startswith(INDEXED):
        assert by_sources == {page.code}
    if page.code.startswith(INDEXED):
        assert codes(app, page, worker_python) == {page.code}


@each_rule
def test_what_to_use_instead_has_no_problem(page: Page, plant: Plant, worker_python: Path) -> None:
    app = plant(page.instead)
    assert page.instead != page.example
    assert codes(app, page, None) == set()
    assert codes(app, page, worker_python) == set()


@each_rule
def test_links_lead_to_documentation(page: Page) -> None:
    for link in re.findall(r"\]\((http[^)]+)\)", page.text):
        assert link.startswith(
            ("https://learn.microsoft.com/", "https://docs.python.org/", "https://pip.pypa.io/")
        )
