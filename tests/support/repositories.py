"""What tests do with git."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.run import run


def run_git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    user = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    return run("git", *user, *arguments, folder=folder).stdout


def configure_git(monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str]) -> None:
    """Give every git these settings and no others from the environment, also in Copier's own repositories."""
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for number, (name, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)


def commit(folder: Path, message: str = "Change") -> None:
    """Commit everything in a folder, which becomes a repository if it is not one yet."""
    if not (folder / ".git").exists():
        run_git(folder, "init", "--quiet")
    run_git(folder, "add", "--all")
    run_git(folder, "commit", "--quiet", "--allow-empty", "-m", message)


def discard_changes(folder: Path) -> None:
    """Leave a folder as it was committed; files that git ignores stay."""
    run_git(folder, "reset", "--quiet", "--hard")
    run_git(folder, "clean", "--quiet", "--force", "-d")


def track(folder: Path, *paths: str) -> None:
    """Let git track files in a folder, also those that .gitignore names."""
    run_git(folder, "init", "--quiet")
    run_git(folder, "add", "--force", *paths)


def status(app: Path) -> list[str]:
    """Return what git says of every file that is not as it was committed, such as "UU README.md"."""
    return run_git(app, "status", "--porcelain", "--untracked-files=all").splitlines()


def conflicts(app: Path) -> list[str]:
    """Return the files that git calls unmerged."""
    return [line[3:] for line in status(app) if "U" in line[:2]]
