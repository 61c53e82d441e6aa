"""Fixtures with an app to adopt."""

from pathlib import Path

import pytest

from hooks import new
from tests.support.existing_apps import (
    SHAPES,
    write_app,
)


@pytest.fixture
def app(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app of a single file, committed."""
    monkeypatch.setattr(new, "TEMPLATE", template)
    return write_app(SHAPES["single file"], tmp_path / "it's 注文")
