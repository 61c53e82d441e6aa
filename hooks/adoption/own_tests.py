"""Finds a test of an app that pytest cannot collect beside the one of the template."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatch
from pathlib import PurePosixPath

from hooks.adoption.existing_app import ExistingApp
from hooks.adoption.proposals import TEST_OF_THE_APP
from hooks.adoption.tool_settings import texts_for_pytest

# What pytest collects.
TESTS = ("test_*.py", "*_test.py")


def same_test(app: ExistingApp) -> str | None:
    """Return the path of such a test, or None."""
    if any("importlib" in text for text in texts_for_pytest(app.folder)):
        return None
    files = frozenset(app.project.files)
    name, folder = _imported(TEST_OF_THE_APP, files)
    for path in app.project.files:
        if any(fnmatch(PurePosixPath(path).name, pattern) for pattern in TESTS):
            other, place = _imported(path, files)
            if other == name and place != folder:
                return path
    return None


def _imported(path: str, files: Collection[str]) -> tuple[str, PurePosixPath]:
    """Return the first part of the name under which pytest imports a test, and the folder where Python looks for it."""
    name, folder = PurePosixPath(path).stem, PurePosixPath(path).parent
    while folder.name and (folder / "__init__.py").as_posix() in files:
        name, folder = folder.name, folder.parent
    return name, folder
