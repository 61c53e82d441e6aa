"""docs/host.md: the rules that it names are there."""

import re

from functions_validator.registry import RULES
from hooks.catalogue import ROOT
from tests.support.rule_pages import FOLDER
from tests.support.text_files import read

PAGE = ROOT / "docs" / "host.md"
TEXT = read(PAGE)
CODE = r"\[(AF\d{3})\]"
# [AF101]: rules/indexing.md#af101
DEFINITION = re.compile(rf"(?m)^{CODE}: rules/(\w+\.md)#(af\d{{3}})$")


def test_every_rule_that_it_names_exists() -> None:
    named = set(re.findall(r"AF\d{3}", TEXT))
    assert named
    assert named - {rule.code for rule in RULES} == set()


def test_every_rule_that_it_names_is_a_link_to_its_section() -> None:
    named = re.findall(CODE, DEFINITION.sub("", TEXT))
    assert named == re.findall(r"AF\d{3}", DEFINITION.sub("", TEXT))
    definitions = DEFINITION.findall(TEXT)
    assert [code for code, _, _ in definitions] == sorted(set(named))
    for code, page, anchor in definitions:
        assert anchor == code.lower()
        assert f"\n## {code}\n" in read(FOLDER / page)
