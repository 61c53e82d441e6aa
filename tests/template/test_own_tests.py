"""The tests that come with a project: they pass on every Python, and notice what breaks an app."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hooks.catalogue import Kind
from tests.support.apps import check_types
from tests.support.catalogue import KINDS, PYTHONS, one_of_each
from tests.support.own_tests import run_tests
from tests.support.text_files import append, read, read_json

# On the newest Python, they run as in an editor that has a whole repository open, in a network whose proxy is not on
# this machine, and with other values of the settings. test_oldest_packages.py runs them there in the folder of the app.
ELSEWHERE = PYTHONS[-1]
PROXY = "http://127.0.0.1:9"
SOCKS = "socks5://127.0.0.1:9"
OTHER_VALUES = {"false": "true", "Plain": "ScramSha512", "python": "python"}


def environment_elsewhere(app: Path) -> dict[str, str]:
    """Return environment variables that may be set on a machine, among them the settings of the app."""
    settings = read_json(app / "local.settings.json")["Values"]
    others = {
        name: OTHER_VALUES.get(value, "7" if value.isdigit() else f"other-{value}")
        for name, value in settings.items()
    }
    proxies = {"http_proxy": PROXY, "https_proxy": PROXY, "all_proxy": SOCKS, "no_proxy": ""}
    return {**proxies, **others}


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("version", PYTHONS)
def test_all_kinds_together_pass_on_every_python(
    version: str,
    streams: bool,
    environment: Callable[[str], Path],
    project: Callable[..., Path],
    reach: Callable[[Kind, str, bool], None],
) -> None:
    functions = one_of_each(version, streams=streams)
    app = project(functions, python_version=version)
    elsewhere = version == ELSEWHERE
    done = run_tests(
        app,
        environment(version),
        "-rpfEs",
        *([str(app)] if elsewhere else []),
        folder=app.parent if elsewhere else app,
        environment=environment_elsewhere(app) if elsewhere else {},
        status=None,
    )
    for kind in KINDS:
        if kind.placeholder in functions:
            file = f"tests/test_{kind.placeholder}.py"
            outcomes = re.findall(
                rf"(?m)^(PASSED|FAILED|ERROR) (?:{app.name}/)?{file}\b", done.stdout
            )
            assert outcomes, done.stdout
            reach(kind, version, set(outcomes) == {"PASSED"})
    assert done.returncode == 0, done.stdout
    assert not re.search(r"(?m)^SKIPPED|\d skipped", done.stdout)


@pytest.mark.first
@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("version", [PYTHONS[0], PYTHONS[-1]])
def test_all_kinds_together_are_typed(
    version: str, streams: bool, environment: Callable[[str], Path], project: Callable[..., Path]
) -> None:
    app = project(one_of_each(version, streams=streams), python_version=version)
    check_types(app, environment(version))


EVERY_KIND = pytest.mark.parametrize(
    ("version", "streams"), [("3.12", False), ("3.12", True), ("3.13", False)]
)


def each_kind(version: str, streams: bool) -> dict[str, str]:
    """Return a function of each kind; on Python 3.13, of those that do not run on 3.12."""
    names = one_of_each(version, streams=streams)
    older = one_of_each("3.12", streams=streams) if version == "3.13" else {}
    return {name: id for name, id in names.items() if name not in older}


def unnoticed(app: Path, python: Path, modules: dict[str, str]) -> list[str]:
    """Write other code into the modules of functions; return those whose tests do not notice it."""
    for name, source in modules.items():
        (app / "blueprints" / f"{name}.py").write_text(source, encoding="utf-8")
    tests = [f"tests/test_{name}.py" for name in modules]
    output = run_tests(app, python, "--tb=no", *tests, status=1).stdout
    return [name for name in modules if f"FAILED tests/test_{name}.py" not in output]


def read_modules(app: Path, names: Iterable[str]) -> dict[str, str]:
    return {name: read(app / "blueprints" / f"{name}.py") for name in names}


@EVERY_KIND
def test_the_tests_of_every_kind_notice_a_function_that_does_nothing(
    version: str, streams: bool, environment: Callable[[str], Path], project: Callable[..., Path]
) -> None:
    app = project(each_kind(version, streams), python_version=version)
    modules = {
        name: f"{source}\n\n{name} = lambda *_: None\n"
        for name, source in read_modules(app, each_kind(version, streams)).items()
    }
    assert unnoticed(app, environment(version), modules) == []


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_the_tests_of_every_kind_notice_json_of_another_media_type(
    version: str, environment: Callable[[str], Path], project: Callable[..., Path]
) -> None:
    json = 'mimetype="application/json"'
    app = project(each_kind(version, streams=False), python_version=version)
    modules = {
        name: source.replace(json, 'mimetype="text/plain"')
        for name, source in read_modules(app, each_kind(version, streams=False)).items()
        if json in source
    }
    assert unnoticed(app, environment(version), modules) == []


APP = {"hello": "http", "orders": "queue"}
SECOND_ROUTE = """@bp.route("/Hello/")
def again(req: func.HttpRequest) -> str:
    return "again"


