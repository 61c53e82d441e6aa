"""Fixtures that write a healthy app with defects, and check it."""

import datetime
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from functions_validator import clock
from functions_validator.indexing import runner
from tests.support import forks
from tests.support.app_environments import WORKER_VERSION
from tests.support.run import run
from tests.support.validator import Files, Find, Found, Plant, find_problems, plant

# What the child imports for every app, and those of Durable Functions.
LIBRARIES = (
    "azure.functions",
    "azure_functions_runtime.bindings.meta",
    "azure_functions_runtime.functions",
    "aiohttp",
    "dateutil.parser",
)


@pytest.fixture(autouse=True)
def new_years_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which Python 3.10 and version 3 of the bundles have no support, and Python 3.11 has."""
    monkeypatch.setattr(clock, "today", lambda: datetime.date(2027, 1, 1))


@pytest.fixture(name="plant")
def planted(tmp_path: Path) -> Plant:
    """Return a healthy app with some files changed, in a repository of its own."""
    (tmp_path / ".git").mkdir()

    def make(files: Files | None = None) -> Path:
        return plant(tmp_path / "app", files)

    return make


@pytest.fixture(scope="session")
def prepared(environment: Callable[[str], Path]) -> Iterator[forks.Forks | None]:
    """Processes of the worker's Python that have its libraries, None where there is no fork."""
    if not forks.IS_POSSIBLE:
        yield None
        return
    python = environment(WORKER_VERSION)
    # The processes write no bytecode, but read that of the child's modules.
    run(python, "-m", "compileall", "-q", runner.CHILD.parent)
    started = forks.Forks(LIBRARIES, [runner.CHILD])
    started.pythons.add(str(python))
    yield started
    started.close()


@pytest.fixture
def worker_python(
    environment: Callable[[str], Path],
    prepared: forks.Forks | None,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """An interpreter that has the worker's library, and indexes in a tenth of the time."""
    if prepared:
        monkeypatch.setattr(runner, "subprocess", prepared.in_place_of(subprocess))
    return environment(WORKER_VERSION)


@pytest.fixture(params=["sources", "index"])
def find(request: pytest.FixtureRequest, worker_python: Path) -> Find:
    """Return what rules find, once by the sources alone and once with the worker's index."""

    def run(root: Path, select: str = "AF", *, imports: bool = True) -> list[Found]:
        python = worker_python if request.param == "index" else None
        return find_problems(root, select, python, imports=imports)

    return run


@pytest.fixture
def own_python() -> Path:
    """The interpreter of these tests, which has no azure.functions."""
    return Path(sys.executable)
