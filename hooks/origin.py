"""Where a generated project finds the versions of its template later."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from hooks import post_generation

SECONDS = 10


def warnings_of(template: Path) -> Iterator[str]:
    """Yield what stands in the way of `copier update` later, a line each."""
    if _git(template, "rev-parse", "--show-toplevel") != template.as_posix():
        yield "Git does not read this template as a repository, so the app cannot be updated with"
        yield "`copier update` later. Use a clone that belongs to you, with git on the PATH."
        return
    if _git(template, "status", "--porcelain"):
        yield "The template has uncommitted changes. Commit them first if you want to update the app"
        yield "with `copier update` later."
    release = re.fullmatch(r"(.+)-[1-9]\d*-g\w+", _git(template, "describe", "--tags", "--long"))
    if release:
        yield f"The template is ahead of its last release, {release[1]}. Until the next release, update"
        yield "the app with `copier update --vcs-ref HEAD`."


def record(template: Path, project: Path) -> None:
    """Have a project take its updates from where the template was cloned, if the commit is there.

    A folder of this machine would be of no use to colleagues and to CI.
    """
    url = _git(template, "remote", "get-url", "origin")
    is_url = re.match(r"[a-z+]+://|[\w.-]+@[\w.-]+:", url)
    if not is_url or not _git(template, "branch", "--remotes", "--contains", "HEAD"):
        return
    if not _git(template, "ls-remote", "origin", "HEAD"):
        return
    source = url if url.startswith("git") else f"git+{url}"
    answers = project / post_generation.ANSWERS
    text = answers.read_text(encoding="utf-8")
    line = f"_src_path: {source}"
    text = re.sub(r"(?m)^_src_path: .*$", lambda _: line, text)
    answers.write_text(text, encoding="utf-8", newline="\n")


def _git(folder: Path, *arguments: str) -> str:
    """Return what git prints without asking for a password; nothing if it fails or is not there."""
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
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
