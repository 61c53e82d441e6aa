"""What holds for all hooks."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from hooks import git, new

# How git ends a command that it does not know, or that has an option that it does not know.
USAGE = 129


@pytest.fixture(autouse=True)
def ask_git_only_what_it_knows(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test in which git does not know a command: to the hooks that looks like an empty answer."""
    unknown = []

    class Watched:
        TimeoutExpired = subprocess.TimeoutExpired

        @staticmethod
        def run(command: list[str], *, check: bool, **options: Any) -> CompletedProcess[str]:
            done: CompletedProcess[str] = subprocess.run(command, check=check, **options)
            if done.returncode == USAGE:
                unknown.append(command)
            return done

    monkeypatch.setattr(git, "subprocess", Watched)
    yield
    assert unknown == []


@pytest.fixture
def without_clone(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `make new` and `make adopt` in this process take a copy of the template, which needs no clone."""
    monkeypatch.setattr(new, "ROOT", template)
