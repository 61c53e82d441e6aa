"""Names of settings in files that deploy or document an app, such as Bicep and workflows."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from ..pattern import Pattern
from .text_files import Unreadable, read_text

# Folders without sources of the app itself.
FOREIGN_FOLDERS = {"node_modules", "__pycache__", "site-packages", "bin", "obj", "venv", "env"}
# Folders of tools, with nothing of the app's own.
TOOL_FOLDERS = {".git", ".venv", ".python_packages", ".tox", ".nox", ".azurite"}
SUFFIXES = (
    ".bicep",
    ".bicepparam",
    ".cfg",
    ".conf",
    ".ini",
    ".json",
    ".ps1",
    ".sh",
    ".tf",
    ".tfvars",
    ".toml",
    ".ts",
    ".yaml",
    ".yml",
)
LARGEST = 500_000
MOST_FILES = 2_000
WORD = Pattern(r"[a-z_][\w:-]*\w")
DOCUMENT = Pattern(r"[\"']?([A-Za-z_][\w:.-]*)[\"']?\s*[=:]\s*\S")
# An option of pytest, which sets nothing where the app runs.
OF_PYTEST = Pattern(r"^\s*pythonpath\s*=", re.MULTILINE)
WITH_PYTEST = (".cfg", ".ini", ".toml")


def mentioned_names(root: Path, part: str = "") -> set[str]:
    """Return all words, in lower case, of the files in a repository that may define app settings.

    Local settings, sources and host.json are left out. In Markdown and in a Dockerfile, only names
    with a value count, such as `NAME=value`. With a part of a word, in lower case, files without it are left out.
    """
    found: set[str] = set()
    for path in repository_files(repository_of(root), _gives_settings):
        status = os.stat(path)
        found |= _words(path, status.st_mtime_ns, status.st_size, part)
    return found


@lru_cache(maxsize=MOST_FILES)
def _words(path: str, _changed: int, _size: int, part: str) -> frozenset[str]:
    """Return the words of a file with the part, read once for all apps of a repository while it does not change."""
    try:
        text = read_text(path)
    except Unreadable:
        return frozenset()
    if part not in text.lower():
        return frozenset()
    if path.endswith(WITH_PYTEST):
        text = OF_PYTEST.sub("", text)
    if path.endswith((".md", "Dockerfile")):
        lines = [line for line in text.splitlines() if "=" in line or ":" in line]
        kept = [line for line in lines if not line.lstrip().startswith("#")]
        return frozenset(name.lower() for line in kept for name in DOCUMENT.findall(line))
    return frozenset(WORD.findall(text.lower()))


def repository_of(root: Path) -> Path:
    """Return the folder of the repository that contains an app, or the folder of the app."""
    for folder in (root, *list(root.parents)[:3]):
        if (folder / ".git").exists() or (folder / "azure.yaml").exists():
            return folder
    return root


def repository_files(top: Path, is_wanted: Callable[[str], bool]) -> Iterator[str]:
    """Yield the paths of a repository's files with names that are wanted, if they are short and not too many."""
    count = 0
    for name, folders, files in os.walk(top):
        folders[:] = sorted(
            folder
            for folder in folders
            if folder not in FOREIGN_FOLDERS and folder not in TOOL_FOLDERS
        )
        for file in sorted(files):
            path = os.path.join(name, file)
            if not is_wanted(file) or not _is_short_file(path):
                continue
            count += 1
            if count > MOST_FILES:
                return
            yield path


def _is_short_file(path: str) -> bool:
    return os.path.isfile(path) and os.path.getsize(path) <= LARGEST


def _gives_settings(name: str) -> bool:
    if name.startswith(("local.settings", "host.json", "package-lock")):
        return False
    is_environment = name.startswith((".env", "env.")) or name.endswith((".env", ".envrc"))
    return is_environment or name.endswith((*SUFFIXES, ".md")) or name == "Dockerfile"
