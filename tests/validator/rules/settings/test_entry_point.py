"""The setting that names another file than function_app.py."""

from pathlib import Path

import pytest

from functions_validator.indexing.index import IndexOptions
from functions_validator.project.project import Project
from tests.support.validator import HEALTHY, Find, Plant, find_problems
from tests.validator.rules.settings_files import AZURITE, local


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ("src/app.py", 'Put the file beside host.json, and write "app.py".'),
        (r"src\app.py", 'Put the file beside host.json, and write "app.py".'),
        ("app", "Write the name with .py."),
        ("my app.py", "Rename the file."),
        ("äpp.py", "Rename the file."),
    ],
)
def test_a_file_that_the_worker_refuses_is_found(value: str, fix: str, plant: Plant) -> None:
    source = HEALTHY["function_app.py"]
    content = local(OrdersStorage=AZURITE, PYTHON_SCRIPT_FILE_NAME=value)
    app = plant({"src/app.py": source, "app.py": source, "local.settings.json": content})
    [found] = find_problems(app)
    assert (found.code, found.line, found.fix) == ("AF321", 7, fix)


def test_a_file_that_the_worker_refuses_is_not_imported(plant: Plant, worker_python: Path) -> None:
    content = local(PYTHON_SCRIPT_FILE_NAME="src/app.py")
    files = {"src/app.py": HEALTHY["function_app.py"], "local.settings.json": content}
    project = Project(plant(files), IndexOptions(worker_python))
    assert project.sources.entry is not None
    assert not project.is_indexed


@pytest.mark.parametrize("value", ["app.py", "_my-app2.py", "<file>", ""])
def test_a_file_that_the_worker_takes_is_accepted(value: str, plant: Plant, find: Find) -> None:
    content = local(OrdersStorage=AZURITE, PYTHON_SCRIPT_FILE_NAME=value)
    files = {"app.py": HEALTHY["function_app.py"], "_my-app2.py": HEALTHY["function_app.py"]}
    assert find(plant({**files, "local.settings.json": content}), "AF321") == []
