"""Tests for the app as a whole: what the Functions host finds in it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[1]
EXAMPLE = PROJECT / "local.settings.example.json"
CONNECTION = re.compile("connection(StringSetting)?$", re.IGNORECASE)


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """The validator's findings, and the functions with their bindings."""
    validate = [sys.executable, "tools/validate.pyz", "--format", "json"]
    done = subprocess.run(
        [*validate, "--python", sys.executable],
        cwd=PROJECT,
        capture_output=True,
        check=False,
    )
    assert done.stdout, done.stderr.decode(errors="replace")
    content: dict[str, Any] = json.loads(done.stdout)
    return content


@pytest.fixture(scope="module")
def functions(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The functions that the app registers."""
    [app] = report["apps"]
    why = app["not_indexed"] or "The app cannot be imported."
    assert app["indexed_by"], why
    found: list[dict[str, Any]] = app["functions"]
    return found


def test_the_validator_finds_no_error(report: dict[str, Any]) -> None:
    line = "{path}:{line}: {code} {message} {fix}"
    found = report["findings"]
    errors = [line.format(**f) for f in found if f["severity"] == "error"]
    assert errors == [], "\n".join(errors)


def test_the_shared_settings_have_all_that_the_functions_name(
    functions: list[dict[str, Any]],
) -> None:
    content = json.loads(EXAMPLE.read_text(encoding="utf-8-sig"))
    missing = []
    for function in functions:
        for setting in settings_of(function):
            if not has_value(setting, content["Values"]):
                missing.append(f"{setting} of {function['name']}")
    assert missing == []


def settings_of(function: dict[str, Any]) -> Iterator[str]:
    """Yield its connections, and each `%NAME%` in its binding values."""
    for binding in function["bindings"]:
        for key, value in binding.items():
            if isinstance(value, str):
                yield from re.findall(r"%(\w+)%", value)
                if CONNECTION.search(key) and value:
                    yield value


def has_value(setting: str, settings: dict[str, str]) -> bool:
    """Whether a setting exists, or `SETTING__part` for an identity."""
    known = [name.partition("__")[0] for name in settings]
    return setting in settings or setting in known


# Your own tests of the app go below this line.