"""


@dataclass(frozen=True)
class Mistake:
    """A change to a file that breaks the app, and what the app's tests then say."""

    name: str
    file: str
    old: str
    new: str
    complaint: str


MISTAKES = [
    Mistake(
        "unregistered",
        "function_app.py",
        "app.register_functions(orders.bp)\n",
        "",
        "AF110",
    ),
    Mistake(
        "registered twice",
        "function_app.py",
        "app.register_functions(orders.bp)\n",
        "app.register_functions(orders.bp)\n" * 2,
        "AF118",
    ),
    Mistake("import", "blueprints/hello.py", "import json\n", "import jsn\n", "jsn"),
    Mistake(
        "connection",
        "blueprints/orders.py",
        'connection="StorageConnection"',
        'connection="OtherConnection"',
        "OtherConnection of orders",
    ),
    Mistake(
        "setting",
        "blueprints/orders.py",
        'queue_name="orders"',
        'queue_name="%QUEUE%"',
        "QUEUE of orders",
    ),
    Mistake(
        "route", "blueprints/hello.py", "def read_name", f"{SECOND_ROUTE}def read_name", "AF223"
    ),
    Mistake(
        "parameter",
        "blueprints/orders.py",
        "def orders(message: func.QueueMessage)",
        "def orders(wrong: func.QueueMessage)",
        "AF113",
    ),
    Mistake(
        "annotation",
        "blueprints/hello.py",
        "-> func.HttpResponse:",
        "-> func.HttpResponse | None:",
        "AF114",
    ),
]


@pytest.mark.parametrize("version", ["3.12", "3.13"])
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_test_app_notices_what_azure_would_reject(
    version: str,
    mistake: Mistake,
    environment: Callable[[str], Path],
    project: Callable[..., Path],
) -> None:
    app = project(APP, python_version=version)
    source = read(app / mistake.file)
    assert mistake.old in source
    changed = source.replace(mistake.old, mistake.new)
    (app / mistake.file).write_text(changed, encoding="utf-8")
    done = run_tests(app, environment(version), "tests/test_app.py", status=1)
    assert mistake.complaint in done.stdout


def test_test_app_shows_why_the_validator_does_not_run(
    worker_python: Path, project: Callable[..., Path]
) -> None:
    app = project({"hello": "http"})
    (app / "tools" / "validate.pyz").write_text("raise SystemExit('It is torn.')", encoding="utf-8")
    done = run_tests(app, worker_python, "tests/test_app.py", status=1)
    assert "AssertionError: It is torn." in done.stdout


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("import tea_shop\n", ['AssertionError: "tea_shop" is not installed for ']),
        (
            "1 / 0\n",
            ["AssertionError: The app cannot be imported.", "fails with ZeroDivisionError"],
        ),
    ],
)
def test_test_app_shows_why_the_app_cannot_be_imported(
    line: str, shown: list[str], worker_python: Path, project: Callable[..., Path]
) -> None:
    app = project({"hello": "http"})
    append(app / "function_app.py", line)
    append(app / "requirements.txt", "tea-shop\n")
    done = run_tests(app, worker_python, "tests/test_app.py", status=1)
    assert [text for text in shown if text not in done.stdout] == []


def test_test_app_takes_what_a_user_adds(worker_python: Path, project: Callable[..., Path]) -> None:
    app = project(APP)
    own = '\n\n@app.route("own")\ndef own(req: func.HttpRequest) -> str:\n    return "own"\n'
    append(app / "function_app.py", own)
    run_tests(app, worker_python)
