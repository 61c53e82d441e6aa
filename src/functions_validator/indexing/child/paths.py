"""Which files are the app's own."""

from __future__ import annotations

import functools
import os


def is_installed(path: str) -> bool:
    """Whether a file belongs to an installed package."""
    return not {"site-packages", "dist-packages"}.isdisjoint(path.replace(os.sep, "/").split("/"))


def relative_path(root: str, file: str) -> str | None:
    """Return a path relative to the project, with `/`; None if the file is elsewhere. The root ends with a separator."""
    path = _real_path(file) if file and not file.startswith("<") else ""
    if not path.startswith(root) or is_installed(path):
        return None
    return path[len(root) :].replace(os.sep, "/")


def _real_path(path: str) -> str:
    """Return the path of a file without links."""
    folder, name = os.path.split(path)
    real = os.path.join(_real_folder(folder), name)
    return os.path.realpath(real) if os.path.islink(real) else real


@functools.cache
def _real_folder(path: str) -> str:
    """Return a folder without links; many modules are in the same one."""
    return os.path.realpath(path)
