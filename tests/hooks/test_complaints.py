"""The rules of answers, which `make data` makes of the complaints, the questions and the kinds."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from functions_validator.rules.functions.route_order import LONGEST_NAME
from hooks.catalogue import CatalogueError, Complaint, Kind, read_complaints, read_pythons
from hooks.complaints import NAME_OF_PAIR, WRITTEN, Rule, rules, rules_of_kind, sentences
from tests.support.catalogue import BY_ID, KINDS, SERVICES
from tests.support.run import run


def broken(rows: Iterable[Rule], **words: str) -> list[str]:
    """Return the complaints whose pattern does not match, as the template finds them."""
    return [name for name, word, pattern, _ in rows if not re.search(pattern, words[word])]


def rules_of(complaint: Mapping[str, Any], **questions: Mapping[str, Any]) -> list[Rule]:
    """Return the rules of `size`, a question or a part of one, with one complaint."""
    known = {**read_complaints(), "size": {"form": Complaint(wrong="No.", **complaint)}}
    return rules(known, questions)["size"]


@pytest.mark.parametrize(
    ("complaint", "right", "wrong"),
    [
        ({"must_match": "a|bc"}, ["a", "bc"], ["", "ab", "abc", "bc\n", "\na"]),
        ({"must_not_match": "b"}, ["", "a", "\n"], ["b", "ab", "a\nb", "ba"]),
        ({"must_not_match": r"\Ab|(c)\1"}, ["ab", "c"], ["b", "ba", "a\ncc"]),
    ],
)
def test_a_pattern_matches_the_whole_text_or_any_part(
    complaint: dict[str, str], right: list[str], wrong: list[str]
) -> None:
    rows = rules_of(complaint)
    assert [text for text in [*right, *wrong] if broken(rows, text=text)] == wrong


def test_a_pattern_can_match_another_word() -> None:
    rows = rules_of({"must_match": {"json": "7", "times": "1"}})
    assert broken(rows, json="7", times="1") == []
    assert broken(rows, json="8", times="2") == ["size.form", "size.form"]


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        ({"must_match": {"txt": "a"}}, "complaints.yml: size.form: there is no word txt."),
        ({"must_not_match": "("}, r"complaints.yml: size.form: missing \)"),
    ],
)
def test_a_wrong_pattern_is_refused(complaint: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CatalogueError, match=sentence):
        rules_of(complaint)


def test_a_question_has_the_rules_of_its_type_and_choices_before_its_own() -> None:
    question = {"type": "str", "choices": ["a.b", "c"]}
    rows = rules_of({"must_match": "a.b"}, size=question)
    assert broken(rows, json='"c"', text="c") == ["size.form"]
    assert broken(rows, json="null", text="axb") == ["str.type", "str.choice"]
    assert [words for *_, words in rows if words] == [{"choices": "a.b, c"}]


def test_what_to_do_is_on_a_line_of_its_own() -> None:
    one, both = Complaint(wrong="It is wrong."), Complaint(wrong="It is wrong.", do="Change it.")
    said = sentences({"size": {"one": one, "both": both}})
    assert said == {"size.one": "It is wrong.", "size.both": "It is wrong.\nChange it."}


@pytest.mark.parametrize(
    ("id", "name", "complaints"),
    [
        ("queue", "process", ["used_in_code"]),
        ("queue", "processes", []),
        ("queue", "ab", ["name_of_resource"]),
        ("queue", "a" * 57, ["name_of_resource"]),
        ("http_jwt", "a" * 119, []),
        ("http_jwt", "a" * 120, ["name_of_others"]),
        ("durable", "a" * 115, ["name_of_others"]),
        ("warmup", "a" * 127, []),
        ("http", "runtimes", ["route_of_host"]),
        ("http", "my_admin", []),
        ("timer", "admins", []),
        ("table_input", "tables", ["name_of_table"]),
        ("http_api", "tables", ["used_in_code", "name_of_table"]),
        ("table_output", "my_tables", []),
        ("queue", "tables", []),
        ("blob", "app_package", ["name_of_container"]),
        ("cosmosdb", "functions_leases", ["name_of_container"]),
        ("cosmosdb_client", "functions_leases", ["name_of_container"]),
        ("blob", "functions_leases", []),
        ("queue", "app_package", []),
    ],
)
def test_a_name_must_suit_the_kind(id: str, name: str, complaints: list[str]) -> None:
    rows = rules_of_kind(BY_ID[id], SERVICES, read_pythons())["name"]
    assert broken(rows, text=name) == [f"kind.{each}" for each in complaints]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_the_host_takes_all_functions_of_the_longest_name(kind: Kind) -> None:
    rows = rules_of_kind(kind, SERVICES, read_pythons())["name"]
    longest = max(
        ("a" * length for length in range(128) if not broken(rows, text="a" * length)), key=len
    )
    assert max(map(len, kind.functions_of(longest))) <= LONGEST_NAME


def test_only_a_kind_that_does_not_run_on_every_python_has_a_rule_for_it() -> None:
    assert rules_of_kind(BY_ID["http"], SERVICES, read_pythons())["version"] == []
    rows = rules_of_kind(BY_ID["worker_extension"], SERVICES, read_pythons())["version"]
    # Those that are no choices are wrong by themselves.
    versions = ["", "2.7", "3.10", "3.12", "3.13", "3x13"]
    assert [one for one in versions if broken(rows, version=one)] == ["3.13"]
    assert [words for *_, words in rows] == [{"versions": "3.10, 3.11, 3.12"}]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("functions", "{" + ", ".join(f"a{n}: http" for n in range(9000))),
        ("functions", "a:" + " " * 90000 + "&"),
        ("functions", "{a: b" + "\n" * 90000 + "&"),
        ("triggers", "[" + "a, " * 90000 + "&"),
        ("triggers", "- a\n" * 90000 + "&"),
        ("kept_files", "[" + "abc/" * 90000 + "&"),
    ],
)
def test_a_long_answer_is_refused_at_once(question: str, answer: str) -> None:
    assert not re.fullmatch(WRITTEN[question], answer)


SEARCH = """
import json, re, sys

patterns, texts = json.load(sys.stdin)
print(sum(bool(re.search(pattern, text)) for pattern in patterns for text in texts))
"""


def test_no_rule_takes_long_for_a_long_answer() -> None:
    """The other process takes a second, and is ended after a minute."""
    questions = {name: {"type": "str", "choices": []} for name in WRITTEN}
    found = rules(read_complaints(), questions).values()
    patterns = [pattern for rows in found for _, _, pattern, _ in rows]
    long = [part * 50_000 + "&" for part in ("a", "a/", "a ", "a-", " ", "\n", "{", "'")]
    texts = [*long, *(json.dumps(one) for text in long for one in (text, ["a", text], [text] * 2))]
    done = run(sys.executable, "-c", SEARCH, stdin=json.dumps([patterns, texts]), timeout=60)
    assert 0 < int(done.stdout) < len(patterns) * len(texts)


def test_names_are_found_in_quotes_too() -> None:
    text = '{a: http, \'b c\': "queue", "d" : timer}'
    assert re.fullmatch(WRITTEN["functions"], text)
    assert re.findall(NAME_OF_PAIR, text) == ["a", "'b c'", '"d"']
