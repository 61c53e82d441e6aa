"""How rules are run."""

from collections.abc import Iterator

import pytest

from functions_validator.checking import check
from functions_validator.model import Problem, Severity
from functions_validator.project.project import Project
from functions_validator.registry import chosen
from functions_validator.rules.rule import Rule
from tests.support.validator import Plant


@pytest.mark.parametrize("error", [OSError, ValueError, RecursionError, MemoryError])
def test_a_rule_that_fails_is_noted_and_the_others_run(
    error: type[Exception], plant: Plant
) -> None:
    def fail(project: Project) -> Iterator[Problem]:
        raise error("it is odd")

    project = Project(plant({"host.json": None}))
    rules = [Rule("AF999", Severity.ERROR, "Odd", fail), *chosen(["AF501"], [])]
    assert [found.code for found in check(project, rules)] == ["AF501"]
    assert project.notes == ["AF999 could not be checked: it is odd"]
