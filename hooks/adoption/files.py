"""Sorts the files of the template by what they become in an existing app."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from functions_validator.checking import check
from functions_validator.model import Severity
from functions_validator.project.connections import needed_settings
from functions_validator.project.project import DEFAULT_ENTRY, ENTRY_SETTING, Project
from functions_validator.registry import RULES
from functions_validator.rules.settings.environment import needed_reads
from hooks import post_generation
from hooks.adoption.existing_app import ExistingApp
from hooks.adoption.ignored import GITIGNORE, ignored, included, lines_to_include
from hooks.adoption.own_tests import same_test
from hooks.adoption.proposals import TEST_OF_THE_APP
from hooks.adoption.tool_settings import tool_settings
from hooks.catalogue import read_complaints, read_options
from hooks.destinations import Refusal
from hooks.git import ask_git
from hooks.workspaces import workspace_of

EXAMPLE = "local.settings.example.json"
# What the answers file of every adopted app keeps, besides the files that it has.
LOCAL = "local.settings.json"
# What installs the packages of requirements.txt.
NEEDS_REQUIREMENTS = ("requirements-dev.txt", ".vscode/launch.json", ".vscode/tasks.json")
# The warning that a pattern leaves out a file that the app needs in Azure.
UNPUBLISHED = "AF703"
# What the tests, the README and CI use.
SETTINGS_TOOL = "tools/settings.py"
TOOLS = (SETTINGS_TOOL, "tools/validate.pyz", EXAMPLE)
# What has to be in commits.
NEEDED = (post_generation.ANSWERS, *TOOLS)
# Why a file is left out.
IGNORED = "git ignores it"
# Updates look into these folders, even if nothing of the template is in them.
FOLDERS = ("blueprints", "tests")
# The functions' folder is not there before there is a function.
LATER = ("blueprints/__init__.py",)


@dataclass(frozen=True)
class Files:
    """The template's files: which the app has unchanged, has in another form, gets, or does without and why."""

    same: Sequence[str]
    different: Sequence[str]
    added: Sequence[str]
    left_out: Mapping[str, str]

    @property
    def kept(self) -> list[str]:
        """Return what the template leaves to the app: the value of `kept_files`."""
        return sorted({*self.different, *self.left_out})

    def without(self, reasons: Mapping[str, str]) -> Files:
        """Return them without files that would be added."""
        added = [path for path in self.added if path not in reasons]
        return replace(self, added=added, left_out={**self.left_out, **reasons})


def sort_files(app: ExistingApp, rendered: Path) -> Files:
    """Compare what the template generates with an app."""
    paths = [path for path in files_in(rendered) if path != post_generation.ANSWERS]
    there = [path for path in paths if own_path(app.folder, path)]
    same = [path for path in there if _is_same(app.folder / path, rendered / path)]
    different = [path for path in there if path not in same and path != LOCAL]
    left_out = {
        DEFAULT_ENTRY: f"your functions are in {app.project.entry}",
        **{path: "yours is there" for path in LATER if own_path(app.folder, path)},
        **_left_out(app, [path for path in paths if path not in there], rendered),
        LOCAL: f"`python -m tools.settings` makes it from {EXAMPLE}",
    }
    added = [path for path in paths if path not in there and path not in left_out]
    return Files(same, different, added, left_out)


def files_in(folder: Path) -> list[str]:
    """Return the paths of all files in a folder, relative, with `/`."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def own_path(folder: Path, path: str) -> str | None:
    """Return the path of the app's own file, in whatever letter case, or None. A link that leads nowhere is one, too."""
    place = folder / path
    if not place.parent.is_dir():
        return None
    names = {other.name for other in place.parent.iterdir()}
    if place.name in names:
        return path
    same = sorted(name for name in names if name.lower() == place.name.lower())
    return PurePosixPath(path).with_name(same[0]).as_posix() if same else None


def _is_same(theirs: Path, ours: Path) -> bool:
    return theirs.is_file() and theirs.read_bytes() == ours.read_bytes()


def _left_out(app: ExistingApp, missing: Sequence[str], rendered: Path) -> dict[str, str]:
    """Return the files that would do harm in the app, with the reasons."""
    gitignore = rendered / GITIGNORE if GITIGNORE in missing else None
    uncovered = included(app.folder, gitignore) if gitignore else []
    paths = [*missing, post_generation.ANSWERS]
    hidden = ignored(app.folder, paths, None if uncovered else gitignore)
    found = dict.fromkeys(hidden, IGNORED)
    found |= {path: why for path in missing if (why := _blocked(app.folder, path))}
    for path, why in _harmful(app):
        if path in missing:
            found[path] = why
    if uncovered:
        found[GITIGNORE] = f"git would no longer ignore {uncovered[0]}"
    return found


