"""Says what git ignores in an app, also with the .gitignore of the template."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from hooks.git import ask_git, place_in_repository

GITIGNORE = ".gitignore"
CHECK = ("-c", "core.quotePath=false", "check-ignore", "--")


def ignored(folder: Path, paths: Sequence[str], added: Path | None = None) -> list[str]:
    """Return which of these paths git ignores in a folder, or would ignore if it got a .gitignore."""
    if not paths:
        return []
    if added is None:
        return ask_git(folder, *CHECK, *paths).splitlines()
    place = PurePosixPath(place_in_repository(folder) or "")
    root = folder.resolve()
    git = ask_git(folder, "rev-parse", "--absolute-git-dir")
    with tempfile.TemporaryDirectory() as tree:
        copy = Path(tree, place)
        copy.mkdir(parents=True, exist_ok=True)
        for _ in place.parts:
            root = root.parent
        for parent in place.parents if place.parts else ():
            if (root / parent / GITIGNORE).is_file():
                shutil.copyfile(root / parent / GITIGNORE, Path(tree, parent, GITIGNORE))
        shutil.copyfile(added, copy / GITIGNORE)
        for path in paths:
            if path.endswith("/"):
                (copy / path).mkdir(parents=True, exist_ok=True)
        return ask_git(copy, f"--git-dir={git}", f"--work-tree={tree}", *CHECK, *paths).splitlines()


def included(folder: Path, added: Path) -> list[str]:
    """Return what git ignores in a folder that has no .gitignore, but would not if it got this one."""
    listed = ask_git(
        folder,
        *("-c", "core.quotePath=false", "ls-files", "--others", "--ignored"),
        *("--exclude-standard", "--directory", "--", "."),
    ).splitlines()
    still = ignored(folder, listed, added)
    return [path for path in listed if path not in still]


def lines_to_include(paths: Sequence[str]) -> list[str]:
    """Return the lines of a .gitignore that include files, and the folders that they are in, again."""
    parents = [parent for path in paths for parent in [*PurePosixPath(path).parents][-2::-1]]
    return list(
        dict.fromkeys([*(f"!/{parent}/" for parent in parents), *(f"!/{p}" for p in paths)])
    )
