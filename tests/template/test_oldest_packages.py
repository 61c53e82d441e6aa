"""The oldest versions of packages that the requirements of apps allow: their tests pass with them, too."""

from collections.abc import Callable
from pathlib import Path

from hooks import environments
from tests.support.app_environments import compile_packages
from tests.support.cache import cached_folder
from tests.support.catalogue import PYTHONS, one_of_each
from tests.support.missing import skip_or_fail
from tests.support.own_tests import run_other_tests, run_tests
from tests.support.run import run

VERSION = PYTHONS[-1]


def test_apps_work_with_them(render: Callable[..., Path], forked_pythons: set[str]) -> None:
    streams = render(one_of_each(VERSION, streams=True), python_version=VERSION)
    fastapi, flask = (
        render(
            one_of_each(VERSION),
            python_version=VERSION,
            web_framework=framework,
            telemetry="opentelemetry",
        )
        for framework in ("fastapi", "flask")
    )
    oldest = with_oldest_packages(fastapi, flask, streams)
    forked_pythons.add(str(oldest))
    run_tests(fastapi, oldest)
    # The others are the same tests with the same packages.
    run_other_tests(flask, oldest, fastapi)
    run_other_tests(streams, oldest, fastapi)


def with_oldest_packages(*apps: Path) -> Path:
    """Return an interpreter with the oldest version of each package that all of the apps allow."""
    python, uv = environments.find_python(VERSION), environments.find_uv()
    if python is None or uv is None:
        skip_or_fail(f"Python {VERSION} or uv is not installed")
    files = [path for app in apps for path in sorted(app.glob("requirements*.txt"))]
    content = b"".join(path.read_bytes() for path in files)
    install = [word for file in files for word in ("--requirement", str(file))]

    def create(folder: Path) -> None:
        run(uv, "venv", "--quiet", "--python", python, folder)
        inside = environments.interpreter(folder)
        lowest = ("--quiet", "--resolution", "lowest-direct", "--python", inside)
        run(uv, "pip", "install", *lowest, *install)
        compile_packages(inside)

    return environments.interpreter(cached_folder("oldest-packages", content, create))
