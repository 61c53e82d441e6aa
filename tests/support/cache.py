"""Folders that are made once and kept for the next runs of the tests: environments, emulators."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from hooks.catalogue import ROOT

CACHE = ROOT / ".cache"


def cached_folder(name: str, content: bytes, make: Callable[[Path], object]) -> Path:
    """Return the folder for this content, which `make` fills if no process has done it yet."""
    folder = CACHE / f"{name}-{hashlib.sha256(content).hexdigest()[:12]}"
    CACHE.mkdir(exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (folder / "complete").exists():
            make(folder)
            (folder / "complete").touch()
    return folder
