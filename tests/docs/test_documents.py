"""The documents that are made from data are current."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.documents import DOCUMENTS


@pytest.mark.parametrize(
    ("path", "text"), DOCUMENTS.items(), ids=lambda value: getattr(value, "name", "")
)
def test_it_is_current(path: Path, text: Callable[[], str]) -> None:
    assert path.read_text(encoding="utf-8") == text(), "Run `make docs`."
