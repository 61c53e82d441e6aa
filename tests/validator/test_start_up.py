"""What the validator imports when it starts, which decides how fast it is."""

import os
import sys
from pathlib import Path

import pathspec
import pytest

from tests.support.run import run
from tests.support.validator import FROM_SOURCES, Plant


def test_no_rule_is_imported_before_the_app() -> None:
    code = (
        "import functions_validator.cli, sys; print('functions_validator.registry' in sys.modules)"
    )
    assert run(sys.executable, "-c", code, environment=FROM_SOURCES).stdout == "False\n"


# What takes long to import.
SLOW = {
    "argparse",
    "dataclasses",
    "inspect",
    "logging",
    "packaging",
    "pathspec",
    "tokenize",
    "tomllib",
}


@pytest.mark.parametrize("arguments", [["--no-index"], ["--no-index", "."]], ids=["here", "named"])
def test_a_healthy_app_is_checked_without_slow_libraries(
    arguments: list[str], plant: Plant
) -> None:
    code = (
        f"import sys; sys.argv[1:] = {arguments!r}; from functions_validator.cli import main; main(); "
        f"print(*sys.modules.keys() & {SLOW!r})"
    )
    # Without the modules that the site's packages load.
    places = [FROM_SOURCES["PYTHONPATH"], str(Path(pathspec.__file__).parents[1])]
    environment = {"PYTHONPATH": os.pathsep.join(places)}
    done = run(sys.executable, "-S", "-c", code, folder=plant({}), environment=environment)
    assert done.stdout.splitlines()[-1] == ""
