"""Finds the file that already has the settings of an app's tools, and that a new pyproject.toml would replace."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from hooks.destinations import path_from
from hooks.git import place_in_repository

# Files that tools read instead of pyproject.toml, or that pyproject.toml would replace.
FILES = (
    *("pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "mypy.ini", ".mypy.ini"),
    *("ruff.toml", ".ruff.toml", ".flake8"),
)
# Where an app can have settings of pytest.
OF_PYTEST = ("pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
# The tools in the template's pyproject.toml.
TOOLS = ("pytest", "ruff", "mypy")


def tool_settings(folder: Path) -> str | None:
    """Return the path, from the folder of an app, of the nearest such file in it or above it in its repository."""
    path = PurePosixPath(place_in_repository(folder) or "")
    above = folder.resolve().parents[: len(path.parts)]
    found = (file for place in (folder, *above) for file in _files_with_settings(place, folder))
    return next(found, None)


def texts_for_pytest(folder: Path) -> list[str]:
    """Return the texts of the files in the folder of an app that can have settings of pytest."""
    files = (folder / name for name in OF_PYTEST)
    return [path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file()]


def _files_with_settings(place: Path, app: Path) -> Iterator[str]:
    for name in FILES:
        if (place / name).exists():
            yield path_from(app, place / name)
    # The app's own pyproject.toml stays as it is.
    if place != app and _has_tools(place / "pyproject.toml"):
        yield path_from(app, place / "pyproject.toml")


def _has_tools(pyproject: Path) -> bool:
    try:
        content: Any = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    tables = content.get("tool")
    return isinstance(tables, dict) and not tables.keys().isdisjoint(TOOLS)
