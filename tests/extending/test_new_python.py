"""A new version of Python is an entry in pythons.yml; what is generated from it follows."""

import json
from pathlib import Path

import pytest
from copier import run_copy

from hooks import template_data
from hooks.catalogue import read_kinds
from tests.extending.conftest import AFTER, BEFORE, Extend
from tests.support.documents.catalogue_page import catalogue
from tests.support.repositories import run_git
from tests.support.text_files import read


@pytest.fixture(scope="module")
def repository(extend: Extend) -> Path:
    return extend("Add a version of Python")


def test_apps_can_choose_it(repository: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    run_copy(str(repository), app, data={"python_version": "3.15"}, defaults=True, quiet=True)
    assert "FROM mcr.microsoft.com/azure-functions/python:4-python3.15\n" in read(
        app / "Dockerfile"
    )
    assert "--runtime-version 3.15 " in read(app / "README.md")
    assert 'python-version: "3.15"' in read(app / ".github" / "workflows" / "ci.yml")


def test_only_kinds_that_run_on_its_worker_can_be_chosen_with_it(
    repository: Path, tmp_path: Path
) -> None:
    data = {"python_version": "3.15", "functions": {"measure": "worker_extension"}}
    with pytest.raises(Exception, match=r"does not run on Python 3\.15"):
        run_copy(str(repository), tmp_path / "app", data=data, defaults=True, quiet=True)
    assert {"3.15" in kind.python for kind in read_kinds(repository / "template")} == {True, False}


def test_only_the_entry_and_the_generated_data_change_in_the_template(repository: Path) -> None:
    changed = run_git(repository, "diff", "--name-only", BEFORE, AFTER).splitlines()
    assert changed == ["template/data.jinja", "template/pythons.yml"]


def test_the_validator_and_the_documentation_have_it(repository: Path) -> None:
    template = repository / "template"
    known = json.loads(template_data.pythons_of_the_validator(template))
    assert known["3.15"] == {"end_of_support": "2031-10-31", "preview": True, "worker": "new"}
    assert "; `3.15`: preview in Azure, supported until October 2031" in catalogue(template)
