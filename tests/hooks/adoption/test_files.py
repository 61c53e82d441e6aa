"""`make adopt`: the files that it shows, adds, compares and leaves out."""

import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hooks.adoption import existing_app, files
from hooks.adoption.differences import difference
from tests.hooks.adoption.conftest import Adopt
from tests.support.existing_apps import (
    BASE,
    SINGLE_FILE,
    Shape,
    write_app,
)
from tests.support.repositories import commit, status
from tests.support.run import run
from tests.support.text_files import read, read_json


def test_shows_what_it_would_do_and_changes_nothing(
    app: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    (app / "notes.txt").write_text("", encoding="utf-8")
    commit(app)
    assert adopt(app, "--data", "docker=true") == ""
    printed = capsys.readouterr().out
    lines = printed.splitlines()
    as_read = "from the sources, since the app has no virtual environment."
    assert lines[0].startswith(f"{app} has 2 functions, as read {as_read}")
    assert "  orders  queueTrigger, as the kind queue has" in lines
    assert [line for line in lines if re.match(r"  and \d+ more", line)] == []
    assert "  docker           true       (as you say)" in lines
    assert "Only your app has 1 file and keeps it:" in lines
    [lacks] = [i for i, line in enumerate(lines) if line.startswith("Your app lacks ")]
    assert lines[lacks + 1].endswith(f" and {int(lines[lacks].split()[3]) - 10} more")
    assert "  auth_level       anonymous  (func.FunctionApp)" in lines
    assert "  host.json: only the template has logging.application" in printed
    assert "; only you have functionTimeout\n" in printed
    assert "  requirements.txt: only the template has azure-functions>=1.26,<3; only you" in printed
    assert lines[-1] == (
        f"  make adopt DEST={shlex.quote(str(app))} ARGS='--data docker=true --apply'"
    )
    [preview] = [line for line in lines if line.startswith("The template's files are in ")]
    folder = Path(preview.removeprefix("The template's files are in ").removesuffix("."))
    diff = ["git", "diff", "--no-index", "--", f"{app}/host.json", f"{folder}/host.json"]
    assert f"    {shlex.join(diff)}" in lines
    assert (folder / "Dockerfile").is_file()
    assert "OrdersStorage" in read(folder / files.EXAMPLE)
    shutil.rmtree(folder.parent)
    assert status(app) == []


def test_the_folder_of_the_app_can_be_named_from_inside(
    app: Path, adopt: Adopt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(app / ".vscode")
    assert adopt("..", "--no-index") == ""
    assert f"/{app.name}.\n" in capsys.readouterr().out


def test_the_app_can_be_imported_with_another_python(
    app: Path,
    adopt: Adopt,
    environment: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Poetry, for example, keeps environments outside the app's folder."""
    assert adopt(app, "--python", environment("3.13")) == ""
    printed = capsys.readouterr().out
    assert f"{app} has 2 functions, as read by azure.functions on Python 3.13." in printed
    assert printed.endswith(f" ARGS='--python {environment('3.13')} --apply'\n")


def test_a_file_in_another_letter_case_is_compared_by_its_own_name(
    app: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    (app / "README.md").rename(app / "Readme.md")
    commit(app)
    assert adopt(app, "--no-index") == ""
    printed = capsys.readouterr().out
    assert "\n  Readme.md: 1 line only in yours, " in printed
    assert f"    {shlex.join(['git', 'diff', '--no-index', '--', f'{app}/Readme.md'])} " in printed
    assert "Readme.md" not in printed.partition("Only your app has ")[2]


def test_shared_settings_get_the_names_of_the_functions_settings(app: Path, adopt: Adopt) -> None:
    assert adopt(app, "--no-index", "--apply") == ""
    content = read_json(app / files.EXAMPLE)
    assert list(content["Values"].items())[2:] == [
        ("OrdersStorage", "UseDevelopmentStorage=true"),
        ("ORDERS_QUEUE", ""),
    ]


def test_shared_settings_get_the_names_that_the_code_needs(app: Path, adopt: Adopt) -> None:
    reads = 'import os\nURL, KEY = os.environ["URL"], os.environ["KEY"]\n'
    reads += 'LEVEL, PORT = os.environ["LOG_LEVEL"], os.environ.get("PORT")\n'
    (app / "function_app.py").write_text(reads + SINGLE_FILE, encoding="utf-8")
    (app / ".env").write_text("KEY=1\n", encoding="utf-8")
    local = {"IsEncrypted": False, "Values": {"Log_Level": "INFO"}}
    (app / "local.settings.json").write_text(json.dumps(local), encoding="utf-8")
    commit(app)
    assert adopt(app, "--no-index", "--apply") == ""
    content = read_json(app / files.EXAMPLE)
    assert list(content["Values"])[4:] == ["URL", "Log_Level"]


def test_an_app_that_needs_settings_to_be_imported_stays_the_same_with_them(
    worker_python: Path, tmp_path: Path, adopt: Adopt
) -> None:
    content = {
        **BASE,
        "function_app.py": f"import config\n{SINGLE_FILE}",
        "config.py": 'import os\nURL = os.environ["URL"]\n',
    }
    app = write_app(Shape(content, {}), tmp_path / "app", worker_python)
    assert adopt(app, "--apply") == ""
    assert '"URL": ""' in read(app / files.EXAMPLE)


def test_an_app_that_needs_an_empty_folder_to_be_imported_stays_the_same(
    worker_python: Path, tmp_path: Path, adopt: Adopt
) -> None:
    """The app makes it when it runs, but not when it is only indexed, and git does not track empty folders."""
    source = f'import os\n{SINGLE_FILE}\nos.makedirs("logs", exist_ok=True)\n'
    content = {**BASE, "function_app.py": source}
    app = write_app(Shape(content, {}), tmp_path / "app", worker_python)
    (app / "logs").mkdir()
    assert adopt(app, "--apply") == ""
    assert (app / files.EXAMPLE).is_file()


def test_an_error_in_a_file_of_the_app_takes_nothing_from_it(app: Path, tmp_path: Path) -> None:
    reads = 'import os\nURL = os.environ["URL"]\n'
    (app / "function_app.py").write_text(reads + SINGLE_FILE, encoding="utf-8")
    rendered = tmp_path / "rendered"
    rendered.mkdir()
    (rendered / files.EXAMPLE).write_text('{"Values": {"OTHER": ""}}', encoding="utf-8")
    left_out = {"function_app.py": "your functions are in function_app.py"}
    found = files.Files(same=[], different=[], added=[files.EXAMPLE], left_out=left_out)
    checked = files.check_files(existing_app.read(app, None), found, rendered)
    assert checked == found


def test_files_that_would_do_harm_are_left_out(
    app: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    harmful = {
        "helpers.py": "import tools.texts\n",
        "tools/texts.py": "",
        "setup.cfg": "[tool:pytest]\n",
        "windows.txt": "one\r\n",
        ".vscode": "a file",
        "Dockerfile": "FROM python\n",
        "blueprints/__init__.py": "",
    }
    shutil.rmtree(app / ".vscode")
    for path, text in harmful.items():
        (app / path).parent.mkdir(exist_ok=True)
        (app / path).write_bytes(text.encode())
    (app / "function_app.py").write_text(f"import helpers\n{SINGLE_FILE}", encoding="utf-8")
    (app / ".gitignore").write_text("/.pre*\n", encoding="utf-8")
    commit(app)
    assert adopt(app, "--no-index") == ""
    left_out = capsys.readouterr().out.partition("The template leaves out:\n")[2]
    for line in (
        "function_app.py: your functions are in function_app.py",
        "blueprints/__init__.py: yours is there",
        ".pre-commit-config.yaml: git ignores it",
        ".vscode/settings.json: .vscode is a file",
        ".dockerignore: your Dockerfile may copy what it names",
        "pyproject.toml: setup.cfg has the settings of your tools",
        ".gitattributes: the app has files with CRLF line endings",
        ".funcignore: AF701, ",
    ):
        assert f"  {line}" in left_out


def test_pytest_finds_the_tests_that_it_found_before(app: Path, adopt: Adopt) -> None:
    """Wherever they are, and whatever marks they have."""
    tests = ("test/test_orders.py", "tests/unit/test_hello.py")
    for path in tests:
        (app / path).parent.mkdir(parents=True)
        text = "import pytest\n\n\n@pytest.mark.slow\ndef test_it() -> None:\n    pass\n"
        (app / path).write_text(text, encoding="utf-8")
    commit(app)
    assert adopt(app, "--no-index", "--apply") == ""
    collect = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider"]
    found = run(*collect, "--quiet", folder=app).stdout
    assert {f"{path}::test_it" for path in tests} < set(found.splitlines())


def test_packages_and_modules_that_azure_would_not_get_are_named(
    tmp_path: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    """The warning is that Core Tools takes "tests" in .funcignore for this module, too."""
    content = {"function_app.py": f"import tests\n{SINGLE_FILE}", "tests.py": "", "Pipfile": ""}
    content["tools/settings.py"] = '"""Older: python -m tools.settings"""\n'
    app = write_app(Shape({**BASE, **content}, {}), tmp_path / "app")
    line = (
        "Azure installs requirements.txt, which is new. Add the packages that the app needs, such as "
        "those in Pipfile.\n"
    )
    assert adopt(app, "--no-index") == ""
    printed = capsys.readouterr().out
    assert "  .funcignore: AF703, " in printed
    assert line in printed
    assert adopt(app, "--no-index", "--apply") == ""
    printed = capsys.readouterr().out
    assert line in printed
    assert "\n  python tools/validate.pyz\n" in printed
    assert "\npython tools/validate.pyz finds what would break in Azure.\n" in printed
    assert "tools.settings" not in printed


def test_a_function_that_is_like_no_kind_has_only_its_trigger(
    app: Path, adopt: Adopt, capsys: pytest.CaptureFixture[str]
) -> None:
    other = '\n\n@app.generic_trigger("m", "otherTrigger")\ndef other(m: str): ...\n'
    (app / "function_app.py").write_text(SINGLE_FILE + other, encoding="utf-8")
    commit(app)
    assert adopt(app, "--no-index") == ""
    assert "  other   otherTrigger" in capsys.readouterr().out.splitlines()


def test_what_the_requirements_install_is_published(app: Path) -> None:
    (app / "requirements.txt").write_text("-e .\n", encoding="utf-8")
    rendered = app.parent / "rendered"
    rendered.mkdir()
    (rendered / ".funcignore").write_text("pyproject.toml\n", encoding="utf-8")
    found = files.sort_files(existing_app.read(app, None), rendered)
    assert found.left_out[".funcignore"] == "requirements.txt installs a folder of the app"


@pytest.mark.parametrize(
    ("path", "theirs", "ours", "says"),
    [
        ("a.json", '{"a": {"b": 1}, "c": [1]}', '{"a": {"b": 2}, "c": [2]}', "you have a.b 1"),
        ("a.json", '{"a": 1}', '{"a": 1, "b": {"c": 2}}', "only the template has b.c"),
        ("a.json", '{"a": {}}', "{}", "only you have a"),
        ("a.json", '{"a": [1]}', '{"a": [2]}', "you have other a"),
        (
            *("a.json", json.dumps({"a": "b" * 99}), '{"a": 1}'),
            f'you have a "{"b" * 39}... instead of 1',
        ),
        ("a.json", "// a\n{}", "{}", "1 line only in yours"),
        (".gitignore", "# a\nx\n", "x\n", "only order, comments or spaces differ"),
        (".funcignore", "a\nb\nc\nd\ne\n", "", "only you have a, b, c, d and 1 more"),
        ("README.md", "a\n", "b\nc\n", "1 line only in yours, 2 only in the template's"),
    ],
)
def test_a_difference_is_described_in_a_few_words(
    path: str, theirs: str, ours: str, says: str, tmp_path: Path
) -> None:
    for name, text in (("theirs", theirs), ("ours", ours)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert says in difference(path, tmp_path / "theirs", tmp_path / "ours")


def test_a_file_that_is_not_text_is_not_compared(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"\xff")
    (tmp_path / "ours").write_text("a", encoding="utf-8")
    assert (
        difference("a.json", tmp_path / "theirs", tmp_path / "ours") == "yours is not a text file"
    )
