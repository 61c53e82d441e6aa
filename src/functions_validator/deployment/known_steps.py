"""Steps of jobs that are known to place no files of an app, such as those that only install packages or run tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..files.commented_file import Source, without_comments
from ..files.content import mapping
from ..files.yaml_file import read_yaml
from ..pattern import Pattern
from .jobs import CHECKOUT, DOWNLOAD, TASK, UPLOAD, Job
from .published import ACTION, ARCHIVE, path_in_repository

PASSING_ON = (UPLOAD, ACTION, ARCHIVE, TASK)
KNOWN = (
    *(*PASSING_ON, CHECKOUT, "actions/setup-python@", "astral-sh/setup-uv@", "azure/login@"),
    *("usepythonversion@", "publishbuildartifacts@", "publishpipelineartifact@"),
    *("publishtestresults@", "publishcodecoverageresults@"),
)
DOWNLOADS = (DOWNLOAD, "downloadbuildartifacts@", "downloadpipelineartifact@")
SCRIPTS = ("run", "script", "bash", "pwsh", "powershell")
TOOLS = r"(?:pip[\d.]*|venv|pytest|ruff|mypy|black|flake8|pylint|isort|pyright|bandit)"
# Commands such as `python -m pip install ...`, `uv sync`, `mkdir out` or `source .venv/bin/activate`.
KNOWN_COMMAND = Pattern(
    rf"(?:(?:python|py)[\d.]*\s+-m\s+|uv\s+run\s+|poetry\s+run\s+)?{TOOLS}(?!\S)"
    r"|(?:python|py)[\d.]*\s+(?:--version|-V)$|uv\s+(?:sync|pip|venv|lock|export)(?!\S)"
    r"|poetry\s+(?:install|export|lock|config|check)(?!\S)"
    r"|(?:echo|printf|ls|pwd|tree|exit|set|mkdir|rm|which|export|fi|popd|deactivate)(?!\S)|if\s+\["
    r"|(?:source|\.)\s+\S*/activate$|dotnet\s+build\s+extensions\.csproj\b"
)
# A command that keeps the folders of what it packs, which `zip -j` does not.
ZIPS_ALL = Pattern(r"zip(?=\s)(?!.*\s-(?:\w*j|-junk))")
CONTINUED = Pattern(r"[\\`]\r?\n")
SEPARATOR = Pattern(r"[\n;|]|&&|(?<!>)&(?!>)")
# What comes before a command, and has no effect on files.
BEFORE = Pattern(r"\A\s*(?:(?:then|else|sudo|\w+=\S*)(?:\s+|$))*")
# Commands within commands, and an option of uv and Poetry that changes the folder.
UNKNOWN = Pattern(r"`|\$\((?!(?:Build|System|Pipeline|Agent)\.)|\s--directory\b")
# The folder of `cd api`, and the file of `unzip -q app.zip`.
CHANGES_FOLDER = Pattern(r"(?:cd|pushd)\s+[\"']?([^\s\"']+)[\"']?")
UNZIP = Pattern(r"unzip\s+(?:-\w+\s+)*[\"']?([^\s\"'*]+)")


def checks_out(job: Job, source: Source) -> bool:
    """Whether a job has the files of the repository; a job of Azure Pipelines need not ask for them."""
    asked = [str(step["checkout"]) for step in job.steps if "checkout" in step]
    is_pipeline = "job" in mapping(job.content) or job.content is read_yaml(source)
    return any(job.using(CHECKOUT)) or "self" in asked or (is_pipeline and not asked)


def places_nothing(job: Job, source: Source, *, but_own: bool = False) -> bool:
    """Whether a job leaves the app where it is checked out, until the last step that passes its files on.

    With `but_own`, steps may also get what another job of the same run made.
    """
    steps = list(job.steps)
    while steps and not _uses(steps[-1], PASSING_ON):
        steps.pop()
    return job.is_at_top and all(
        _is_known(job, step, source) or (but_own and _gets_own(step)) for step in steps
    )


def _uses(step: Mapping[str, object], names: tuple[str, ...]) -> bool:
    """Whether a step uses one of the actions or tasks."""
    return str(step.get("uses", step.get("task"))).lower().startswith(names)


def _is_known(job: Job, step: Mapping[str, object], source: Source) -> bool:
    if "uses" in step or "task" in step:
        path = job.value(str(mapping(step.get("with")).get("path", "")))
        return _uses(step, KNOWN) and "$" not in path
    scripts = [str(step[key]) for key in SCRIPTS if key in step]
    if not scripts:
        return step.get("checkout") in ("self", "none") or "publish" in step or "upload" in step
    folder = path_in_repository(job, job.folder_of(step))
    script = _commands(job.value(scripts[0]))
    return folder is not None and all(_is_harmless(job, one, folder, source) for one in script)


def _gets_own(step: Mapping[str, object]) -> bool:
    """Whether a step gets what another job of the same run made."""
    given = mapping(step.get("with")) or mapping(step.get("inputs"))
    if _uses(step, DOWNLOADS):
        types = (str(given.get(key, "current")) for key in ("buildType", "source"))
        return "run-id" not in given and all(one == "current" for one in types)
    return step.get("download") in ("current", "none")


def _commands(script: str) -> Iterator[str]:
    """Yield the commands of a script, without what comes before them."""
    for text in SEPARATOR.compiled.split(without_comments("", CONTINUED.sub(" ", script))):
        if command := BEFORE.sub("", text).strip():
            yield command


def _is_harmless(job: Job, command: str, folder: str, source: Source) -> bool:
    """Whether a command, which runs in a folder of the repository, places nothing and stays there."""
    if UNKNOWN.search(command):
        return False
    if KNOWN_COMMAND.match(command):
        return True
    if folder != ".":
        return False
    if changed := CHANGES_FOLDER.fullmatch(command):
        return path_in_repository(job, changed[1]) == "."
    if unzipped := UNZIP.match(command):
        # Only what the file itself makes is known.
        return bool(re.search(rf"\bzip\s[^\n]*{re.escape(unzipped[1])}", source.text))
    return bool(ZIPS_ALL.match(command))
