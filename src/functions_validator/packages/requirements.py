"""Reads what an app installs: requirements files, or else the dependencies in pyproject.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from ..files.content import mapping
from ..files.toml_file import TomlFile
from ..model import Place
from ..pattern import Pattern
from .versions import PLAIN, Versions, canonical

Read = Callable[[str], "str | None"]

PYPROJECT = "pyproject.toml"
NAME = Pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# A name, extras and versions that packaging reads as they are read here.
PLAIN_LINE = Pattern(
    rf"[ \t]*({NAME.pattern})[ \t]*(?:\[[ \t]*({NAME.pattern}(?:[ \t]*,[ \t]*{NAME.pattern})*)[ \t]*\])?"
    rf"[ \t]*({PLAIN}|)[ \t]*"
)
# What can follow a name and its extras, be it right or wrong.
CONDITION = Pattern(r"\s*(?:\[[^\]]*\])?\s*(?:$|[=<>!~;@(,])")
OPTIONS = Pattern(r"\s--.*", parts=("--",))
# A file that an option of pip names: pip takes the quotes off.
FILE = r"""(?:"([^"]+)"|'([^']+)'|(\S+))"""
INCLUDED = Pattern(rf"(?:-r|--requirement)[\s=]*{FILE}", parts=("-r",))
EDITABLE = Pattern(r"(?:-e|--editable)[\s=]", parts=("-e",))
REMARK = Pattern(r"(^|\s)#.*$", parts=("#",))
# How an address that pip reads begins, or a path.
ADDRESS = Pattern(r"(?:[a-z]+\+[a-z]+|file|ftp|https?):|\.|/|\\|[A-Za-z]:\S", parts=":./\\")
SCHEME = Pattern(r"[A-Za-z][A-Za-z0-9+.-]*:")
# The name in `wheels/orders-1.0-py3-none-any.whl`.
ARCHIVE = Pattern(r"([A-Za-z0-9_.]+?)-\d[^/]*\.(?:whl|tar\.gz|zip)$")
# The names of groups of what only developers need.
FOR_DEVELOPERS = Pattern(
    r"dev|test|lint|format|doc|typ|mypy|ci$|check|qa|build|pre-?commit|notebook", re.IGNORECASE
)
# The name in `git+https://github.com/contoso/orders.git@v1`.
GIT_NAME = Pattern(r"/([A-Za-z0-9._-]+?)(?:\.git)?(?:@[^/]*)?$")


class Requirement(NamedTuple):
    """A distribution that the app requires; the text is the line without options of pip."""

    name: str
    text: str
    place: Place
    versions: Versions = Versions()
    is_conditional: bool = False
    url: str = ""
    is_readable: bool = True
    extras: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Return the name as PyPI compares it: `Flask_Cors` is `flask-cors`."""
        return canonical(self.name)


class Requirements(NamedTuple):
    """What the app requires. It is complete if every line names a distribution.

    `source` is the file that is read: requirements.txt, pyproject.toml or "" if there is none.
    `installs_folder` says whether a line installs a folder or a file, as `-e .` does.
    `missing` has the places of `-r` lines whose file is not there, `unreadable` those of lines that are
    not a requirement.
    """

    source: str
    all: Sequence[Requirement]
    is_complete: bool
    missing: Sequence[Place] = ()
    unreadable: Sequence[Place] = ()
    installs_folder: bool = False

    def get(self, name: str) -> Requirement | None:
        """Return the requirement of a distribution, whose name is as PyPI compares it."""
        return next((known for known in self.all if known.key == name), None)

    @property
    def keys(self) -> set[str]:
        """Return the names of all, as PyPI compares them."""
        return {requirement.key for requirement in self.all}


def read_requirements(read: Read, pyproject: TomlFile | None) -> Requirements:
    """Return the requirements; `read` returns the text of a file of the project, or None."""
    if read("requirements.txt") is not None:
        reader = _Reader(read)
        found = list(reader.file("requirements.txt"))
        return Requirements(
            "requirements.txt",
            found,
            reader.is_complete,
            reader.missing,
            reader.unreadable,
            reader.installs_folder,
        )
    if pyproject is None or pyproject.error:
        return Requirements("", [], is_complete=False)
    return of_pyproject(pyproject)


def of_pyproject(pyproject: TomlFile) -> Requirements:
    """Return the dependencies in pyproject.toml, and those of groups that may be installed, too."""
    lines = list(_dependencies(pyproject))
    found = [one for line in lines if (one := _requirement(line, _place_of(line, pyproject)))]
    is_complete = bool(found) and len(found) == len(lines)
    for line in _optional(pyproject):
        if one := _requirement(line, _place_of(line, pyproject)):
            found.append(one._replace(is_conditional=True))
    return Requirements(PYPROJECT, found, is_complete)


class _Reader:
    """Reads a requirements file and those that it includes, each once."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.is_complete = True
        self.installs_folder = False
        self.missing: list[Place] = []
        self.unreadable: list[Place] = []
        self.seen: set[str] = set()

    def file(self, path: str) -> Iterator[Requirement]:
        text = self.read(path)
        if text is None or path in self.seen:
            return
        self.seen.add(path)
        for line, content in logical_lines(text):
            place = Place(path, line)
            if included := named_file(INCLUDED, content):
                yield from self._included(path, included, place)
            elif EDITABLE.match(content):
                self.is_complete = False
                self.installs_folder = True
            elif not content.startswith("-") and (found := self._line(content, place)):
                yield found

    def _line(self, content: str, place: Place) -> Requirement | None:
        """Return what a line without options asks for; None if it names no distribution."""
        if content.startswith((".", "/", "file:")) or "@ file:" in content:
            self.installs_folder = True
        found = _requirement(content, place)
        if found is None:
            self.is_complete = False
            if _is_path(content):
                self.installs_folder = True
            else:
                self.unreadable.append(place)
        return found

    def _included(self, path: str, name: str, place: Place) -> Iterator[Requirement]:
        other = (PurePosixPath(path).parent / name).as_posix()
        if ".." in PurePosixPath(other).parts or is_elsewhere(name):
            self.is_complete = False
        elif self.read(other) is None:
            self.is_complete = False
            self.missing.append(place)
        else:
            yield from self.file(other)


