"""The Python that a project says it runs on in Azure, wherever it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from .dockerfile import Dockerfile
from .files import place_at
from .findings import Place
from .project import Project

STACK = re.compile(r"""linux_?fx_?version["']?\s*[:=]\s*["']python\|3\.(\d+)""", re.IGNORECASE)
PINNED = re.compile(r"\s*3\.(\d+)(?:\.\d+)?\s*$")
INFRASTRUCTURE = (".bicep", ".json", ".tf")


def stated_pythons(project: Project) -> Iterator[tuple[int, Place]]:
    """Yield the minor versions of the Dockerfile, of .python-version and of the infrastructure."""
    text = project.text("Dockerfile") or ""
    docker = Dockerfile.parse(text)
    if docker.base and docker.python and docker.python.startswith("3."):
        yield int(docker.python[2:]), Place("Dockerfile", docker.base.line)
    if match := PINNED.match(project.text(".python-version") or ""):
        yield int(match[1]), Place(".python-version")
    for path in project.files:
        if PurePosixPath(path).suffix in INFRASTRUCTURE and path.startswith(("infra", "main.")):
            text = project.text(path) or ""
            for match in STACK.finditer(text):
                yield int(match[1]), place_at(path, text, match.start())


def stated_python(project: Project) -> int | None:
    """Return the minor version of the app's Python; None if nothing states it, or two disagree."""
    minors = {minor for minor, _ in stated_pythons(project)}
    return minors.pop() if len(minors) == 1 else None
