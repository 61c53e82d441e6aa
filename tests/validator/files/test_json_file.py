"""JSON as the Functions host reads it, and the places of its keys and faults."""

import pytest

from functions_validator.files.json_file import JsonFile


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2,], /* b,\n */ "c": 3,} // d', {"a": [1, 2], "c": 3}),
        ("{a: 'b', $c: 1}", {"a": "b", "$c": 1}),
        (r"""{'it\'s "a"': 'b\\'}""", {'it\'s "a"': "b\\"}),
    ],
)
def test_what_the_host_takes_besides_json(text: str, value: object) -> None:
    assert JsonFile("a.json", text).value == value


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": x}', 1, 7),
        ('{/* b\nc */ "a": x}', 2, 11),
        ("{'it\\'s': \"b\", c: x}", 1, 19),
        ('{"a": [1,\n', 2, 1),
    ],
)
def test_a_fault_has_its_place(text: str, line: int, column: int) -> None:
    error = JsonFile("a.json", text).error
    assert error
    assert (error[1].line, error[1].column) == (line, column)


def test_keys_that_are_given_twice() -> None:
    text = '{"a": 1, "b": {"c": 1}, "d": 1, "d": 1, "a": 2, "b": {"c": 1, "c": 2}, "a": 3}'
    found = [key.path for key, *_ in JsonFile("a.json", text).repeated()]
    assert found == [("a",), ("b",), ("a",)]


@pytest.mark.parametrize(
    ("keys", "line"),
    [(("a",), 2), (("a", "b"), 3), (("d",), 6), (("d", "b"), 7), (("d", "absent"), 6), (("e",), 1)],
)
def test_the_place_of_a_key_is_not_inside_a_list(keys: tuple[str, ...], line: int) -> None:
    text = """{
        "a": {
            "b": "c: d",
            "c": [{"d": [1], "e": 2}, {}]
        },
        d: {
            'b': 2
        }
    }"""
    assert JsonFile("a.json", text).place(*keys).line == line
