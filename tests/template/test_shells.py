"""What an owner types every day works in PowerShell and cmd, too, or it is said that it needs a POSIX shell.

Neither of them runs in these tests: the commands are read.
"""

import ast
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import copier._main
import pytest
import yaml
from copier import run_copy, run_update

from hooks import adopt, new, post_generation, shell
from hooks.catalogue import ROOT
from tests.support.catalogue import one_of_each
from tests.support.readme import section
from tests.support.releases import NOW, release
from tests.support.text_files import read
from tests.support.updates import copy

EVERYTHING = {
    "web_framework": "fastapi",
    "telemetry": "opentelemetry",
    "package_manager": "uv",
    "devcontainer": True,
}
# All kinds, with the commands of the Azure CLI or of azd and CI.
APPS: list[dict[str, Any]] = [
    {"functions": one_of_each(), **EVERYTHING},
    {"functions": one_of_each("3.12"), "python_version": "3.12"},
    {"functions": {"hello": "http", "rows": "sql"}, "infra": "azd", "ci": "azure-pipelines"},
    {"functions": {"up": "http_stream"}, "infra": "azd"},
]
PAGES = ["README.md", *(f"docs/{path.name}" for path in sorted(ROOT.glob("docs/*.md")))]
# Variables, continued lines, heredocs, pipes, single quotes, and commands that only such a shell has.
POSIX_ONLY = re.compile(
    r"""\$|\\$| &$|<<|\||&&|'|^\w+=|^(?:export|for|grant|printf|source|sudo)\b"""
)
TWIN = "# Windows: "
POSIX_MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "termios"}
POSIX_CALLS = {"chmod", "chown", "fork", "geteuid", "getuid", "kill", "killpg", "setsid"}
# On Windows these are scripts, which start only by their whole path.
SCRIPTS = {"az", "azd", "code", "func", "npm", "npx"}


def posix_only(script: str) -> list[str]:
    """Return the lines of a script that need a POSIX shell and name nothing instead."""
    lines = (line.rstrip() for line in script.splitlines())
    commands = ((line, re.sub(r"(^|\s)# .*$", "", line).rstrip()) for line in lines)
    return [line for line, bare in commands if POSIX_ONLY.search(bare) and TWIN not in line]


def scripts(page: str) -> Iterator[tuple[str, str]]:
    """Yield the blocks of commands in a page, each with the text before it in its chapter."""
    for chapter in re.split(r"(?m)^## ", page):
        for block in re.finditer(r"(?ms)^```shell\n(.*?)^```$", chapter):
            yield chapter[: block.start()], block[1]


def unannounced(page: str) -> list[str]:
    """Return the lines that need a POSIX shell where nothing in the chapter says so."""
    title = page.partition("\n## ")[0]
    return [
        line
        for before, script in scripts(page)
        if "POSIX shell" not in title + before
        for line in posix_only(script)
    ]


@pytest.mark.parametrize("answers", APPS, ids=["all", "old", "azd", "small"])
def test_a_readme_says_which_commands_need_a_posix_shell(
    answers: dict[str, Any], render: Callable[..., Path]
) -> None:
    app = render(**answers)
    readme = read(app / "README.md")
    assert len(list(scripts(readme))) > 5
    assert unannounced(readme) == []
    assert [
        line for _, script in scripts(read(app / "AGENTS.md")) for line in posix_only(script)
    ] == []
    by_hand = re.findall("`(Invoke-RestMethod [^`]+)`", readme)
    assert len(by_hand) == readme.count("runs a function by hand")


