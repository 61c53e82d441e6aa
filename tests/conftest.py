"""Fixtures that generate projects, and Python environments to run them in."""

import functools
import gc
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from copier import run_copy
from filelock import FileLock
from plumbum import local

from hooks import environments
from hooks.catalogue import ROOT, Kind
from tests.support import forks, packages, run
from tests.support.app_environments import WORKER_VERSION, apps_with_everything, environment_of
from tests.support.cache import CACHE
from tests.support.catalogue import (
    DEFAULT_PYTHON,
    PYTHONS,
    Functions,
    newest_python,
)
from tests.support.emulators import servers
from tests.support.fast_rendering import fast_rendering
from tests.support.kind_events import function_name
from tests.support.levels import reached
from tests.support.missing import skip_or_fail
from tests.support.repositories import configure_git
from tests.support.scratch import write_to_memory
from tests.support.shared_clones import shared_clones
from tests.worker import client

LONG_RUN = 1000
# What the worker, apps and their tests import, unless it registers something when it is imported, as extensions do.
LIBRARIES = (
    "azure.functions",
    "azure_functions_runtime",
    "azure.cosmos.aio",
    "azure.data.tables.aio",
    "azure.identity.aio",
    "azure.storage.blob.aio",
    "aiohttp",
    "dateutil.parser",
    "pydantic.main",
    "pytest",
)

Reach = Callable[[Kind, str, bool], None]
Render = Callable[..., Path]


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Return how many processes run tests: more than there are cores, since tests often wait for others."""
    cores = yield
    return cores if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else cores + (cores + 1) // 2


def pytest_configure() -> None:
    """Run before anything writes a file or collects tests."""
    write_to_memory()
    # Python collects garbage less often: there is little.
    gc.set_threshold(100_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests with the mark "first" before the others."""
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


