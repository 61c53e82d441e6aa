"""The Functions host in the image of a Dockerfile."""

from __future__ import annotations

from collections.abc import Iterator

from ...files.dockerfile import DEFAULT_ROOT, SCRIPT_ROOT, Dockerfile
from ...model import Place, Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule

IMAGE = "mcr.microsoft.com/azure-functions/python:4-python3.13"
# Well-known images that have no Functions host, or one for another language.
WITHOUT_HOST = Pattern(
    r"(?:--\S+\s+)*((?:(?:docker\.io/|public\.ecr\.aws/docker/)?(?:library/)?"
    r"(?:alpine|amazonlinux|debian|fedora|node|python|ubuntu)"
    r"|mcr\.microsoft\.com/azure-functions/(?:dotnet|dotnet-isolated|java|node|powershell)"
    r"|mcr\.microsoft\.com/(?:azure-cli|(?:azurelinux|cbl-mariner|devcontainers|playwright)(?:/[\w.-]+)*)"
    r"|(?:condaforge|continuumio|gcr\.io/distroless|ghcr\.io/astral-sh|nvidia|public\.ecr\.aws/lambda|tiangolo)/[\w./-]+"
    r")(?:[:@]\S*)?)(?:\s|$)"
)
# The first version of the host that has the v2 programming model.
OLDEST_HOST = 4
HOST_VERSION = Pattern(r"azure-functions/python:(\d+)")
# What else may put the host into an image, or start it.
OTHER_HOST = (
    "core-tools",
    "functions-host",
    "azure-functions/",
    "WebJobs.Script",
    "start_nonappservice",
)
SCRIPT = Pattern(r"[\w-]+\.py\b")
STARTS_OTHER = Pattern(r"""(?:\[\s*["'])?(?:func|python3?|uvicorn|gunicorn|flask|fastapi)\b""")
# What runs the tests of an app, in an image of their own.
TESTS = Pattern(r"\b(?:pytest|unittest|tox|nox)\b", parts=("test", "tox", "nox"))


@rule("AF716", Severity.ERROR, "The image does not run the Functions host")
def no_host(project: Project) -> Iterator[Problem]:
    """Yield an image for the app that has no host for it, or that starts something else."""
    docker = project.dockerfile
    base = docker.base
    if base is None or not _is_for_host(docker):
        return
    others = [found for found in docker.instructions if found is not base]
    if any(_mentions_host(found.rest) for found in others):
        return
    place = Place("Dockerfile", base.line)
    fix = f"Start from one that has it, such as {IMAGE}."
    version = HOST_VERSION.search(base.rest)
    known = None if docker.has_host else WITHOUT_HOST.match(base.rest)
    if known:
        message = f"The image {known[1]} has no Functions host for Python."
        yield Problem(place, message, fix)
    elif version and int(version[1]) < OLDEST_HOST:
        message = (
            f"Version {version[1]} of the Functions host does not have the v2 programming model."
        )
        yield Problem(place, message, fix)
    elif docker.has_host:
        yield from _other_starts(project, docker)


def _other_starts(project: Project, docker: Dockerfile) -> Iterator[Problem]:
    """Yield the commands with which an image starts something other than the host."""
    # The last of each is the one that counts.
    starts = {one.word: one for one in docker.image if one.word in ("CMD", "ENTRYPOINT")}
    for one in starts.values():
        if STARTS_OTHER.match(one.rest) and not _may_start_host(project, one.rest):
            message = "The image starts this instead of the Functions host."
            fix = "Delete the line: the image starts the host itself."
            yield Problem(Place("Dockerfile", one.line), message, fix)


def _may_start_host(project: Project, command: str) -> bool:
    """Whether a command runs a script of the app that mentions the host."""
    scripts = [f"/{name}" for name in SCRIPT.findall(command)]
    paths = [path for path in project.files if f"/{path}".endswith(tuple(scripts))]
    return any(_mentions_host(project.text(path) or "") for path in paths)


def _mentions_host(text: str) -> bool:
    return any(word in text for word in OTHER_HOST)


def _is_for_host(docker: Dockerfile) -> bool:
    """Whether an image certainly is for the host, and not for tests."""
    if any(TESTS.search(found.rest) for found in docker.image):
        return False
    sets = any(found.word == "ENV" and SCRIPT_ROOT in found.rest for found in docker.image)
    return docker.has_host or sets or any(target == DEFAULT_ROOT for _, target in docker.copies)


RULES = (no_host,)
