"""`make adopt`: what it reads in an app and proposes, or one sentence and nothing written."""

import json
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from hooks import new
from hooks.adoption import existing_app, files, proposals
from hooks.adoption.differences import difference
from hooks.adoption.kinds import closest_kind, kinds_by_shape
from hooks.catalogue import ROOT
from tests.support.existing_apps import (
    BASE,
    NEEDS_REQUIREMENTS,
    SHAPES,
    SINGLE_FILE,
    Shape,
    run_adopt,
    write_app,
)
from tests.support.repositories import commit, run_git, status
from tests.support.run import run


@pytest.fixture
def app(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app of a single file, committed."""
    monkeypatch.setattr(new, "TEMPLATE", template)
    return write_app(SHAPES["single file"], tmp_path / "it's 注文")


def test_shows_what_it_would_do_and_changes_nothing(
    app: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (app / "notes.txt").write_text("", encoding="utf-8")
    commit(app)
    assert run_adopt(monkeypatch, app, "--data", "docker=true") == ""
    printed = capsys.readouterr().out
    lines = printed.splitlines()
    as_read = "from the sources, since the app has no virtual environment."
    assert lines[0].startswith(f"{app} has 2 functions, as read {as_read}")
    assert "  orders  queueTrigger, as the kind queue has" in lines
    assert "  docker           true       (as you say)" in lines
    assert "Only your app has 1 file and keeps it:" in lines
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
    shutil.rmtree(folder.parent)
    assert status(app) == []


def test_shared_settings_get_the_names_of_the_functions_settings(
    app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_adopt(monkeypatch, app, "--no-index", "--apply") == ""
    content = json.loads((app / files.EXAMPLE).read_text(encoding="utf-8"))
    assert list(content["Values"].items())[2:] == [
        ("OrdersStorage", "UseDevelopmentStorage=true"),
        ("ORDERS_QUEUE", ""),
    ]


def test_shared_settings_get_the_names_that_the_code_needs(
    app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = 'import os\nURL, KEY = os.environ["URL"], os.environ["KEY"]\n'
    reads += 'LEVEL, PORT = os.environ["LOG_LEVEL"], os.environ.get("PORT")\n'
    (app / "function_app.py").write_text(reads + SINGLE_FILE, encoding="utf-8")
    (app / ".env").write_text("KEY=1\n", encoding="utf-8")
    local = {"IsEncrypted": False, "Values": {"Log_Level": "INFO"}}
    (app / "local.settings.json").write_text(json.dumps(local), encoding="utf-8")
    commit(app)
    assert run_adopt(monkeypatch, app, "--no-index", "--apply") == ""
    content = json.loads((app / files.EXAMPLE).read_text(encoding="utf-8"))
    assert list(content["Values"])[4:] == ["URL", "Log_Level"]


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
    app: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
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
    assert run_adopt(monkeypatch, app, "--no-index") == ""
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


def test_packages_and_modules_that_azure_would_not_get_are_named(
    template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The warning is that Core Tools takes "tests" in .funcignore for this module, too."""
    monkeypatch.setattr(new, "TEMPLATE", template)
    content = {"function_app.py": f"import tests\n{SINGLE_FILE}", "tests.py": "", "Pipfile": ""}
    content["tools/settings.py"] = "# ours\n"
    app = write_app(Shape({**BASE, **content}, {}), tmp_path / "app")
    line = (
        "Azure installs requirements.txt, which is new. Add the packages that the app needs, such as "
        "those in Pipfile.\n"
    )
    assert run_adopt(monkeypatch, app, "--no-index") == ""
    printed = capsys.readouterr().out
    assert "  .funcignore: AF703, " in printed
    assert line in printed
    assert run_adopt(monkeypatch, app, "--no-index", "--apply") == ""
    printed = capsys.readouterr().out
    assert line in printed
    assert "  python tools/validate.pyz   # finds" in printed
    assert "tools.settings" not in printed


def test_what_the_requirements_install_is_published(app: Path) -> None:
    (app / "requirements.txt").write_text("-e .\n", encoding="utf-8")
    rendered = app.parent / "rendered"
    rendered.mkdir()
    (rendered / ".funcignore").write_text("pyproject.toml\n", encoding="utf-8")
    found = files.sort_files(existing_app.read(app, None), rendered)
    assert found.left_out[".funcignore"] == "requirements.txt installs a folder of the app"


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
        "settings.py cannot be added: git ignores it. The template's tests and checks need it.",
    ),
    "a file with the name of a folder": (
        {**BASE, "function_app.py": SINGLE_FILE, "tools": ""},
        "settings.py cannot be added: tools is a file. The template's tests and checks need it.",
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
        + "If it finds nothing, create the app's .venv, with its packages, and leave out --no-index.",
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
        "but updates need it in a commit. Change .gitignore first.",
    ),
}


