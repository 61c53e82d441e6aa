"""Which files are the app's own."""

from __future__ import annotations

import functools
import os


def is_installed(path: str) -> bool:
    """Whether a file belongs to an installed package."""
    return not {"site-packages", "dist-packages"}.isdisjoint(path.replace(os.sep, "/").split("/"))


def relative_path(root: str, file: str) -> str | None:
    """Return a path relative to the project, with `/`; None if the file is elsewhere. The root ends with a separator."""
    folder, name = os.path.split(file)
    if not name or file.startswith("<") or not (own := _own_folder(folder)):
        return None
    path = os.path.join(own, name)
    if os.path.islink(path):
        path = os.path.realpath(path)
    if not path.startswith(root) or is_installed(path):
        return None
    return path[len(root) :].replace(os.sep, "/")


@functools.cache
def _own_folder(path: str) -> str:
    """Return a folder without links, or nothing if it is of an installed package: most modules are in such a folder."""
    folder = os.path.realpath(path)
    return "" if is_installed(folder) else folder
