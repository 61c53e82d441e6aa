"""What tools publish or commit."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from ...deployment.jobs import PACKAGES
from ...files.core_tools import left_out
from ...files.docker_ignore import DockerIgnore
from ...files.dockerfile import Dockerfile
from ...files.ignore_file import IgnoreFile, git_ignores
from ...files.image_files import ImageFiles
from ...files.repository import repository_of
from ...files.text_files import FIXES
from ...model import Place, Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ...project.requirement_files import constraints, requirement_files
from ...project.settings import LOCAL_SETTINGS
from ...values.keys import is_random
from ...words import first_of, listed
from ..rule import rule

# An ignore file with one of these leaves out files that only developers need.
FOR_DEVELOPERS = ("requirements-dev.txt", "pyproject.toml", "README.md")
# An ignore file with three of these is meant to leave out the local settings, too.
USUAL = {
    ".git*",
    ".git",
    ".vscode",
    ".venv",
    "__pycache__",
    "tests",
    "test",
    "*.pyc",
    "__blobstorage__",
}
CONNECTED = Pattern(
    r"(AccountName=(?!devstoreaccount1)|\.windows\.net|\.azure\.com)",
    re.IGNORECASE,
    ("accountname=", ".windows.net", ".azure.com"),
)
COPIES_ALL = Pattern(r"^\s*(?:COPY|ADD)\s+(?:--\S+\s+)*\./?\s", re.IGNORECASE | re.MULTILINE)
# Keys, and what the values of settings with such names may be.
KEY = Pattern(
    r"\b(?:AccountKey|SharedAccessKey|AccessKey)=([A-Za-z0-9+/]{40,}={0,2})(?:;|$)",
    re.IGNORECASE,
    ("key=",),
)
NAMED = Pattern(r"key|secret|token|password|pwd", re.IGNORECASE)
RANDOM = Pattern(r"[A-Za-z0-9+/_~.-]{32,}={0,2}")
LETTER = Pattern(r"[A-Za-z]")
# In a file for values, fewer words mean that there is none yet.
WITHOUT_VALUE = Pattern(
    r"your|example|placeholder|sample|dummy|change|replace|xxx|here", re.IGNORECASE
)
# How many lines a fix names.
MOST_SHOWN = 3
READ_BY_TOOLS = (
    "host.json",
    LOCAL_SETTINGS,
    "requirements.txt",
    "pyproject.toml",
    ".funcignore",
    ".dockerignore",
)


@rule("AF701", Severity.ERROR, "A file that the app needs is not published")
def dropped(project: Project) -> Iterator[Problem]:
    """Yield patterns of .funcignore and .dockerignore that leave out files that the app needs."""
    modules = [module.relative for module in project.sources.modules.values()]
    needed = list(dict.fromkeys(["host.json", *modules, *_data(project)]))
    ignored = project.ignore_file(".funcignore")
    if ignored is not None:
        yield from _left_out(project, ignored, [*needed, *_read_by_pip(project)])
    docker, in_image = project.functions_image, project.docker_ignore
    if docker is not None and not _is_mounted(project, docker):
        image = ImageFiles(docker, project.files)
        if in_image is not None:
            copied = [*filter(image.has, needed)]
            # Otherwise it may be made from another folder.
            if image.has(project.entry):
                copied += _named_by_copy(project, docker)
            yield from _left_out(project, in_image, copied)
        if image.has(project.entry):
            yield from _not_copied(project, image, needed)


def _named_by_copy(project: Project, docker: Dockerfile) -> Iterator[str]:
    """Yield the files of the app that instructions copy by their names: without one of them, Docker makes no image."""
    for instruction in docker.used:
        if instruction.word in ("COPY", "ADD") and "--from=" not in instruction.rest:
            paths = (posixpath.normpath(path).lstrip("/") for path in instruction.paths[:-1])
            yield from (path for path in paths if path in project.files)


def _is_mounted(project: Project, docker: Dockerfile) -> bool:
    """Whether a developer's container may get the app from the machine."""
    composed = [path for path in project.files if "compose" in path or "devcontainer" in path]
    return any(docker.script_root in (project.text(path) or "") for path in composed)


