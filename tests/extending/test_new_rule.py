"""A new rule is a function in a module and a section of a page."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from functions_validator.checking import check
from functions_validator.project.project import Project
from functions_validator.rules.rule import Rule
from tests.extending.guide import files, page
from tests.support.rule_pages import Page, read_pages
from tests.support.validator import Files, plant


@pytest.fixture(scope="module")
def rule(tmp_path_factory: pytest.TempPathFactory) -> Rule:
    """The rule in CONTRIBUTING.md, imported as a module of the package."""
    [(name, text)] = files("Add a rule").items()
    path = tmp_path_factory.mktemp("rules") / Path(name).name
    path.write_text(text, encoding="utf-8")
    module_name = ".".join(Path(name).relative_to("src").with_suffix("").parts)
    spec = spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    [rule] = module.RULES
    assert isinstance(rule, Rule)
    return rule


@pytest.fixture
def section(tmp_path: Path) -> Page:
    """The section of its page in CONTRIBUTING.md."""
    path = tmp_path / "page.md"
    path.write_text(page("Add a rule"), encoding="utf-8")
    [section] = read_pages(path)
    return section


def found(rule: Rule, app: Path, changes: Files) -> list[str]:
    return [finding.code for finding in check(Project(plant(app, changes)), [rule])]


def test_it_finds_what_its_page_says(rule: Rule, section: Page, tmp_path: Path) -> None:
    assert section.heading == f"**{rule.title}** · {rule.severity.value}"
    assert found(rule, tmp_path / "example", section.example) == [rule.code] == [section.code]
    assert found(rule, tmp_path / "instead", section.instead) == []
