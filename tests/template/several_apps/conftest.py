"""Fixtures with several apps in one repository."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.repositories import commit
from tests.support.run import run
from tests.support.several_apps import APPS

LIBRARY = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "acme-pricing"
version = "1.2.0"
requires-python = ">=3.10"

[tool.hatch.build.targets.wheel]
packages = ["src/pricing"]
"""


@pytest.fixture(scope="session")
def repository(render: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with three apps and a package, and what the apps write at its root; don't change it."""
    root = tmp_path_factory.mktemp("several") / "repository"
    package = root / "libs" / "pricing"
    (package / "src" / "pricing").mkdir(parents=True)
    (package / "pyproject.toml").write_text(LIBRARY, encoding="utf-8")
    (package / "src" / "pricing" / "py.typed").touch()
    code = "def price() -> str:\n    return 'nine'\n"
    (package / "src" / "pricing" / "__init__.py").write_text(code, encoding="utf-8")
    commit(root)
    for name, answers in APPS.items():
        app = root / "apps" / name
        shutil.copytree(render(**answers, project_name=name, app_folder=f"apps/{name}"), app)
        run(sys.executable, app / "tools" / "root_files.py")
    commit(root)
    return root


@pytest.fixture
def changed(repository: Path, tmp_path: Path) -> Path:
    """A copy of the repository, to change its files."""
    return Path(shutil.copytree(repository, tmp_path / "repository", symlinks=True))