def _not_copied(project: Project, image: ImageFiles, needed: Iterable[str]) -> Iterator[Problem]:
    """Yield the first of the files that an image lacks although it has the app, or has at another place."""
    lost = [
        path
        for path in needed
        if not image.has(path) and not image.may_have(path)
        if (project.root / path).exists()
    ]
    for path in lost[:1]:
        places = image.places(path)
        folder = posixpath.dirname(path)
        if places and folder:
            message = f"The image has {path} as {places[0]}: COPY takes what is in a folder, not the folder itself."
            fix = f"Write COPY {folder} {image.root}/{folder} on a line of its own."
        else:
            message = f"The image does not contain {first_of(lost)}, which the app needs."
            fix = f"Add it to a COPY, or copy the whole app with COPY . {image.root}."
        yield Problem(Place("Dockerfile", image.copies[-1][0].line), message, fix)


def _left_out(
    project: Project, ignored: IgnoreFile | DockerIgnore, needed: Iterable[str]
) -> Iterator[Problem]:
    by_pattern: dict[Place, list[str]] = {}
    for path in dict.fromkeys(needed):
        place = ignored.ignored_at(path)
        if place and (project.root / path).exists():
            by_pattern.setdefault(place, []).append(path)
    for place, paths in by_pattern.items():
        message = f"This pattern leaves out {first_of(paths)}, which the app needs."
        back = list(dict.fromkeys(line for path in paths for line in _taking_back(ignored, path)))
        shown = listed(back, "and") if len(back) <= MOST_SHOWN else "a line with ! for each of them"
        yield Problem(place, message, f"Change it, or write {shown} below it.")


def _taking_back(ignored: IgnoreFile | DockerIgnore, path: str) -> Sequence[str]:
    """Return the lines with which a file stays: git does not look into a folder that is left out."""
    folders = [f"{'/'.join(path.split('/')[:count])}/" for count in range(1, path.count("/") + 1)]
    top = next((folder for folder in folders if ignored.ignored_at(folder)), None)
    if isinstance(ignored, DockerIgnore) or top is None:
        return [f"!{path}"]
    given = [pattern for _, pattern in ignored.patterns]
    changed = IgnoreFile.parse(ignored.path, "\n".join([*given, f"!{top}"]))
    return [f"!{top}"] if changed.ignored_at(path) is None else [f"!{top}", f"!{top}**"]


def _read_by_pip(project: Project) -> Iterator[str]:
    """Yield requirements.txt and the files of the app that it names, if Azure may install the packages."""
    if (project.root / PACKAGES).is_dir():
        return
    yield "requirements.txt"
    named = [*requirement_files(project), *(path for _, path in constraints(project))]
    named += [found.url for found in project.requirements.all]
    inside = [
        path for path in map(posixpath.normpath, filter(None, named)) if path in project.files
    ]
    if inside and not any(PACKAGES in source.text for source in project.deployment.workflows):
        yield from inside


def _data(project: Project) -> Iterator[str]:
    """Yield the files that the app reads, without those that only a developer's machine has."""
    for opened in project.read_paths:
        path = opened.path
        is_local = PurePosixPath(path).name.startswith(("local.settings", ".env"))
        if not is_local and (project.root / path).is_file():
            yield path


@rule("AF702", Severity.WARNING, "Something is published that should not be")
def kept(project: Project) -> Iterator[Problem]:
    """Yield files that .funcignore and .dockerignore should leave out, but do not."""
    ignored = project.ignore_file(".funcignore")
    if ignored is not None:
        for name in _unwanted(project, ignored):
            if ignored.ignored_at(name) is None:
                message = f".funcignore does not leave out {name}."
                yield Problem(Place(".funcignore"), message, f"Add a line with {name}.")
    docker = project.text("Dockerfile")
    if docker and COPIES_ALL.search(docker) and _has_secrets(project):
        in_image = project.docker_ignore
        if in_image is None or in_image.ignored_at(LOCAL_SETTINGS) is None:
            path = in_image.path if in_image else "Dockerfile"
            message = f"The image contains {LOCAL_SETTINGS} with its secrets."
            name = in_image.path if in_image else ".dockerignore"
            yield Problem(Place(path), message, f"Add {LOCAL_SETTINGS} to {name}.")


def _unwanted(project: Project, ignored: IgnoreFile) -> Iterator[str]:
    patterns = {pattern.strip("/") for _, pattern in ignored.patterns}
    if _has_settings(project) and len(patterns & USUAL) > 2:
        yield LOCAL_SETTINGS
    for path in sorted(project.root.iterdir()):
        if (path / "pyvenv.cfg").is_file():
            yield f"{path.name}/"
    if any(pattern in FOR_DEVELOPERS for _, pattern in ignored.patterns):
        names = {path.partition("/")[0] for path in project.files if _is_test(path)}
        yield from sorted(f"{name}/" for name in names & {"tests", "test"})


