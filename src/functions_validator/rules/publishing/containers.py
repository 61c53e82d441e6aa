"""The app and its packages in the image of a Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...deployment.jobs import PACKAGES
from ...files.dockerfile import SCRIPT_ROOT, Dockerfile, Instruction
from ...model import Place, Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule

WHOLE_APP = {".", "./", "./*", "*", "function_app.py", "./function_app.py", "host.json"}
INSTALLS = Pattern(
    r"\b(?:pip3?|uv|poetry|pdm|pipenv|conda|mamba)\b|site-packages|\.python_packages|install|\.sh\b|make\b",
    re.IGNORECASE,
)
# Commands that install packages of the system, or pip itself.
INSTALLS_OTHERS = Pattern(
    r"\s*(?:sudo\s+)?(?:[A-Z_]+=\S*\s+)*(?:(?:apt|apt-get|apk|dnf|tdnf|yum|npm)\s.*|(?:\S*python[\d.]*\s+-m\s+)?"
    r"\S*pip[\d.]*\s+install(?:\s+(?:-\S+|[\"']?(?:pip|setuptools|wheel)\b\S*))*)\s*",
    re.DOTALL,
)
COMMANDS = r"&&|\|\||[;|\n]"
# Commands that make a virtual environment or install packages into one, if nothing says otherwise.
IN_ENVIRONMENT = Pattern(
    r"\b(?:uv|pdm|pipenv)\s+sync\b|\b(?:poetry|pipenv|pdm)\s+install\b|\bvenv\b|\bvirtualenv\b"
)
# What installs such a tool.
TOOL = Pattern(
    r"astral\.sh|install\.python-poetry|\bpip[\d.]*\s+install\s+(?:-\S+\s+)*[\"']?(?:uv|poetry|pdm|pipenv)\b"
)
# What has the worker look into a virtual environment, or tools install for the image's own Python.
FOR_WORKER = Pattern(
    r"PATH\b|VIRTUAL_?ENV|UV_|virtualenvs|--system|--deploy|\bexport\b|site-packages|\.python_packages|languageWorkers"
    r"|activate|\.pth\b|\bln\b|venv/?\s+/usr"
)


# What may move the app to another folder, when the image is made or when it starts.
MOVES, STARTS = Pattern(r"\b(?:cp|ln|mv|rsync|tar)\b"), ("CMD", "ENTRYPOINT")


def _problem(instruction: Instruction, message: str, fix: str) -> Problem:
    return Problem(Place("Dockerfile", instruction.line), message, fix)


@rule("AF711", Severity.ERROR, "The app is not in the folder where the host looks")
def script_root(project: Project) -> Iterator[Problem]:
    """Yield the instruction that copies the app to a folder where the host does not look."""
    docker = project.functions_image
    if docker is None or "$" in docker.script_root:
        return
    root = docker.script_root
    runs = [found.rest for found in docker.image if found.word == "RUN"]
    if any(root in run or SCRIPT_ROOT in run for run in runs):
        return
    targets = [target for _, target in docker.copies]
    if any("$" in target for target in targets) or _may_be_at(docker, root):
        return
    for instruction, target in docker.copies:
        if WHOLE_APP & set(instruction.paths[:-1]):
            message = f"The app is copied to {target}, but the host looks in {root}."
            yield _problem(instruction, message, f"Copy it to {root}.")
            return


def _may_be_at(docker: Dockerfile, root: str) -> bool:
    """Whether an instruction may copy the app to a folder, and not only the whole app to a folder in it."""
    near = [(found, target) for found, target in docker.copies if _overlap(target, root)]
    if len(near) != 1:
        return bool(near)
    for found in docker.image:
        if found.word in STARTS or (found.word == "RUN" and MOVES.search(found.rest)):
            return True
    [(instruction, target)] = near
    return not (target.startswith(f"{root}/") and instruction.paths[:-1] in (["."], ["./"]))


def _overlap(target: str, root: str) -> bool:
    """Whether two folders are the same, or one is inside the other."""
    shorter, longer = sorted((target.rstrip("/") + "/", root.rstrip("/") + "/"), key=len)
    return target != "/" and longer.startswith(shorter)


@rule("AF712", Severity.ERROR, "The image does not install the requirements")
def no_packages(project: Project) -> Iterator[Problem]:
    """Yield an image that does not install what the app requires, or installs it where the worker does not look."""
    docker, required = project.functions_image, project.requirements
    if docker is None or docker.base is None or not docker.copies:
        return
    if not required.keys - {"azure-functions"} or (project.root / PACKAGES).exists():
        return
    if not any(map(_may_install, docker.used)):
        if required.source == "requirements.txt":
            message = "The Dockerfile does not install requirements.txt."
            fix = "Add COPY requirements.txt / and RUN pip install --requirement /requirements.txt."
            yield _problem(docker.base, message, fix)
    elif found := _into_environment(docker):
        message = "The packages are in a virtual environment, where the worker does not look."
        fix = (
            "Install them for the image's own Python, with pip install or uv pip install --system."
        )
        yield _problem(found, message, fix)


def _into_environment(docker: Dockerfile) -> Instruction | None:
    """Return what installs packages if all of it certainly is in a virtual environment."""
    starts_itself = any(found.word in ("CMD", "ENTRYPOINT") for found in docker.image)
    if starts_itself or any(FOR_WORKER.search(found.rest) for found in docker.used):
        return None
    installing = [
        (found, command)
        for found in docker.used
        if found.word == "RUN"
        for command in _installing(found)
        if not TOOL.search(command)
    ]
    if not all(IN_ENVIRONMENT.search(command) for _, command in installing):
        return None
    return installing[-1][0] if installing else None


def _may_install(instruction: Instruction) -> bool:
    """Whether an instruction may install packages; to copy requirements.txt is not enough."""
    if any(_installing(instruction)):
        return True
    return instruction.word not in ("COPY", "ADD") and "requirements" in instruction.rest


def _installing(instruction: Instruction) -> Iterator[str]:
    """Yield the commands of an instruction that may install packages of the app."""
    commands = [instruction.rest]
    if instruction.word == "RUN":
        commands = re.split(COMMANDS, instruction.arguments)
    for command in commands:
        if INSTALLS.search(command) and not INSTALLS_OTHERS.fullmatch(command):
            yield command


RULES = (script_root, no_packages)
