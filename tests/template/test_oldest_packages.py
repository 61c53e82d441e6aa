"""The oldest versions of packages that the requirements of apps allow: their tests pass with them, too."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hooks import environments
from tests.support.apps import run_tests
from tests.support.cache import cached_folder
from tests.support.catalogue import PYTHONS, one_of_each
from tests.support.missing import skip_or_fail
from tests.support.run import run


@pytest.mark.parametrize(
    ("version", "framework", "streams"),
    [
        (PYTHONS[0], "flask", False),
        (PYTHONS[-1], "fastapi", False),
        (PYTHONS[-1], "none", True),
    ],
)
def test_apps_work_with_them(
    version: str,
    framework: str,
    streams: bool,
    project: Callable[..., Path],
    forked_pythons: set[str],
) -> None:
    python, uv = environments.find_python(version), environments.find_uv()
    if python is None or uv is None:
        skip_or_fail(f"Python {version} or uv is not installed")
    app = project(
        one_of_each(version, streams=streams),
        python_version=version,
        web_framework=framework,
        telemetry="opentelemetry",
    )
    files = sorted(app.glob("requirements*.txt"))

    def create(folder: Path) -> None:
        run(uv, "venv", "--quiet", "--python", python, folder)
        inside = environments.interpreter(folder)
        install = (uv, "pip", "install", "--quiet", "--python", inside)
        lowest = ("--resolution", "lowest-direct")
        run(*install, *lowest, "--requirement", app / "requirements-dev.txt")

    content = b"".join(path.read_bytes() for path in files)
    oldest = environments.interpreter(cached_folder(f"oldest{version}", content, create))
    forked_pythons.add(str(oldest))
    run_tests(app, oldest)
