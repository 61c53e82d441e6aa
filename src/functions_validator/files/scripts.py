"""Scripts, workflows and documents of a repository, and the folders that they copy into an app."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..pattern import Pattern
from .dockerfile import DEFAULT_ROOT, SCRIPT_ROOT, Dockerfile
from .mentions import NOT_FOR_AZURE, SUFFIXES, WORD
from .repository import repository_files, repository_of
from .text_files import Unreadable, read_text

# Commands that copy, move or pack files.
COMMANDS = {
    "compress-archive",
    "copy-item",
    "cp",
    "ln",
    "move-item",
    "mv",
    "robocopy",
    "rsync",
    "tar",
    "xcopy",
    "zip",
}
# A task of Azure Pipelines, with its version.
TASK = "copyfiles"
DOCUMENTS = ".md"
PYTHON = ".py"
OF_WINDOWS = (".bat", ".cmd", ".ps1")
OF_SHELLS = (*OF_WINDOWS, ".bash", ".sh", ".zsh")
SCRIPTS = (*SUFFIXES, DOCUMENTS, PYTHON, *OF_SHELLS, ".mk")
# What does so in a script in Python: there, `zip` is a function of its own, and `tar` the end of a file's name.
OF_PYTHON = {"copy2", "copyfile", "copytree", "cp", "make_archive", "robocopy", "rsync", "xcopy"}
QUOTED = Pattern(r"\"[^\"\n]*\"|'[^'\n]*'")
# An argument of a script or a workflow.
ARGUMENT = Pattern(r"\$\{?[1-9*@]|%[1-9*~]|\$args\b|\$\{\{ *(?:inputs|matrix)\.", parts=("$", "%"))


class Copied(NamedTuple):
    """Words of a repository's scripts, in lower case: those beside a command that copies, and all of them.

    `by_argument` says whether a script copies what its arguments name.
    """

    beside: frozenset[str]
    everywhere: frozenset[str]
    by_argument: bool

    def includes(self, folders: Collection[str]) -> bool:
        """Whether something in the repository copies and names one of these folders."""
        words = self.beside | self.everywhere if self.by_argument else self.beside
        return any(folder.lower() in words for folder in folders)


def copied(root: Path) -> Copied:
    """Return what the scripts, workflows and documents of a repository copy."""
    beside: set[str] = set()
    everywhere: set[str] = set()
    by_argument = False
    for path, whole in scripts(root):
        for text in _texts(path, whole.lower()):
            names = _names(path, text)
            everywhere |= names
            if _copying(path, text):
                beside |= names
                by_argument = by_argument or _copies_arguments(path, text)
    return Copied(frozenset(beside), frozenset(everywhere), by_argument)


def scripts(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the paths and texts of a repository's scripts, workflows and documents."""
    # Python last: there may be more of its files than are read.
    yield from _read(root, lambda name: _is_script(name) and not name.endswith(PYTHON))
    yield from _read(root, lambda name: name.endswith(PYTHON))


def dockerfiles(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the paths and texts of a repository's files for images."""
    yield from _read(root, lambda name: "dockerfile" in name.lower())


def installs(root: Path, library: Pattern) -> bool:
    """Whether a script or a file for an image in the repository names a library, which it may install."""
    found = (*scripts(root), *dockerfiles(root))
    return any(library.search(text) for path, text in found if not path.endswith(DOCUMENTS))


def functions_images(root: Path) -> Iterator[Dockerfile]:
    """Yield the repository's files for images that have the host, or name the folder where it looks, and the app's own."""
    own = os.path.join(root, "Dockerfile")
    for path, text in dockerfiles(root):
        dockerfile = Dockerfile.parse(text)
        if path == own or dockerfile.has_host or DEFAULT_ROOT in text or SCRIPT_ROOT in text:
            yield dockerfile


def _read(root: Path, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    for path in repository_files(repository_of(root), is_wanted):
        with contextlib.suppress(Unreadable):
            # What is not UTF-8 is in a comment or a message.
            yield path, read_text(path, "replace")


def _is_script(name: str) -> bool:
    if name.startswith((*NOT_FOR_AZURE, "Dockerfile")):
        return False
    return name.endswith(SCRIPTS) or "." not in name


def _texts(path: str, text: str) -> Sequence[str]:
    """Return what belongs together in a file: each line of a document, otherwise all of it."""
    return text.splitlines() if path.endswith(DOCUMENTS) else [text]


def _copies_arguments(path: str, text: str) -> bool:
    """Whether a script has arguments, which it may keep in variables, or another file copies them."""
    parts = [text] if path.endswith(OF_SHELLS) else text.splitlines()
    return any(ARGUMENT.search(part) and _copying(path, part) for part in parts)


def _copying(path: str, text: str) -> bool:
    words = set(WORD.findall(text))
    if path.endswith(PYTHON):
        return bool(OF_PYTHON & words)
    if path.endswith(OF_WINDOWS) and "copy" in words:
        return True
    return bool(COMMANDS & words) or any(word.startswith(TASK) for word in words)


def _names(path: str, text: str) -> set[str]:
    """Return the words that may name a folder: in Python, those in quotes."""
    return set(WORD.findall(" ".join(QUOTED.findall(text)) if path.endswith(PYTHON) else text))
