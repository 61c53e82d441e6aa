"""The app and its packages in the image of a Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...files.dockerfile import SCRIPT_ROOT, Instruction
from ...model import Place, Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule

WHOLE_APP = {".", "./", "./*", "*", "function_app.py", "./function_app.py", "host.json"}
INSTALLS = Pattern(
    r"\b(?:pip3?|uv|poetry|pdm|pipenv|conda|mamba)\b|site-packages|\.python_packages|install|\.sh\b|make\b",
    re.IGNORECASE,
)


def _problem(instruction: Instruction, message: str, fix: str) -> Problem:
    return Problem(Place("Dockerfile", instruction.line), message, fix)


@rule("AF711", Severity.ERROR, "The app is not in the folder where the host looks")
def script_root(project: Project) -> Iterator[Problem]:
    """Yield the instruction that copies the app to a folder where the host does not look."""
    docker = project.functions_image
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
            message = f"The app is copied to {target}, but the host looks in {root}."
            yield _problem(instruction, message, f"Copy it to {root}.")
            return


def _overlap(target: str, root: str) -> bool:
    """Whether two folders are the same, or one is inside the other."""
    shorter, longer = sorted((target.rstrip("/") + "/", root.rstrip("/") + "/"), key=len)
    return target != "/" and longer.startswith(shorter)


@rule("AF712", Severity.ERROR, "The image does not install the requirements")
def no_packages(project: Project) -> Iterator[Problem]:
    """Yield an image that does not install what requirements.txt lists."""
    docker = project.functions_image
    if docker is None or docker.base is None or (project.root / ".python_packages").exists():
        return
    if (
        not project.requirements.keys - {"azure-functions"}
        or project.requirements.source != "requirements.txt"
    ):
        return
    if docker.copies and not any(map(_may_install, docker.instructions)):
        message = "The Dockerfile does not install requirements.txt."
        fix = "Add COPY requirements.txt / and RUN pip install --requirement /requirements.txt."
        yield _problem(docker.base, message, fix)


def _may_install(instruction: Instruction) -> bool:
    """Whether an instruction may install packages; to copy requirements.txt is not enough."""
    if INSTALLS.search(instruction.rest):
        return True
    return instruction.word not in ("COPY", "ADD") and "requirements" in instruction.rest


RULES = (script_root, no_packages)
