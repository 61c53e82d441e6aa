"""What the tests of `copier update` do to repositories and to the apps in them."""

import contextlib
import io
import json
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import run_copy, run_update
from copier._cli import CopierApp
from jinja2.exceptions import FilterArgumentError

from hooks.catalogue import ROOT
from tests.support.catalogue import DEFAULT_PYTHON, OFFERED_PYTHONS, PYTHONS
from tests.support.run import run

Functions = dict[str, str]

# What Copier lets through to the user, with a traceback.
FAILURES = (AttributeError, FilterArgumentError, OSError, TypeError, ValueError, yaml.YAMLError)

# Newer than every release: the template as it is in this checkout.
NOW = "1000.0.0"


class NoHistory(Exception):
    """The releases cannot be found; the message says why, and what to do."""


def run_git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    user = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    return run("git", *user, *arguments, folder=folder).stdout


def configure_git(monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str]) -> None:
    """Give every git these settings and no others from the environment, also in Copier's own repositories."""
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for number, (name, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)


def commit(folder: Path, message: str = "Change") -> None:
    """Commit everything in a folder, which becomes a repository if it is none."""
    if not (folder / ".git").exists():
        run_git(folder, "init", "--quiet")
    run_git(folder, "add", "--all")
    run_git(folder, "commit", "--quiet", "--allow-empty", "-m", message)


def track(folder: Path, *paths: str) -> None:
    """Let git track files in a folder, also those that .gitignore names."""
    run_git(folder, "init", "--quiet")
    run_git(folder, "add", "--force", *paths)


def release(template: Path, version: str) -> None:
    """Commit everything in a template and tag it, so that Copier takes it for that version."""
    commit(template, f"Release {version}")
    run_git(template, "tag", version)


def released_versions() -> list[str]:
    """Return the versions in CHANGELOG.md, the oldest first."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.findall(r"(?m)^## \[(\d.*?)\]", changelog)[::-1]


def release_commit(version: str, repository: Path = ROOT) -> str | None:
    """Return the commit that added a version's heading to CHANGELOG.md, None if there is none yet.

    Raises NoHistory in a checkout that does not have all commits.
    """
    question = ["git", "rev-parse", "--is-shallow-repository"]
    answer = run(*question, folder=repository, status=None)
    if answer.returncode != 0:
        raise NoHistory(
            f"{version} cannot be found, since this is no git checkout: clone the repository."
        )
    if answer.stdout.strip() == "true":
        raise NoHistory(
            f"{version} cannot be found, since this checkout is shallow: git fetch --unshallow"
        )
    commits = run_git(
        repository, "log", "--reverse", "--format=%H", f"-S## [{version}]", "--", "CHANGELOG.md"
    )
    return commits.split()[0] if commits else None


def released_kinds(repository: Path, version: str) -> list[str]:
    """Return the kinds of a released version. Older ones list each by itself, later ones in groups."""
    index = _catalogue_file(repository, version, "index.yml").values()
    return [id for ids in index for id in ([ids] if isinstance(ids, str) else ids)]


def every_kind(repository: Path, version: str) -> Iterator[tuple[Functions, str]]:
    """Yield functions that can live together, of every kind of a released version, and their Python."""
    groups: dict[tuple[bool, str], Functions] = {}
    for kind in released_kinds(repository, version):
        data = _catalogue_file(repository, version, f"{kind}/kind.yml")
        pythons = [DEFAULT_PYTHON, *reversed(PYTHONS)]
        python = next(python for python in pythons if python in _versions(data))
        group = groups.setdefault((data.get("http") == "stream", python), {})
        group[f"{kind}_example"] = kind
    for (_, python), functions in groups.items():
        yield functions, python


def _catalogue_file(repository: Path, version: str, name: str) -> Any:
    """Return the content of a YAML file in the catalogue of a released version."""
    return yaml.safe_load(run_git(repository, "show", f"{version}:template/catalogue/{name}"))


def _versions(data: dict[str, Any]) -> list[str]:
    """Return the versions of Python that a kind.yml allows."""
    of_workers = [
        python.version for python in OFFERED_PYTHONS if data.get("worker") in {None, python.worker}
    ]
    versions: list[str] = data.get("python", of_workers)
    return versions


def copy(template: Path, app: Path, version: str, **answers: Any) -> None:
    """Generate an app from a version of the template, in a repository of its own."""
    run_copy(str(template), app, data=answers, defaults=True, quiet=True, vcs_ref=version)
    commit(app, "Generate")


def answers_of_old_apps(template: Path, version: str) -> dict[str, Any]:
    """Return what an app of a version answers to a later question where a new app answers otherwise."""
    questions = run_git(template, "show", f"{version}:template/questions/options.yml")
    return {} if "\nci:\n" in questions else {"ci": "none"}


def update(app: Path, **answers: Any) -> None:
    """Bring an app to the newest version of its template."""
    run_update(app, data=answers, defaults=True, overwrite=True, quiet=True)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stderr: str


def update_as_user(app: Path, *arguments: str, through: Sequence[str] = ()) -> Done:
    """Run `copier update --defaults` for an app: in this process, which saves a second, or through a command."""
    command = ["copier", "update", "--defaults", *arguments, str(app)]
    if through:
        done = run(*through, sys.executable, "-m", *command, status=None)
        return Done(done.returncode, done.stderr)
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed):
        try:
            _, status = CopierApp.run(command, exit=False)
        except FAILURES:
            traceback.print_exc()
            status = 1
    return Done(status, printed.getvalue())


def change_functions(app: Path, functions: Functions, *arguments: str) -> str:
    """Update an app to these functions as a user does, and return what the update prints."""
    data = ", ".join(f"{name}: {kind}" for name, kind in functions.items())
    done = update_as_user(app, *arguments, "--data", f"functions={{{data}}}")
    assert done.returncode == 0, done.stderr
    return done.stderr


def restored(said: str) -> set[str]:
    """Return the files that the commands in the last message of an update restore."""
    return {file for line in re.findall("--source=HEAD (.*)", said) for file in line.split()}


def refusal(done: Done) -> str:
    """Return the last line that an update printed, of which it must have failed."""
    assert done.returncode == 1, done.stderr
    return done.stderr.splitlines()[-1]


def status(app: Path) -> list[str]:
    """Return what git says of every file that is not as it was committed, such as "UU README.md"."""
    return run_git(app, "status", "--porcelain", "--untracked-files=all").splitlines()


def conflicts(app: Path) -> list[str]:
    """Return the files that git takes for unmerged."""
    return [line[3:] for line in status(app) if "U" in line[:2]]


def append(path: Path, text: str) -> None:
    """Write a text at the end of a file."""
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text)


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text that is in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} lacks {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def read(path: Path) -> str:
    """Return the text of a file."""
    return path.read_text(encoding="utf-8")


def read_json(path: Path) -> Any:
    """Return the content of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
