"""Distributions that an image or a script installs by itself, without the requirements."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..deployment.jobs import PACKAGES
from ..files.dockerfile import DEFAULT_ROOT
from ..files.scripts import functions_images, scripts
from ..packages.requirements import PYPROJECT
from ..packages.versions import canonical
from ..pattern import Pattern

# What is inside a command: the end of a line that a sign continues, or the next begins with an option; a comma of a list.
CONTINUED = Pattern(
    r"(?:\\|(?<=\s)[`^])[ \t]*\r?\n|\r?\n[ \t]+(?=--[a-z]|-[a-z][ =])|[\"'],\s*[\"'](?=[^\"'\n]*[\"'](?!\s*:))"
)
# Where a command ends.
END = Pattern(r"[\n;&|`]|\s#|\s\d?>")
# The word that runs a tool, such as `pip`, `pip3.13` or `/opt/venv/bin/pip`.
TOOL = Pattern(r"(?:.*[^\w.-]|-)?(pip|uv|poetry|pdm|conda|mamba|micromamba|pipenv)[\d.]*")
ACTIONS = {"install", "sync", "add"}
# The tools that install what pyproject.toml lists.
OF_PYPROJECT = {"uv", "poetry", "pdm"}
# The name in `azure-identity[broker]>=1.15`.
NAMED = Pattern(r"([A-Za-z][\w.-]*)(?:\[[^\]]*\])?(?:[<>=!~].*)?")
WITH_VALUE = {
    "--abi",
    "--cache-dir",
    "--constraint",
    "--default-index",
    "--default-timeout",
    "--extra-index-url",
    "--find-links",
    "--implementation",
    "--index",
    "--index-strategy",
    "--index-url",
    "--no-binary",
    "--only-binary",
    "--platform",
    "--prefix",
    "--progress-bar",
    "--proxy",
    "--python",
    "--python-version",
    "--retries",
    "--root",
    "--root-user-action",
    "--target",
    "--timeout",
    "--trusted-host",
    "--upgrade-strategy",
    "-c",
    "-f",
    "-i",
    "-t",
}
# Also with others, as `-Ur`.
REQUIREMENTS = Pattern(r"--requirement|-[A-Za-z]*r")
EDITABLE = ("-e", "--editable")
TARGET = ("-t", "--target")
# What installs, and nothing that an app imports.
TOOLS = {"pip", "setuptools", "wheel", "uv", "poetry", "pipenv"}


class Installed(NamedTuple):
    """The names of distributions, as PyPI compares them; whether there can be no others."""

    names: frozenset[str]
    is_complete: bool


class _Command(NamedTuple):
    """A command that installs, with the words after its action."""

    tool: str
    action: str
    words: Sequence[str]


def installed_otherwise(root: Path, source: str) -> Installed:
    """Return what images of the repository and commands that fill the app's packages install by name.

    `source` is the file that has the requirements, which some tools install without its name.
    """
    found = [_installed(commands, source) for commands in _all_commands(root)]
    names = frozenset().union(*(one.names for one in found))
    return Installed(names - TOOLS, all(one.is_complete for one in found))


def _installed(commands: Iterable[_Command], source: str) -> Installed:
    """Return what the commands of an image, or one of a script, install by name."""
    names: set[str] = set()
    files: set[str] = set()
    is_complete = True
    for command in commands:
        if command.tool not in ("pip", "uv") or command.action != "install":
            is_own = command.tool in OF_PYPROJECT and command.action != "add"
            is_complete &= is_own and source == PYPROJECT
            continue
        arguments = list(_arguments(command.words))
        # Without arguments, they come from elsewhere, as with xargs.
        is_complete &= bool(arguments)
        for argument in arguments:
            if argument.rpartition("/")[2] == "requirements.txt":
                files.add(posixpath.normpath(argument.replace(DEFAULT_ROOT, "")).lstrip("/"))
            elif named := NAMED.fullmatch(argument):
                names.add(canonical(named[1]))
            else:
                is_complete = False
    # Of two such files, one is not the app's.
    return Installed(frozenset(names), is_complete and len(files) < 2)


def _all_commands(root: Path) -> Iterator[Sequence[_Command]]:
    """Yield the commands of each image, and each of the commands that fill the app's packages."""
    for image in functions_images(root):
        lines = (one.arguments for one in image.instructions if one.word == "RUN")
        yield [command for line in lines for command in _commands(line)]
    for _, text in scripts(root):
        if PACKAGES in text:
            yield from ([command] for command in _commands(text) if _has_target(command.words))


def _has_target(words: Sequence[str]) -> bool:
    return any(PACKAGES in word or word.startswith(TARGET) for word in words)


def _commands(text: str) -> Iterator[_Command]:
    for line in END.compiled.split(CONTINUED.sub(" ", text)):
        words = map(_plain, line.split())
        tool = next(filter(None, map(TOOL.fullmatch, words)), None)
        action = next((word for word in words if word in ACTIONS), None)
        if tool and action:
            yield _Command(tool[1], action, list(words))


def _plain(word: str) -> str:
    """Return a word with slashes, without the quotes and brackets around it; those of extras are its own."""
    bare = word.strip("\"'(){},").replace("\\", "/")
    return bare if bare.count("[") == bare.count("]") else bare.strip("[]\"'")


def _arguments(words: Sequence[str]) -> Iterator[str]:
    """Yield what is to be installed: names, and paths and files of requirements with a slash."""
    waiting = iter(words)
    for word in waiting:
        option, _, value = word.partition("=")
        if REQUIREMENTS.fullmatch(option):
            yield f"/{_plain(value) or next(waiting, '')}"
        elif word.startswith("-r"):
            yield f"/{word[2:]}"
        elif word in EDITABLE:
            yield next(waiting, "")
        elif word.startswith(EDITABLE):
            yield value or word[2:]
        elif word in WITH_VALUE:
            next(waiting, None)
        elif not word.startswith("-"):
            yield word
