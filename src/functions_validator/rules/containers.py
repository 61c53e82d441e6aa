"""What a Dockerfile makes of the app: AF431 to AF433."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..dockerfile import SCRIPT_ROOT, Dockerfile, Instruction
from ..findings import Place, Problem, Severity, rule
from ..project import Project
from ..requirements import canonical
from ..specifiers import excludes
from ..stated import PINNED

WHOLE_APP = {".", "./", "./*", "*", "function_app.py", "./function_app.py", "host.json"}
INSTALLS = re.compile(
    r"\b(?:pip3?|uv|poetry|pdm|pipenv|conda|mamba|requirements)\b|site-packages|\.python_packages"
    r"|install|\.sh\b|make\b",
    re.IGNORECASE,
)
BOUNDS = re.compile(r"""^requires-python\s*=\s*["']([^"']+)["']""", re.MULTILINE)


def _dockerfile(project: Project) -> Dockerfile | None:
    """Return the Dockerfile if its image has the host, which images of one's own may have elsewhere."""
    docker = Dockerfile.parse(project.text("Dockerfile") or "")
    return docker if docker.has_host else None


def _problem(instruction: Instruction, sentence: str, mend: str) -> Problem:
    return Problem(Place("Dockerfile", instruction.line), sentence, mend)


@rule("AF431", Severity.ERROR, "The image holds the app where the host does not look")
def script_root(project: Project) -> Iterator[Problem]:
    """The host of an image looks for `host.json` in the folder of `AzureWebJobsScriptRoot`, which is
    `/home/site/wwwroot` in the images of Azure Functions. Anywhere else it finds no function.

    Copy the app to that folder, or set `ENV AzureWebJobsScriptRoot` to the folder of the app.
    """
    docker = _dockerfile(project)
    if docker is None or "$" in docker.script_root:
        return
    root = docker.script_root
    runs = [found.rest for found in docker.last_stage if found.word == "RUN"]
    if any(root in run or SCRIPT_ROOT in run for run in runs):
        return
    targets = [target for _, target in docker.copies]
    if any("$" in target or _overlap(target, root) for target in targets):
        return
    for instruction, target in docker.copies:
        if WHOLE_APP & set(instruction.paths[:-1]):
            sentence = f"The app is copied to {target}, but the host looks in {root}."
            yield _problem(instruction, sentence, f"Copy it to {root}.")
            return


def _overlap(target: str, root: str) -> bool:
    """Whether a folder is another, or lies in it."""
    shorter, longer = sorted((target.rstrip("/") + "/", root.rstrip("/") + "/"), key=len)
    return target != "/" and longer.startswith(shorter)


@rule("AF432", Severity.ERROR, "The image does not have the packages that the app requires")
def no_packages(project: Project) -> Iterator[Problem]:
    """An image has what its Dockerfile installs. Without the packages of `requirements.txt`, importing the
    app fails, and the host shows no function at all.

    Add `COPY requirements.txt /` and `RUN pip install --requirement /requirements.txt`.
    """
    docker = _dockerfile(project)
    if docker is None or docker.base is None or (project.root / ".python_packages").exists():
        return
    asked = {canonical(requirement.name) for requirement in project.requirements.all}
    if not asked - {"azure-functions"} or project.requirements.source != "requirements.txt":
        return
    if docker.copies and not any(INSTALLS.search(found.rest) for found in docker.instructions):
        sentence = "The Dockerfile does not install requirements.txt."
        mend = "Add RUN pip install --requirement /requirements.txt."
        yield _problem(docker.base, sentence, mend)


@rule("AF433", Severity.WARNING, "The image has another Python than the project asks for")
def other_python(project: Project) -> Iterator[Problem]:
    """The Python of the tag `4-python3.13` runs the app. Tests with another one prove little, and packages
    may not be there for it.

    Name the same version in the Dockerfile, in `.python-version` and in `pyproject.toml`.
    """
    docker = _dockerfile(project)
    if docker is None or docker.base is None or not docker.python:
        return
    if docker.python.startswith("3."):
        minor = int(docker.python[2:])
        pinned = PINNED.match(project.text(".python-version") or "")
        bounds = BOUNDS.search(project.text("pyproject.toml") or "")
        other = ""
        if pinned and int(pinned[1]) != minor:
            other = f".python-version names 3.{pinned[1]}"
        elif bounds and excludes(bounds[1], (3, minor)) and excludes(bounds[1], (3, minor, 99)):
            other = f"pyproject.toml asks for {bounds[1]}"
        if other:
            sentence = f"The image runs Python {docker.python}, but {other}."
            yield _problem(docker.base, sentence, "Name the same version in both.")
