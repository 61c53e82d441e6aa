"""A new version of Python is an entry in pythons.yml; what is made from it follows, in at most six files."""

from pathlib import Path

import pytest
from copier import run_copy

from hooks import template_data
from hooks.catalogue import TEMPLATE, read_kinds
from tests.extending.conftest import Extend
from tests.support import levels
from tests.support.repositories import read

# Besides the entry: written by hand in CHANGELOG.md, and by commands.
WRITTEN = {"CHANGELOG.md", "template/project/tools/validate.pyz"}


@pytest.fixture(scope="module")
def repository(extend: Extend) -> Path:
    return extend("Add a version of Python")


def test_apps_can_choose_it(repository: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    run_copy(str(repository), app, data={"python_version": "3.15"}, defaults=True, quiet=True)
    assert "FROM mcr.microsoft.com/azure-functions/python:4-python3.15\n" in read(
        app / "Dockerfile"
    )
    assert "--runtime-version 3.15\n" in read(app / "README.md")
    assert 'python-version: "3.15"' in read(app / ".github" / "workflows" / "ci.yml")


def test_only_kinds_that_run_on_its_worker_can_be_chosen_with_it(
    repository: Path, tmp_path: Path
) -> None:
    data = {"python_version": "3.15", "functions": {"measure": "worker_extension"}}
    with pytest.raises(Exception, match=r"does not run on Python 3\.15"):
        run_copy(str(repository), tmp_path / "app", data=data, defaults=True, quiet=True)
    assert {"3.15" in kind.python for kind in read_kinds(repository / "template")} == {True, False}


def test_at_most_six_files_change(repository: Path) -> None:
    """The entry, two files of data, the page of the answers, the validator and the changelog."""
    template = repository / "template"
    changed = {
        "template/pythons.yml": read(template / "pythons.yml") != read(TEMPLATE / "pythons.yml"),
        "template/data.json": read(template / "data.json") != read(TEMPLATE / "data.json"),
        "src/functions_validator/data/pythons.json": (
            template_data.pythons_of_the_validator(template)
            != template_data.pythons_of_the_validator()
        ),
        "docs/catalogue.md": levels.catalogue(template) != levels.catalogue(),
    }
    assert set(changed.values()) == {True}
    assert len(changed) + len(WRITTEN) == 6
