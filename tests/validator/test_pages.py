"""docs/rules is what `make docs` makes of the rules, and each page says enough."""

import pytest

from functions_validator.registry import RULES
from functions_validator.rules.rule import Rule
from tests.support.catalogue import ROOT

from .pages import pages

FOLDER = ROOT / "docs" / "rules"


def test_the_pages_are_those_of_the_rules() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert written == {name: text.rstrip("\n") + "\n" for name, text in pages().items()}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_says_why_and_how_to_mend_it(rule: Rule) -> None:
    why, _, how = (rule.check.__doc__ or "").strip().partition("\n\n")
    assert len(why) > 40
    assert len(how) > 10