def requirements_in(path: str, text: str) -> Iterator[Requirement]:
    """Yield the distributions that a file names itself, such as one of constraints."""
    for line, content in logical_lines(text):
        if not content.startswith("-") and (found := _requirement(content, Place(path, line))):
            yield found


def named_file(option: Pattern, line: str) -> str | None:
    """Return the file that an option at the start of a line names; None if the line has another one."""
    found = option.match(line)
    return next(filter(None, found.groups()), None) if found else None


def is_elsewhere(name: str) -> bool:
    """Whether pip gets a file from an address, or knows its name only when it runs."""
    return "://" in name or "${" in name


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines without comments, those that end with a backslash joined with the next."""
    whole, start = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        if not whole:
            start = number
        bare = REMARK.sub("", line).rstrip()
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
    before = line.split("@")[0].split(";")[0]
    return bool(ADDRESS.match(line)) or "/" in before or "\\" in before


def _requirement(line: str, place: Place) -> Requirement | None:
    """Return what a line asks for; None if it names no distribution."""
    if _is_path(line):
        named = (
            re.search(r"#egg=([A-Za-z0-9._-]+)", line)
            or ARCHIVE.search(line)
            or (GIT_NAME.search(line) if line.startswith("git+") else None)
        )
        return Requirement(named[1], line, place, url=line) if named else None
    text = OPTIONS.sub("", line)
    if plain := PLAIN_LINE.fullmatch(text):
        extras = frozenset(
            canonical(extra.strip()) for extra in (plain[2] or "").split(",") if extra
        )
        return Requirement(plain[1], text, place, Versions(plain[3]), extras=extras)
    return _full_requirement(text, place)


def _full_requirement(text: str, place: Place) -> Requirement | None:
    """Return what a line asks for that is more than a name and numbers, or wrong."""
    # Imported here because it is slow to import, and few lines need it.
    from packaging.requirements import Requirement as PackagingRequirement

    try:
        parsed = PackagingRequirement(text)
    except ValueError:
        name = NAME.match(text)
        if name is None or not CONDITION.match(text, name.end()):
            return None
        # pip fills in variables before it reads the line.
        return Requirement(name[0], text, place, is_readable="${" in text)
    url = parsed.url or ""
    return Requirement(
        parsed.name,
        text,
        place,
        Versions(str(parsed.specifier)),
        parsed.marker is not None,
        url,
        # What follows @ is an address, and neither a version nor a path.
        is_readable=not url or bool(SCHEME.match(url)) or "${" in url,
        extras=frozenset(map(canonical, parsed.extras)),
    )


def _dependencies(pyproject: TomlFile) -> Iterator[str]:
    listed = pyproject.get("project", "dependencies")
    if isinstance(listed, list):
        yield from (line for line in listed if isinstance(line, str))
    table = pyproject.get("tool", "poetry", "dependencies")
    if isinstance(table, dict):
        yield from (
            _with_extras(name, options) for name, options in table.items() if name != "python"
        )


def _optional(pyproject: TomlFile) -> Iterator[str]:
    """Yield what is in groups that may also be installed in Azure: all but those that only developers need."""
    extras = mapping(pyproject.get("project", "optional-dependencies"))
    groups = mapping(pyproject.get("dependency-groups"))
    for name, listed in [*extras.items(), *groups.items()]:
        if not FOR_DEVELOPERS.match(name) and isinstance(listed, list):
            yield from (line for line in listed if isinstance(line, str))
    for name, group in mapping(pyproject.get("tool", "poetry", "group")).items():
        if not FOR_DEVELOPERS.match(name):
            table = mapping(mapping(group).get("dependencies"))
            yield from (_with_extras(key, options) for key, options in table.items())


def _with_extras(name: str, options: object) -> str:
    """Return a requirement of Poetry as pip writes it, without its versions."""
    extras = options.get("extras") if isinstance(options, dict) else None
    return f"{name}[{','.join(map(str, extras))}]" if isinstance(extras, list) else name


def _place_of(line: str, pyproject: TomlFile) -> Place:
    return pyproject.place(line if line in pyproject.text else line.partition("[")[0])
