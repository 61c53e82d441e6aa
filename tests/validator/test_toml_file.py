"""TOML files, and the places in them."""

import pytest

from functions_validator.model import Place
from functions_validator.project.toml_file import TomlFile


@pytest.mark.parametrize(
    ("text", "place"),
    [("a = 1\nbc = x\n", Place("a.toml", 2, 6)), ("a = [", Place("a.toml"))],
)
def test_a_fault_has_its_place(text: str, place: Place) -> None:
    file = TomlFile("a.toml", text)
    assert file.value == {}
    assert file.error
    assert file.error[1] == place
    assert "(at " not in file.error[0]


def test_words_have_the_line_where_they_stand_first() -> None:
    file = TomlFile("a.toml", "[a]\nb = 1\n[c]\nb = 1\n")
    assert [file.place(words).line for words in ("b =", "[c]", "absent")] == [2, 3, 1]
