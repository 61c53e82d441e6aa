"""Tests of the app as a whole: what Azure finds when it indexes function_app.py."""

import itertools
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[1]

# Functions that function_app.py registers from elsewhere, such as from an installed package.
REGISTERED_FROM_ELSEWHERE: list[str] = []


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """The app settings of a developer's machine."""
    content = json.loads((PROJECT / "local.settings.example.json").read_text(encoding="utf-8"))
    values: dict[str, str] = content["Values"]
    return values


@pytest.fixture(scope="module")
def index(settings: dict[str, str]) -> dict[str, Any]:
    """The `functions` (name and bindings) that Azure finds, and the names that are `defined`."""
    run = subprocess.run(
        [sys.executable, str(PROJECT / "tests" / "index_app.py")],
        cwd=PROJECT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        pytest.fail(f"Azure would find no functions, since indexing fails:\n{run.stderr}")
    result: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return result


def test_every_function_is_registered_exactly_once(index: dict[str, Any]) -> None:
    registered = [function["name"] for function in index["functions"]]
    assert sorted(registered) == sorted([*index["defined"], *REGISTERED_FROM_ELSEWHERE])


def test_no_two_functions_answer_the_same_request(index: dict[str, Any]) -> None:
    answered = Counter(
        (method, route)
        for name, binding in bindings(index)
        if binding["type"] == "httpTrigger"
        for route in [(binding.get("route") or name).strip("/").lower()]
        for method in binding.get("methods") or ["GET", "POST"]
    )
    assert [request for request, count in answered.items() if count > 1] == []


def test_every_setting_that_a_binding_names_has_a_local_value(
    index: dict[str, Any], settings: dict[str, str]
) -> None:
    named = {
        (name, setting) for name, binding in bindings(index) for setting in settings_in(binding)
    }
    missing = [(name, setting) for name, setting in named if not has_value(setting, settings)]
    assert missing == []


def bindings(index: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every binding with the name of its function."""
    for function in index["functions"]:
        yield from itertools.product([function["name"]], function["bindings"])


def settings_in(binding: dict[str, Any]) -> Iterator[str]:
    """Yield the app settings that a binding names: its connections, and `%NAME%` in any value."""
    for key, value in binding.items():
        if isinstance(value, str):
            yield from re.findall(r"%(\w+)%", value)
            if re.search(r"connection(StringSetting)?$", key, re.IGNORECASE) and value:
                yield value


def has_value(setting: str, settings: dict[str, str]) -> bool:
    """Whether a setting is there, or its parts (`Name__accountEndpoint`) of an identity are."""
    return setting in settings or any(name.startswith(f"{setting}__") for name in settings)