@pytest.mark.parametrize("answers", APPS, ids=["all", "old", "azd", "small"])
def test_a_readme_says_how_zsh_and_cmd_take_comments(
    answers: dict[str, Any], render: Callable[..., Path]
) -> None:
    """By default, zsh takes them for arguments, and an apostrophe in them for the start of a text. So does cmd, always."""
    for title in ("Run", "Deploy"):
        chapter = section(render(**answers), title)
        before, _, commands = chapter.partition("```shell")
        assert " # " in commands
        assert "`setopt interactive_comments`" in before
        assert ("in cmd, leave" in before) == (title == "Run")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_which_commands_need_a_posix_shell(path: str) -> None:
    # make has a POSIX shell of its own.
    page = re.sub(r"(?m)^make new DEST.*\n", "", read(ROOT / path))
    assert unannounced(page) == []


@pytest.mark.parametrize(
    "line",
    [
        "export A=1",
        "A=1 func start",
        "az group create \\",
        "curl --json '{}' http://localhost",
        "a && b",
        "source .venv/bin/activate",
        "python - <<END",
        'az login --query "$ID"',
    ],
)
def test_what_needs_a_posix_shell_is_noticed(line: str) -> None:
    page = f"# App\n\n## Run\n\n```shell\nfunc start  # it's here\n{line}\n```\n"
    assert unannounced(page) == [line]
    assert unannounced(page.replace("## Run\n", "## Run\n\nIn a POSIX shell:\n")) == []


