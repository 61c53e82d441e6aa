"""The apps of az_commands.APPS, whose commands are run once for all tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.az_commands import APPS, run_commands
from tests.support.stand_ins import Call


@pytest.fixture(scope="session", params=APPS)
def functions(request: pytest.FixtureRequest) -> dict[str, str]:
    """The functions of an app."""
    return APPS[request.param]


@pytest.fixture(scope="session")
def app(functions: dict[str, str], render: Callable[..., Path]) -> Path:
    """The app with these functions."""
    return render(functions, telemetry="opentelemetry", durable_backend="scheduler")


@pytest.fixture(scope="session")
def calls(app: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """What the commands of the app ask, in their order."""
    return run_commands(app, tmp_path_factory.mktemp("calls"))
