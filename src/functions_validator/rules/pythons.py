"""The Python that the app runs on in Azure: AF421 and AF422."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from ..files import place_at
from ..findings import Place, Problem, Severity, rule
from ..project import Project

# The Pythons that Azure Functions has run in version 4, with the ends of their lives (devguide.python.org/versions).
ENDS = {
    "3.6": datetime.date(2021, 12, 23),
    "3.7": datetime.date(2023, 6, 27),
    "3.8": datetime.date(2024, 10, 14),
    "3.9": datetime.date(2025, 10, 31),
    "3.10": datetime.date(2026, 10, 31),
    "3.11": datetime.date(2027, 10, 31),
    "3.12": datetime.date(2028, 10, 31),
    "3.13": datetime.date(2029, 10, 31),
    "3.14": datetime.date(2030, 10, 31),
}
IMAGE = re.compile(
    r"^\s*FROM\s[^#\n]*azure-functions/python:\d+(?:\.\d+)*-python(\d+\.\d+)",
    re.IGNORECASE | re.MULTILINE,
)
STACK = re.compile(r"""linux_?fx_?version["']?\s*[:=]\s*["']python\|(\d+\.\d+)""", re.IGNORECASE)
BOUNDS = re.compile(r"""^requires-python\s*=\s*["']([^"']+)["']""", re.MULTILINE)
INFRASTRUCTURE = (".bicep", ".tf", ".json", ".yml", ".yaml")


def today() -> datetime.date:
    """Return today's date, which tests replace."""
    return datetime.date.today()


@rule("AF421", Severity.ERROR, "Azure does not run this Python")
def unknown_python(project: Project) -> Iterator[Problem]:
    """Azure Functions has images of certain Pythons only; with another one, the app does not start.

    Choose one that it runs, as 3.13.
    """
    for version, place in _pythons(project):
        if version not in ENDS:
            sentence = f"Azure Functions does not run Python {version}."
            yield Problem(place, sentence, "Choose one of 3.11, 3.12 and 3.13.")


@rule("AF422", Severity.WARNING, "This Python is past the end of its life")
def old_python(project: Project) -> Iterator[Problem]:
    """A Python past its end gets no security updates. Azure goes on running apps with it for a while, without
    support, and then no longer lets them be published.

    Choose one that is supported, run the tests with it, and publish.
    """
    for version, place in _pythons(project):
        if version in ENDS and ENDS[version] < today():
            sentence = f"The support of Python {version} ended on {ENDS[version]}."
            yield Problem(place, sentence, "Choose one of 3.11, 3.12 and 3.13.")


def _pythons(project: Project) -> Iterator[tuple[str, Place]]:
    """Yield the Pythons that the project says it runs on, with where it does."""
    docker = project.text("Dockerfile") or ""
    for match in IMAGE.finditer(docker):
        yield match[1], place_at("Dockerfile", docker, match.start())
    pinned = project.text(".python-version") or ""
    if whole := re.match(r"\s*(\d+\.\d+)(\.\d+)?\s*$", pinned):
        yield whole[1], Place(".python-version")
    pyproject = project.text("pyproject.toml") or ""
    if bounds := BOUNDS.search(pyproject):
        newest = _newest_within(bounds[1])
        if newest:
            yield newest, place_at("pyproject.toml", pyproject, bounds.start())
    for path in project.files:
        if PurePosixPath(path).suffix in INFRASTRUCTURE and "infra" in path.lower():
            text = project.text(path) or ""
            for match in STACK.finditer(text):
                yield match[1], place_at(path, text, match.start())


def _newest_within(bounds: str) -> str | None:
    """Return the newest Python of bounds that have an upper end, such as `==3.9.*` or `>=3.8,<3.10`."""
    for bound in bounds.split(","):
        if match := re.fullmatch(r"\s*(?:==|~=)\s*3\.(\d+)(?:\.(?:\*|\d+))?\s*", bound):
            return f"3.{match[1]}"
        if match := re.fullmatch(r"\s*<\s*3\.(\d+)(?:\.0)?\s*", bound):
            return f"3.{int(match[1]) - 1}"
        if match := re.fullmatch(r"\s*<=\s*3\.(\d+)(?:\.\d+)?\s*", bound):
            return f"3.{match[1]}"
    return None
