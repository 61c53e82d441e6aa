"""What must hold for every generated app; each check fails with what it finds."""

import ast
import functools
import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from subprocess import CompletedProcess

import yaml
from filelock import FileLock
from ruff import find_ruff_bin

from tests.support.run import run

DOCKER = {"FROM", "ENV", "COPY", "RUN"}


def content(app: Path) -> dict[str, bytes]:
    """Return every file of an app but those of git, by its path."""
    return {
        path.relative_to(app).as_posix(): path.read_bytes()
        for path in sorted(app.rglob("*"))
        if path.is_file() and path.relative_to(app).parts[0] != ".git"
    }


def texts(app: Path) -> dict[str, str]:
    """Return every file of an app that is a text, by its path."""
    return {
        path: data.decode("utf-8")
        for path, data in content(app).items()
        if not path.endswith((".pyc", ".pyz"))
    }


def check_files(app: Path) -> None:
    """Fail unless every file can be read by those who read it."""
    for path, text in texts(app).items():
        assert not re.search(r"[^\n\x20-\x7e\xa0-\uffff\U00010000-\U0010ffff]", text), path
        name = Path(path)
        if name.suffix == ".md":
            assert "\n\n\n" not in re.sub(r"```.*?```", "```", text, flags=re.DOTALL), path
        _parse(name.suffix or name.name, text)


@functools.cache
def _parse(format: str, text: str) -> None:
    """Fail unless a text has the format; most files are the same in many apps."""
    PARSERS.get(format, str)(text)


def check_style(*apps: Path) -> None:
    """Fail unless ruff finds nothing in apps, and would format nothing."""
    for command in (["check"], ["format", "--check"]):
        done = run(find_ruff_bin(), *command, "--no-cache", "--quiet", *apps)
        assert done.stdout + done.stderr == ""


def check_types(app: Path, python: Path) -> None:
    """Fail unless mypy accepts an app.

    The others wait for the first on a Python, which takes half a minute to read the libraries into the cache.
    """
    cache = f"{os.environ['MYPY_CACHE_DIR']}-{python.parents[1].name}"
    has_libraries = Path(f"{cache}.read")
    with nullcontext() if has_libraries.exists() else FileLock(f"{cache}.lock"):
        run(python, "-B", "-m", "mypy", folder=app)
        has_libraries.touch()


def check_app(app: Path, python: Path, plain: Path | None = None) -> None:
    """Fail unless the validator finds nothing in an app, and its own tests pass.

    Those that another test runs in a plain app are not run again.
    """
    done = run(python, "-B", "tools/validate.pyz", folder=app)
    assert "\n0 errors, 0 warnings in " in f"\n{done.stdout}", done.stdout
    run_other_tests(app, python, plain) if plain else run_tests(app, python)


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
    run_tests(app, python, *(f"--ignore={test}" for test in _same_tests(app, plain)))


def _same_tests(app: Path, plain: Path) -> list[str]:
    """Return the tests that read the same files as in a plain app.

    What a test imports from function_app.py depends on every option, so none of those is among them.
    """
    settings = [
        tomllib.loads((one / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
        for one in (app, plain)
    ]
    assert settings[0] == settings[1]
    tests = {path.relative_to(app).as_posix() for path in (app / "tests").glob("test_*.py")}
    return sorted(
        test
        for test in tests
        if (files := _files_of_test(app, test)) and files == _files_of_test(plain, test)
    )


def _files_of_test(app: Path, test: str) -> dict[str, bytes]:
    """Return what a test and the modules of the app that it imports read, or nothing if that is the app."""
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
    return [f"{name.replace('.', '/')}.py" for name in sorted(names)]


def _parse_python(text: str) -> None:
    ast.parse(text, feature_version=(3, 10))


def _parse_dockerfile(text: str) -> None:
    lines = re.sub(r"\\\n", "", text).splitlines()
    words = {line.split()[0] for line in lines if line and line[0] != "#"}
    # Those are in some apps only.
    assert words - {"HEALTHCHECK", "WORKDIR"} == DOCKER


PARSERS: dict[str, Callable[[str], object]] = {
    ".py": _parse_python,
    ".json": json.loads,
    ".toml": tomllib.loads,
    ".yml": functools.partial(yaml.load, Loader=yaml.CSafeLoader),
    "Dockerfile": _parse_dockerfile,
}
