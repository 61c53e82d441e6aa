"""What the tests of `copier update` do to apps, and what an update prints."""

import contextlib
import io
import re
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from copier import run_copy, run_update
from copier._cli import CopierApp
from jinja2.exceptions import FilterArgumentError

from tests.support.catalogue import Functions
from tests.support.repositories import commit
from tests.support.run import run

# Errors of Copier that the user sees with a traceback.
FAILURES = (AttributeError, FilterArgumentError, OSError, TypeError, ValueError, yaml.YAMLError)


def copy(template: Path | str, app: Path, version: str, **answers: Any) -> None:
    """Generate an app from a version of the template, in a repository of its own."""
    run_copy(str(template), app, data=answers, defaults=True, quiet=True, vcs_ref=version)
    commit(app, "Generate")


def update(app: Path, **answers: Any) -> None:
    """Update an app to the newest version of its template."""
    run_update(app, data=answers, defaults=True, overwrite=True, quiet=True)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stderr: str


def update_as_user(app: Path, *arguments: str, through: Sequence[str] = ()) -> Done:
    """Run `copier update --defaults` for an app: in this process, which saves a second, or through a command."""
    command = ["copier", "update", "--defaults", *arguments, str(app)]
    if through:
        done = run(*through, sys.executable, "-m", *command, status=None)
        return Done(done.returncode, done.stderr)
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed):
        try:
            _, status = CopierApp.run(command, exit=False)
        except FAILURES:
            traceback.print_exc()
            status = 1
    return Done(status, printed.getvalue())


def change_functions(app: Path, functions: Functions, *arguments: str) -> str:
    """Update an app to these functions as a user does, and return what the update prints."""
    data = ", ".join(f"{name}: {kind}" for name, kind in functions.items())
    done = update_as_user(app, *arguments, "--data", f"functions={{{data}}}")
    assert done.returncode == 0, done.stderr
    return done.stderr


def restored(said: str) -> set[str]:
    """Return the files that the commands in the last message of an update restore."""
    return {file for line in re.findall("--source=HEAD (.*)", said) for file in line.split()}


def refusal(done: Done) -> str:
    """Return the last line that an update printed, which must have failed."""
    assert done.returncode == 1, done.stderr
    return done.stderr.splitlines()[-1]
