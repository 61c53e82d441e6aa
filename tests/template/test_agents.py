"""AGENTS.md of an app: its paths exist, its commands run, its example works, and its rules are the validator's."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hooks import environments
from tests.support.cache import CACHE
from tests.support.markdown import blocks
from tests.support.run import run
from tests.support.stand_ins import StandIns, run_in_place_of
from tests.support.text_files import append, read, replace

Answers = dict[str, Any]

# Two functions have names that the guide would choose for its example.
PLAIN: Answers = {"functions": {"cleanup": "http", "cleanup_2": "timer", "orders": "queue"}}
OF_UV: Answers = {
    "functions": {"find": "mcp_tool", "bill": "durable", "devices": "cosmosdb_client"},
    "package_manager": "uv",
    "python_version": "3.12",
    "web_framework": "fastapi",
}
FULL: Answers = {**OF_UV, "devcontainer": True, "infra": "azd", "telemetry": "opentelemetry"}
ANSWERS: dict[str, Answers] = {
    "plain": PLAIN,
    "uv": OF_UV,
    "full": {**FULL, "functions": {**FULL["functions"], "prices": "sql"}},
    "small": {"functions": {"up": "http_stream"}, "docker": False, "ci": "none"},
    "dapr": {"functions": {"greet": "dapr_topic"}, "ci": "azure-pipelines"},
}
every_app = pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS)

# Of the example, and of what Python and uv make.
NOT_THERE = re.compile(
    r"\.venv\b.*|blueprints/cleanup(_3)?\.py|tests/test_cleanup(_3)?\.py|docs/catalogue\.md"
)
PATH = re.compile(r"[\w.-]+/|(?:[\w.-]+/)*[\w.-]+\.(?:bicep|json|lock|md|py|pyz|toml|txt|yml)")


def guide(app: Path) -> str:
    return read(app / "AGENTS.md")


def inline(text: str) -> list[str]:
    """Return what is between backticks in the text, outside of blocks."""
    return re.findall("`([^`\n]+)`", re.sub(r"(?ms)^```.*?^```$", "", text))


@every_app
def test_its_paths_exist_and_it_names_every_folder(
    answers: Answers, render: Callable[..., Path]
) -> None:
    app = render(**answers)
    text = guide(app)
    paths = [word for word in inline(text) if PATH.fullmatch(word) or NOT_THERE.fullmatch(word)]
    paths += re.findall(r"\]\(([^)]+)\)", text)
    assert [p for p in paths if not NOT_THERE.fullmatch(p) and not (app / p).exists()] == []
    folders = [path.name for path in app.iterdir() if path.is_dir() and path.name[0] != "."]
    assert len(folders) > 2
    assert [name for name in folders if f"`{name}/`" not in text] == []
    for name in ("Dockerfile", "compose.yml"):
        assert (f"`{name}`" in text) == (app / name).exists()


@every_app
def test_it_is_short(answers: Answers, render: Callable[..., Path]) -> None:
    lines = guide(render(**answers)).splitlines()
    assert len(lines) < 80
    assert [line for line in lines if len(line) > 120 and not line.startswith("copier ")] == []


@every_app
def test_it_starts_the_app_as_the_readme_does(
    answers: Answers, render: Callable[..., Path]
) -> None:
    app = render(**answers)
    [start] = re.findall("(?s)To run the app, start (.+?)\n\n", guide(app))
    runs = "uv run " if "package_manager" in answers else ""
    readme = read(app / "README.md")
    *_, emulators, host = inline(start)
    assert emulators.removeprefix(runs) in readme
    assert host.replace(runs, "") in readme
    assert f"{runs}func start" in host


def make_example(app: Path) -> str:
    """Write the function of the guide by hand, with a test, and return its name."""
    text = guide(app)
    [module] = re.findall("such as `(blueprints/[^`]+)`", text)
    [tests] = re.findall("such as `(tests/[^`]+)`", text)
    [line] = re.findall("`(from blueprints import [^`]+)`", text)
    [call] = re.findall(r"`(app\.register_functions[^`]+)`", text)
    name = Path(module).stem
    assert not (app / module).exists()
    assert not (app / tests).exists()
    (app / module).write_text(blocks(text, "python")[0], encoding="utf-8")
    test = f"{line}\n\n\ndef test_it_exists() -> None:\n    assert {name}.{name}\n"
    (app / tests).write_text(test, encoding="utf-8")
    comment = "# Import your own blueprints below this line.\n"
    replace(app / "function_app.py", comment, f"{comment}{line}\n")
    append(app / "function_app.py", f"{call}\n")
    return name


def check_commands(app: Path, folder: Path, program: Path, **environment: str) -> str:
    """Run the commands that set up and check an app, which find the program, and return their output."""
    folder.mkdir()
    run_in_place_of(folder / program.name, program)
    path = {"PATH": f"{folder}:/usr/bin:/bin", "UV_OFFLINE": "1"}
    script = blocks(guide(app))[0]
    assert len(script.splitlines()) == 7
    done = run("sh", "-euc", script, folder=app, environment={**path, **environment})
    return done.stdout + done.stderr


def test_its_commands_accept_an_app_of_pip_with_its_example(
    project: Callable[..., Path], environment: Callable[[str], Path], tmp_path: Path
) -> None:
    app = project(**PLAIN)
    assert make_example(app) == "cleanup_3"
    (app / "local.settings.json").unlink()
    # As in an environment that is active.
    python = environment("3.13")
    (app / ".venv").symlink_to(python.parents[1])
    output = check_commands(app, tmp_path / "bin", python)
    assert "Successfully installed" not in output
    assert "0 errors, 0 warnings in 4 functions" in output
    assert "left unchanged" in output
    assert "Success: no issues found" in output
    assert (app / "local.settings.json").exists()


def test_its_commands_accept_an_app_of_uv_with_its_example(
    project: Callable[..., Path], environment: Callable[[str], Path], tmp_path: Path
) -> None:
    app = project(functions={"find": "mcp_tool"}, package_manager="uv", python_version="3.12")
    assert make_example(app) == "cleanup"
    environments.sync(app, environment("3.12"))
    uv = environments.find_uv()
    assert uv
    # The libraries of this environment would take the place of those in the cache of the other tests.
    cache = str(CACHE / "mypy-of-uv")
    output = check_commands(app, tmp_path / "bin", Path(uv), MYPY_CACHE_DIR=cache)
    assert "0 errors, 0 warnings in" in output
    assert "Success: no issues found" in output


def test_it_tells_how_to_write_the_requirements_of_an_app_of_uv(
    render: Callable[..., Path],
) -> None:
    assert "uv run python -m tools.requirements" in inline(guide(render(**OF_UV)))
    assert "uv" not in guide(render(**PLAIN)).replace("uvicorn", "").split()


def test_its_start_commands_run_in_a_shell(render: Callable[..., Path], tmp_path: Path) -> None:
    app = render(**PLAIN)
    [start] = re.findall("(?s)To run the app, start (.+?)\n\n", guide(app))
    calls = StandIns(tmp_path / "stand-ins", "npx", "func").run("\n".join(inline(start)), app)
    assert [call.program for call in calls] == ["npx", "func"]
    assert calls[1].line == "func start"


HEAD = """\
import time
from typing import TYPE_CHECKING