def _blocked(folder: Path, path: str) -> str:
    """Return why the path's folder cannot be written to, if there is something of the user's in its place."""
    for parent in [*Path(path).parents][-2::-1]:
        if (folder / parent).is_symlink():
            return f"{parent} is a link"
        if (folder / parent).exists() and not (folder / parent).is_dir():
            return f"{parent} is a file"
    return ""


def _harmful(app: ExistingApp) -> Iterator[tuple[str, str]]:
    if any(app.folder.glob("[Rr][Ee][Aa][Dd][Mm][Ee]*")):
        yield "README.md", "you have another README"
    if (app.folder / "Dockerfile").exists():
        yield ".dockerignore", "your Dockerfile may copy what it names"
    if theirs := same_test(app):
        yield TEST_OF_THE_APP, f"pytest cannot collect it beside {theirs}"
    if theirs := tool_settings(app.folder):
        yield "pyproject.toml", f"{theirs} has the settings of your tools"
    if workspace := workspace_of(app.folder):
        yield "pyproject.toml", f"the uv workspace in {workspace} would count the app as a member"
    if app.project.requirements.source == "pyproject.toml":
        for path in ("requirements.txt", ".funcignore", ".dockerignore", *NEEDS_REQUIREMENTS):
            yield path, "the app's packages are in pyproject.toml"
    if app.project.requirements.installs_folder:
        for path in (".funcignore", ".dockerignore"):
            yield path, "requirements.txt installs a folder of the app"
    if _has_crlf(app.folder):
        yield ".gitattributes", "the app has files with CRLF line endings"


def _has_crlf(folder: Path) -> bool:
    endings = ask_git(folder, "ls-files", "--eol")
    return any(line.startswith(("i/crlf", "i/mixed")) for line in endings.splitlines())


def add_settings(app: ExistingApp, example: Path) -> None:
    """Add the settings that the app's bindings name or its code needs to the shared settings, without values.

    The name of the app's entry point is one of them, with its value, if it is not the usual one.
    """
    content: dict[str, Any] = json.loads(example.read_text(encoding="utf-8"))
    if app.project.entry != DEFAULT_ENTRY:
        content["Values"].setdefault(ENTRY_SETTING, app.project.entry)
    named = (setting for function in app.project.functions for setting in needed_settings(function))
    for binding, field, name in named:
        # At the end, where updates of the template expect what users add.
        content["Values"].setdefault(name, _value(binding.type, field))
    # A name that a file has in another letter case stays one setting: the validator reports the read.
    spelled = {name.lower(): name for name in (*app.project.settings.values, *content["Values"])}
    for read in needed_reads(app.project):
        content["Values"].setdefault(spelled.get(read.name.lower(), read.name), "")
    example.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8", newline="\n")


def _value(binding: str, field: str) -> str:
    """Return the address of the storage emulator for the connection of a binding of storage, else nothing."""
    is_storage = binding.lower().removesuffix("trigger") in ("queue", "blob", "table")
    return "UseDevelopmentStorage=true" if is_storage and field == "connection" else ""


def refuse_without_requirements(files: Files) -> None:
    """Raise Refusal if an option would add files that do not work without one that is left out."""
    sentence = read_complaints()["option"]["installs"].wrong
    for name, option in read_options().items():
        added = {path for paths in option.files.values() for path in paths}
        if option.installs in files.left_out and any(_is_in(added, path) for path in files.added):
            raise Refusal(sentence % {"option": name, "file": option.installs})


def _is_in(added: set[str], path: str) -> bool:
    """Whether a path, or a folder that it is in, is one of those that an option adds."""
    return not added.isdisjoint([path, *map(str, PurePosixPath(path).parents)])


