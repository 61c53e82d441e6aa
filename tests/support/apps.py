"""What must hold for every generated app; each check fails with what it finds."""

import ast
import functools
import json
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import yaml

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
        _parse(name.suffix or name.name, text)


@functools.cache
def _parse(format: str, text: str) -> None:
    """Fail unless a text has the format; most files are the same in many apps."""
    PARSERS.get(format, str)(text)


def check_style(*apps: Path) -> None:
    """Fail unless ruff finds nothing in apps, and would format nothing."""
    for command in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", "--quiet"]
        done = run(*ruff, *apps)
        assert done.stdout + done.stderr == ""


def check_types(app: Path, python: Path) -> None:
    """Fail unless mypy accepts an app."""
    run(python, "-B", "-m", "mypy", folder=app)


def check_app(app: Path, python: Path) -> None:
    """Fail unless an app is sound: the validator finds nothing, and its own tests pass."""
    done = run(python, "-B", "tools/validate.pyz", folder=app)
    assert "\n0 errors, 0 warnings in " in f"\n{done.stdout}", done.stdout
    run_tests(app, python)


def run_tests(
    app: Path, python: Path, *arguments: str, status: int | None = 0
) -> CompletedProcess[str]:
    """Run an app's own tests, leaving no file in it; fail unless pytest ends with the status."""
    pytest = (python, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    return run(*pytest, *arguments, folder=app, status=status)


def same_tests(app: Path, plain: Path) -> list[str]:
    """Return the tests of functions that read the same files as in an app without these options."""

    def is_same(name: str) -> bool:
        texts = [(one / name).read_bytes() for one in (app, plain) if (one / name).is_file()]
        return len(texts) == 2 and texts[0] == texts[1]

    settings = [
        tomllib.loads((one / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
        for one in (app, plain)
    ]
    assert settings[0] == settings[1]
    shared = [f"shared/{path.name}" for path in (plain / "shared").glob("*.py")]
    names = [path.stem for path in (app / "blueprints").glob("[!_]*.py")]
    return [
        f"tests/test_{name}.py"
        for name in names
        if all(map(is_same, [f"tests/test_{name}.py", f"blueprints/{name}.py", *shared]))
    ]


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