@pytest.fixture(params=["linux", "macos", "windows"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The system that Copier takes this one for."""
    monkeypatch.setattr(copier._main, "OS", request.param)
    return str(request.param)


def commands(said: str) -> list[str]:
    """Return the commands of a message, which have no comments: zsh and cmd take them for arguments."""
    found = [line.strip() for line in said.splitlines() if line.startswith("  ")]
    assert [line for line in found if "#" in line] == []
    return found


def change_folder(app: Path, system: str) -> str:
    """Return the command that changes to a folder whose name has a colon, as each whole path on Windows."""
    return f'pushd "{app}"' if system == "windows" else f"cd '{app}'"


@pytest.mark.parametrize("package_manager", ["pip", "uv"])
def test_copier_prints_the_commands_of_the_users_system(
    package_manager: str,
    system: str,
    template: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = tmp_path / "my: app"
    data = {"functions": {"hello": "http"}, "package_manager": package_manager}
    run_copy(str(template), app, data=data, defaults=True)
    said = commands(capsys.readouterr().err.partition("Next, ")[2])
    assert said[0] == change_folder(app, system)
    assert said[-1].endswith("func start")
    create, activate = "py -3.13 -m venv .venv", r".venv\Scripts\activate"
    if system != "windows":
        create, activate = "python3.13 -m venv .venv", "source .venv/bin/activate"
    assert said[1:3] == ([create, activate] if package_manager == "pip" else ["uv sync", said[2]])
    if system == "windows":
        assert posix_only("\n".join(said)) == []


def test_an_update_prints_the_commands_of_the_users_system(
    system: str, template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = Path(shutil.copytree(template, tmp_path / "template"))
    release(repository, NOW)
    app = tmp_path / "my: app"
    functions = {"hello": "http", "orders": "queue"}
    copy(repository, app, NOW, functions=functions, package_manager="uv")
    capsys.readouterr()
    run_update(app, data={"functions": {"hello": "http"}}, defaults=True, overwrite=True)
    said = commands(capsys.readouterr().err)
    assert said[0] == change_folder(app, system)
    quoted = f'"{app}"' if system == "windows" else f"'{app}'"
    files = "blueprints/orders.py tests/test_orders.py"
    assert said[-1] == f"git -C {quoted} restore --source=HEAD {files}"
    if system == "windows":
        assert posix_only("\n".join(said)) == []


def test_make_new_prints_the_commands_of_the_users_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for is_windows, printed in (
        (False, ["cd '../my app'", "source .venv/bin/activate", "make new DEST='../my app'"]),
        (
            True,
            [
                'cd "../my app"',
                r".venv\Scripts\activate",
                r'.venv\Scripts\python -m hooks.new "../my app"',
            ],
        ),
    ):
        monkeypatch.setattr(shell, "IS_WINDOWS", is_windows)
        answers = {"project_name": "my-app", "functions": {"hello": "http"}}
        said = post_generation.summary(Path("../my app"), answers, "", "3 passed", 1.0)
        change_folder, activate, azurite, start = map(str.strip, said.splitlines()[-4:])
        assert [change_folder, activate] == printed[:2]
        assert azurite.startswith("cmd /c start npx") == is_windows
        assert azurite.endswith("&") != is_windows
        assert start == "func start"
        assert new.how_to_go_on("../my app").endswith(printed[2])


def test_make_adopt_prints_the_commands_of_the_users_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shell, "IS_WINDOWS", True)
    assert adopt.command_to_apply("../my app", ["--data", "ci=none"]) == (
        r'.venv\Scripts\python -m hooks.adopt "../my app" --data ci=none --apply'
    )


@pytest.mark.parametrize("answers", APPS[:2], ids=["uv", "pip"])
def test_every_task_of_visual_studio_code_has_a_command_for_windows(
    answers: dict[str, Any], render: Callable[..., Path]
) -> None:
    app = render(**answers)
    tasks = json.loads(read(app / ".vscode" / "tasks.json"))["tasks"]
    started = [task for task in tasks if task["type"] == "shell"]
    assert len(started) > 3
    for task in started:
        command = task.get("windows", task)["command"]
        assert not re.search(r"/bin/|\bpython3", command), command
        # PowerShell takes quotes for those of its own command line.
        assert '"' not in command
        assert posix_only(command.replace("${config:", "")) == []
        assert ("/bin/" in task["command"]) == ("\\Scripts\\python " in command)
    checks = yaml.safe_load(read(app / ".pre-commit-config.yaml"))["repos"][-1]["hooks"]
    for check in checks:
        assert posix_only(check["entry"]) == []
        assert check["entry"].split()[0] in {"python", "uv"}


def test_a_task_leaves_an_environment_that_is_there_as_it_is(render: Callable[..., Path]) -> None:
    """On Windows, venv would write over a python.exe that runs, which fails. PowerShell has no `if not exist`."""
    tasks = json.loads(read(render({"hello": "http"}) / ".vscode" / "tasks.json"))["tasks"]
    [task] = [task["windows"] for task in tasks if task["label"] == "virtual environment"]
    command = re.fullmatch(r"if not exist (\S+) py -\d\.\d+ -m venv (\S+)", task["command"])
    assert command
    assert command[1] == rf"{command[2]}\Scripts\python.exe"
    assert task["options"]["shell"] == {"executable": "cmd.exe", "args": ["/d", "/c"]}


@pytest.mark.parametrize(
    "path",
    sorted(
        path
        for name in ("project/tools", "project/tests", "tools", "infra")
        for path in ROOT.glob(f"template/{name}/*.py")
    ),
    ids=lambda path: path.name,
)
def test_a_tool_of_an_app_runs_on_every_system(path: Path) -> None:
    tree = ast.parse(read(path))
    imported = {
        name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert imported & POSIX_MODULES == set()
    elsewhere = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "sys.platform == 'win32'"
        for other in node.orelse
        for inner in ast.walk(other)
    }
    for node in {*ast.walk(tree)} - elsewhere:
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "os":
            assert node.attr not in POSIX_CALLS
        if isinstance(node, ast.keyword):
            # Programs do not print in the encoding of the locale, in which Python would read.
            assert node.arg != "text", f"line {node.value.lineno}"
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "write_text":
            # local.settings.json is in no commit: its line ends are those of the system.
            given = {"encoding"} if path.name == "settings.py" else {"encoding", "newline"}
            assert given <= {word.arg for word in node.keywords}, node.lineno
        if isinstance(node, ast.keyword) and node.arg == "shell":
            raise AssertionError(f"line {node.value.lineno} starts a shell")
        if isinstance(node, ast.List) and node.elts and isinstance(node.elts[0], ast.Constant):
            assert node.elts[0].value not in SCRIPTS, f"line {node.lineno}"
