"""Packages of the repository that are outside of the app's folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from ...files.ignore_file import git_ignored_at
from ...files.repository import repository_of
from ...files.scripts import installs, scripts
from ...files.text_files import text_or_empty
from ...model import Place, Problem, Severity
from ...packages.requirements import INCLUDED, named_file
from ...pattern import Pattern
from ...project.project import Project
from ...project.requirement_files import CONSTRAINTS, requirement_lines, whole_lines
from ..rule import rule

OUTSIDE = Pattern(
    r"\s*(?:(?:-e|--editable)[\s=]+|[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?(?:file:)?(\.\./[^\s;\[#]*)",
    parts=("../",),
)
# A path in the app, such as `./wheels/shop-1.0-py3-none-any.whl` or `-e ./shop`.
INSIDE = Pattern(
    r"(?:(?:-e|--editable)[\s=]+)?(\.(?:/[\w.+-]+)+|[\w.+-]+(?:/[\w.+-]+)*\.whl)(?:\[[^\]]*\])?(?:\s+--\S+)*"
)
# What may get the files of a package from elsewhere.
FETCHES = Pattern(
    r"\bdownload|UniversalPackages@|\b(?:curl|wget)\b|\bgit\s+(?:clone|submodule)\b", re.IGNORECASE
)
# What builds packages before the app is published.
BUILDS = Pattern(
    r"\bwheels?\b|\bfunc pack\b|--build[= ]local|--no-build|--build-native-deps|--target\b|\.python_packages",
    re.IGNORECASE,
)


@rule("AF426", Severity.WARNING, "A requirement is outside of the app's folder")
def outside_requirement(project: Project) -> Iterator[Problem]:
    """Yield lines that name a folder or a file above the app, unless something builds it into the app."""
    found = [
        (place, outside)
        for place, line in requirement_lines(project)
        if (outside := _outside(place.path, line))
    ]
    if not found or _builds_packages(project):
        return
    image = project.text("Dockerfile") or ""
    for place, outside in found:
        if outside.rstrip("/").rpartition("/")[2] in image:
            continue
        message = f"{outside} is outside of the app's folder, so Azure does not get it."
        fix = "Build a wheel of it into the app before you publish, and write its path, such as ./wheels/NAME.whl."
        if outside.endswith(".txt"):
            fix = "Write its lines here, or copy it into the app before you publish."
        yield Problem(place, message, fix)


def _outside(file: str, line: str) -> str | None:
    """Return the path above the app that a line of a file names; pip finds other requirements from the file's folder."""
    text = line.strip()
    if named := named_file(INCLUDED, text) or named_file(CONSTRAINTS, text):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(file), named))
        return path if path.startswith("../") else None
    found = OUTSIDE.match(line)
    return found[1] if found else None


def missing_paths(project: Project) -> Iterator[tuple[Place, str]]:
    """Yield paths in the app that a line names, and that are not there, if nothing may write them before pip does."""
    if project.dockerfile.instructions:
        return  # The path may be one in the image.
    for place, line in whole_lines(project):
        named = INSIDE.fullmatch(line)
        path = posixpath.normpath(named[1]) if named else "."
        if (project.root / path).exists() or _may_be_built(project, path):
            continue
        yield place, path


def _may_be_built(project: Project, path: str) -> bool:
    if _builds_packages(project) or git_ignored_at(project.root / path):
        return True
    parts = [*path.split("/")[:-1], posixpath.basename(path).partition("-")[0]]
    if any(FETCHES.search(source.text) for source in project.deployment.workflows):
        return True
    if project.copied.includes(path.split("/")):
        return True  # A document may say that, too.
    named = Pattern("|".join(map(re.escape, parts)))
    modules = text_or_empty(repository_of(project.root) / ".gitmodules")
    return installs(project.root, named) or named.search(modules) is not None


def _builds_packages(project: Project) -> bool:
    """Whether a workflow or a script puts packages into the app."""
    if any(BUILDS.search(source.text) for source in project.deployment.workflows):
        return True
    texts = (text for _, text in scripts(project.root))
    return any("requirements.txt" in text and BUILDS.search(text) for text in texts)


RULES = (outside_requirement,)