def _has_settings(project: Project) -> bool:
    return (project.root / LOCAL_SETTINGS).is_file()


def _has_secrets(project: Project) -> bool:
    """Whether local.settings.json connects to something other than an emulator."""
    text = project.text(LOCAL_SETTINGS) or ""
    return bool(CONNECTED.search(text))


def _is_test(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder != "" and name.startswith("test_")


@rule("AF703", Severity.WARNING, "Core Tools leaves out more than a pattern suggests")
def left_out_by_core_tools(project: Project) -> Iterator[Problem]:
    """Yield patterns with which Core Tools leaves out files that git would keep."""
    ignored = project.ignore_file(".funcignore")
    if ignored is None or _uses_azd(project.root):
        return
    by_pattern: dict[Place, list[str]] = {}
    modules = (module.relative for module in project.sources.modules.values())
    needed = dict.fromkeys(["host.json", "requirements.txt", *_read_by_pip(project), *modules])
    for path, place in left_out(ignored, list(needed)):
        if path in project.files and ignored.ignored_at(path) is None:
            by_pattern.setdefault(place, []).append(path)
    for place, paths in by_pattern.items():
        message = f"Because of this pattern, func does not publish {paths[0]}, which the app needs."
        fix = f"End it with a slash if it means a folder, or add a line with !{paths[0]}."
        yield Problem(place, message, fix)


def _uses_azd(root: Path) -> bool:
    """Whether the Azure Developer CLI publishes the app, which reads the patterns as git does."""
    return (repository_of(root) / "azure.yaml").is_file()


@rule("AF704", Severity.WARNING, "Git does not ignore the secrets in local.settings.json")
def uncovered_secrets(project: Project) -> Iterator[Problem]:
    """Yield a local.settings.json with a secret that git does not ignore."""
    secret = next(_secrets(project), None)
    if secret is None:
        return
    if git_ignores(project.root / LOCAL_SETTINGS) is False:
        message = f"{secret} holds a secret, and no .gitignore covers this file."
        yield Problem(Place(LOCAL_SETTINGS), message, f"Add {LOCAL_SETTINGS} to .gitignore.")


def _secrets(project: Project) -> Iterator[str]:
    """Yield the names of the settings that certainly hold a secret."""
    file = project.json(LOCAL_SETTINGS)
    for section in ("Values", "ConnectionStrings"):
        values = file.get(section) if file else None
        for name, value in values.items() if isinstance(values, dict) else ():
            if not isinstance(value, str):
                continue
            keys = [match[1] for match in KEY.finditer(value)]
            if NAMED.search(name) and RANDOM.fullmatch(value):
                keys.append(value)
            if any(LETTER.search(key) and is_random(key, WITHOUT_VALUE) for key in keys):
                yield name


@rule("AF705", Severity.ERROR, "A file that Azure or a tool reads cannot be read")
def unreadable_file(project: Project) -> Iterator[Problem]:
    """Yield files that are not text, and folders and links in the place of files."""
    # Python itself says what is wrong with an entry point that is a file.
    names = READ_BY_TOOLS if project.sources.entry else (*READ_BY_TOOLS, project.entry)
    for name in names:
        project.text(name)
    for why, place in project.broken:
        if place.path in names:
            message = f"{place.path} cannot be read: {why}."
            yield Problem(place, message, FIXES.get(why, "Save it as UTF-8."))


@rule("AF706", Severity.WARNING, "A function of the v1 programming model never runs")
def old_model(project: Project) -> Iterator[Problem]:
    """Yield the function.json of functions beside function_app.py, which the host does not read."""
    if project.sources.entry is None:
        return
    for path in project.files:
        folder, _, name = path.rpartition("/")
        if name != "function.json" or not folder or "/" in folder:
            continue
        file = project.json(path)
        bindings = file.get("bindings") if file and not file.error else None
        if isinstance(bindings, list) and any(isinstance(binding, dict) for binding in bindings):
            message = f"The function {folder} never runs, because the app has {project.entry}."
            fix = f"Write it with a decorator in {project.entry}, or delete its folder."
            yield Problem(Place(path), message, fix)


RULES = (dropped, kept, left_out_by_core_tools, uncovered_secrets, unreadable_file, old_model)
