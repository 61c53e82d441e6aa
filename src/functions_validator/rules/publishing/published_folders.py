"""The folder that a workflow of the repository publishes."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ...deployment.jobs import DOWNLOAD, UPLOAD, Job, jobs_of
from ...deployment.known_steps import checks_out, places_nothing
from ...deployment.published import (
    ACTION,
    ARCHIVE,
    ZIP,
    Published,
    path_in_repository,
    published,
    takes,
)
from ...files.commented_file import Source
from ...files.content import mapping
from ...files.placed_json import Text
from ...files.repository import FOREIGN_FOLDERS, TOOL_FOLDERS
from ...files.text_files import text_or_empty
from ...files.yaml_file import parts, read_yaml
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule
from .workflows import PUBLISHING, repository_of_workflow

HOST = "host.json"
# The task of Azure Pipelines that archives a folder, its input, and what may take the files out of it again.
ARCHIVES = Pattern(r"archivefiles@", re.IGNORECASE, ("archivefiles@",))
ROOT_FOLDER = "includeRootFolder"
IN_PIPELINE = Pattern(r"\$\([^)]*\)")
EXTRACTS = Pattern(r"extractfiles@|\bunzip\b|Expand-Archive|\btemplate:", re.IGNORECASE)
# Keys that name something other than a path.
OTHER_KEYS = ("app-name", "appName", "displayName", "id", "name", "uses")


@rule("AF718", Severity.WARNING, "A workflow publishes a folder without the app")
def other_folder(project: Project) -> Iterator[Problem]:
    """Yield steps that publish a folder above the app, which has no host.json, or the app in a folder of its own."""
    for source in project.deployment.workflows:
        if source.is_yaml and ARCHIVES.search(source.text) and not EXTRACTS.search(source.text):
            yield from _in_root_folder(project, source)
    for source in (*project.deployment.workflows, *project.deployment.others):
        if not source.is_yaml or not PUBLISHING.search(source.text):
            continue
        repository = repository_of_workflow(project, source).resolve()
        yield from _missing(project, source, repository)
        if repository == project.root:
            continue  # Nothing is above the app. Reading YAML is slow.
        found = list(_above(source, repository, project.root))
        if not found or _names(source, project.root.name) or _has_other(repository, project):
            continue
        own = project.root.relative_to(repository).as_posix()
        for one in found:
            what = "the root of the repository" if one.folder == "." else f"the folder {one.folder}"
            does = "archives" if one.archive else "publishes"
            message = f"This step {does} {what}, which has no {HOST}: the app is in {own}."
            yield Problem(one.place, message, f'Set its input {one.input} to "{one.top}{own}".')


def _missing(project: Project, source: Source, repository: Path) -> Iterator[Problem]:
    """Yield steps of a workflow that publish a folder which is not there, and which no step makes."""
    jobs = list(jobs_of(source))
    steps = [step for job in jobs for step in job.steps]
    for job in jobs:
        for one in published(job):
            folder = one.folder if one.input == "package" and not one.top else None
            if folder is None or not _is_missing(repository, folder, steps):
                continue
            if _is_as_checked_out(one, job, jobs, source) and not _has_other(repository, project):
                own = project.root.relative_to(repository).as_posix()
                message = (
                    f"This step publishes the folder {folder}, which the repository does not have."
                )
                yield Problem(one.place, message, f'Set its input {one.input} to "{own}".')


def _is_missing(repository: Path, folder: str, steps: Iterable[Mapping[str, object]]) -> bool:
    """Whether a folder is not in the repository, and certainly no step makes it."""
    name = posixpath.basename(folder)
    if "." in name or (repository / folder).exists():
        return False
    is_submodule = folder in text_or_empty(repository / ".gitmodules")
    return not is_submodule and not any(_makes(step, name) for step in steps)


def _makes(step: Mapping[str, object], folder: str) -> bool:
    """Whether a step may make a folder, because it names it and does not publish it."""
    return folder in str(step) and not str(step.get("uses")).lower().startswith(ACTION)


def _in_root_folder(project: Project, source: Source) -> Iterator[Problem]:
    """Yield the only archive of a pipeline if it has the app in a folder, and is published."""
    jobs = list(jobs_of(source))
    steps = [(job, step) for job in jobs for step in job.using(ARCHIVE, "task")]
    if len(steps) != 1:
        return
    [(job, step)] = steps
    used = step["task"]
    given = {str(key).lower(): value for key, value in mapping(step.get("inputs")).items()}
    is_kept = str(given.get(ROOT_FOLDER.lower(), "true")).lower() == "true"
    archive = job.value(str(given.get("archivefile", ZIP)))
    if not is_kept or not isinstance(used, Text) or not any(takes(one, archive) for one in jobs):
        return
    if _may_be_folder_of(project, source, job, str(given.get("rootfolderorfile", ""))):
        message = (
            f"This step archives the folder itself, so {HOST} is not at the top of the package."
        )
        yield Problem(used.place, message, f"Add {ROOT_FOLDER}: false to its inputs.")


def _may_be_folder_of(project: Project, source: Source, job: Job, path: str) -> bool:
    """Whether a path is the folder of the app, or is not known in a repository with no other app."""
    if "." in posixpath.basename(IN_PIPELINE.sub("", path).rstrip("/.")):
        return False  # A file.
    repository = repository_of_workflow(project, source).resolve()
    folder = path_in_repository(job, path)
    if folder is None:
        return not _has_other(repository, project)
    return repository / folder == project.root.resolve()


def _above(source: Source, repository: Path, app: Path) -> Iterator[Published]:
    """Yield the steps that publish a folder above the app, as it is in the repository."""
    jobs = list(jobs_of(source))
    for job in jobs:
        for one in published(job):
            folder = one.folder and Path(os.path.normpath(repository / one.folder))
            if folder and folder in app.parents and _is_as_checked_out(one, job, jobs, source):
                yield one


def _is_as_checked_out(one: Published, job: Job, jobs: Sequence[Job], source: Source) -> bool:
    """Whether what a step publishes or archives is known to be what its job, or one before it, checks out."""
    if one.archive:
        origins, publishing = [job], [other for other in jobs if takes(other, one.archive)]
    else:
        origins, publishing = _uploading(job, jobs) or [job], [job]
    others = [other for other in publishing if not any(other is origin for origin in origins)]
    return (
        bool(publishing)
        and all(checks_out(origin, source) and places_nothing(origin, source) for origin in origins)
        and all(places_nothing(other, source, but_own=True) for other in others)
    )


def _uploading(job: Job, jobs: Sequence[Job]) -> list[Job]:
    """Return the jobs that upload what a job downloads."""
    names = {mapping(step.get("with")).get("name") for step in job.using(DOWNLOAD)}
    return [
        other
        for other in jobs
        for step in other.using(UPLOAD)
        if None in names or mapping(step.get("with")).get("name") in names
    ]


def _names(source: Source, name: str) -> bool:
    """Whether a workflow names host.json or the app's folder."""
    if HOST in source.text:
        return True
    named = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    jobs = list(jobs_of(source))
    for text in _texts(read_yaml(source)):
        for job in jobs:
            text = job.value(text)
        if named.search(text):
            return True
    return False


def _texts(content: object) -> Iterator[str]:
    """Yield what may say where files are. What only starts a workflow are lists of paths."""
    for part in parts(content, also_off=True):
        for key, text in mapping(part).items():
            if isinstance(text, str) and key not in OTHER_KEYS:
                yield text


def _has_other(repository: Path, project: Project) -> bool:
    """Whether the repository has another function app, which may be the one that is published."""
    for name, folders, files in os.walk(repository):
        if HOST in files and Path(name) != project.root:
            return True
        folders[:] = [one for one in folders if one not in FOREIGN_FOLDERS | TOOL_FOLDERS]
    return False


RULES = (other_folder,)
