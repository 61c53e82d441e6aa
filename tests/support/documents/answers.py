"""The table of the answers in docs/catalogue.md, made from the questions and the versions of Python."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hooks.catalogue import TEMPLATE, read_pythons, read_questions

INTRODUCTION = """\

## Answers

Give them at the prompts, as `--data NAME=VALUE`, or in a file with `--data-file`. The first choice is the default.

| Answer | Question | Choices |
|---|---|---|
"""


def answers(template: Path = TEMPLATE) -> str:
    """Return the section with a row for each question."""
    rows = (_row(name, question, template) for name, question in read_questions(template).items())
    return "".join([INTRODUCTION, *rows])


def _row(name: str, question: Mapping[str, Any], template: Path) -> str:
    choices = "; ".join(_choices(name, question, template))
    return f"| `{name}` | {' '.join(question['help'].split())} | {choices or '-'} |\n"


def _choices(name: str, question: Mapping[str, Any], template: Path) -> Iterator[str]:
    """Yield the choices, with what a label adds to its value, or the default of a text."""
    if name == "python_version":
        for python in read_pythons(template):
            if python.is_offered:
                yield _choice(python.version, python.label)
    elif question["type"] == "bool":
        yield from ("`true`", "`false`") if question["default"] else ("`false`", "`true`")
    elif isinstance(question.get("choices"), dict):
        for label, value in question["choices"].items():
            yield _choice(value, label)
    elif question["default"] and "{" not in str(question["default"]):
        yield f"default: `{question['default']}`"


def _choice(value: str, label: str) -> str:
    """Return a choice with what its label adds to the value."""
    about = label.removeprefix(value).strip(":, ")
    if about.startswith("("):
        about = about[1:-1]
    return f"`{value}`: {about}" if about else f"`{value}`"
