"""`make adopt` refuses with one sentence, and writes nothing."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from hooks import new
from hooks.adoption import files
from hooks.catalogue import ROOT
from tests.hooks.adoption.conftest import Adopt
from tests.support.existing_apps import (
    BASE,
    NEEDS_REQUIREMENTS,
    SHAPES,
    SINGLE_FILE,
    Shape,
    write_app,
)
from tests.support.repositories import commit, run_git, status
from tests.support.run import run
from tests.support.text_files import read

NOT_ADOPTED: dict[str, tuple[dict[str, str], str]] = {
    "nothing": ({"readme.txt": ""}, "has no function_app.py. Name the folder of a function app."),
    "v1": (
        {"host.json": "{}", "hello/function.json": "{}", "hello/__init__.py": ""},
        "has an app of the v1 programming model, with function.json files. Migrate it to the v2",
    ),
    "v1, with a module beside the functions": (
        {"host.json": "{}", "hello/function.json": '{"scriptFile": "../hello.py"}', "hello.py": ""},
        "has an app of the v1 programming model, with function.json files. Migrate it to the v2",
    ),
    "v1, below": (
        {"api/host.json": "{}", "api/hello/function.json": "{}", "api/hello/__init__.py": ""},
        "/api has an app of the v1 programming model, with function.json files. Migrate it to the",
    ),
    "JavaScript, below": (
        {"api/host.json": "{}", "api/package.json": "{}"},
        "/api has a function app, but not in Python. The template needs Python.",
    ),
    "an app of a tool": (
        {".venv/app/host.json": "{}", ".venv/app/package.json": "{}", "readme.txt": ""},
        "has no function_app.py. Name the folder of a function app.",
    ),
    "JavaScript with function.json": (
        {"host.json": "{}", "package.json": "{}", "hello/function.json": "{}"},
        "has a function app, but not in Python. The template needs Python.",
    ),
    "JavaScript": (
        {"host.json": "{}", "package.json": "{}"},
        "has a function app, but not in Python. The template needs Python.",
    ),
    "another entry point": (
        {"host.json": "{}", "main.py": SINGLE_FILE},
        "has no function_app.py. If your functions are in another file, name it in local.settings.",
    ),
    "a module with the name of a folder": (
        {**BASE, "function_app.py": SINGLE_FILE, "tools.py": ""},
        "tools.py would hide the folder tools/ of the template from Python. Rename the module first.",
    ),
    "tools that git ignores": (
        {**BASE, "function_app.py": SINGLE_FILE, ".gitignore": "tools/\n"},
        "but updates, tests and checks need them in commits. Commit these lines at the end of its .gitignore: "
        + "!/tools/, !/tools/settings.py, !/tools/validate.pyz",
    ),
    "shared settings that git ignores": (
        {**BASE, "function_app.py": SINGLE_FILE, ".gitignore": "local.settings*.json\n"},
        "Commit these lines at the end of its .gitignore: !/local.settings.example.json",
    ),
    "an entry point with an odd name": (
        {
            "host.json": "{}",
            "my app.py": SINGLE_FILE,
            "local.settings.json": '{"Values": {"PYTHON_SCRIPT_FILE_NAME": "my app.py"}}',
        },
        "my app.py has a name that the template does not take. Rename it, also in local.settings.json:",
    ),
    "a module at the path of a tool": (
        {**BASE, "function_app.py": SINGLE_FILE, "tools/settings.py": "TIMEOUT = 5\n"},
        "settings.py is at the path of a tool that the template's README and CI call. Rename it first.",
    ),
    "a file with the name of a folder": (
        {**BASE, "function_app.py": SINGLE_FILE, "tools": ""},
        "settings.py cannot be added, but the template's tests and checks need it: tools is a file. "
        + "Rename it first.",
    ),
    "a file with the name of the tests": (
        {**BASE, "function_app.py": SINGLE_FILE, "tests": ""},
        "tests is a file or leads out of the app, but updates need a folder there. Rename it first.",
    ),
    "several": (
        {"a/function_app.py": SINGLE_FILE, "b/function_app.py": SINGLE_FILE},
        "has several function apps, in a, b. Name the folder of one.",
    ),
    "below": ({"src/function_app.py": SINGLE_FILE}, "is not the folder of the app. Use DEST="),
    "no app made": (
        {**BASE, "function_app.py": "print(1)\n"},
        "makes no function app that its sources show. "
        + "Fix what `python tools/validate.pyz` of any generated app finds in it first. "
        + "If it finds nothing, create the app's .venv, with its packages, or name an interpreter with --python.",
    ),
    "a blueprint without an app": (
        {**BASE, "function_app.py": "import azure.functions as func\n\nbp = func.Blueprint()\n"},
        "makes no function app that its sources show.",
    ),
    "the app elsewhere": (
        {**BASE, "functions/function_app.py": SINGLE_FILE},
        "has no function_app.py. Fix what `python tools/validate.pyz` of any generated app finds in it first.",
    ),
    "generated": (
        {"function_app.py": SINGLE_FILE, ".copier-answers.yml": "functions: {}\n"},
        "already comes from this template. Run `copier update --defaults` in it.",
    ),
    "another template": (
        {"function_app.py": SINGLE_FILE, ".copier-answers.yml": "name: a\n"},
        "comes from another template. Delete its .copier-answers.yml, and commit.",
    ),
    "answers that cannot be read": (
        {"function_app.py": SINGLE_FILE, ".copier-answers.yml": "{"},
        ".copier-answers.yml cannot be read.",
    ),
    "ignored answers": (
        {"function_app.py": SINGLE_FILE, ".gitignore": ".*\n"},
        "need it in commits. Commit these lines at the end of its .gitignore: !/.copier-answers.yml",
    ),
}


@pytest.mark.parametrize("name", NOT_ADOPTED)
@pytest.mark.parametrize("arguments", [(), ("--apply",)])
def test_what_cannot_be_adopted_is_one_sentence(
    name: str, arguments: tuple[str, ...], tmp_path: Path, adopt: Adopt
) -> None:
    content, sentence = NOT_ADOPTED[name]
    app = write_app(Shape(content, {}), tmp_path / "my app")
    said = adopt(app, *arguments)
    assert str(app) in said
    assert sentence in said
    assert "\n" not in said
    assert status(app) == []


def test_an_app_that_is_not_imported_by_choice_can_be(tmp_path: Path, adopt: Adopt) -> None:
    files, _ = NOT_ADOPTED["no app made"]
    said = adopt(write_app(Shape(files, {}), tmp_path), "--no-index")
    assert said.endswith("create the app's .venv, with its packages, and leave out --no-index.")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--data", "functions={a: http}"], "functions: The app's functions stay as they are."),
        (["--data", "web_framework=flask"], "web_framework: function_app.py stays as it is."),
        (["--data", "telemetry=opentelemetry"], "telemetry: function_app.py stays as it is."),
        (["--data", "docker=maybe"], 'docker: Write true or false, not "maybe".'),
        (["--data", "docker"], "ARGS: Write --data NAME=VALUE, not --data docker."),
        (["--appply"], "ARGS: unrecognized arguments: --appply."),
    ],
)
def test_a_bad_answer_is_one_sentence(
    arguments: list[str], sentence: str, app: Path, adopt: Adopt
) -> None:
    said = adopt(app, "--no-index", "--apply", *arguments)
    assert said.startswith(sentence)
    assert "\n" not in said
    assert status(app) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--python", "missing"], "There is no interpreter missing. Name one that runs, such as"),
        (["--python", ""], "--python names no interpreter. Name one that runs, such as"),
        (
            ["--python", "missing", "--no-index"],
            "ARGS: argument --no-index: not allowed with argument --python.",
        ),
    ],
)
def test_a_python_that_cannot_be_used_is_refused(
    arguments: list[str], sentence: str, app: Path, adopt: Adopt
) -> None:
    assert adopt(app, *arguments).startswith(sentence)


@pytest.mark.parametrize(("choice", "needed"), NEEDS_REQUIREMENTS)
def test_no_file_is_added_that_needs_another_one_that_is_left_out(
    choice: str, needed: str, tmp_path: Path, adopt: Adopt
) -> None:
    app = write_app(SHAPES["blueprints and Poetry"], tmp_path / "app")
    said = adopt(app, "--no-index", "--apply", "--data", choice)
    answer = choice.partition("=")[0]
    assert said == (
        f"{answer}: It needs {needed}, which your app lacks. "
        "Create that file and commit it, or leave this answer out."
    )
    assert status(app) == []


def test_only_committed_work_is_adopted(app: Path, tmp_path: Path, adopt: Adopt) -> None:
    (app / "new.txt").write_text("a draft", encoding="utf-8")
    said = adopt(app, "--apply")
    assert said == f"{app} has changes that are not committed. Commit or stash them first."
    shutil.rmtree(app / ".git")
    assert "is not in a git repository. Run `git init` in it" in adopt(app)
    run_git(app, "init", "--quiet")
    assert "has no committed files. Commit the app first." in adopt(app)
    assert not (app / ".copier-answers.yml").exists()
    assert "is not a folder." in adopt(tmp_path / "-x")
    assert "is not a folder." in adopt("a" * 300)
    for folder in ("", "--help"):
        assert adopt(folder) == "Name the folder of the app: make adopt DEST=../old-app"


@pytest.mark.parametrize("name", ["blueprints", "tests"])
def test_tests_and_blueprints_of_another_folder_are_refused(
    name: str, app: Path, adopt: Adopt
) -> None:
    (app.parent / name).mkdir()
    (app / name).symlink_to(Path("..", name))
    commit(app)
    said = adopt(app, "--no-index", "--apply")
    assert f"{name} is a file or leads out of the app" in said
    assert status(app) == []


def test_it_starts_without_make() -> None:
    done = run(
        sys.executable, "-m", "hooks.adopt", folder=ROOT, environment={"PYTHONPATH": ""}, status=1
    )
    assert done.stderr == "Name the folder of the app: make adopt DEST=../old-app\n"


def test_an_app_inside_the_template_is_refused(adopt: Adopt) -> None:
    assert "is inside the template" in adopt(new.ROOT / "template" / "project")


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), PermissionError(13, "denied", "a.txt")])
def test_a_stop_leaves_the_app_as_it_was(
    failure: BaseException, app: Path, adopt: Adopt, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = files.copy_files

    def stop(source: Path, paths: list[str], target: Path) -> None:
        copy(source, paths, target)
        if target == app:
            raise failure

    monkeypatch.setattr(files, "copy_files", stop)
    said = adopt(app, "--no-index", "--apply")
    assert said in ("Stopped; nothing was written.", "a.txt cannot be written: denied.")
    assert status(app) == []
    assert not (app / "tools").exists()


def test_a_stop_before_there_is_something_to_show_leaves_nothing(
    app: Path, tmp_path: Path, adopt: Adopt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setattr(files, "sort_files", stop)
    assert adopt(app, "--no-index") == "Stopped; nothing was written."
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("decorators", "change"),
    [
        ('@(id if THERE else app.route("a"))', "one would be missing"),
        (
            '@app.function_name("two" if THERE else "one")\n@app.route("a")',
            "one would be missing; two would be new",
        ),
        ('@app.route("b" if THERE else "a")', "their bindings change"),
    ],
)
def test_files_that_would_change_the_functions_are_refused(
    decorators: str, change: str, worker_python: Path, tmp_path: Path, adopt: Adopt
) -> None:
    source = (
        f"from pathlib import Path\n\n{SINGLE_FILE}\n\n"
        'THERE = Path(__file__).with_name("pyproject.toml").exists()\n\n'
        f"{decorators}\ndef one(req: func.HttpRequest): ...\n"
    )
    shape = Shape({**BASE, "function_app.py": source}, {})
    app = write_app(shape, tmp_path / "app", worker_python)
    assert adopt(app, "--apply") == (
        f"{app} would have other functions with the files of the template: {change}."
    )
    assert status(app) == []


def test_the_page_quotes_what_it_says() -> None:
    page = read(ROOT / "docs" / "adopting.md")
    hooks = [ROOT / "hooks" / "adopt.py", *ROOT.glob("hooks/adoption/*.py")]
    sources = [*hooks, ROOT / "template" / "complaints.yml"]
    text = "".join(re.sub(r'"\n\s+f?"', "", read(path)) for path in sources)
    quoted = re.findall(r'"\.\.\. ([^"]+)"', page.partition("## If it refuses")[2])
    assert len(quoted) > 7
    assert [
        part for part in quoted if part.replace("function_app.py", "{DEFAULT_ENTRY}") not in text
    ] == []
