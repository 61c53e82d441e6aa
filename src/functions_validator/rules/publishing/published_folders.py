"""The folder that a workflow of the repository publishes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...deployment.jobs import Job, jobs_of
from ...deployment.published import Published, published
from ...files.commented_file import Source
from ...files.mentions import FOREIGN_FOLDERS, TOOL_FOLDERS
from ...files.yaml_file import mapping, parts, read_yaml
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule
from .workflows import PUBLISHING, repository_of_workflow

HOST = "host.json"
# Keys that name something else than a path.
OTHER_KEYS = ("app-name", "appName", "displayName", "id", "name", "uses")
DOWNLOAD, UPLOAD = "actions/download-artifact@", "actions/upload-artifact@"
# What may place files in a way that the workflow does not show.
PLACED_ELSEWHERE = Pattern(
    r"\.(?:sh|ps1|py|js)\b|\b(?:make|docker|nox|tox|just|invoke|azd|npm|yarn|find|git)\b|\*/"
    r"|\$\{\{\s*(?:vars|inputs|matrix|needs|steps|fromJSON|parameters|github\.event)\b"
    r"|\$\((?!(?:Build|System|Pipeline)\.)"
)
PLACING = (
    *("run", "script", "bash", "pwsh", "powershell"),
    *("working-directory", "workingDirectory", "path", "package"),
)


@rule("AF718", Severity.WARNING, "A workflow publishes a folder without the app")
def other_folder(project: Project) -> Iterator[Problem]:
    """Yield steps of workflows and pipelines that publish a folder above the app, which has no host.json."""
    for source in (*project.deployment.workflows, *project.deployment.others):
        if not source.is_yaml or not PUBLISHING.search(source.text):
            continue
        repository = repository_of_workflow(project, source).resolve()
        if repository == project.root:
            continue  # Nothing is above the app. To read YAML is slow.
        found = list(_above(source, repository, project.root))
        if not found or _may_place(source, project.root.name) or _has_other(repository, project):
            continue
        own = project.root.relative_to(repository).as_posix()
        for one in found:
            what = "the root of the repository" if one.folder == "." else f"the folder {one.folder}"
            message = f"This step publishes {what}, which has no {HOST}: the app is in {own}."
            yield Problem(one.place, message, f'Set its input {one.input} to "{one.top}{own}".')


def _above(source: Source, repository: Path, app: Path) -> Iterator[Published]:
    """Yield the steps that publish a folder above the app."""
    for one in (one for job in jobs_of(source) for one in published(job)):
        folder = one.folder and Path(os.path.normpath(repository / one.folder))
        if folder and folder in app.parents:
            yield one


def _may_place(source: Source, name: str) -> bool:
    """Whether a workflow names the app's folder or host.json, or may place files in a way that it does not show."""
    jobs = list(jobs_of(source))
    if HOST in source.text or _gets_others(jobs):
        return True
    named = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    for key, text in _texts(read_yaml(source)):
        for job in jobs:
            text = job.value(text)
        if named.search(text) or (key in PLACING and PLACED_ELSEWHERE.search(text)):
            return True
    return False


def _gets_others(jobs: Sequence[Job]) -> bool:
    """Whether jobs get what another workflow made, check out elsewhere, or use an action of the repository."""
    steps = [step for job in jobs for step in job.steps]
    used = [str(step.get("uses")) for step in steps]
    if any(DOWNLOAD in one for one in used) and not any(UPLOAD in one for one in used):
        return True
    if any(one.startswith(".") for one in used) or any("template" in step for step in steps):
        return True
    return not all(job.is_at_top for job in jobs)


def _texts(content: object) -> Iterator[tuple[str, str]]:
    """Yield what may say where files are, with its key. What only starts a workflow are lists of paths."""
    for part in parts(content):
        for key, text in mapping(part).items():
            if isinstance(text, str) and key not in OTHER_KEYS:
                yield key, text


def _has_other(repository: Path, project: Project) -> bool:
    """Whether the repository has another function app, which may be the one that is published."""
    for name, folders, files in os.walk(repository):
        if HOST in files and Path(name) != project.root:
            return True
        folders[:] = [one for one in folders if one not in FOREIGN_FOLDERS | TOOL_FOLDERS]
    return False


RULES = (other_folder,)
