"""What the hooks ask git, with paths that git and Python write in different ways."""

import ast
import os
import sys
from pathlib import Path

import pytest

from hooks.catalogue import ROOT
from hooks.git import place_in_repository
from tests.support.repositories import run_git
from tests.support.run import ANOTHER_LOCALE, run


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a name that is not ASCII."""
    repository = tmp_path / "Größe für alle"
    (repository / "é" / "app").mkdir(parents=True)
    run_git(repository, "init", "--quiet")
    return repository


@pytest.mark.parametrize("path", ["", "é", "é/app"])
def test_knows_the_place_of_a_folder_in_its_repository(path: str, repository: Path) -> None:
    assert place_in_repository(repository / path) == path
    assert place_in_repository(repository.parent) is None
    assert place_in_repository(repository / ".git") is None


def test_knows_it_where_python_reads_in_another_encoding(repository: Path) -> None:
    program = f"""
import os
from pathlib import Path
from hooks.git import place_in_repository
print(ascii(place_in_repository(Path(os.fsdecode({os.fsencode(repository / "é")!r})))))
"""
    done = run(sys.executable, "-c", program, folder=ROOT, environment=ANOTHER_LOCALE)
    assert ast.literal_eval(done.stdout) == "é"
