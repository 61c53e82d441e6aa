"""Steps that install packages into another folder than the one that is published."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..files.commented_file import Source
from ..files.placed_json import Text
from ..files.yaml_file import mapping
from ..model import Place
from ..pattern import Pattern
from .jobs import PACKAGES, Job, jobs_of

TARGET = Pattern(
    r"\binstall\b(?:[^\n]|\\\n)*?\s(?:-t|--target)[ =]*[\"']?([^\"'\n]*?)/?\.python_packages/",
    parts=(PACKAGES,),
)
# The folder into which a repository is checked out.
WORKSPACE = Pattern(
    r"\$\{\{\s*github\.workspace\s*\}\}|\$\((?:System\.DefaultWorkingDirectory|Build\.SourcesDirectory)\)"
    r"|\$\{?GITHUB_WORKSPACE\b\}?",
    parts=("$",),
)
CHANGES_FOLDER = Pattern(r"\b(?:cd|pushd|Set-Location|Push-Location)\b")
SCRIPTS = ("run", "script", "bash")
FOLDERS = ("working-directory", "workingDirectory")


class Target(NamedTuple):
    """The folder of the repository into which a command installs packages; None if it is not known."""

    folder: str | None
    place: Place


def outside(source: Source, publishing: Sequence[object], app: str) -> Iterator[Place]:
    """Yield commands that install packages outside of the folder of the app, if a job then publishes that folder."""
    for job in jobs_of(source):
        steps = [step for step in job.steps if any(step is other for other in publishing)]
        published = {_path(job, _package(step)) for step in steps}
        targets = list(_targets(job))
        # Another mention of the packages may move them.
        is_known = source.text.count(PACKAGES) == len(targets) and job.is_at_top
        folders = {target.folder for target in targets}
        if is_known and published == {app} and folders and folders.isdisjoint({app, None}):
            yield targets[0].place


def _package(step: Mapping[str, object]) -> str:
    """Return the folder or file that a step publishes; a task of Azure Pipelines looks for an archive by itself."""
    given, default = ("with", ".") if "uses" in step else ("inputs", "**/*.zip")
    return str(mapping(step.get(given)).get("package", default))


def _targets(job: Job) -> Iterator[Target]:
    for step in job.steps:
        here = next((str(step[key]) for key in FOLDERS if key in step), job.folder)
        for script in (step.get(key) for key in SCRIPTS):
            if isinstance(script, Text):
                yield from _in_script(job, script, here)


def _in_script(job: Job, script: Text, here: str) -> Iterator[Target]:
    """Yield the targets of the commands in a script, which starts in a folder."""
    for match in TARGET.finditer(script):
        path = match[1] if WORKSPACE.match(match[1]) else f"{here}/{match[1]}"
        folder = None if CHANGES_FOLDER.search(script) else _path(job, path)
        start = script.source.text.find(match[0], script.offset, script.end)
        yield Target(folder, script.place if start < 0 else script.source.place(start))


def _path(job: Job, text: str) -> str | None:
    """Return a path from the top of the repository, where it is "."; None if it is not known."""
    path = posixpath.normpath(WORKSPACE.sub(".", job.value(text)))
    return None if "$" in path or path.startswith(("/", "..")) else path
