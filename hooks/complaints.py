"""What can be wrong with an answer, as rules that Copier's templates walk; template/complaints.yml has the sentences.

A rule is a row: the name of its complaint, the word that must match, the pattern, and more words for the sentence.
template/macros/rules.jinja knows the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hooks.catalogue import ANY_LENGTH, CatalogueError, Complaint, Kind, Python, Service

Complaints = Mapping[str, Mapping[str, Complaint]]
Rule = list[Any]

WORDS = {"text", "json", "written", "everywhere", "in_functions", "place", "times", "version"}

# No two neighbouring parts match the same character, so that a long answer is refused at once.
_PLAIN = r"(?:[0-9]{1,9}|[^\W\d](?:[\w ./-]*[\w./-])?)"
_WORD = rf"""(?:"{_PLAIN}?"|'{_PLAIN}?'|{_PLAIN})"""
_PAIR = rf"{_WORD} *: *{_WORD} *"
_BLOCK_OF_PAIRS = rf"{_PAIR}(?:(?:\r?\n)+{_PAIR})*\s*"
_FLOW_OF_PAIRS = rf"\s*\{{\s*{_PAIR}\s*(?:,\s*{_PAIR}\s*)*(?:,\s*)?\}}\s*"
_FLOW_OF_KINDS = r"""\s*\[\s*[\w"']+\s*(?:,\s*[\w"']+\s*)*(?:,\s*)?\]\s*"""
_BLOCK_OF_KINDS = r"- +\w+ *(?:\r?\n- +\w+ *)*\s*"
_PATH = r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*"

NAME_OF_PAIR = f"({_WORD}) *: *{_WORD}"
# How an answer that is not text can be written as text.
WRITTEN = {
    "functions": rf"(?![\s\S]*\t)(?:{_BLOCK_OF_PAIRS}|{_FLOW_OF_PAIRS}|\s*\{{\s*\}}\s*)",
    "triggers": f"{_FLOW_OF_KINDS}|{_BLOCK_OF_KINDS}",
    "kept_files": rf"\s*\[\s*(?:{_PATH}\s*(?:,\s*{_PATH}\s*)*)?\]\s*",
}


def sentences(complaints: Complaints) -> dict[str, str]:
    """Return the sentences of each complaint, a line for what is wrong and one for what to do."""
    return {
        f"{group}.{name}": "\n".join(filter(None, [complaint.wrong, complaint.do]))
        for group, members in complaints.items()
        for name, complaint in members.items()
    }


def rules(
    complaints: Complaints, questions: Mapping[str, Mapping[str, Any]]
) -> dict[str, list[Rule]]:
    """Return the rules of each question, and of each part of an answer that has patterns."""
    found = {group: list(_with_patterns(group, members)) for group, members in complaints.items()}
    asked = {name: _of_question(name, question, found) for name, question in questions.items()}
    return {name: rows for name, rows in {**found, **asked}.items() if rows}


def _of_question(
    name: str, question: Mapping[str, Any], found: Mapping[str, list[Rule]]
) -> list[Rule]:
    if name in WRITTEN:
        return [*found[name], _must_match(f"{name}.written", "written", WRITTEN[name])]
    return [
        *found.get(question["type"], []),
        *_of_choices(question["choices"]),
        *found.get(name, []),
    ]


def rules_of_kind(
    kind: Kind, services: Mapping[str, Service], pythons: Iterable[Python]
) -> dict[str, list[Rule]]:
    """Return the rows of what the name of a function of a kind and the app's Python must be."""
    return {"name": list(_of_name(kind, services)), "version": list(_of_version(kind, pythons))}


def _of_name(kind: Kind, services: Mapping[str, Service]) -> Iterator[Rule]:
    yield _rule("kind.used_in_code", "text", rf"\A(?!{_one_of(kind.names)}\Z)")
    if "http" in kind.host:
        yield _rule("kind.route_of_host", "text", r"\A(?!admin|runtime)")
    if kind.name_length != ANY_LENGTH:
        shortest, longest = kind.name_length
        words = {"shortest": shortest, "longest": longest}
        yield _rule("kind.name_of_resource", "text", rf"\A.{{{shortest},{longest}}}\Z", words)
    ending = max(kind.endings, key=len)
    longest = ANY_LENGTH[1] - len(ending)
    if longest < kind.name_length[1]:
        others = {"ending": ending, "longest": longest}
        yield _rule("kind.name_of_others", "text", rf"\A.{{0,{longest}}}\Z", others)
    taken = services[kind.service].taken if kind.service else ""
    if taken and any("container" in resource for resource in kind.resources):
        yield _must_not_match("kind.name_of_container", "text", rf"\A{taken}\Z")
    if any("table" in resource for resource in kind.resources):
        yield _must_not_match("kind.name_of_table", "text", r"\Atables\Z")


def _of_version(kind: Kind, pythons: Iterable[Python]) -> Iterator[Rule]:
    others = sorted({python.version for python in pythons if python.is_offered} - {*kind.python})
    if others:
        words = {"versions": ", ".join(sorted(kind.python))}
        # A version that is not known yet, or is no choice, is not wrong because of the kind.
        yield _rule("kind.python", "version", rf"\A(?!{_one_of(others)}\Z)", words)


def _of_choices(choices: Sequence[str]) -> Iterator[Rule]:
    if choices:
        words = {"choices": ", ".join(choices)}
        yield _must_match("str.choice", "text", _one_of(choices), words)


def _with_patterns(group: str, complaints: Mapping[str, Complaint]) -> Iterator[Rule]:
    for name, complaint in complaints.items():
        for word, pattern in _by_word(complaint.must_match).items():
            yield _must_match(f"{group}.{name}", word, pattern)
        for word, pattern in _by_word(complaint.must_not_match).items():
            yield _must_not_match(f"{group}.{name}", word, pattern)


def _by_word(pattern: str | Mapping[str, str]) -> Mapping[str, str]:
    if isinstance(pattern, str):
        return {"text": pattern} if pattern else {}
    return pattern


def _must_match(
    complaint: str, word: str, pattern: str, words: Mapping[str, object] | None = None
) -> Rule:
    return _rule(complaint, word, rf"\A(?:{pattern})\Z", words)


def _must_not_match(complaint: str, word: str, pattern: str) -> Rule:
    return _rule(complaint, word, rf"\A(?![\s\S]*(?:{pattern}))")


def _rule(
    complaint: str, word: str, pattern: str, words: Mapping[str, object] | None = None
) -> Rule:
    if word not in WORDS:
        raise CatalogueError(f"complaints.yml: {complaint}: there is no word {word}.")
    try:
        re.compile(pattern)
    except re.error as error:
        raise CatalogueError(f"complaints.yml: {complaint}: {error}.") from error
    return [complaint, word, pattern, words or {}]


def _one_of(texts: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, texts))})"
