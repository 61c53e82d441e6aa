"""Proposes the answers for an existing app, each with the reason."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions_validator.project import pythons
from hooks import compiled_data
from hooks.adoption.existing_app import ExistingApp
from hooks.destinations import folder_in_repository, path_from
from hooks.environments import azure_versions
from hooks.git import ask_git

# In workflows, pipelines and a Pipfile.
PYTHON_VERSION = re.compile(
    r"(?:python[-_]?version|versionSpec)['\"]?\s*[:=]\s*['\"]?(3\.\d+)", re.IGNORECASE
)
OTHER_CI = (".gitlab-ci.yml", "bitbucket-pipelines.yml", "Jenkinsfile", ".circleci")
AZURE_PIPELINES = ("azure-pipelines*.y*ml", ".azure-pipelines", ".pipelines")
INFRASTRUCTURE = ("azure.yaml", "infra", "terraform", "bicep", "*.bicep", "*.tf")
TEST_OF_THE_APP = "tests/test_app.py"
YOURS = "which stays yours"
# Folders whose names say what they are for, not which app is in them.
GENERAL_FOLDERS = re.compile(
    r"(api|app|backend|package|project|server|service)s?|(azure[-_]?)?func(tion)?s?([-_]?apps?)?"
    r"|code|source|src|v?\d+|wwwroot",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Proposal:
    """An answer, and why it is proposed."""

    answer: str
    value: Any
    reason: str


def propose(app: ExistingApp) -> list[Proposal]:
    """Return the answers that describe an app, without those that are only defaults."""
    found = [
        _project_name(app),
        _description(app),
        _python_version(app),
        *_web_framework(app),
        _auth_level(app),
        *_telemetry(app),
        _package_manager(app),
        _docker(app),
        _devcontainer(app),
        _ci(app),
        _app_folder(app),
        _infra(app),
    ]
    return [proposal for proposal in found if proposal]


def _pyproject(app: ExistingApp, key: str) -> Any:
    """Return a value of the project's metadata, which Poetry keeps in a table of its own."""
    pyproject = app.project.pyproject
    if pyproject is None:
        return None
    return pyproject.get("project", key) or pyproject.get("tool", "poetry", key)


def _project_name(app: ExistingApp) -> Proposal | None:
    name = _pyproject(app, "name")
    if isinstance(name, str) and _is_valid("project_name", name):
        return Proposal("project_name", name, "pyproject.toml")
    return _name_of_parent(app)


def _name_of_parent(app: ExistingApp) -> Proposal | None:
    """Propose the name of the nearest folder that names the app, if its own folder has a name such as `src`."""
    folder, root = app.folder.resolve(), _repository(app)
    if root is None or not GENERAL_FOLDERS.fullmatch(folder.name):
        return None
    parents = folder.parents[: folder.parents.index(root) + 1]
    around = next((path for path in parents if not GENERAL_FOLDERS.fullmatch(path.name)), None)
    if around is None or not around.name.isascii():
        return None
    name = "-".join(re.findall("[a-z0-9]+", around.name.lower()))
    if not _is_valid("project_name", name):
        return None
    return Proposal("project_name", name, f"the folder {around.name}/ around {folder.name}/")


def _is_valid(answer: str, text: str) -> bool:
    """Whether the template takes a text as the answer."""
    data = compiled_data.read()
    words = {"text": text, "everywhere": data["reserved"]["everywhere"].get(text.lower(), "")}
    rules = [(word, pattern) for _, word, pattern, _ in data["rules"][answer] if word in words]
    return all(re.search(pattern, words[word]) for word, pattern in rules)


def _description(app: ExistingApp) -> Proposal | None:
    text = _pyproject(app, "description")
    if not isinstance(text, str) or not _is_valid("description", text):
        return None
    return Proposal("description", text, "pyproject.toml")


def _python_version(app: ExistingApp) -> Proposal | None:
    found = next(_stated_pythons(app), None)
    if found is None:
        return None
    version, reason = found
    offered = azure_versions()
    if version in offered:
        return Proposal("python_version", version, reason)

    def distance(other: str) -> int:
        return abs(pythons.minor(other) - pythons.minor(version))

    nearest = min(offered, key=distance)
    return Proposal("python_version", nearest, f"the nearest to {version}, {reason}")


def _stated_pythons(app: ExistingApp) -> Iterator[tuple[str, str]]:
    """Yield the app's versions of Python with where they are written, the most certain first."""
    for version, place in pythons.stated_pythons(app.project):
        if version.startswith("3."):
            yield version, place.path
    for path in [*_workflows(app), *app.folder.glob("Pipfile")]:
        if match := PYTHON_VERSION.search(path.read_text(encoding="utf-8", errors="replace")):
            yield match[1], path_from(app.folder, path)
    if required := pythons.required_python(app.project):
        file = required.place.path
        if newest := required.newest():
            yield newest, file
        for version in filter(required.takes, azure_versions()):
            yield version, f"{file} takes it"
    index = app.project.index
    if index and not index.failure:
        yield index.python.rpartition(".")[0], "the app's environment"


def _folders(app: ExistingApp) -> Iterator[Path]:
    """Yield the app's folder, and the root of its repository if that is another."""
    yield app.folder
    if root := _repository(app):
        yield root


