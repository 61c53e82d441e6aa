"""What the hooks ask git."""

import os
import subprocess
from pathlib import Path

SECONDS = 10


def place_in_repository(folder: Path) -> str | None:
    """Return the path of a folder from the root of its repository, "" for the root; None without a repository.

    Git and Python can write one path in two ways, as where a file system ignores case, so none are compared.
    """
    inside, _, prefix = ask_git(
        folder, "rev-parse", "--is-inside-work-tree", "--show-prefix"
    ).partition("\n")
    return prefix.removesuffix("/") if inside == "true" else None


def ask_git(folder: Path, *arguments: str) -> str:
    """Return what git prints, without asking for a password; nothing if it fails or is not there."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env={
                **os.environ,
                "GIT_TERMINAL_PROMPT": "0",
                "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
            },
            capture_output=True,
            # Git writes paths in UTF-8 on every system, and Windows would read another encoding.
            encoding="utf-8",
            errors="surrogateescape",
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
