"""The repository that contains an app, and the files in it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

# Folders without sources of the app itself.
FOREIGN_FOLDERS = {"node_modules", "__pycache__", "site-packages", "bin", "obj", "venv", "env"}
# Folders of tools, with nothing of the app's own.
TOOL_FOLDERS = {".git", ".venv", ".python_packages", ".tox", ".nox", ".azurite"}
# In bytes; larger files are not read.
LARGEST = 500_000
MOST_FILES = 2_000
# How much JSON of a repository is read, in bytes.
MOST_JSON = 5_000_000
# How many folders above an app may be the repository.
MOST_ABOVE = 3


def repository_of(root: Path) -> Path:
    """Return the folder of the repository that contains an app, or the folder of the app."""
    for folder in (root, *list(root.parents)[:MOST_ABOVE]):
        if (folder / ".git").exists() or (folder / "azure.yaml").exists():
            return folder
    return root


def repository_files(top: Path, is_wanted: Callable[[str], bool]) -> Iterator[str]:
    """Yield the paths of a repository's files with names that are wanted, if they are short and not too many.

    Files of JSON come last, the smallest first: many or large ones are data.
    """
    count, left = 0, MOST_JSON
    data: list[tuple[int, str]] = []
    for path in _paths(top, is_wanted):
        size = _size(path)
        if size is None or size > LARGEST:
            continue
        if path.endswith(".json"):
            data.append((size, path))
            continue
        count += 1
        if count > MOST_FILES:
            break
        yield path
    for size, path in sorted(data)[:MOST_FILES]:
        left -= size
        if left < 0:
            return
        yield path


def _paths(top: Path, is_wanted: Callable[[str], bool]) -> Iterator[str]:
    for name, folders, files in os.walk(top):
        folders[:] = sorted({*folders} - FOREIGN_FOLDERS - TOOL_FOLDERS)
        yield from (os.path.join(name, file) for file in sorted(files) if is_wanted(file))


def _size(path: str) -> int | None:
    """Return the size of a file; None if it is none, such as a link to a folder."""
    return os.path.getsize(path) if os.path.isfile(path) else None


def files_below(folder: str, prefix: str = "") -> Iterator[str]:
    """Yield the paths of the files below a folder, with `/` and after a prefix, without those of other tools."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            # What a link leads to may be nothing, or the link itself.
            if os.path.isfile(entry.path) if entry.is_symlink() else entry.is_file():
                yield prefix + entry.name
            elif entry.is_dir(follow_symlinks=False) and _is_own_folder(entry):
                yield from files_below(entry.path, f"{prefix}{entry.name}/")


def _is_own_folder(entry: os.DirEntry[str]) -> bool:
    if entry.name in FOREIGN_FOLDERS or entry.name in TOOL_FOLDERS:
        return False
    return not os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))
