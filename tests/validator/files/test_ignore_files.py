"""Ignore files are read as git reads them."""

from pathlib import Path

import pytest

from functions_validator.files.ignore_file import IgnoreFile, git_ignored_at, git_ignores
from tests.support.repositories import run_git
from tests.support.run import run

PATHS = ("host.json", "app/host.json", "tests/test_a.py", "docs/a b.md", "main.pyc", ".venv/x")
PATTERNS = {
    "a name": ["host.json"],
    "a rooted name": ["/host.json"],
    "a folder": ["tests/", "app/"],
    "a wildcard": ["*.py", "*.py[co]"],
    "two stars": ["**/host.json", "docs/**"],
    "a question mark": ["host.jso?"],
    "spaces": ["docs/a b.md", "  ", "app  "],
    "a folder taken back": ["*", "!docs/", "!docs/**"],
    "a folder taken back with its modules": ["*", "!app", "!tests/", "!*.py", "!host.json"],
    "folders taken back": ["*", "!*/", "!*.md"],
    "a folder after all": ["!app/", "app/", "!app/host.json"],
    "spaces before a name": [" host.json", "\tapp/", " # a", "tests"],
    "taken back": ["*.json", "!host.json"],
    "not taken back": ["app", "!app/host.json"],
    "comments": ["# host.json", "\\#x", "", "main.pyc"],
    "order": ["host.json", "!host.json", "/host.json"],
    "unreadable": ["!", "//", "host.json"],
    "all": ["*", "!host.json"],
    "sets and escapes": ["hos[st].json", "ma\\in.pyc", "[!d]ocs/"],
    "exclamation marks": ["a!.json", "!!host.json", "tests!"],
    "names": ["main.py[co]", "test?", "*.json", ".venv"],
    "names of folders": ["host.json/", "main.p*/", ".*/"],
    "a name after all": ["*", "host.json"],
    "parts between stars": ["*ost*son", "d*/a*md", "te?ts/*_a.*"],
}


@pytest.mark.parametrize("lines", PATTERNS.values(), ids=PATTERNS)
def test_patterns_are_those_of_git(lines: list[str], tmp_path: Path) -> None:
    run_git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ask = ["git", "check-ignore", "--no-index", "--verbose", "--non-matching"]
    done = run(*ask, *PATHS, folder=tmp_path, status=None)
    decided = dict(line.split("\t")[::-1] for line in done.stdout.splitlines())
    wanted = {
        path.strip('"'): int(source.split(":")[1])
        for path, source in decided.items()
        if source != "::" and not source.split(":", 2)[2].startswith("!")
    }
    ignored = IgnoreFile.parse(".gitignore", "\n".join(lines))
    places = {path: ignored.ignored_at(path) for path in PATHS}
    assert {path: place.line for path, place in places.items() if place} == wanted


def test_a_pattern_with_a_wrong_range_is_left_out() -> None:
    ignored = IgnoreFile.parse(".gitignore", "[z-a]\nhost.json\n")
    assert ignored.patterns == [(2, "host.json")]
    assert ignored.ignored_at("host.json") is not None
    assert ignored.ignored_at("other.json") is None


@pytest.mark.parametrize(
    ("of_repository", "of_app"),
    [
        ("*.json\n", "!host.json\n"),
        ("host.json\n", "# nothing\n"),
        ("!app/host.json\n", "*.json\n"),
        ("app/\n", "!host.json\n"),
        ("lib/\n*.json\n", "!lib/\n"),
        ("lib/\n", "!/lib/\n*.py\n"),
        ("lib/\n", "!lib/core.py\n"),
        ("*.py\n", "!core.py\n"),
    ],
)
def test_the_nearest_file_with_a_pattern_decides(
    of_repository: str, of_app: str, tmp_path: Path
) -> None:
    run_git(tmp_path, "init", "--quiet")
    (tmp_path / "app").mkdir()
    (tmp_path / ".gitignore").write_text(of_repository, encoding="utf-8")
    (tmp_path / "app" / ".gitignore").write_text(of_app, encoding="utf-8")
    for path in ("app/host.json", "app/lib/core.py"):
        ask = ["git", "check-ignore", "--no-index", "--verbose", path]
        told = run(*ask, folder=tmp_path, status=None).stdout
        file, line, pattern = told.partition("\t")[0].split(":", 2) if told else ("", "", "!")
        wanted = None if pattern.startswith("!") else (tmp_path / file, int(line))
        assert git_ignored_at(tmp_path / path) == wanted
        assert git_ignores(tmp_path / path) == (wanted is not None)
