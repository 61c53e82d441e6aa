"""What the worker does with the sample app, which it runs once for all tests."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.worker.client import Report, run_project
from tests.worker.exchange import Result
from tests.worker.invocations import Expected, Invocation
from tests.worker.sample_app import APP, CALLS, HOST_JSON
from tests.worker.small_apps import write_project


@pytest.fixture(scope="session")
def report(worker_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What the sample app did with all of CALLS."""
    project = write_project(
        tmp_path_factory.mktemp("project"),
        {
            "function_app.py": APP,
            "host.json": HOST_JSON.replace("PREFIX", "v1"),
            "local.settings.json": '{"Values": {"SUFFIX": "!", "C": "c", '
            '"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT": "20"}}',
        },
    )
    items = [Invocation(title, request, Expected()) for title, request in CALLS.items()]
    return run_project(worker_python, project, items)


@pytest.fixture(scope="session")
def results(report: Report) -> Mapping[str, Result]:
    """The result of each of CALLS, by its title."""
    assert report.rejection is None
    return dict(zip(CALLS, report.results, strict=True))
