"""The versions of Python that pyproject.toml requires."""

import pytest

from tests.support.validator import Files, Plant, find_problems
from tests.validator.rules.plan_files import CONSUMPTION

REQUIRES = '[project]\nrequires-python = "{}"\n'
POETRY = '[tool.poetry.dependencies]\npython = "{}"\n'


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        (">=3.11,<3.14", None),
        (">=3.13,<3.14", "The Consumption plan does not run Python 3.13."),
        (">=3.13,<3.16", "The Consumption plan does not run Python 3.14."),
        (">=3.15,<3.17", "Azure Functions does not run Python 3.16."),
    ],
)
def test_bounds_on_the_consumption_plan(bounds: str, message: str | None, plant: Plant) -> None:
    files: Files = {"pyproject.toml": REQUIRES.format(bounds), "infra/main.bicep": CONSUMPTION}
    assert [one.message for one in find_problems(plant(files), "AF421")] == [message] * bool(
        message
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[tool.poetry.dev]\na = "~3.9"\n[tool.poetry.dependencies]\npython = "~3.9"\n', 4),
        ("[tool.poetry.dependencies] # python\nrequests = '*'\npython = '~3.9'\n", 3),
        ('[tool.poetry.dependencies]\n"python" = "~3.9"\n', 2),
        ('# requires-python\n[project]\nrequires-python = "==3.9.*"\n', 3),
        ('[tool.a]\nrequires-python = 1\n[project]\nrequires-python = "==3.9.*"\n', 4),
    ],
)
def test_the_place_of_the_bounds(text: str, line: int, plant: Plant) -> None:
    [found] = find_problems(plant({"pyproject.toml": text}), "AF422")
    assert (found.path, found.line) == ("pyproject.toml", line)


@pytest.mark.parametrize(
    ("pyproject", "bounds"),
    [
        (POETRY, "^3.12"),
        (POETRY, "~3.12"),
        (REQUIRES, ">=3.12,<3.13"),
    ],
)
def test_messages_have_the_bounds_as_they_are_written(
    pyproject: str, bounds: str, plant: Plant
) -> None:
    files: Files = {"pyproject.toml": pyproject.format(bounds), ".python-version": "3.11\n"}
    [found] = find_problems(plant(files), "AF425")
    assert found.message == f".python-version names 3.11, but pyproject.toml requires {bounds}."