def refuse_without_tools(app: ExistingApp, files: Files) -> None:
    """Raise Refusal if the template's tools cannot be added, or Python would not find them."""
    if (app.folder / "tools.py").exists():
        raise Refusal(
            f"{app.folder / 'tools.py'} would hide the folder tools/ of the template from Python. "
            "Rename the module first."
        )
    _refuse_ignored(app.folder, [path for path in NEEDED if files.left_out.get(path) == IGNORED])
    for path in TOOLS:
        if why := files.left_out.get(path):
            raise Refusal(
                f"{app.folder / path} cannot be added, but the template's tests and checks need it: {why}. "
                "Rename it first."
            )
    if SETTINGS_TOOL in files.different and not _is_settings_tool(app.folder / SETTINGS_TOOL):
        raise Refusal(
            f"{app.folder / SETTINGS_TOOL} is at the path of a tool that the template's README and CI call. "
            "Rename it first."
        )
    for place in (app.folder / name for name in FOLDERS):
        if (place.is_symlink() or place.exists()) and not _is_folder_of(app.folder, place):
            raise Refusal(
                f"{place} is a file or leads out of the app, but updates need a folder there. Rename it first."
            )


def _refuse_ignored(folder: Path, paths: Sequence[str]) -> None:
    if not paths:
        return
    needs = f"but updates, tests and checks need {'it' if len(paths) == 1 else 'them'} in commits"
    if ask_git(folder, "check-ignore", "--no-index", "--", "."):
        raise Refusal(f"Git ignores the folder {folder}, {needs}. Change the .gitignore above it.")
    lines = ", ".join(lines_to_include(paths))
    raise Refusal(
        f"Git ignores {', '.join(paths)} in {folder}, {needs}. "
        f"Commit these lines at the end of its {GITIGNORE}: {lines}"
    )


def _is_settings_tool(path: Path) -> bool:
    """Whether a file is that tool of another version, in an app that once came from the template."""
    return path.is_file() and b"python -m tools.settings" in path.read_bytes()


def _is_folder_of(app: Path, folder: Path) -> bool:
    """Whether a folder is inside an app: updates do not write through a link that leads out of it."""
    return folder.is_dir() and folder.resolve().is_relative_to(app.resolve())


def check_files(app: ExistingApp, files: Files, rendered: Path) -> Files:
    """Return the files without those that would cause an error in the app.

    Raises Refusal if the app would have other functions with them.
    """
    before = _errors(app.folder)
    with tempfile.TemporaryDirectory() as folder:
        joined = Path(folder, app.folder.resolve().name)
        copy_files(app.folder, app.project.files, joined)
        copy_files(rendered, files.added, joined)
        errors = {path: why for path, why in _errors(joined).items() if path not in before}
        harmful = {path: why for path, why in errors.items() if path in files.added}
        for path in harmful:
            (joined / path).unlink()
        files = files.without(harmful)
        without, after = _in_the_same_way(app, joined)
        if after.signatures() != without.signatures():
            raise Refusal(
                f"{app.folder} would have other functions with the files of the template: "
                f"{_difference(without.names, after.names)}."
            )
    return files


def _in_the_same_way(app: ExistingApp, joined: Path) -> tuple[ExistingApp, ExistingApp]:
    """Return an app without and with the new files, both imported or both as their sources say."""
    # With the new settings, an import can succeed that failed before, and says more than the sources.
    options = app.project.options if app.project.is_indexed else None
    after = ExistingApp(joined, Project(joined, options), app.as_read)
    if options is None or after.project.is_indexed or _copy_is_indexed(app):
        return app, after
    # A copy lacks what the app needs to be imported, such as an empty folder.
    before = ExistingApp(app.folder, Project(app.folder), app.as_read)
    return before, ExistingApp(joined, Project(joined), app.as_read)


def _copy_is_indexed(app: ExistingApp) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, app.folder.resolve().name)
        copy_files(app.folder, app.project.files, copy)
        return Project(copy, app.project.options).is_indexed


def _errors(folder: Path) -> dict[str, str]:
    """Return the files with errors that the validator finds in the sources, and the first error of each."""
    harmful = [one for one in RULES if one.severity is Severity.ERROR or one.code == UNPUBLISHED]
    findings = check(Project(folder), harmful)
    found: dict[str, str] = {}
    for finding in findings:
        found.setdefault(finding.problem.place.path, f"{finding.code}, {finding.problem.message}")
    return found


def _difference(before: Sequence[str], after: Sequence[str]) -> str:
    gone = [name for name in before if name not in after]
    new = [name for name in after if name not in before]
    if not gone and not new:
        return "their bindings change"
    return "; ".join(
        [f"{name} would be missing" for name in gone] + [f"{name} would be new" for name in new]
    )


def copy_files(source: Path, paths: Sequence[str], target: Path) -> None:
    """Copy files that are missing in a folder, which is created where it is not there."""
    for path in paths:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, target / path)
