"""The folder that a workflow of the repository publishes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ...deployment.jobs import Job, jobs_of
from ...files.commented_file import Source
from ...files.mentions import FOREIGN_FOLDERS, TOOL_FOLDERS
from ...files.placed_json import Text
from ...files.yaml_file import mapping, parts, read_yaml
from ...model import Place, Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule

ACTION = "azure/functions-action@"
WORKFLOWS = ".github/workflows/"
HOST = "host.json"
# Keys that name something else than a path.
OTHER_KEYS = ("app-name", "id", "name", "uses")
DOWNLOAD, UPLOAD = "actions/download-artifact@", "actions/upload-artifact@"
# What may place files in a way that the workflow does not show.
PLACED_ELSEWHERE = Pattern(
    r"\.(?:sh|ps1|py|js)\b|\b(?:make|docker|nox|tox|just|invoke|azd|npm|yarn|find|git)\b|\*/"
    r"|\$\{\{\s*(?:vars|inputs|matrix|needs|steps|fromJSON|github\.event)\b"
)
PLACING = ("run", "working-directory", "path", "package")


@rule("AF718", Severity.WARNING, "A workflow publishes a folder without the app")
def other_folder(project: Project) -> Iterator[Problem]:
    """Yield steps of GitHub workflows that publish a folder above the app, which has no host.json."""
    for source in (*project.deployment.workflows, *project.deployment.others):
        top, workflows, _ = source.path.partition(WORKFLOWS)
        if not workflows or source.is_inside or ACTION not in source.text.lower():
            continue
        repository = (project.root / top).resolve()
        found = list(_published(source, repository, project.root))
        if not found or _may_place(source, project.root.name) or _has_other(repository, project):
            continue
        own = project.root.relative_to(repository).as_posix()
        for place, folder in found:
            what = folder.relative_to(repository).as_posix()
            what = "the root of the repository" if what == "." else f"the folder {what}"
            message = f"This step publishes {what}, which has no {HOST}: the app is in {own}."
            yield Problem(place, message, f'Set its input package to "{own}".')


def _published(source: Source, repository: Path, app: Path) -> Iterator[tuple[Place, Path]]:
    """Yield the steps that publish a folder above the app which has no host.json, with the folder."""
    for job in jobs_of(source):
        for step in job.using(ACTION):
            folder, action = _folder(job, step, repository), step["uses"]
            if folder in app.parents and not os.path.lexists(folder / HOST):
                assert isinstance(action, Text)
                yield action.place, folder


def _folder(job: Job, step: Mapping[str, object], repository: Path) -> Path:
    """Return the path that a step publishes. If an expression names it, there is none such."""
    package = mapping(step.get("with")).get("package", ".")
    return Path(os.path.normpath(repository / job.value(str(package))))


def _may_place(source: Source, name: str) -> bool:
    """Whether a workflow names the app's folder or host.json, or may place files in a way that it does not show."""
    if HOST in source.text or _gets_others(list(jobs_of(source))):
        return True
    named = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return any(
        named.search(text) or (key in PLACING and PLACED_ELSEWHERE.search(text))
        for key, text in _texts(read_yaml(source))
    )


def _gets_others(jobs: Sequence[Job]) -> bool:
    """Whether jobs get what another workflow made, check out elsewhere, or use an action of the repository."""
    used = [str(step.get("uses")) for job in jobs for step in job.steps]
    if any(DOWNLOAD in one for one in used) and not any(UPLOAD in one for one in used):
        return True
    return any(one.startswith(".") for one in used) or not all(job.is_at_top for job in jobs)


def _texts(content: object) -> Iterator[tuple[str, str]]:
    """Yield what may say where files are, with its key if it has one."""
    for part in parts({key: value for key, value in mapping(content).items() if key != "on"}):
        if isinstance(part, list):
            yield from (("", item) for item in part if isinstance(item, str))
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
