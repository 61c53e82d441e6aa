"""What must hold for every generated app; each check fails with what it finds."""

import ast
import functools
import json
import os
import re
import tomllib
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import yaml
from filelock import FileLock
from ruff import find_ruff_bin

from tests.support.own_tests import run_other_tests, run_tests
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
