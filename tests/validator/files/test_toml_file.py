"""TOML files, and the places in them."""

import pytest

from functions_validator.files.toml_file import TomlFile
from functions_validator.model import Place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = 1\nbc = x\n", Place("a.toml", 2, 6)),
        ("a = [", Place("a.toml")),
        ("a = " + "1" * 5000, Place("a.toml")),
    ],
)
def test_a_fault_has_its_place(text: str, place: Place) -> None:
    file = TomlFile("a.toml", text)
    assert file.value == {}
    assert file.error
    assert file.error[1] == place
    assert "(at " not in file.error[0]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (
            "[a]\nb = [1]\nc = 1\nb = [\n    'x==1',\n    \"y==2\",\n]\n",
            "the key b is given twice",
            4,
        ),
        ("a.'b c' = 1\n  a.'b c' = 2\n", "the key a.'b c' is given twice", 2),
        ("[a.b]\nc = 1\n[d]\n[a.b]\n", "the table [a.b] is given twice", 4),
        ("[a]\nb = {c = 1, c = 2}\n", "Duplicate inline table key 'c'", 2),
    ],
)
def test_what_is_given_twice_is_named(text: str, message: str, line: int) -> None:
    error = TomlFile("a.toml", text).error
    assert error
    assert (error[0], error[1].line) == (message, line)


def test_words_have_the_first_line_that_contains_them() -> None:
    file = TomlFile("a.toml", "[a]\nb = 1\n[c]\nb = 1\n")
    assert [file.place(words).line for words in ("b =", "[c]", "absent")] == [2, 3, 1]
