"""What tools publish or commit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ..model import Place, Problem, Severity
from ..project.core_tools import left_out
from ..project.ignore_file import IgnoreFile
from ..project.project import Project
from ..project.settings import LOCAL_SETTINGS
from ..project.text_files import Unreadable, read_text
from .rule import rule

# An ignore file that has one of these leaves out what only developers need.
FOR_DEVELOPERS = ("requirements-dev.txt", "pyproject.toml", "README.md")
# An ignore file that has most of these is meant to leave out the settings, too.
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
CONNECTED = re.compile(
    r"(AccountName=(?!devstoreaccount1)|\.windows\.net|\.azure\.com)", re.IGNORECASE
)
COPIES_ALL = re.compile(r"^\s*(?:COPY|ADD)\s+(?:--\S+\s+)*\./?\s", re.IGNORECASE | re.MULTILINE)


@rule("AF701", Severity.ERROR, "A file that the app needs is not published")
def dropped(project: Project) -> Iterator[Problem]:
    """`.funcignore` leaves out what matches its patterns: then the app misses a module that it imports, or the
    host misses `host.json`, and no function starts.

    Change the pattern, or add one that begins with `!` below it.
    """
    ignored = project.ignore_file(".funcignore")
    if ignored is None:
        return
    needed = ["host.json", *(module.relative for module in project.sources.modules.values())]
    if not (project.root / ".python_packages").is_dir():
        needed.append("requirements.txt")
    by_pattern: dict[Place, list[str]] = {}
    for path in needed:
        place = ignored.ignored_at(path)
        if place and (project.root / path).exists():
            by_pattern.setdefault(place, []).append(path)
    for place, paths in by_pattern.items():
        others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        message = f"This pattern leaves out {paths[0]}{others}, which the app needs."
        yield Problem(place, message, "Change it, or add one that begins with ! below it.")


@rule("AF702", Severity.WARNING, "Something is published that should stay")
def kept(project: Project) -> Iterator[Problem]:
    """What `.funcignore` and `.dockerignore` do not name is published: the secrets of `local.settings.json`, a
    virtual environment of another platform, tests. Core Tools leave out `local.settings.json` by themselves;
    other tools, and `COPY .` in a Dockerfile, do not.

    Add the name to the file.
    """
    ignored = project.ignore_file(".funcignore")
    if ignored is not None:
        for name in _unwanted(project, ignored):
            if ignored.ignored_at(name) is None:
                message = f".funcignore does not leave out {name}."
                yield Problem(Place(".funcignore"), message, f"Add a line with {name}.")
    docker = project.text("Dockerfile")
    if docker and COPIES_ALL.search(docker) and _has_secrets(project):
        left_out = project.ignore_file(".dockerignore")
        if left_out is None or left_out.ignored_at("local.settings.json") is None:
            path = ".dockerignore" if left_out else "Dockerfile"
            message = "The image gets local.settings.json, with its secrets."
            yield Problem(Place(path), message, "Add local.settings.json to .dockerignore.")


def _unwanted(project: Project, ignored: IgnoreFile) -> Iterator[str]:
    patterns = {pattern.strip("/") for _, pattern in ignored.patterns}
    if _has_settings(project) and len(patterns & USUAL) > 2:
        yield "local.settings.json"
    for path in sorted(project.root.iterdir()):
        if (path / "pyvenv.cfg").is_file():
            yield f"{path.name}/"
    if any(pattern in FOR_DEVELOPERS for _, pattern in ignored.patterns):
        names = {PurePosixPath(path).parts[0] for path in project.files if _is_test(path)}
        yield from sorted(f"{name}/" for name in names & {"tests", "test"})


def _has_settings(project: Project) -> bool:
    return (project.root / "local.settings.json").is_file()


def _has_secrets(project: Project) -> bool:
    """Whether local.settings.json connects to something else than an emulator."""
    text = project.text("local.settings.json") or ""
    return bool(CONNECTED.search(text))


def _is_test(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return len(parts) > 1 and parts[-1].startswith("test_")


KEY = re.compile(
    r"\b(?:AccountKey|SharedAccessKey|AccessKey)=([A-Za-z0-9+/]{40,}={0,2})(?:;|$)", re.IGNORECASE
)
NAMED = re.compile(r"key|secret|token|password|pwd", re.IGNORECASE)
RANDOM = re.compile(r"[A-Za-z0-9+/_~.-]{32,}={0,2}")
# The keys of Azurite, of the emulators of Azure Cosmos DB and of Service Bus are known to all.
EMULATORS = ("Eby8vdM02xNO", "C2y6yDjf5/R+", "SAS_KEY_VALUE")
PLACEHOLDER = re.compile(
    r"your|example|placeholder|sample|dummy|change|replace|xxx|here", re.IGNORECASE
)


@rule("AF703", Severity.WARNING, "Core Tools leave out more than a pattern seems to say")
def left_out_by_core_tools(project: Project) -> Iterator[Problem]:
    """`func azure functionapp publish` compares a pattern of `.funcignore` with the start of each path, up to the
    end of a word: `shared` leaves out `shared.py` too, and `host` leaves out `host.json`. Other tools read the
    patterns as git does, and publish these files.

    Write the pattern so that it names a folder, as `shared/`, or add one that begins with `!`.
    """
    ignored = project.ignore_file(".funcignore")
    if ignored is None or _uses_azd(project.root):
        return
    by_pattern: dict[Place, list[str]] = {}
    needed = ["host.json", "requirements.txt"]
    needed += [module.relative for module in project.sources.modules.values()]
    for path, place in left_out(ignored, needed):
        if path in project.files and ignored.ignored_at(path) is None:
            by_pattern.setdefault(place, []).append(path)
    for place, paths in by_pattern.items():
        message = f"For this pattern, func does not publish {paths[0]}, which the app needs."
        yield Problem(place, message, "Let it end with a slash, or write it longer.")


def _uses_azd(root: Path) -> bool:
    """Whether the Azure Developer CLI publishes the app, which reads the patterns as git does."""
    return any((folder / "azure.yaml").is_file() for folder in (root, *root.parents[:2]))


@rule("AF704", Severity.WARNING, "Git does not ignore the secrets of the local settings")
def uncovered_secrets(project: Project) -> Iterator[Problem]:
    """`local.settings.json` holds a key, and no `.gitignore` covers it: the next commit puts the key into the
    repository's history, where it stays.

    Add `local.settings.json` to `.gitignore`. If it is committed, remove it with `git rm --cached`, and renew
    the key.
    """
    secret = next(_secrets(project), None)
    if secret is None:
        return
    path = project.root / LOCAL_SETTINGS
    is_repository = False
    for folder in path.parents:
        if (folder / ".gitignore").is_file():
            is_repository = True
            ignored = _ignore_file(folder / ".gitignore")
            if ignored is None or ignored.ignored_at(path.relative_to(folder).as_posix()):
                return
        if (folder / ".git").exists():
            is_repository = True
            break
    if is_repository:
        message = f"{secret} holds a secret, and no .gitignore names the file."
        yield Problem(Place(LOCAL_SETTINGS), message, f"Add {LOCAL_SETTINGS} to .gitignore.")


def _secrets(project: Project) -> Iterator[str]:
    """Yield the names of the settings that certainly hold a secret."""
    file = project.json(LOCAL_SETTINGS)
    for section in ("Values", "ConnectionStrings"):
        values = file.get(section) if file else None
        for name, value in values.items() if isinstance(values, dict) else ():
            if not isinstance(value, str) or value.startswith(EMULATORS):
                continue
            keys = [match[1] for match in KEY.finditer(value)]
            if NAMED.search(name) and RANDOM.fullmatch(value):
                keys.append(value)
            if any(_is_random(key) for key in keys):
                yield name


def _is_random(key: str) -> bool:
    if key.startswith(EMULATORS) or PLACEHOLDER.search(key):
        return False
    return len(set(key)) > 12 and bool(re.search(r"\d", key)) and bool(re.search(r"[A-Za-z]", key))


def _ignore_file(path: Path) -> IgnoreFile | None:
    try:
        return IgnoreFile.parse(path.name, read_text(path))
    except Unreadable:
        return None


READ_BY_TOOLS = ("requirements.txt", "pyproject.toml", ".funcignore", ".dockerignore")


@rule("AF705", Severity.ERROR, "A file that tools read has no readable text")
def unreadable_file(project: Project) -> Iterator[Problem]:
    """pip and Core Tools read these files as UTF-8, or by their byte-order mark. What they cannot read stops the
    build, or publishes what should stay.

    Save the file as UTF-8.
    """
    for name in READ_BY_TOOLS:
        project.text(name)
    for place, why in project.broken:
        if place.path in READ_BY_TOOLS:
            yield Problem(place, f"{place.path} cannot be read: {why}.", "Save it as UTF-8.")


RULES = (dropped, kept, left_out_by_core_tools, uncovered_secrets, unreadable_file)
