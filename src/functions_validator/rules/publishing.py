"""What tools publish or commit, beyond what an ignore file seems to say: AF434 to AF436."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from ..core_tools import left_out_at
from ..files import IgnoreFile, Unreadable, read_text
from ..findings import Place, Problem, Severity, rule
from ..project import Project

LOCAL_SETTINGS = "local.settings.json"
KEY = re.compile(
    r"\b(?:AccountKey|SharedAccessKey|AccessKey)=([A-Za-z0-9+/]{40,}={0,2})(?:;|$)", re.IGNORECASE
)
NAMED = re.compile(r"key|secret|token|password|pwd", re.IGNORECASE)
RANDOM = re.compile(r"[A-Za-z0-9+/_~.-]{32,}={0,2}")
# The keys of Azurite, of the emulators of Azure Cosmos DB and of Service Bus are known to all.
EMULATORS = ("Eby8vdM02xNO", "C2y6yDjf5/R+", "SAS_KEY_VALUE")
# A template of another tool, or a merge that is not finished: AF601.
UNFINISHED = re.compile(r"\{[{%]|^<{7} ", re.MULTILINE)
PLACEHOLDER = re.compile(
    r"your|example|placeholder|sample|dummy|change|replace|xxx|here", re.IGNORECASE
)


@rule("AF434", Severity.WARNING, "Core Tools leave out more than a pattern seems to say")
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
    for path in needed:
        place = left_out_at(ignored, path)
        if place and path in project.files and ignored.ignored_at(path) is None:
            by_pattern.setdefault(place, []).append(path)
    for place, paths in by_pattern.items():
        sentence = f"For this pattern, func does not publish {paths[0]}, which the app needs."
        yield Problem(place, sentence, "Let it end with a slash, or write it longer.")


def _uses_azd(root: Path) -> bool:
    """Whether the Azure Developer CLI publishes the app, which reads the patterns as git does."""
    return any((folder / "azure.yaml").is_file() for folder in (root, *root.parents[:2]))


@rule("AF435", Severity.WARNING, "Git does not ignore the secrets of the local settings")
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
        sentence = f"{secret} holds a secret, and no .gitignore names the file."
        yield Problem(Place(LOCAL_SETTINGS), sentence, f"Add {LOCAL_SETTINGS} to .gitignore.")


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


@rule("AF436", Severity.WARNING, "pyproject.toml is no TOML")
def broken_pyproject(project: Project) -> Iterator[Problem]:
    """pip, uv, pytest and ruff read `pyproject.toml`, and stop where it is no TOML.

    Mend the line.
    """
    text = project.text("pyproject.toml")
    try:
        tomllib = importlib.import_module("tomllib")
    except ImportError:  # Python 3.10
        return
    if text is None or UNFINISHED.search(text):
        return
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        place = Place("pyproject.toml", int(line[1]) if line else 1)
        what = str(error).partition(" (at")[0]
        yield Problem(place, f"pyproject.toml cannot be read: {what}.", "Mend this line.")