def _repository(app: ExistingApp) -> Path | None:
    """Return the root of the app's repository if the app is in a folder of it."""
    path = folder_in_repository(app.folder)
    return app.folder.resolve().parents[path.count("/")] if path else None


def _workflows(app: ExistingApp) -> list[Path]:
    return list(_matching(_folders(app), (".github/workflows/*.y*ml", AZURE_PIPELINES[0])))


def _web_framework(app: ExistingApp) -> Iterator[Proposal]:
    for call in app.app_calls():
        kind = ast.unparse(call.func).rpartition(".")[2]
        if kind in ("AsgiFunctionApp", "WsgiFunctionApp"):
            yield Proposal("web_framework", "none", f"the app's own {kind} stays yours")
            return


def _auth_level(app: ExistingApp) -> Proposal | None:
    """Return the level that the app gives to its functions, else the one that most of them have."""
    for call in app.app_calls():
        for keyword in call.keywords:
            level = ast.unparse(keyword.value).rpartition(".")[2].lower()
            if keyword.arg == "http_auth_level" and level in ("function", "anonymous", "admin"):
                return Proposal("auth_level", level, ast.unparse(call.func))
    levels = Counter(
        str(binding.fields["authLevel"]).lower()
        for function in app.project.functions
        for binding in function.triggers
        if isinstance(binding.fields.get("authLevel"), str)
    )
    for level, count in levels.most_common(1):
        if level in ("function", "anonymous", "admin"):
            return Proposal("auth_level", level, f"the level of most functions, {count}")
    return None


def _telemetry(app: ExistingApp) -> Iterator[Proposal]:
    packages = [key for key in app.project.requirements.keys if "opentelemetry" in key]
    if packages:
        yield Proposal("telemetry", "none", f"your use of {min(packages)} stays yours")


def _package_manager(app: ExistingApp) -> Proposal:
    pyproject = app.project.pyproject
    if _has(app, "uv.lock") or (pyproject and pyproject.get("tool", "uv") is not None):
        return Proposal("package_manager", "uv", "uv.lock" if _has(app, "uv.lock") else "[tool.uv]")
    if _has(app, "poetry.lock") or (pyproject and pyproject.get("tool", "poetry")):
        return Proposal("package_manager", "pip", "the template has no choice for Poetry")
    return Proposal("package_manager", "pip", app.project.requirements.source or "no lock file")


def _docker(app: ExistingApp) -> Proposal:
    if _has(app, "Dockerfile"):
        return Proposal("docker", True, f"the Dockerfile, {YOURS}")
    return Proposal("docker", False, "no Dockerfile")


def _devcontainer(app: ExistingApp) -> Proposal:
    if theirs := _repository_has(app, ".devcontainer", ".devcontainer.json", "*compose*.y*ml"):
        return Proposal("devcontainer", False, f"{theirs}, {YOURS}")
    return Proposal("devcontainer", False, "no dev container")


def _ci(app: ExistingApp) -> Proposal:
    for path in _workflows(app):
        return Proposal("ci", "none", f"{path_from(app.folder, path)}, {YOURS}")
    if theirs := _repository_has(app, *AZURE_PIPELINES, *OTHER_CI):
        return Proposal("ci", "none", f"{theirs}, {YOURS}")
    if folder_in_repository(app.folder):
        return Proposal("ci", "none", "the app is not at the root of its repository")
    if app.project.requirements.source == "pyproject.toml" and not _has(app, "uv.lock"):
        return Proposal("ci", "none", "the workflows of the template need requirements.txt")
    if ask_git(app.folder, "check-ignore", "--", TEST_OF_THE_APP):
        # Without any test, pytest fails.
        return Proposal("ci", "none", f"git ignores {TEST_OF_THE_APP}, which the workflows run")
    remote = ask_git(app.folder, "remote", "get-url", "origin")
    if "dev.azure.com" in remote or "visualstudio.com" in remote:
        return Proposal(
            "ci", "azure-pipelines", "no pipeline, and the repository is on Azure DevOps"
        )
    if "github.com" in remote:
        return Proposal("ci", "github", "no workflow, and the repository is on GitHub")
    return Proposal("ci", "none", "no workflow")


def _app_folder(app: ExistingApp) -> Proposal | None:
    folder = folder_in_repository(app.folder)
    return Proposal("app_folder", folder, "its folder in its repository") if folder else None


def _infra(app: ExistingApp) -> Proposal:
    if theirs := _repository_has(app, *INFRASTRUCTURE):
        return Proposal("infra", "none", f"{theirs}, {YOURS}")
    return Proposal("infra", "none", "no infrastructure as code")


def _has(app: ExistingApp, *patterns: str) -> str:
    """Return the first path in the app's folder that matches one of the patterns, from there, or nothing."""
    return _first(app, [app.folder], patterns)


def _repository_has(app: ExistingApp, *patterns: str) -> str:
    """Return the first such path in the app's folder or at the root of its repository, or nothing."""
    return _first(app, _folders(app), patterns)


def _first(app: ExistingApp, folders: Iterable[Path], patterns: Sequence[str]) -> str:
    return next((path_from(app.folder, path) for path in _matching(folders, patterns)), "")


def _matching(folders: Iterable[Path], patterns: Sequence[str]) -> Iterator[Path]:
    for folder in folders:
        for pattern in patterns:
            yield from sorted(folder.glob(pattern))
