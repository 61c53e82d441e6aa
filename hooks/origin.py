"""Where a generated project finds the versions of its template later."""

import re
from collections.abc import Iterator
from pathlib import Path

from packaging.version import InvalidVersion, Version

from hooks import post_generation
from hooks.git import ask_git, place_in_repository

HEAD = "HEAD"


def release_before_head(template: Path) -> str:
    """Return the newest release, as Copier sorts them, if the last commit comes after it; else an empty text.

    Copier takes an update from such a commit to the release for a downgrade, and refuses it.
    """
    releases = [tag for tag in ask_git(template, "tag").splitlines() if _is_release(tag)]
    newest = max(releases, key=Version, default="")
    if not newest or newest not in ask_git(template, "tag", "--merged", "HEAD").splitlines():
        return ""
    is_ahead = ask_git(template, "rev-list", "--max-count=1", f"refs/tags/{newest}..HEAD")
    return newest if is_ahead else ""


def questions(template: Path, ref: str) -> set[str]:
    """Return the names of the questions in a version of the template, hidden ones included."""
    search = ("grep", "-h", "--extended-regexp", "--only-matching")
    return set(ask_git(template, *search, "^[a-z_]+", ref, "--", "template/questions").splitlines())


def _is_release(tag: str) -> bool:
    try:
        return not Version(tag).is_prerelease
    except InvalidVersion:
        return False


def warnings_of(template: Path) -> Iterator[str]:
    """Yield what stands in the way of `copier update` in an app of the last commit, a line each."""
    if place_in_repository(template) != "":
        yield "Git does not read this template as a repository, so the app cannot be updated with"
        yield "`copier update` later. Use a clone that belongs to you, with git on the PATH."
        return
    if ask_git(template, "status", "--porcelain"):
        yield "The template has uncommitted changes. Commit them first if you want to update the app"
        yield "with `copier update` later."
    if release := release_before_head(template):
        yield f"The last commit is ahead of the newest release, {release}. Until the next release, update"
        yield "the app with `copier update --vcs-ref HEAD`."


def record(template: Path, project: Path, ref: str = HEAD) -> None:
    """Have a project take its updates from where the template was cloned, if what it was generated from is there.

    A folder of this machine would be of no use to colleagues and to CI.
    """
    url = ask_git(template, "remote", "get-url", "origin")
    is_url = re.match(r"[a-z+]+://|[\w.-]+@[\w.-]+:", url)
    if not is_url or not ask_git(template, "branch", "--remotes", "--contains", ref):
        return
    if not ask_git(template, "ls-remote", "origin", ref):
        return
    # Everybody who reads the app could use a password or a token in the address.
    url = re.sub(r"^(https?://)[^/]*@", r"\1", url)
    source = url if url.startswith(("git@", "git:", "git+")) else f"git+{url}"
    answers = project / post_generation.ANSWERS
    text = answers.read_text(encoding="utf-8")
    line = f"_src_path: {source}"
    text = re.sub(r"(?m)^_src_path: .*$", lambda _: line, text)
    answers.write_text(text, encoding="utf-8", newline="\n")