import azure.functions as func

if TYPE_CHECKING:
    from azure.functions import TimerRequest

bp = func.Blueprint()
"""
TIMER = '@bp.timer_trigger(arg_name="timer", schedule="0 0 3 * * *")\n'
ROUTE = '@bp.route(route="prices", methods=["GET"])\n'
# What the guide says, functions that break it, and what the validator calls that.
RULES = [
    (
        "Each parameter has the name of a trigger or binding",
        TIMER + "def a(timer: func.TimerRequest, more: int = 1) -> None: ...",
        "AF113",
    ),
    ("not `list[...]`", TIMER + "def b(timer: list[func.TimerRequest]) -> None: ...", "AF114"),
    ("no `X | None`", TIMER + "def c(timer: func.TimerRequest | None) -> None: ...", "AF114"),
    ("nothing under `TYPE_CHECKING`", TIMER + "def d(timer: TimerRequest) -> None: ...", "AF101"),
    (
        "An output is a `func.Out[...]`",
        TIMER + '@bp.queue_output(arg_name="out", queue_name="out", connection="Storage")\n'
        "def e(timer: func.TimerRequest, out: str) -> None: ...",
        "AF114",
    ),
    (
        "An HTTP function returns `func.HttpResponse` or `str`",
        ROUTE.replace("prices", "f") + "def f(req: func.HttpRequest) -> dict[str, str]: ...",
        "AF114",
    ),
    (
        "A function has one trigger",
        ROUTE.replace("prices", "g") + TIMER + "def g(req: func.HttpRequest) -> str: ...",
        "AF117",
    ),
    (
        "a name that no other function of the app has, in any letter case",
        TIMER + "def same(timer: func.TimerRequest) -> None: ...\n\n\n"
        f"{TIMER}def Same(timer: func.TimerRequest) -> None: ...",
        "AF118",
    ),
    ("Write decorators with parentheses", "@bp.route\ndef h(req: func.HttpRequest): ...", "AF119"),
    (
        "at the top level of a module",
        f"def outer() -> None:\n    {TIMER}    def i(timer: func.TimerRequest) -> None: ...",
        "AF123",
    ),
    (
        "Names begin with a letter",
        TIMER + "def _j(timer: func.TimerRequest) -> None: ...",
        "AF201",
    ),
    (
        "Names of parameters have no `__`",
        TIMER.replace('timer"', 'the__timer"')
        + "def k(the__timer: func.TimerRequest) -> None: ...",
        "AF209",
    ),
    (
        "Two functions do not share a route and a method",
        "\n\n\n".join(f"{ROUTE}def {name}(req: func.HttpRequest) -> str: ..." for name in "mn"),
        "AF223",
    ),
    (
        "`await` what is slow",
        TIMER + "async def o(timer: func.TimerRequest) -> None:\n    time.sleep(1)",
        "AF237",
    ),
]


def findings(app: Path) -> dict[str, set[str]]:
    """Return the codes of what the validator finds in the sources, by file."""
    validate = [sys.executable, "-B", "tools/validate.pyz", "--no-index", "--format", "json"]
    found: dict[str, set[str]] = {}
    for finding in json.loads(run(*validate, folder=app, status=None).stdout)["findings"]:
        found.setdefault(finding["path"], set()).add(finding["code"])
    return found


def test_its_rules_are_those_that_the_validator_checks(project: Callable[..., Path]) -> None:
    app = project({"hello": "http"})
    text = guide(app)
    modules = [f"rule_{number}" for number in range(len(RULES))]
    for name, (phrase, source, _) in zip(modules, RULES, strict=True):
        assert phrase in text
        (app / "blueprints" / f"{name}.py").write_text(f"{HEAD}\n\n{source}\n", encoding="utf-8")
    names = ", ".join([*modules, "late"])
    comment = "# Import your own blueprints below this line.\n"
    replace(app / "function_app.py", comment, f"{comment}from blueprints import {names}\n")
    calls = "".join(f"app.register_functions({name}.bp)\n" for name in modules)
    append(app / "function_app.py", calls)
    # Not registered.
    late = f"{HEAD}\n\n{TIMER}def late(timer: func.TimerRequest) -> None: ...\n"
    (app / "blueprints" / "late.py").write_text(late, encoding="utf-8")
    assert "Register a blueprint after its functions are defined." in text
    found = findings(app)
    assert found["blueprints/late.py"] == {"AF110"}
    codes = [(phrase, code) for phrase, _, code in RULES]
    seen = [
        (
            phrase,
            code
            if code in found.get(f"blueprints/{name}.py", ())
            else found.get(f"blueprints/{name}.py"),
        )
        for name, (phrase, _, code) in zip(modules, RULES, strict=True)
    ]
    assert seen == codes


def test_the_rules_on_the_app_are_those_that_the_validator_checks(
    project: Callable[..., Path],
) -> None:
    app = project({"hello": "http"}, web_framework="flask")
    text = guide(app)
    assert "`function_app.py` has one `FunctionApp`, under one name." in text
    assert "No module has the name of a module of Python or a package." in text
    assert "Names of HTTP functions sort before `z__web`." in text
    (app / "json.py").write_text('"""Ours."""\n', encoding="utf-8")
    route = ROUTE.replace("bp.", "app.") + "def z__zero(req: func.HttpRequest) -> str: ..."
    append(app / "function_app.py", f"\n\n{route}\n")
    found = findings(app)
    assert found["json.py"] == {"AF413"}
    assert "AF228" in found["function_app.py"]
    append(app / "function_app.py", "\n\nother = func.FunctionApp()\n")
    assert "AF106" in findings(app)["function_app.py"]


def test_durable_functions_have_their_rules(project: Callable[..., Path]) -> None:
    app = project({"bill": "durable"})
    rule = "Durable functions with a client are `async def`, orchestrators and entities `def`."
    assert rule in guide(app)
    path = app / "blueprints" / "bill.py"
    text = read(path)
    assert "async def bill(" in text
    path.write_text(re.sub(r"(?m)^async def bill\(", "def bill(", text), encoding="utf-8")
    assert "AF120" in findings(app)["blueprints/bill.py"]
    orchestrator = re.sub(r"(?ms)(orchestration_trigger.*?\n)def ", r"\1async def ", text, count=1)
    path.write_text(orchestrator, encoding="utf-8")
    assert "AF121" in findings(app)["blueprints/bill.py"]
