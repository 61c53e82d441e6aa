"""Runs the tests that come with an app: all of them, or those that differ from a plain app's."""

import ast
import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess

from tests.support.run import run
from tests.support.text_files import read


def run_tests(
    app: Path,
    python: Path,
    *arguments: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    status: int | None = 0,
) -> CompletedProcess[str]:
    """Run an app's own tests, leaving no file in it; fail unless pytest ends with the status.

    They run in the app, or in another folder if the arguments name the app.
    """
    pytest = (python, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    return run(*pytest, *arguments, folder=folder or app, environment=environment, status=status)


def run_other_tests(app: Path, python: Path, plain: Path) -> None:
    """Run an app's own tests but those that are the same in a plain app, where another test runs them."""
    run_tests(app, python, *(f"--ignore={test}" for test in same_tests(app, plain)))


def same_tests(app: Path, plain: Path) -> list[str]:
    """Return the tests that read the same files as in a plain app.

    Tests that import function_app.py, which depends on every answer, are never among them.
    """
    settings = [
        tomllib.loads(read(one / "pyproject.toml"))["tool"]["pytest"] for one in (app, plain)
    ]
    assert settings[0] == settings[1]
    tests = {path.relative_to(app).as_posix() for path in (app / "tests").glob("test_*.py")}
    return sorted(
        test
        for test in tests
        if (files := _files_of_test(app, test)) and files == _files_of_test(plain, test)
    )


def _files_of_test(app: Path, test: str) -> dict[str, bytes]:
    """Return a test, the modules of the app that it imports and the agents, with what they contain.

    Return nothing for a test that imports function_app.py, or no module of the app.
    """
    files: dict[str, bytes] = {}
    waiting = [app / test, *(app / "agents").glob("*")]
    while waiting:
        path = waiting.pop()
        name = path.relative_to(app).as_posix()
        if name in files or not path.is_file():
            continue
        if name == "function_app.py":
            return {}
        files[name] = path.read_bytes()
        if path.suffix == ".py":
            waiting += [app / module for module in _imported(files[name], name.split("/")[0])]
    is_of_modules = any(name.startswith(("blueprints/", "shared/", "web/")) for name in files)
    return files if is_of_modules else {}


@functools.cache
def _imported(source: bytes, package: str) -> list[str]:
    """Return the modules that a module of a package may import, as the paths that they have in an app."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = ".".join(filter(None, [package if node.level else "", node.module]))
            names |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    paths = [name.replace(".", "/") for name in sorted(names)]
    return [file for path in paths for file in (f"{path}.py", f"{path}/__init__.py")]
