"""Finds the function apps in a folder, and the Python of each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from .mentions import FOREIGN_FOLDERS
from .project import DEFAULT_ENTRY, Project

ENVIRONMENTS = (".venv", "venv", ".env", "env")
INTERPRETERS = ("bin/python", "Scripts/python.exe")


def function_apps(folder: Path) -> list[Path]:
    """Return the folder if it holds a function app, else those below it that do."""
    if _holds_function_app(folder):
        return [folder]
    return sorted(_function_apps_below(folder))


def _holds_function_app(folder: Path) -> bool:
    if (folder / DEFAULT_ENTRY).is_file():
        return True
    return (folder / "host.json").is_file() and Project(folder).sources.entry is not None


def _function_apps_below(folder: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(folder):
        here = Path(name)
        folders[:] = [
            name for name in folders if name not in FOREIGN_FOLDERS and not name.startswith(".")
        ]
        if "host.json" in files and _holds_function_app(here):
            yield here


def python_of(folder: Path) -> Path:
    """Return the interpreter of the project's virtual environment, else the one that runs this."""
    for name in ENVIRONMENTS:
        for inside in INTERPRETERS:
            # Also a link that leads nowhere: what cannot start must not be passed over in silence.
            if (folder / name / "pyvenv.cfg").is_file() and os.path.lexists(folder / name / inside):
                return (folder / name / inside).absolute()
    return Path(sys.executable)
