"""Python environments with what generated apps and their tests import."""

from collections.abc import Callable, Sequence
from pathlib import Path

from hooks import environments
from hooks.catalogue import ROOT
from tests.support.cache import cached_folder
from tests.support.catalogue import WEB_FRAMEWORKS, one_of_each
from tests.support.run import run

# The Python with which the tests and the benchmarks run the library of the worker.
WORKER_VERSION = "3.13"
# The tests start hundreds of processes that write no bytecode themselves, and import none of these.
NOT_COMPILED = r"/(mypy|mypyc|pip|pygments|setuptools|oauthlib|admin|beta|live|realtime)/"


def apps_with_everything(render: Callable[..., Path], version: str) -> list[Path]:
    """Return apps that together require all that an app on a version of Python can."""
    functions = one_of_each(version)
    streaming = render(one_of_each(version, streams=True), python_version=version)
    others = (
        render(
            functions,
            python_version=version,
            web_framework=framework,
            telemetry="opentelemetry",
            devcontainer=True,
        )
        for framework in WEB_FRAMEWORKS
    )
    return [streaming, *others]


def environment_of(apps: Sequence[Path], version: str, python: Path) -> Path:
    """Return an interpreter with the requirements of apps, in an environment that is kept for the next runs."""
    files = [app / "requirements-dev.txt" for app in apps]
    install = [argument for file in files for argument in ("--requirement", str(file))]
    content = b"".join(
        path.read_bytes() for app in apps for path in sorted(app.glob("requirements*.txt"))
    )

    def create(folder: Path) -> None:
        inside = environments.make_environment(folder, python, install, ROOT)
        compile_packages(inside)

    return environments.interpreter(cached_folder(f"python{version}", content, create))


def compile_packages(python: Path) -> None:
    """Write the bytecode of the packages of an environment."""
    packages = python.parents[1] / "lib"
    run(python, "-m", "compileall", "-q", "-x", NOT_COMPILED, packages, status=None)
