"""Reads what a requirement says of its version, as pip does."""

from __future__ import annotations

import re
from collections.abc import Iterator

Release = tuple[int, ...]

_RELEASE = r"v?(?:\d+!)?\d+(?:\.\d+)*"
_SUFFIX = (
    r"(?:[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?\d*)?"
    r"(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?"
)
_LOCAL = r"(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?"
CLAUSE = re.compile(
    rf"""\s*(?:
        (?:==|!=)\s*(?:{_RELEASE}\.\*|{_RELEASE}{_SUFFIX}{_LOCAL})
      | ~=\s*v?(?:\d+!)?\d+(?:\.\d+)+{_SUFFIX}
      | (?:<=|>=|<|>)\s*{_RELEASE}{_SUFFIX}
      | ===\s*[^\s,;)]+
    )\s*""",
    re.VERBOSE | re.IGNORECASE,
)
COMPARISON = re.compile(r"\s*(===|==|!=|~=|<=|>=|<|>)\s*(\d+(?:\.\d+)*)(\.\*)?\s*")

MARKER_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<word>[A-Za-z_][\w.]*)|(?P<mark>===|[<>=!~]=|[<>()]))\s*"""
)
MARKER_WORDS = {
    "and",
    "extra",
    "implementation_name",
    "implementation_version",
    "in",
    "not",
    "or",
    "os_name",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_full_version",
    "python_version",
    "sys_platform",
    # Names of old, which pip still takes.
    "os.name",
    "platform.machine",
    "platform.python_implementation",
    "platform.version",
    "python_implementation",
    "sys.platform",
}


def version_and_marker(rest: str) -> tuple[str, str]:
    """Return what follows a requirement's name as its version and its marker, without options."""
    version, _, marker = re.split(r"\s--", rest, maxsplit=1)[0].partition(";")
    version = version.strip()
    if version.startswith("(") and version.endswith(")"):
        version = version[1:-1]
    return version, marker.strip()


def is_readable(rest: str) -> bool:
    """Whether pip can read what follows a requirement's name; it fills in `${NAME}` before."""
    if rest.startswith("@"):
        return len(rest) > 1
    version, marker = version_and_marker(rest)
    clauses = version.split(",")
    if len(clauses) > 1 and not clauses[-1].strip():
        clauses.pop()
    is_version = not version or all(CLAUSE.fullmatch(clause) for clause in clauses)
    return "${" in rest or (is_version and _is_marker(marker))


def _is_marker(marker: str) -> bool:
    offset = 0
    while offset < len(marker):
        token = MARKER_TOKEN.match(marker, offset)
        if token is None or (token["word"] and token["word"] not in MARKER_WORDS):
            return False
        offset = token.end()
    return True


def pinned(version: str) -> Release | None:
    """Return the release of `==1.2.3`; None if it is another condition."""
    match = COMPARISON.fullmatch(version)
    if not match or match[1] not in ("==", "===") or match[3]:
        return None
    return release(match[2])


def release(text: str) -> Release:
    """Return `1.20` as (1, 20), without zeros at the end, as pip compares it."""
    numbers = [int(part) for part in text.split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def comparisons(version: str) -> Iterator[tuple[str, Release, int]]:
    """Yield the conditions on plain releases: operator (`==*` for `==1.*`), release, numbers written."""
    for clause in version.split(","):
        if match := COMPARISON.fullmatch(clause):
            written = match[2].count(".") + 1
            yield match[1] + ("*" if match[3] else ""), release(match[2]), written


def excludes(version: str, candidate: Release) -> bool:
    """Whether conditions certainly exclude a release."""
    return any(
        not _holds(operator, candidate, other, written)
        for operator, other, written in comparisons(version)
    )


def _holds(operator: str, candidate: Release, other: Release, written: int) -> bool:
    if operator.startswith("==") and operator.endswith("*"):
        return _first(candidate, written) == _first(other, written)
    if operator == "!=*":
        return _first(candidate, written) != _first(other, written)
    if operator == "~=":
        return candidate >= other and _first(candidate, written - 1) == _first(other, written - 1)
    return {
        "==": candidate == other,
        "===": candidate == other,
        "!=": candidate != other,
        "<": candidate < other,
        "<=": candidate <= other,
        ">": candidate > other,
        ">=": candidate >= other,
    }[operator]


def _first(version: Release, count: int) -> Release:
    return (*version, *[0] * count)[:count]
