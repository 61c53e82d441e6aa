"""Names of settings in files that deploy or document an app, such as Bicep and workflows."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from ..pattern import Pattern
from .repository import MOST_FILES, repository_files, repository_of
from .text_files import text_or_empty

# How the names of files end that may define app settings.
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
# How the names of files begin whose words are no settings of the app in Azure.
NOT_FOR_AZURE = ("local.settings", "host.json", "package-lock")
WORD = Pattern(r"[a-z_][\w:-]*\w")
# A name with a value in a document, such as `NAME=value` or `"name": value`.
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
    text = text_or_empty(path)
    if part not in text.lower():
        return frozenset()
    if path.endswith(WITH_PYTEST):
        text = OF_PYTEST.sub("", text)
    if path.endswith((".md", "Dockerfile")):
        lines = [line for line in text.splitlines() if "=" in line or ":" in line]
        kept = [line for line in lines if not line.lstrip().startswith("#")]
        return frozenset(name.lower() for line in kept for name in DOCUMENT.findall(line))
    return frozenset(WORD.findall(text.lower()))


def _gives_settings(name: str) -> bool:
    if name.startswith(NOT_FOR_AZURE):
        return False
    is_environment = name.startswith((".env", "env.")) or name.endswith((".env", ".envrc"))
    return is_environment or name.endswith((*SUFFIXES, ".md")) or name == "Dockerfile"
