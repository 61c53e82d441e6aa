"""Finds the function apps in a folder, and the Python of each."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..files.repository import FOREIGN_FOLDERS
from ..files.text_files import text_or_empty
from ..options import CannotRun
from ..pattern import Pattern
from ..sources.elsewhere import is_aside
from .project import DEFAULT_ENTRY, ENTRY_SETTING, Project

ENVIRONMENTS = (".venv", "venv", ".env", "env")
MAKES_APP = Pattern(r"\b(?:FunctionApp|DFApp|AsgiFunctionApp|WsgiFunctionApp)\(")
INTERPRETERS = ("bin/python", "Scripts/python.exe")


def function_apps(folder: Path) -> list[Path]:
    """Return the folder if it holds a function app, else those below it that do; below that of a whole disk, none."""
    if _holds_function_app(folder):
        return [folder]
    if folder.absolute() == Path(folder.absolute().anchor):
        return []
    return sorted(set(_function_apps_below(folder)))


def why_no_app(folder: Path) -> str:
    """Return a sentence that says why a folder has no function app, and what to do."""
    what = f"{folder} has no {DEFAULT_ENTRY} beside a host.json."
    if (folder / "host.json").is_file():
        if entry := next((path for path in sorted(folder.glob("*.py")) if _makes_app(path)), None):
            return (
                f"{what} {entry.name} makes a function app: rename it to {DEFAULT_ENTRY}, or name it in the "
                f"setting {ENTRY_SETTING}, in local.settings.json too."
            )
        if any(folder.glob("*/function.json")):
            return f"{what} It has functions of the v1 programming model, which are not checked."
    elif any((above / "host.json").is_file() for above in folder.resolve().parents[:2]):
        return f"{what} Name the folder with host.json, not one below it."
    return f"{what} Name the folder of a function app of the v2 programming model."


def _holds_function_app(folder: Path) -> bool:
    if (folder / DEFAULT_ENTRY).is_file() or _has_both(_names(folder)):
        return True
    return (folder / "host.json").is_file() and Project(folder).sources.entry is not None


def _names(folder: Path) -> Iterable[str]:
    with contextlib.suppress(OSError):
        return os.listdir(folder)
    return ()


def _has_both(names: Iterable[str]) -> bool:
    """Whether host.json and the entry point are among the files, in any letter case, which rules check."""
    return {"host.json", DEFAULT_ENTRY} <= {name.lower() for name in names}


def _function_apps_below(folder: Path) -> Iterator[Path]:
    hosts: set[Path] = set()
    for name, folders, files in os.walk(folder):
        here = Path(name)
        folders[:] = sorted(
            name for name in folders if name not in FOREIGN_FOLDERS and not name.startswith(".")
        )
        has_entry = DEFAULT_ENTRY in files
        if "host.json" in files:
            hosts.add(here)
            if has_entry or _holds_function_app(here):
                yield here
        elif _has_both(files):
            yield here
        elif has_entry and _is_app_without_host(folder, here):
            yield from _host_of(here, hosts)


def _is_app_without_host(top: Path, folder: Path) -> bool:
    entry = folder / DEFAULT_ENTRY
    if is_aside(entry.relative_to(top).as_posix()):
        return False
    return _makes_app(entry)


def _makes_app(file: Path) -> bool:
    return MAKES_APP.search(text_or_empty(file)) is not None


def _host_of(folder: Path, hosts: set[Path]) -> Iterator[Path]:
    """Yield the folder above an entry point with a host.json, but no v1 functions, else that of the entry point."""
    above = next((parent for parent in folder.parents if parent in hosts), None)
    if above is None:
        if not (folder / "__init__.py").is_file():
            yield folder
    elif not any(above.glob("*/function.json")):
        yield above


def interpreter_of(folder: Path) -> Path:
    """Return the interpreter of the project's virtual environment, else the one that runs this."""
    for name in ENVIRONMENTS:
        for inside in INTERPRETERS:
            # Also a link that leads nowhere: what cannot start must not be passed over in silence.
            if (folder / name / "pyvenv.cfg").is_file() and os.path.lexists(folder / name / inside):
                return (folder / name / inside).absolute()
    return Path(sys.executable)


def named_interpreter(text: str) -> Path:
    """Return the interpreter of a path from here, or of a name on PATH. Raises CannotRun if there is none."""
    # Imported here because most runs do not name an interpreter.
    import shutil

    found = shutil.which(os.path.expanduser(text))
    if found is None:
        what = (
            f"There is no interpreter {text}" if text.strip() else "--python names no interpreter"
        )
        raise CannotRun(f"{what}. Name one that runs, such as .venv/bin/python.")
    return Path(os.path.abspath(found))
