"""Fixtures: an app to adopt, and a function that adopts it."""

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.existing_apps import SHAPES, run_adopt, write_app

Adopt = Callable[..., str]


@pytest.fixture(autouse=True)
def adopt_from_a_copy(without_clone: None) -> None:
    """Adopt apps from a copy of the template."""


@pytest.fixture
def adopt(monkeypatch: pytest.MonkeyPatch) -> Adopt:
    """Run `make adopt` with these arguments; return the sentence with which it refuses, or nothing."""
    return functools.partial(run_adopt, monkeypatch)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app of a single file, committed."""
    return write_app(SHAPES["single file"], tmp_path / "it's 注文")
