"""Unpack validate.pyz once into the user's cache and run the validator from there.

Python compiles the modules of a zip file each time that it imports them. Unpacked, they are compiled once.
"""

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from zipimport import zipimporter

# The zip file from which this module was imported.
ARCHIVE = Path(__file__).parent
# Names the content: its first line is a digest, and each other line is a file.
CONTENTS = "contents.txt"


def main() -> None:
    """Run the validator; exit with its status."""
    digest, *names = _read(CONTENTS).decode().splitlines()
    folder = _cached(digest, names)
    if folder is None:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
            _unpack(Path(temporary), names)
            _run(Path(temporary))
    else:
        _run(folder)


def _run(folder: Path) -> None:
    sys.path[:] = [str(folder), *(path for path in sys.path if path != str(ARCHIVE))]
    # Only what is in the folder is compiled: the validator imports nothing of the app into its own process.
    sys.dont_write_bytecode = False
    from functions_validator.cli import main as validate

    sys.exit(validate())


def _cached(digest: str, names: list[str]) -> Path | None:
    """Return the folder in the user's cache that has the content; None if it cannot be written."""
    try:
        cache = _cache_root() / "functions-validator"
        folder = cache / digest
        if _is_complete(folder, names):
            return folder
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, ignore_cleanup_errors=True) as temporary:
            made = Path(temporary, "made")
            _unpack(made, names)
            with suppress(OSError):
                made.rename(folder)
            if not _is_complete(folder, names):
                folder.rename(made.with_name("incomplete"))
                made.rename(folder)
        return folder
    except (OSError, RuntimeError):
        return None


def _is_complete(folder: Path, names: list[str]) -> bool:
    return all((folder / name).is_file() for name in names)


def _cache_root() -> Path:
    """Return the user's cache. Raises RuntimeError if there is no home folder."""
    if sys.platform == "win32" and os.environ.get("LOCALAPPDATA"):
        return Path(os.environ["LOCALAPPDATA"])
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _unpack(folder: Path, names: list[str]) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_read(name))


def _read(name: str) -> bytes:
    return zipimporter(str(ARCHIVE)).get_data(str(ARCHIVE / name))
