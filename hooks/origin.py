"""Where a generated project finds the versions of its template later."""

import re
from collections.abc import Iterator
from pathlib import Path

from hooks import post_generation
from hooks.git import ask_git


def warnings_of(template: Path) -> Iterator[str]:
    """Yield what stands in the way of `copier update` later, a line each."""
    if ask_git(template, "rev-parse", "--show-toplevel") != template.as_posix():
        yield "Git does not read this template as a repository, so the app cannot be updated with"
        yield "`copier update` later. Use a clone that belongs to you, with git on the PATH."
        return
    if ask_git(template, "status", "--porcelain"):
        yield "The template has uncommitted changes. Commit them first if you want to update the app"
        yield "with `copier update` later."
    release = re.fullmatch(r"(.+)-[1-9]\d*-g\w+", ask_git(template, "describe", "--tags", "--long"))
    if release:
        yield f"The template is ahead of its last release, {release[1]}. Until the next release, update"
        yield "the app with `copier update --vcs-ref HEAD`."


def record(template: Path, project: Path) -> None:
    """Have a project take its updates from where the template was cloned, if the commit is there.

    A folder of this machine would be of no use to colleagues and to CI.
    """
    url = ask_git(template, "remote", "get-url", "origin")
    is_url = re.match(r"[a-z+]+://|[\w.-]+@[\w.-]+:", url)
    if not is_url or not ask_git(template, "branch", "--remotes", "--contains", "HEAD"):
        return
    if not ask_git(template, "ls-remote", "origin", "HEAD"):
        return
    source = url if url.startswith("git") else f"git+{url}"
    answers = project / post_generation.ANSWERS
    text = answers.read_text(encoding="utf-8")
    line = f"_src_path: {source}"
    text = re.sub(r"(?m)^_src_path: .*$", lambda _: line, text)
    answers.write_text(text, encoding="utf-8", newline="\n")
