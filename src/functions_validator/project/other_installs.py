"""Distributions that an image or a script installs by itself, without the requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..deployment.jobs import PACKAGES
from ..files.scripts import functions_images, scripts
from ..packages.requirements import PYPROJECT
from ..packages.versions import canonical
from ..pattern import Pattern

COMMAND = Pattern(
    r"\b(pip3?|uv|poetry|pdm|conda|mamba|pipenv)\b[ \t](?:[^\n;&|\\]|\\\r?\n)*?\b(install|sync|add)\b"
    r"((?:[^\n;&|\\]|\\\r?\n)*)",
    parts=("pip", "uv", "poetry", "pdm", "conda", "mamba"),
)
NAMED = Pattern(r"([A-Za-z][\w.-]*)(?:\[[^\]]*\])?(?:[<>=!~].*)?")
WITH_VALUE = {
    "--abi",
    "--cache-dir",
    "--constraint",
    "--extra-index-url",
    "--find-links",
    "--implementation",
    "--index-url",
    "--no-binary",
    "--only-binary",
    "--platform",
    "--prefix",
    "--python",
    "--python-version",
    "--retries",
    "--root",
    "--target",
    "--timeout",
    "--trusted-host",
    "-c",
    "-f",
    "-i",
    "-t",
}
REQUIREMENTS = {"-r", "--requirement"}
# What installs, and nothing that an app imports.
TOOLS = {"pip", "setuptools", "wheel", "uv", "poetry", "pipenv"}


class Installed(NamedTuple):
    """The names of distributions, as PyPI compares them; whether there can be no others."""

    names: frozenset[str]
    is_complete: bool


def installed_otherwise(root: Path, source: str) -> Installed:
    """Return what images of the repository and commands that fill the app's packages install by name.

    `source` is the file that has the requirements, which some tools install without its name.
    """
    names: set[str] = set()
    is_complete = True
    for found in _commands(root):
        tool, words = found[1], found[3].replace("\\", " ").split()
        if not tool.startswith(("pip", "uv")) or tool == "pipenv" or found[2] != "install":
            is_complete &= source == PYPROJECT and found[2] != "add"
            continue
        for word in _arguments(words):
            named = NAMED.fullmatch(word)
            if named:
                names.add(canonical(named[1]))
            elif word.rpartition("/")[2] != "requirements.txt":
                is_complete = False
    return Installed(frozenset(names - TOOLS), is_complete)


def _commands(root: Path) -> Iterator[re.Match[str]]:
    for image in functions_images(root):
        for instruction in image.instructions:
            if instruction.word == "RUN":
                yield from COMMAND.finditer(instruction.rest)
    for _, text in scripts(root):
        if PACKAGES in text:
            yield from (found for found in COMMAND.finditer(text) if PACKAGES in found[0])


def _arguments(words: list[str]) -> Iterator[str]:
    """Yield what is to be installed: names, and paths and files of requirements with a slash."""
    waiting = iter(words)
    for word in waiting:
        plain = word.strip("\"'")
        option, _, value = plain.partition("=")
        if option in REQUIREMENTS:
            yield f"/{value or next(waiting, '')}".strip("\"'")
        elif plain.startswith("-r"):
            yield f"/{plain[2:]}"
        elif plain in WITH_VALUE:
            next(waiting, None)
        elif not plain.startswith("-") or plain == "-e":
            yield plain
