"""Templates with versions, and apps that were generated from them."""

import functools
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hooks.catalogue import ROOT
from tests.support.missing import skip_or_fail
from tests.support.releases import NOW, NoHistory, release, release_commit, released_versions
from tests.support.repositories import run_git
from tests.support.updates import copy

NewApp = Callable[..., Path]


@pytest.fixture(scope="session")
def released(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of this repository with a tag for every release, and NOW for this checkout.

    Skips the test in a checkout without history, unless REQUIRE_HISTORY asks for it.
    """
    clone = tmp_path_factory.mktemp("released") / "template"
    try:
        commits = {version: release_commit(version) for version in released_versions()}
    except NoHistory as reason:
        skip_or_fail(str(reason), "REQUIRE_HISTORY")
    run_git(ROOT, "clone", "--quiet", "--no-tags", str(ROOT), str(clone))
    for version, commit in commits.items():
        if commit:
            run_git(clone, "tag", version, commit)
    # Copier reads no other files, and checks all of them out for each update.
    run_git(clone, "rm", "-r", "--quiet", ".")
    shutil.copytree(template, clone, dirs_exist_ok=True)
    release(clone, NOW)
    return clone


@pytest.fixture(scope="session")
def repository(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template of this checkout in a repository, as the version NOW; don't change it."""
    repository = tmp_path_factory.mktemp("repository") / "template"
    shutil.copytree(template, repository)
    release(repository, NOW)
    return repository


@pytest.fixture
def own_template(repository: Path, tmp_path: Path) -> Path:
    """A copy of that repository, to release newer versions."""
    return Path(shutil.copytree(repository, tmp_path / "template"))


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return an app with these answers, generated once; don't change its files."""

    @functools.cache
    def cached(template: Path, version: str, answers: str) -> Path:
        app = tmp_path_factory.mktemp("generated") / "app"
        copy(template, app, version, **json.loads(answers))
        return app

    def generate(template: Path, version: str, answers: dict[str, Any]) -> Path:
        return cached(template, version, json.dumps(answers))

    return generate


@pytest.fixture
def new_app(repository: Path, generated: Callable[..., Path], tmp_path: Path) -> NewApp:
    """Return an app with these functions and other answers, committed, to change it."""

    def make(
        functions: dict[str, str],
        template: Path = repository,
        version: str = NOW,
        **answers: Any,
    ) -> Path:
        app = generated(template, version, {"functions": functions, **answers})
        return Path(shutil.copytree(app, tmp_path / "app"))

    return make


@pytest.fixture
def app(new_app: NewApp) -> Path:
    """An app with two functions."""
    return new_app({"hello": "http", "orders": "queue"})
