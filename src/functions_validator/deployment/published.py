"""The folders of a repository that workflows and pipelines publish."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from ..files.placed_json import Text
from ..files.yaml_file import mapping
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
# The steps that publish or archive a folder, with the input that names it, its default, and how a path begins.
AZURE = "$(System.DefaultWorkingDirectory)/"
STEPS = (
    ("uses", ACTION, "with", "package", ".", ""),
    ("task", TASK, "inputs", "package", "**/*.zip", AZURE),
    ("task", ARCHIVE, "inputs", "rootFolderOrFile", "$(Build.BinariesDirectory)", AZURE),
)


class Published(NamedTuple):
    """What a step publishes, or archives in order to publish it; None if it is not known.

    `input` names it, with a path that begins with `top`.
    """

    folder: str | None
    place: Place
    input: str
    top: str


def published(job: Job) -> Iterator[Published]:
    """Yield what the steps of a job publish or archive."""
    for key, name, inputs, one, default, top in STEPS:
        for step in job.using(name, key):
            used = step[key]
            path = str(mapping(step.get(inputs)).get(one, default))
            if isinstance(used, Text):
                yield Published(path_in_repository(job, path), used.place, one, top)


def path_in_repository(job: Job, text: str) -> str | None:
    """Return a path from the top of the repository, where it is "."; None if it is not known."""
    path = posixpath.normpath(TOP.sub(".", job.value(text)))
    return None if "$" in path or path.startswith(("/", "..")) else path