@pytest.mark.parametrize("name", NOT_ADOPTED)
@pytest.mark.parametrize("arguments", [(), ("--apply",)])
def test_what_cannot_be_adopted_is_one_sentence(
    name: str, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, sentence = NOT_ADOPTED[name]
    app = write_app(Shape(content, {}), tmp_path / "my app")
    said = run_adopt(monkeypatch, app, *arguments)
    assert str(app) in said
    assert sentence in said
    assert "\n" not in said
    assert status(app) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--data", "functions={a: http}"], "functions: The app's functions stay as they are."),
        (["--data", "web_framework=flask"], "web_framework: function_app.py stays as it is."),
        (["--data", "docker=maybe"], 'docker: Write true or false, not "maybe".'),
        (["--data", "docker"], "ARGS: Write --data NAME=VALUE, not --data docker."),
        (["--appply"], "ARGS: unrecognized arguments: --appply."),
    ],
)
def test_a_bad_answer_is_one_sentence(
    arguments: list[str], sentence: str, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run_adopt(monkeypatch, app, "--no-index", "--apply", *arguments)
    assert said.startswith(sentence)
    assert "\n" not in said
    assert status(app) == []


@pytest.mark.parametrize(("choice", "needed"), NEEDS_REQUIREMENTS)
def test_no_file_is_added_that_needs_another_one_that_is_left_out(
    choice: str, needed: str, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new, "TEMPLATE", template)
    app = write_app(SHAPES["blueprints and Poetry"], tmp_path / "app")
    said = run_adopt(monkeypatch, app, "--no-index", "--apply", "--data", choice)
    answer = choice.partition("=")[0]
    assert said == (
        f"{answer}: It needs {needed}, which your app lacks. "
        "Write it and commit it, or leave this answer out."
    )
    assert status(app) == []


def test_only_committed_work_is_adopted(
    app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (app / "new.txt").write_text("a draft", encoding="utf-8")
    said = run_adopt(monkeypatch, app, "--apply")
    assert said == f"{app} has changes that are not committed. Commit or stash them first."
    shutil.rmtree(app / ".git")
    assert "is not in a git repository. Run `git init` in it" in run_adopt(monkeypatch, app)
    run_git(app, "init", "--quiet")
    assert "has no committed files. Commit the app first." in run_adopt(monkeypatch, app)
    assert not (app / ".copier-answers.yml").exists()
    assert "is not a folder." in run_adopt(monkeypatch, tmp_path / "-x")
    assert "is not a folder." in run_adopt(monkeypatch, "a" * 300)
    assert "make adopt DEST=../old-app" in run_adopt(monkeypatch)


def test_it_starts_without_make() -> None:
    done = run(
        sys.executable, "-m", "hooks.adopt", folder=ROOT, environment={"PYTHONPATH": ""}, status=1
    )
    assert done.stderr == "Name the folder of the app: make adopt DEST=../old-app\n"


def test_an_app_inside_the_template_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is inside the template" in run_adopt(monkeypatch, ROOT / "template" / "project")


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), PermissionError(13, "denied", "a.txt")])
def test_a_stop_leaves_the_app_as_it_was(
    failure: BaseException, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = files.copy_files

    def stop(source: Path, paths: list[str], target: Path) -> None:
        copy(source, paths, target)
        if target == app:
            raise failure

    monkeypatch.setattr(files, "copy_files", stop)
    said = run_adopt(monkeypatch, app, "--no-index", "--apply")
    assert said in ("Stopped; nothing was written.", "a.txt cannot be written: denied.")
    assert status(app) == []
    assert not (app / "tools").exists()


def test_files_that_would_change_the_functions_are_refused(
    template: Path, worker_python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new, "TEMPLATE", template)
    source = (
        f"from pathlib import Path\n\n{SINGLE_FILE}\n\n"
        'if not Path(__file__).with_name("pyproject.toml").exists():\n\n'
        '    @app.route("extra")\n    def extra(req: func.HttpRequest) -> str:\n        return ""\n'
    )
    shape = Shape({**BASE, "function_app.py": source}, {})
    app = write_app(shape, tmp_path / "app", worker_python)
    assert run_adopt(monkeypatch, app, "--apply") == (
        f"{app} would have other functions with the files of the template: extra would be missing."
    )
    assert status(app) == []


WEB = (
    "import azure.functions as func\nfrom fastapi import FastAPI\n\n"
    "app = func.AsgiFunctionApp(app=FastAPI())\n"
)


@pytest.mark.parametrize(
    ("content", "answer", "value"),
    [
        ({".python-version": "3.11\n"}, "python_version", "3.11"),
        ({".python-version": "3.8.1\n"}, "python_version", "3.10"),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.12"\n'}, "python_version", "3.13"),
        (
            {".github/workflows/a.yml": "with:\n  python-version: '3.12'\n"},
            *("python_version", "3.12"),
        ),
        ({"Pipfile": '[requires]\npython_version = "3.11"\n'}, "python_version", "3.11"),
        *(
            ({"pyproject.toml": f"[tool.poetry.dependencies]\npython = {text}\n"}, *found)
            for text, *found in (
                ('"~3.11"', "python_version", "3.11"),
                ('"3.11.*"', "python_version", "3.11"),
                ('"^3.11.2"', "python_version", "3.13"),
                ('">=3.10, <3.13"', "python_version", "3.12"),
                ('">=3.11 || <3.9"', "python_version", None),
                ("{}", "python_version", None),
            )
        ),
        ({"pyproject.toml": '[project]\nname = "a b"\n'}, "project_name", None),
        ({"pyproject.toml": '[project]\nname = "json"\n'}, "project_name", None),
        ({"pyproject.toml": f'[project]\nname = "{"a" * 60}"\n'}, "project_name", "a" * 60),
        ({"pyproject.toml": f'[project]\nname = "{"a" * 61}"\n'}, "project_name", None),
        ({"pyproject.toml": '[project]\ndescription = "{{ a }}"\n'}, "description", None),
        (
            {"pyproject.toml": '[project]\ndescription = "Takes {a}."\n'},
            "description",
            "Takes {a}.",
        ),
        ({"pyproject.toml": '[project]\ndescription = " "\n'}, "description", None),
        ({"pyproject.toml": "[tool.uv]\n"}, "package_manager", "uv"),
        ({"function_app.py": WEB}, "web_framework", "none"),
        ({".gitlab-ci.yml": ""}, "ci", "none"),
        ({"infra/main.bicep": ""}, "infra", "none"),
        ({"requirements.txt": "azure-monitor-opentelemetry\n"}, "telemetry", "none"),
    ],
)
def test_proposes_what_the_files_say(
    content: dict[str, str], answer: str, value: object, tmp_path: Path
) -> None:
    shape = Shape({**BASE, "function_app.py": SINGLE_FILE, **content}, {})
    app = existing_app.read(write_app(shape, tmp_path / "app"), None)
    found = {proposal.answer: proposal.value for proposal in proposals.propose(app)}
    assert found.get(answer) == value


@pytest.mark.parametrize(
    ("remote", "ci"),
    [
        ("https://github.com/me/app", "github"),
        ("https://dev.azure.com/me/app/_git/app", "azure-pipelines"),
        ("https://example.com/app", "none"),
    ],
)
def test_proposes_the_ci_of_the_service_that_has_the_repository(
    remote: str, ci: str, app: Path
) -> None:
    run_git(app, "remote", "add", "origin", remote)
    found = {one.answer: one.value for one in proposals.propose(existing_app.read(app, None))}
    assert found["ci"] == ci


def test_every_function_of_a_kind_has_the_shape_of_a_kind(tmp_path: Path) -> None:
    source = (
        "import azure.functions as func\n\napp = func.FunctionApp()\n\n\n"
        '@app.service_bus_topic_trigger("m", "c", "t", subscription_name="s")\n'
        "def topic(m: func.ServiceBusMessage) -> None:\n    pass\n\n\n"
        '@app.route("a")\n@app.queue_output("o", "q", "c")\n@app.blob_output("b", "p", "c")\n'
        "def both(req: func.HttpRequest, o: func.Out[str], b: func.Out[str]) -> str:\n"
        '    return ""\n\n\n'
        '@app.blob_trigger("m", "p", "c")\ndef polls(m: str) -> None:\n    pass\n\n\n'
        '@app.blob_trigger("m", "p", "c", source="EventGrid")\n'
        "def told(m: str) -> None:\n    pass\n\n\n"
        '@app.generic_trigger("m", "other")\ndef other(m: str) -> None:\n    pass\n'
    )
    app = existing_app.read(
        write_app(Shape({**BASE, "function_app.py": source}, {}), tmp_path), None
    )
    kinds = kinds_by_shape()
    found = [closest_kind(function, kinds) for function in app.project.functions]
    assert found == ["servicebus_topic", "multiple_outputs", "blob", "blob_eventgrid", ""]


@pytest.mark.parametrize(
    ("path", "theirs", "ours", "says"),
    [
        ("a.json", '{"a": {"b": 1}, "c": [1]}', '{"a": {"b": 2}, "c": [2]}', "you have a.b 1"),
        ("a.json", '{"a": 1}', '{"a": 1, "b": {"c": 2}}', "only the template has b.c"),
        ("a.json", "// a\n{}", "{}", "1 line only in yours"),
        (".gitignore", "# a\nx\n", "x\n", "only order, comments or spaces differ"),
        (".funcignore", "a\nb\nc\nd\ne\n", "", "only you have a, b, c, d and 1 more"),
        ("README.md", "a\n", "b\nc\n", "1 line only in yours, 2 only in the template's"),
    ],
)
def test_a_difference_is_said_in_a_few_words(
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


def test_the_page_quotes_what_it_says() -> None:
    page = (ROOT / "docs" / "adopting.md").read_text(encoding="utf-8")
    hooks = [ROOT / "hooks" / "adopt.py", *ROOT.glob("hooks/adoption/*.py")]
    sources = [*hooks, ROOT / "template" / "complaints.yml"]
    text = "".join(re.sub(r'"\n\s+f?"', "", path.read_text(encoding="utf-8")) for path in sources)
    quoted = re.findall(r'"\.\.\. ([^"]+)"', page.partition("## If it refuses")[2])
    assert len(quoted) > 7
    assert [
        part for part in quoted if part.replace("function_app.py", "{DEFAULT_ENTRY}") not in text
    ] == []
