"""Unpack validate.pyz once into the user's cache and run the validator from there.

Python compiles the modules of a zip file each time that it imports them. Unpacked, they are compiled once.
"""

import os
import sys
from zipimport import zipimporter

# The zip file from which this module was imported.
ARCHIVE = os.path.dirname(__file__)
# Names the content: its first line is a digest, and each other line is a file.
CONTENTS = "contents.txt"


def main() -> None:
    """Run the validator; exit with its status."""
    digest, *names = _read(CONTENTS).decode().splitlines()
    cache = _cache()
    folder = os.path.join(cache, digest)
    # Without a home, expanduser() changes nothing, and the cache would be in the app.
    if os.path.isabs(folder) and (_is_complete(folder, names) or _unpack_once(folder, names)):
        _prepare(folder)
        from functions_validator.__main__ import run

        run()
    # Imported where it is needed: it takes as long as everything else here.
    import tempfile

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        _unpack(temporary, names)
        _prepare(temporary)
        from functions_validator.__main__ import status

        ended = status()
    # Not sys.exit, which would write again what could not be written.
    os._exit(ended)


def _prepare(folder: str) -> None:
    """Have Python import from the folder, and keep what it compiles there."""
    # On Windows, zipimport replaces each slash.
    own = os.path.normcase(ARCHIVE)
    sys.path[:] = [folder, *(path for path in sys.path if os.path.normcase(path) != own)]
    # The validator imports nothing of the app into its own process.
    sys.dont_write_bytecode = False


def _cache() -> str:
    """Return the validator's folder in the user's cache."""
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~")
    elif sys.platform == "darwin":
        root = os.path.expanduser("~/Library/Caches")
    else:
        root = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(root, "functions-validator")


def _is_complete(folder: str, names: list[str]) -> bool:
    return all(os.path.isfile(os.path.join(folder, name)) for name in names)


def _unpack_once(folder: str, names: list[str]) -> bool:
    """Unpack into a folder that other processes see once it is complete; return whether that worked."""
    import tempfile

    cache = os.path.dirname(folder)
    try:
        os.makedirs(cache, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, ignore_cleanup_errors=True) as temporary:
            made = os.path.join(temporary, "made")
            _unpack(made, names)
            if os.path.isdir(folder) and not _is_complete(folder, names):
                os.rename(folder, os.path.join(temporary, "incomplete"))
            if not os.path.isdir(folder):
                os.rename(made, folder)
    except OSError:
        # The cache cannot be written, or another process was faster.
        pass
    return _is_complete(folder, names)


def _unpack(folder: str, names: list[str]) -> None:
    for name in names:
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(_read(name))


def _read(name: str) -> bytes:
    return zipimporter(ARCHIVE).get_data(os.path.join(ARCHIVE, name))
