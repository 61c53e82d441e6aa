"""The releases of the template: what each had, and how tests make one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from hooks.catalogue import ROOT
from tests.support.catalogue import DEFAULT_PYTHON, OFFERED_PYTHONS, PYTHONS, Functions
from tests.support.repositories import commit, run_git
from tests.support.run import run
from tests.support.text_files import read

# Newer than every release: the template as it is in this checkout.
NOW = "1000.0.0"
# A version that comes after it.
LATER = "1001.0.0"


class NoHistory(Exception):
    """The releases cannot be found; the message says why, and what to do."""


def release(template: Path, version: str) -> None:
    """Commit everything in a template and tag it, so that Copier uses it as that version."""
    commit(template, f"Release {version}")
    run_git(template, "tag", version)


def released_versions() -> list[str]:
    """Return the versions in CHANGELOG.md, the oldest first."""
    changelog = read(ROOT / "CHANGELOG.md")
    return re.findall(r"(?m)^## \[(\d.*?)\]", changelog)[::-1]


def release_commit(version: str, repository: Path = ROOT) -> str | None:
    """Return the commit that added a version's heading to CHANGELOG.md, None if there is none yet.

    Raises NoHistory in a checkout that does not have all commits.
    """
    question = ["git", "rev-parse", "--is-shallow-repository"]
    answer = run(*question, folder=repository, status=None)
    if answer.returncode != 0:
        raise NoHistory(
            f"{version} cannot be found, since this is not a git checkout: clone the repository."
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


def answers_of_old_apps(template: Path, version: str) -> dict[str, Any]:
    """Return what an app of a version answers to a later question where a new app answers otherwise."""
    questions = run_git(template, "show", f"{version}:template/questions/options.yml")
    return {} if "\nci:\n" in questions else {"ci": "none"}
