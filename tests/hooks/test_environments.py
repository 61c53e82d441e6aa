"""Finding interpreters and making environments."""

import ast
import os
import shutil
import sys
from pathlib import Path

import pytest

from hooks import environments, shell
from hooks.catalogue import ROOT
from tests.support.missing import old_python
from tests.support.run import ANOTHER_LOCALE, run
from tests.support.scripts import write_script
from tests.support.text_files import read

OWN_VERSION = "{}.{}".format(*sys.version_info)


def test_finds_the_python_that_runs() -> None:
    found = environments.find_python(OWN_VERSION)
    assert found is not None
    code = "import sys; print(sys.prefix == sys.base_prefix, *sys.version_info[:2], sep='.')"
    assert run(found, "-c", code).stdout.strip() == f"True.{OWN_VERSION}"


@pytest.mark.parametrize("version", ["3.8", "3.9"])
def test_an_older_python_is_refused_with_a_sentence(version: str, tmp_path: Path) -> None:
    """macOS has 3.9 as `python3`."""
    folder = tmp_path / "env"
    command = ("-m", "hooks.environments", folder, "new")
    done = run(old_python(version), *command, folder=ROOT, status=1)
    assert done.stderr.startswith("This needs Python 3.11 or newer. ")
    assert done.stderr.count("\n") == 1
    assert not folder.exists()


def test_finds_nothing_where_a_version_is_missing() -> None:
    assert environments.find_python("3.99") is None


def test_passes_over_a_command_that_does_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The message of a shim is in the encoding of the terminal.
    write_script(tmp_path / "python3.99", "printf '\\377'\nexit 127")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environments.find_python("3.99") is None


@pytest.mark.parametrize(("is_windows", "inside"), [(False, "bin/python"), (True, "python.exe")])
def test_finds_a_python_of_pyenv_that_is_not_activated(
    is_windows: bool, inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("3.99.1", "3.99.2"):
        write_script(tmp_path / "versions" / version / inside, "echo 3.99")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setattr(shell, "IS_WINDOWS", is_windows)
    newest = tmp_path / "versions" / "3.99.2" / inside
    assert environments.find_python("3.99") == newest


@pytest.mark.parametrize("is_windows", [True, False])
def test_asks_the_launcher_of_windows(
    is_windows: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another system, a command of this name is something else."""
    python = tmp_path / "Python399" / "python.exe"
    write_script(python, "echo 3.99")
    write_script(tmp_path / "py", f'test "$1" = -3.99 && echo "{python}"')
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(shell, "IS_WINDOWS", is_windows)
    assert environments.find_python("3.99") == (python if is_windows else None)
    assert environments.find_python("3.98") is None


@pytest.mark.parametrize(
    ("wanted", "here", "nearest"),
    [
        ("3.13", ["3.10", "3.13"], "3.13"),
        ("3.13", ["3.10", "3.12"], "3.12"),
        ("3.14", ["3.11", "3.13"], "3.13"),
        ("3.12", ["3.11", "3.13"], "3.13"),
        ("3.10", ["3.12", "3.14"], "3.12"),
    ],
)
def test_takes_the_nearest_python_and_the_newer_of_two(
    wanted: str, here: list[str], nearest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pythons = {version: Path(f"python{version}") for version in here}
    monkeypatch.setattr(environments, "find_python", pythons.get)
    assert environments.nearest_python(wanted) == (nearest, Path(f"python{nearest}"))


def test_says_so_where_there_is_no_python_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "find_python", lambda version: None)
    with pytest.raises(environments.EnvironmentFailure, match=r"Install Python 3\.13"):
        environments.nearest_python("3.13")


@pytest.mark.parametrize("with_uv", [True, False])
def test_an_environment_has_pip_with_uv_and_without(
    with_uv: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not with_uv:
        monkeypatch.setattr(environments, "find_uv", lambda: None)
    assert (environments.find_uv() is not None) == with_uv
    python = environments.make_environment(
        tmp_path / "env", Path(sys.executable), ["iniconfig"], tmp_path
    )
    assert "iniconfig" in run(python, "-m", "pip", "list").stdout


def test_an_environment_that_was_left_without_pip_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where venv was stopped, or ensurepip was not installed yet."""
    monkeypatch.setattr(environments, "find_uv", lambda: None)
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path)
    python = environments.make_environment(tmp_path, Path(sys.executable), ["pip"], tmp_path)
    assert run(python, "-m", "pip", "--version").stdout.startswith("pip ")


def test_what_a_command_prints_is_utf_8_in_every_locale() -> None:
    """Windows reads in another encoding, as Python does here in the locale C."""
    code = r"print('gr\xf6\xdfe')"
    program = f"""
import sys
from pathlib import Path
from hooks import environments
print(ascii(environments.run([sys.executable, "-c", {code!r}], Path.cwd()).stdout))
"""
    done = run(sys.executable, "-c", program, folder=ROOT, environment=ANOTHER_LOCALE)
    assert ast.literal_eval(done.stdout) == "größe\n"


@pytest.mark.parametrize("path", sorted(ROOT.glob("hooks/**/*.py")), ids=lambda path: path.name)
def test_what_a_command_prints_is_not_read_in_the_locale(path: Path) -> None:
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.keyword):
            assert node.arg not in ("text", "universal_newlines"), f"line {node.value.lineno}"


@pytest.mark.parametrize("path", sorted(ROOT.glob("hooks/**/*.py")), ids=lambda path: path.name)
def test_files_are_read_and_written_alike_in_every_locale_and_on_every_system(path: Path) -> None:
    needed = {"read_text": {"encoding"}, "write_text": {"encoding", "newline"}}
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = {keyword.arg for keyword in node.keywords}
            assert needed.get(node.func.attr, set()) <= given, f"line {node.lineno}"


def test_a_failed_installation_shows_its_output(tmp_path: Path) -> None:
    with pytest.raises(environments.EnvironmentFailure, match=r"missing\.txt"):
        environments.make_environment(
            tmp_path / "env", Path(sys.executable), ["--requirement", "missing.txt"], tmp_path
        )


def test_uv_is_found_beside_the_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = environments.find_uv()
    assert found is not None
    assert shutil.which(found) == found


def test_an_app_of_uv_gets_an_environment_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that of a workspace, or the one that UV_PROJECT_ENVIRONMENT names."""
    seen: list[str] = []

    def run(command: list[str], folder: Path) -> None:
        seen.append(os.environ["UV_PROJECT_ENVIRONMENT"])

    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "elsewhere")
    monkeypatch.setattr(environments, "_run", run)
    python = environments.sync(tmp_path, Path("python"))
    assert python == environments.interpreter(tmp_path / ".venv")
    assert seen == [str(tmp_path / ".venv")] * 2
