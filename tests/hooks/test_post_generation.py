"""What `make new` does with an app that it has generated: its environment, its checks and what it prints."""

import re
import sys
from pathlib import Path

import pytest

from hooks import environments, post_generation


def test_the_environment_of_an_app_has_the_packages_of_its_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of an app of uv are added to its requirements first."""
    calls: list[list[str]] = []
    monkeypatch.setattr(environments, "find_uv", lambda: "uv")
    monkeypatch.setattr(
        environments, "_run", lambda command, _: calls.append([str(word) for word in command])
    )
    answers = {"app_folder": "apps/shop", "libraries": "libs/pricing libs/tax"}
    assert post_generation.libraries(answers) == ["../../libs/pricing", "../../libs/tax"]
    assert post_generation.libraries({}) == []
    environments.sync(tmp_path, Path("python"), post_generation.libraries(answers))
    assert calls[0][-3:] == ["--editable", "../../libs/pricing", "../../libs/tax"]
    assert calls[0][1] == "add"
    environments.sync(tmp_path, Path("python"))
    assert [call[1] for call in calls[1:]] == ["sync", "run", "sync", "run"]


def test_says_which_python_stands_in_for_a_missing_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    version = "{}.{}".format(*sys.version_info)
    pythons = {version: Path(sys.executable)}
    monkeypatch.setattr(environments, "find_python", pythons.get)
    monkeypatch.setattr(environments, "make_environment", lambda *_: Path("python"))
    post_generation.make_environment(tmp_path, {"python_version": "3.14"})
    assert f"Python 3.14 is not installed, so this uses Python {version}" in capsys.readouterr().out


@pytest.mark.parametrize(("uv", "found"), [(None, "3.13"), ("uv", "3.12")])
def test_an_app_of_uv_gets_its_packages_with_pip_where_it_cannot_be_locked(
    uv: str | None,
    found: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(environments, "find_uv", lambda: uv)
    monkeypatch.setattr(environments, "nearest_python", lambda _: (found, Path("python")))
    calls: list[object] = []
    monkeypatch.setattr(environments, "make_environment", lambda *call: calls.append(call))
    pyproject = '[project]\ndependencies = ["a"]\n[dependency-groups]\ndev = ["b"]\n'
    (tmp_path / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    answers = {"python_version": "3.13", "package_manager": "uv", "libraries": "libs/tax"}
    post_generation.make_environment(tmp_path, {**answers, "app_folder": "apps/shop"})
    install = ["a", "b", "--editable=../../libs/tax"]
    assert calls == [(tmp_path / ".venv", Path("python"), install, tmp_path)]
    assert "Install uv and Python 3.13, then run `uv sync`." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("of_pytest", "tested"), [("", "no test"), ("2 passed, 1 skipped in 9s", "2 passed")]
)
def test_warnings_are_shown_above_the_summary(
    of_pytest: str,
    tested: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for path, text in {
        ".copier-answers.yml": "project_name: shop\nfunctions: {hello: http}\n",
        "tools/validate.pyz": "",
        ".venv/pyvenv.cfg": "",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    of_validator = "a.py:1:1: AF123 One.\n0 errors, 1 warning\n"
    printed = {"tools/validate.pyz": of_validator, "-m": of_pytest}
    monkeypatch.setattr(post_generation, "make_environment", lambda *_: Path("python"))
    monkeypatch.setattr(post_generation, "_run", lambda _, __, *command: printed[command[0]])
    post_generation.set_up(tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:6] == [
        "a.py:1:1: AF123 One.",
        "",
        "shop",
        "  generated  the functions hello (http)",
        "  validated  0 errors, 1 warning",
    ]
    assert re.fullmatch(rf"  tested     {tested}, in \d\.\d s with the checks", lines[6])


def test_a_folder_that_is_not_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"has no \.copier-answers\.yml"):
        post_generation.set_up(tmp_path)
