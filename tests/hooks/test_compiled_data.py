"""What `make data` writes is read back as it was, by Jinja and by the hooks."""

import json
from pathlib import Path

import jinja2

from hooks.catalogue import read_pythons
from hooks.compiled_data import as_jinja, pythons_of_tests, read

DATA = {"text": "It's \"{{ one }}\" {% two %} {# three #} \\ \\' \n ü 😀 ' | from_json -%}"}


def test_jinja_reads_what_the_json_says() -> None:
    environment = jinja2.Environment()
    environment.filters["from_json"] = json.loads
    for text in (json.dumps(DATA), json.dumps(DATA, ensure_ascii=False)):
        template = environment.from_string(as_jinja(text) + "{{ data.text }}")
        assert template.render() == DATA["text"]


def test_the_hooks_read_what_the_json_says(tmp_path: Path) -> None:
    path = tmp_path / "data.jinja"
    path.write_text(as_jinja(json.dumps(DATA, ensure_ascii=False)), encoding="utf-8")
    assert read(path) == DATA


def test_ci_sets_up_every_python_that_the_tests_run_and_the_default_last() -> None:
    pythons = [python for python in read_pythons() if python.is_offered and python.tested]
    assert pythons_of_tests() == [python.version for python in reversed(pythons)]
    assert len(pythons) > 1
