"""`make adopt`: files that git ignores, by a .gitignore above the app or its own."""

from pathlib import Path

import pytest

from tests.hooks.adoption.conftest import Adopt
from tests.support.existing_apps import HOST, SINGLE_FILE, Shape, write_app
from tests.support.repositories import commit, run_git, status

# As in GitHub's .gitignore for Python.
COMPILED = "*.py[codz]\n"


def app_below(gitignore: str, repository: Path) -> Path:
    """Write an app into a folder of a repository that has a .gitignore at its root; return the folder."""
    files = {"host.json": HOST, "function_app.py": SINGLE_FILE, "../.gitignore": gitignore}
    return write_app(Shape(files, {}, "api"), repository)


def test_an_app_below_a_gitignore_gets_one_that_includes_the_new_files(
    tmp_path: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    app = app_below(f"{COMPILED}.*\n!.gitignore\n", tmp_path / "repository")
    assert adopt(app, "--no-index", "--apply") == ""
    added = capsys.readouterr().out.partition(": ")[2].splitlines()[0].split(", ")
    assert {".gitignore", ".vscode/tasks.json", "tools/validate.pyz"} <= set(added)
    commit(tmp_path / "repository")
    assert set(added) <= set(run_git(app, "ls-files").splitlines())


def test_an_app_gets_no_gitignore_that_would_include_private_files(
    tmp_path: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    app = app_below(".vscode/\n.venv/\n", tmp_path / "repository")
    for folder in (".vscode", ".venv"):
        (app / folder).mkdir()
        (app / folder / "settings.json").write_text("{}", encoding="utf-8")
    assert adopt(app, "--no-index") == ""
    left_out = capsys.readouterr().out.partition("The template leaves out:\n")[2]
    assert "  .gitignore: git would no longer ignore .vscode/\n" in left_out
    assert "  .vscode/tasks.json: git ignores it\n" in left_out
    assert adopt(app, "--no-index", "--apply") == ""
    assert [line for line in status(app) if ".vscode" in line or ".gitignore" in line] == []


@pytest.mark.parametrize(
    ("gitignore", "sentence"),
    [
        (
            f"{COMPILED}.vscode/\n",
            "Git ignores tools/validate.pyz in {app}, but updates, tests and checks need it in commits. "
            + "Commit these lines at the end of its .gitignore: !/tools/, !/tools/validate.pyz",
        ),
        (
            "/api/\n",
            "Git ignores the folder {app}, but updates, tests and checks need them in commits. "
            + "Change the .gitignore above it.",
        ),
    ],
)
def test_needed_files_that_git_ignores_are_refused(
    gitignore: str, sentence: str, tmp_path: Path, adopt: Adopt
) -> None:
    app = app_below("", tmp_path / "repository")
    (app / ".vscode").mkdir()
    (app / ".vscode" / "settings.json").write_text("{}", encoding="utf-8")
    (app.parent / ".gitignore").write_text(gitignore, encoding="utf-8")
    assert adopt(app, "--no-index") == sentence.format(app=app)
