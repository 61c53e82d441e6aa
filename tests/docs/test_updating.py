"""docs/updating.md says what tests/update/ sees, and names the tests."""

import re
from collections.abc import Iterator

from hooks.catalogue import ROOT
from tests.support.named_tests import names_of_tests
from tests.support.text_files import read

PAGE = read(ROOT / "docs" / "updating.md")
TESTS = ROOT / "tests" / "update"


def rows(heading: str) -> Iterator[list[str]]:
    """Yield the cells of every row of the table in a section."""
    section = re.split(r"(?m)^#+ ", PAGE.split(f"# {heading}\n")[1])[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    yield from ([cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:])


def test_every_fault_has_a_test() -> None:
    known = set().union(*(names_of_tests(path) for path in TESTS.glob("test_*.py")))
    named = [row[-1].strip("`") for row in rows("What can go wrong")]
    assert len(named) == len(set(named)) > 15
    assert set(named) <= known
    assert names_of_tests(TESTS / "test_faults.py") <= set(named)


def test_the_words_in_quotes_are_those_that_the_tests_see() -> None:
    """A sentence in the table is in a test or in the template."""
    sources = [*TESTS.glob("test_*.py"), *ROOT.glob("template/**/*.jinja")]
    sources += ROOT.glob("template/questions/*.yml")
    text = "".join(read(path) for path in sources)
    quotes = [one for row in rows("What can go wrong") for one in re.findall(r'"([^"]+)"', row[1])]
    assert len(quotes) > 10
    for quoted in quotes:
        for part in filter(None, re.split(r" ?\.\.\. ?", quoted)):
            assert part.strip() in text, quoted
