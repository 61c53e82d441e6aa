"""README.md and docs/template.md name the questions as they are asked."""

import re
from typing import Any

import pytest
import yaml

from tests.support.catalogue import ROOT, read_yaml

README = (ROOT / "README.md").read_text(encoding="utf-8")
FILES = re.findall(r"(?m)^!include (.+)$", (ROOT / "copier.yml").read_text(encoding="utf-8"))
QUESTIONS: dict[str, dict[str, dict[str, Any]]] = {
    file.rpartition("/")[2]: read_yaml(ROOT / file) for file in FILES
}
# Asked on the first copy only, and not an answer that is kept.
FIRST_COPY = {"triggers"}
REMEMBERED = {
    name: question
    for questions in QUESTIONS.values()
    for name, question in questions.items()
    if question.get("when") is not False and name not in FIRST_COPY
}
# The names, defaults and meanings of the table.
ANSWERS = re.findall(r"(?m)^\| `(\w+)` \| (.*?) ?\| (.+) \|$", README)


def test_the_readme_has_the_answers_in_the_order_in_which_they_are_asked() -> None:
    assert [name for name, _, _ in ANSWERS] == list(REMEMBERED)


@pytest.mark.parametrize(("name", "default", "meaning"), ANSWERS)
def test_the_readme_has_the_default_and_the_choices(name: str, default: str, meaning: str) -> None:
    question = REMEMBERED[name]
    if default.startswith("`") and "{%" not in str(question["default"]):
        assert yaml.safe_load(default.strip("`")) == yaml.safe_load(str(question["default"]))
    named = re.findall(r"`([^`]+)`", default + meaning)
    assert [choice for choice in question.get("choices", {}).values() if choice not in named] == []


def test_the_description_of_the_template_has_every_question_in_its_file() -> None:
    text = (ROOT / "docs" / "template.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `(\w+\.yml)` \| (.*?) ?\| (.*?) ?\|$", text)
    described = {
        file: [re.findall(r"`(\w+)`", cell) for cell in (asked, hidden)]
        for file, asked, hidden in rows
    }
    assert list(described) == list(QUESTIONS)
    for file, questions in QUESTIONS.items():
        hidden = [name for name, question in questions.items() if question.get("when") is False]
        assert described[file] == [[name for name in questions if name not in hidden], hidden]
