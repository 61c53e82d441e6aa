"""The folders of a repository that workflows and pipelines publish."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from ..files.content import mapping
from ..files.placed_json import Text
from ..model import Place
from ..pattern import Pattern
from .jobs import TASK, Job

ACTION, ARCHIVE = "azure/functions-action@", "archivefiles@"
# The folder into which a repository is checked out.
TOP = Pattern(
    r"\$\{\{\s*github\.workspace\s*\}\}|\$\((?:System\.DefaultWorkingDirectory|Build\.SourcesDirectory)\)"
    r"|\$\{?GITHUB_WORKSPACE\b\}?",
    parts=("$",),
)
# The package that a task publishes, and the file that a task archives, if nothing else is given.
ZIPS, ZIP = "**/*.zip", "$(Build.ArtifactStagingDirectory)/$(Build.BuildId).zip"
# The steps that publish or archive a folder, with the input that names it, its default, and how a path begins.
AZURE = "$(System.DefaultWorkingDirectory)/"
STEPS = (
    ("uses", ACTION, "with", "package", ".", ""),
    ("task", TASK, "inputs", "package", ZIPS, AZURE),
    ("task", ARCHIVE, "inputs", "rootFolderOrFile", "$(Build.BinariesDirectory)", AZURE),
)


class Published(NamedTuple):
    """What a step publishes, or archives in order to publish it; None if it is not known.

    `input` names it, with a path that begins with `top`. `archive` is the file that a step makes of it.
    """

    folder: str | None
    place: Place
    input: str
    top: str
    archive: str | None

    def is_published(self, jobs: Sequence[Job]) -> bool:
        """Whether a step publishes it; an archive may be for something else."""
        return self.archive is None or any(takes(job, self.archive) for job in jobs)


def published(job: Job) -> Iterator[Published]:
    """Yield what the steps of a job publish or archive."""
    for key, name, inputs, one, default, top in STEPS:
        for step in job.using(name, key):
            used = step[key]
            given = mapping(step.get(inputs))
            folder = path_in_repository(job, str(given.get(one, default)))
            archive = job.value(str(given.get("archiveFile", ZIP))) if name == ARCHIVE else None
            if isinstance(used, Text):
                yield Published(folder, used.place, one, top, archive)


def takes(job: Job, archive: str) -> bool:
    """Whether a task of a job publishes an archive."""
    packages = (
        mapping(step.get("inputs")).get("package", ZIPS) for step in job.using(TASK, "task")
    )
    names = (posixpath.basename(job.value(str(package))) for package in packages)
    return any(fnmatchcase(posixpath.basename(archive), name) for name in names)


def path_in_repository(job: Job, text: str) -> str | None:
    """Return a path from the top of the repository, where it is "."; None if it is not known."""
    path = posixpath.normpath(TOP.sub(".", job.value(text)))
    return None if "$" in path or path.startswith(("/", "..")) else path
