"""What the validator imports when it starts, which decides how fast it is."""

import os
import subprocess
import sys
from pathlib import Path

import pathspec
import pytest

from hooks.catalogue import ROOT
from tests.support.validator import Files, Plant


def test_no_rule_is_imported_before_the_app() -> None:
    code = (
        "import functions_validator.cli, sys; print('functions_validator.registry' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment, check=True, text=True
    )
    assert done.stdout == "False\n"


# What takes long to import, and what pathspec, which reads ignore files, imports of it.
SLOW = {"argparse", "dataclasses", "inspect", "logging", "packaging", "pathspec", "tokenize"}
OF_PATHSPEC = {"dataclasses", "inspect", "pathspec", "tokenize"}


@pytest.mark.parametrize(
    ("files", "needed"),
    [({}, OF_PATHSPEC), ({".gitignore": None, ".funcignore": None}, set())],
    ids=["ignore files", "none"],
)
def test_a_healthy_app_is_checked_without_slow_libraries(
    files: Files, needed: set[str], plant: Plant
) -> None:
    code = (
        "import sys; sys.argv[1:] = ['--no-index']; from functions_validator.cli import main; main(); "
        f"print(*sys.modules.keys() & {SLOW!r})"
    )
    # Without the modules that the site's packages load.
    places = [str(ROOT / "src"), str(Path(pathspec.__file__).parents[1])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=plant(files),
        stdout=subprocess.PIPE,
        env=environment,
        check=True,
        text=True,
    )
    assert set(done.stdout.splitlines()[-1].split()) <= needed