def pytest_collection_finish() -> None:
    """Exclude the collected tests from garbage collection."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def clear_temporary_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Put all temporary files into pytest's folder, which it removes even if a process was killed."""
    folder = str(tmp_path_factory.mktemp("temporary"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        yield


@pytest.fixture(scope="session", autouse=True)
def render_fast() -> Iterator[None]:
    """Render in a fifth of the time."""
    with fast_rendering(), shared_clones():
        yield


@pytest.fixture(scope="session", autouse=True)
def let_repositories_grow() -> Iterator[None]:
    """Let git skip what only saves space: compressing files, and starting another git after each commit."""
    settings = {"core.compression": "0", "maintenance.auto": "false"}
    with pytest.MonkeyPatch.context() as patch:
        configure_git(patch, settings)
        yield


@pytest.fixture(scope="session", autouse=True)
def hand_on_variables() -> Iterator[None]:
    """Give Copier's git the variables that tests set: plumbum copies all when it is imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(local.env), "getdict", lambda _: dict(os.environ))
        yield


@pytest.fixture(scope="session", autouse=True)
def share_mypy_cache() -> Iterator[None]:
    """Let mypy read each library once, not once for every app."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MYPY_CACHE_DIR", str(CACHE / "mypy"))
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the template without .git: rendering it needs no clone."""
    copy = tmp_path_factory.mktemp("template") / "template"
    for name in ("copier.yml", "template"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            copy.mkdir()
            shutil.copy(source, copy / name)
    return copy


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of rendered projects, which all processes of a run share."""
    folder = tmp_path_factory.getbasetemp()
    projects = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "projects"
    projects.mkdir(exist_ok=True)
    return projects


@pytest.fixture(scope="session")
def render(template: Path, projects: Path) -> Iterator[Render]:
    """Return a project with the functions and other answers, made once; don't change its files.

    At the end, each process looks for changes in the projects that it made itself.
    """
    made: dict[Path, dict[Path, int]] = {}

    @functools.cache
    def cached(
        answers: tuple[tuple[str, Any], ...], functions: tuple[tuple[str, str], ...]
    ) -> Path:
        name = hashlib.sha256(repr((answers, functions)).encode()).hexdigest()[:16]
        project = projects / name / "my-app"
        data = {**dict(answers), "functions": dict(functions)}
        with FileLock(projects / f"{name}.lock"):
            if not project.exists():
                run_copy(str(template), project, data=data, defaults=True, quiet=True)
                made[project] = times(project)
        return project

    def render(functions: Functions, **answers: Any) -> Path:
        answers.setdefault("python_version", DEFAULT_PYTHON)
        return cached(tuple(sorted(answers.items())), tuple(functions.items()))

    yield render
    changed = {str(path) for one in made for path, _ in times(one).items() ^ made[one].items()}
    assert not changed, (
        "A test changed files that all tests share (use the fixture project, which makes a copy): "
        + ", ".join(sorted(changed))
    )


def times(project: Path) -> dict[Path, int]:
    """Return when each file of a project was written, but not what Python compiled, as tests of apps let it."""
    files = (path for path in project.rglob("*") if path.is_file())
    return {path: path.stat().st_mtime_ns for path in files if "__pycache__" not in path.parts}


@pytest.fixture(scope="session")
def with_one(render: Render) -> Callable[[Kind], Path]:
    """Return a project with one function of a kind, on the newest Python that it runs on."""

    def one(kind: Kind) -> Path:
        return render({function_name(kind): kind.id}, python_version=newest_python([kind.id]))

    return one


@pytest.fixture
def project(render: Render, tmp_path: Path) -> Callable[..., Path]:
    """Return a copy of a rendered project, to change its files or to run in."""

    def copy(functions: Functions, **answers: Any) -> Path:
        return Path(shutil.copytree(render(functions, **answers), tmp_path / "my-app"))

    return copy


@pytest.fixture(scope="session")
def forked_pythons() -> Iterator[set[str]]:
    """The interpreters in whose forks the worker and the tests of apps run, in half the time."""
    started = forks.Forks(LIBRARIES, ["-m", client.PACKAGE], ["-m", "pytest"])
    with pytest.MonkeyPatch.context() as patch:
        if forks.IS_POSSIBLE:
            patch.setattr(run, "subprocess", started.in_place_of(subprocess))
        yield started.pythons
    started.close()


@pytest.fixture(scope="session")
def environment(render: Render, forked_pythons: set[str]) -> Callable[[str], Path]:
    """Return an interpreter of a version with what every generated project needs.

    Skips the test if that Python is not installed, unless REQUIRE_EVERYTHING is set.
    """

    @functools.cache
    def make(version: str) -> Path:
        python = environments.find_python(version)
        if python is None:
            skip_or_fail(f"Python {version} is not installed")
        interpreter = environment_of(apps_with_everything(render, version), version, python)
        forked_pythons.add(str(interpreter))
        return interpreter

    return make


@pytest.fixture(scope="session", autouse=True)
def environments_at_once(
    request: pytest.FixtureRequest, environment: Callable[[str], Path], worker_id: str
) -> None:
    """In a long run, let each process make another environment first: otherwise, all would wait for the same one."""
    is_one_of_several = worker_id != "master"
    if is_one_of_several and len(request.session.items) > LONG_RUN:
        version = PYTHONS[-1 - int(worker_id.removeprefix("gw")) % len(PYTHONS)]
        if environments.find_python(version):
            environment(version)


@pytest.fixture(scope="session")
def worker_python(environment: Callable[[str], Path]) -> Path:
    """An interpreter that has the Functions worker's library."""
    return environment(WORKER_VERSION)


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node.js; without it and npm the test skips, unless CI demands them."""
    found = packages.find_node()
    if found is None:
        skip_or_fail("Node.js and npm are not installed")
    return found


@pytest.fixture(scope="session")
def emulators(node: str) -> Path:
    """The packages of the emulators."""
    return servers.install()


@pytest.fixture
def reach(record_property: Callable[[str, object], None]) -> Reach:
    """Note whether a kind holds at a level of levels.LEVELS, for the table at the end of the run."""

    def note(kind: Kind, level: str, held: bool) -> None:
        record_property("level", [kind.id, level, held])

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the levels that the tests of this run saw."""
    seen = [
        (id, level, held)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for key, value in report.user_properties
        if key == "level"
        for id, level, held in [value]
    ]
    if seen:
        terminalreporter.section("levels")
        for line in reached(seen):
            terminalreporter.write_line(line)
