"""Reads what an app installs: requirements files, or else the dependencies in pyproject.toml."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..model import Place

Read = Callable[[str], "str | None"]

NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)")
REST = re.compile(r"$|[=<>!~;@(,]|--")
ARCHIVE = re.compile(r"([A-Za-z0-9_.]+?)-\d[^/]*\.(?:whl|tar\.gz|zip)$")
GIT_NAME = re.compile(r"/([A-Za-z0-9._-]+?)(?:\.git)?(?:@[^/]*)?$")


def canonical_name(name: str) -> str:
    """Return a distribution's name as PyPI compares it: `Flask_Cors` is `flask-cors`."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True)
class Requirement:
    """A distribution that is asked for; the rest is its version and marker as written."""

    name: str
    rest: str
    place: Place


@dataclass(frozen=True)
class Requirements:
    """All that is asked for. It is complete if every line could be told a name.

    `source` is the file that is read: requirements.txt, pyproject.toml or "" if there is none.
    `missing` has the places of `-r` lines whose file is not there, `unreadable` those of lines that are no
    requirement.
    """

    source: str
    all: Sequence[Requirement]
    is_complete: bool
    missing: Sequence[Place] = ()
    unreadable: Sequence[Place] = ()

    def get(self, name: str) -> Requirement | None:
        """Return the requirement of a distribution."""
        wanted = canonical_name(name)
        return next((known for known in self.all if canonical_name(known.name) == wanted), None)


def read_requirements(read: Read) -> Requirements:
    """Return the requirements; `read` returns the text of a file of the project, or None."""
    if read("requirements.txt") is not None:
        reader = _Reader(read)
        found = list(reader.file("requirements.txt"))
        return Requirements(
            "requirements.txt", found, reader.is_complete, reader.missing, reader.unreadable
        )
    text = read("pyproject.toml")
    content = _toml(text) if text else None
    if text is None or content is None:
        return Requirements("", [], False)
    names = list(_dependencies(content))
    read_all = (_requirement(line, _place_in(text, line)) for line in names)
    known = [requirement for requirement in read_all if requirement]
    return Requirements("pyproject.toml", known, bool(known) and len(known) == len(names))


class _Reader:
    def __init__(self, read: Read) -> None:
        self.read = read
        self.is_complete = True
        self.missing: list[Place] = []
        self.unreadable: list[Place] = []
        self.seen: set[str] = set()

    def file(self, path: str) -> Iterator[Requirement]:
        text = self.read(path)
        if text is None or path in self.seen:
            return
        self.seen.add(path)
        for line, content in _logical_lines(text):
            place = Place(path, line)
            included = re.match(r"(?:-r|--requirement)[\s=]*(\S+)", content)
            if included:
                yield from self._included(path, included[1], place)
            elif re.match(r"(?:-e|--editable)[\s=]", content):
                self.is_complete = False
            elif not content.startswith("-"):
                requirement = _requirement(content, place)
                if requirement:
                    yield requirement
                else:
                    self.is_complete = False
                    if not _is_path(content):
                        self.unreadable.append(place)

    def _included(self, path: str, name: str, place: Place) -> Iterator[Requirement]:
        other = (PurePosixPath(path).parent / name).as_posix()
        if ".." in PurePosixPath(other).parts or "://" in name:
            self.is_complete = False
        elif self.read(other) is None:
            self.is_complete = False
            self.missing.append(place)
        else:
            yield from self.file(other)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines without comments, those that end with a backslash joined with the next."""
    whole, start = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        if not whole:
            start = number
        bare = re.sub(r"(^|\s)#.*$", "", line).rstrip()
        if bare.endswith("\\"):
            whole += bare[:-1]
            continue
        whole = (whole + bare).strip()
        if whole:
            yield start, whole
        whole = ""
    if whole.strip():
        yield start, whole.strip()


def _is_path(line: str) -> bool:
    """Whether a line names a file, a folder or an address, not a distribution."""
    return bool(re.match(r"([a-z+]+:|\.|/|\\|[A-Za-z]:)", line)) or bool(
        re.search(r"[/\\]", line.split("@")[0].split(";")[0])
    )


def _requirement(line: str, place: Place) -> Requirement | None:
    if _is_path(line):
        named = (
            re.search(r"#egg=([A-Za-z0-9._-]+)", line)
            or ARCHIVE.search(line)
            or (GIT_NAME.search(line) if line.startswith("git+") else None)
        )
        return Requirement(named[1], "", place) if named else None
    match = NAME.fullmatch(line)
    if match is None or not REST.match(match[2].strip()):
        return None
    return Requirement(match[1], match[2].strip(), place)


def _toml(text: str) -> Mapping[str, object] | None:
    try:
        tomllib = importlib.import_module("tomllib")
    except ImportError:  # Python 3.10
        return None
    try:
        content: dict[str, object] = tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
    return content


def _dependencies(content: Mapping[str, object]) -> Iterator[str]:
    project = content.get("project")
    listed = project.get("dependencies") if isinstance(project, dict) else None
    if isinstance(listed, list):
        yield from (line for line in listed if isinstance(line, str))
    tool = content.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    table = poetry.get("dependencies") if isinstance(poetry, dict) else None
    if isinstance(table, dict):
        yield from (name for name in table if name != "python")


def _place_in(text: str, words: str) -> Place:
    offset = max(text.find(words), 0)
    return Place("pyproject.toml", text.count("\n", 0, offset) + 1)
