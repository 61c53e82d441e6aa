"""`make new`: from nothing to a tested app, or one sentence and nothing written."""

import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from hooks import adopt, environments, new, post_generation
from hooks.catalogue import ROOT
from hooks.post_generation import read_answers
from tests.support import picture
from tests.support.commands import run_command
from tests.support.fresh_clone import clone_into, make_new
from tests.support.repositories import commit
from tests.support.run import run
from tests.support.text_files import read

# Not the newest release, if the checkout has its tag.
LAST_COMMIT = ("--vcs-ref", "HEAD")


def run_new(*arguments: str | Path, status: int = 0) -> CompletedProcess[str]:
    """Run what `make new` runs, without a terminal."""
    command = [sys.executable, "-m", "hooks.new", *arguments, *LAST_COMMIT]
    return run(*command, folder=ROOT, status=status)


@pytest.fixture
def run_main(without_clone: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run `make new` in this process; return the sentence with which it refuses or fails, or nothing."""
    return lambda *arguments: run_command(monkeypatch, new.main, *arguments, *LAST_COMMIT)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clone_into(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="module")
def made_in_clone(clone: Path) -> CompletedProcess[str]:
    """What the command in the README's picture did in a new clone."""
    # Another test may have set it up.
    shutil.rmtree(clone / ".venv", ignore_errors=True)
    return make_new(clone, *picture.ARGUMENTS)


def test_make_new_goes_from_a_clone_to_a_tested_app(
    clone: Path, made_in_clone: CompletedProcess[str]
) -> None:
    printed = made_in_clone.stdout
    app = clone.parent / "orders-api"
    assert {path.stem for path in app.glob("blueprints/[!_]*.py")} == {"hello", "orders", "nightly"}
    assert "generated  the functions hello (http), orders (queue), nightly (timer)" in printed
    assert "validated  0 errors, 0 warnings in 3 functions (indexed by" in printed
    assert "passed" in printed
    assert "uncommitted" not in printed
    assert re.sub(r"@[\d.]+", "@VERSION", printed).splitlines()[-4:] == [
        "  cd ../orders-api",
        "  source .venv/bin/activate",
        "  npx --yes azurite@VERSION --silent --skipApiVersionCheck &",
        "  func start",
    ]
    assert environments.interpreter(app / ".venv").exists()
    assert "_commit" in read_answers(app)


def test_the_picture_in_the_readme_shows_what_it_prints(
    made_in_clone: CompletedProcess[str],
) -> None:
    lines = filter(None, made_in_clone.stdout.splitlines())
    shown = [picture.TITLE, f"$ {picture.COMMAND}", *lines]
    assert picture.read(picture.PICTURE) == [picture.without_numbers(line) for line in shown]


def test_make_new_refuses_with_a_sentence_where_it_cannot_write(clone: Path) -> None:
    taken = clone.parent / "taken"
    taken.mkdir()
    (taken / "mine.txt").touch()
    nowhere = make_new(clone, status=2)
    assert nowhere.stderr.splitlines()[0] == "Name a folder for the app: make new DEST=../my-app"
    refused = make_new(clone, "DEST=../taken", status=2)
    assert refused.stderr.splitlines()[0] == (
        "../taken already exists and is not empty. Choose another DEST."
    )


def test_make_new_says_that_the_template_has_changes(clone: Path) -> None:
    notes = clone / "notes.txt"
    notes.write_text("a draft")
    dirty = make_new(clone, "DEST=../it's new", "ARGS=--data docker=maybe", status=2)
    notes.unlink()
    assert "The template has uncommitted changes" in dirty.stdout
    assert dirty.stderr.splitlines()[0] == 'docker: Write true or false, not "maybe".'


HOSTILE = ["-x", "$(id) ${HOME}", "`id`$$", 'a"b', "a\\b", "a;b&c|d", "*?[a]", "it's #a %b 日本 é"]


def test_no_shell_and_no_make_reads_what_is_in_a_destination(clone: Path) -> None:
    inside = f"../{clone.name}/{' '.join(HOSTILE)}"
    refused = make_new(clone, f"DEST={inside}", status=2)
    assert refused.stderr.startswith(f"{inside} is inside the template.")


@pytest.mark.usefixtures("without_clone")
def test_an_app_can_have_a_folder_of_any_name(tmp_path: Path) -> None:
    for name in HOSTILE:
        app = tmp_path / name
        assert new.make(app, new.Arguments().parse_args(["--defaults"]))
        assert (app / "function_app.py").exists()
    assert {path.name for path in tmp_path.iterdir()} == set(HOSTILE)


def test_make_new_locks_the_packages_of_an_app_of_uv(clone: Path) -> None:
    answers = "--defaults --data package_manager=uv --data devcontainer=true"
    done = make_new(clone, "DEST=../locked", f"ARGS={answers}")
    assert "  python -m tools.emulators" in done.stdout.splitlines()
    app = clone.parent / "locked"
    assert (app / "uv.lock").exists()
    assert "azure-functions==" in read(app / "requirements.txt")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--data", "project_name=my app"], 'project_name: "my app" is not a valid name'),
        (["--data", "functions={json: http}"], 'functions: "json" is a module of Python'),
        (["--data", "functions=[http]"], "functions: Write plain names and kinds"),
        (["--data", "python_version=2.7"], 'python_version: "2.7" is not one of the choices 3.13'),
        (["--data", "function={hello: http}"], "There is no question function"),
        (["--data", "docker"], "ARGS: Write --data NAME=VALUE, not --data docker."),
        (
            ["--data", "functions={a: http}", "--data", "functions={b: timer}"],
            "ARGS: functions is given twice.",
        ),
        (["--data", "triggers=[http"], "triggers: Write a list of kinds"),
        (["--data-file", "missing.yml"], "missing.yml cannot be read: No such file"),
        (["--no-such-option"], "ARGS: unrecognized arguments: --no-such-option."),
    ],
)
def test_a_bad_answer_is_one_sentence_and_nothing_is_written(
    arguments: list[str], sentence: str, tmp_path: Path, run_main: Callable[..., str]
) -> None:
    said = run_main(tmp_path / "app", *arguments)
    assert said.startswith(sentence)
    assert len(said.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [[""], ["--help"], ["--data", "docker=true", "../my-app"]])
def test_a_destination_is_needed_before_options(
    arguments: list[str], run_main: Callable[..., str]
) -> None:
    assert run_main(*arguments) == "Name a folder for the app: make new DEST=../my-app"


def test_a_destination_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for destination in (tmp_path, tmp_path / "mine.txt"):
        done = run_new(destination, status=1)
        assert done.stderr.startswith(f"{destination} already exists")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"- ab", "{file} is not a YAML mapping of answers."),
        (b"day: 2026-13-01", "{file} is not a YAML mapping of answers."),
        (b"\xff\xfe\xfa", "{file} is not in UTF-8. Save it in UTF-8."),
        (
            b"docker: true\nfunctions: {hello: http,\n hello: timer}",
            "Line 3 of {file} cannot be used: hello is listed twice.",
        ),
        (
            b"docker: true\ndescription: Orders: our own",
            "Line 2 of {file} cannot be used: mapping values are not allowed here.",
        ),
        (
            b"functions: {hello: http\n",
            "Line 1 of {file} cannot be used: expected ',' or '}}', but got '<stream end>'.",
        ),
        (
            b"docker: true\n---\n",
            "Line 2 of {file} cannot be used: expected a single document in the stream, "
            + "but found another document.",
        ),
        (b"2026: http", "{file} cannot be used: 2026 is not the name of a question."),
    ],
)
def test_a_bad_data_file_is_one_sentence(
    content: bytes, sentence: str, tmp_path: Path, run_main: Callable[..., str]
) -> None:
    file = tmp_path / "answers.yml"
    file.write_bytes(content)
    said = run_main(tmp_path / "app", "--data-file", str(file))
    assert said == sentence.format(file=file)
    assert not (tmp_path / "app").exists()


def test_names_in_a_data_file_that_yaml_reads_as_true_are_not_names(
    tmp_path: Path, run_main: Callable[..., str]
) -> None:
    file = tmp_path / "answers.yml"
    file.write_text("functions: {on: http, yes: timer}", encoding="utf-8")
    said = run_main(tmp_path / "app", "--data-file", str(file))
    assert said.startswith("functions: true is not a valid name of a function.")


def test_a_home_that_nobody_has_is_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a shell."""
    monkeypatch.chdir(ROOT)
    for main in (new.main, adopt.main):
        said = run_command(monkeypatch, main, "~nobody-of-that-name/app")
        assert said.startswith("~nobody-of-that-name/app is inside")


@pytest.mark.parametrize("place", ["file/app", "a" * 300, "dangling"])
def test_a_destination_that_cannot_be_written_is_one_sentence(
    place: str, tmp_path: Path, run_main: Callable[..., str]
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    said = run_main(tmp_path / place)
    assert said.startswith(str(tmp_path / place))
    assert len(said.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dangling", "file"]


def test_a_folder_that_the_destination_leaves_again_is_not_created(
    tmp_path: Path, run_main: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post_generation, "set_up", lambda *_, **__: None)
    assert run_main(tmp_path / "new" / ".." / "app") == ""
    assert [path.name for path in tmp_path.iterdir()] == ["app"]


def test_a_destination_below_a_new_folder_is_named_as_it_was_given(
    tmp_path: Path,
    run_main: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(post_generation, "set_up", lambda *_, **__: None)
    assert run_main("../apps/other/../orders") == ""
    assert "Generated ../apps/orders.\n" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "apps").iterdir()] == ["orders"]


def test_a_destination_inside_the_template_is_refused() -> None:
    done = run_new(ROOT / "my-app", status=1)
    assert "is inside the template" in done.stderr
    assert not (ROOT / "my-app").exists()


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (KeyboardInterrupt(), "Stopped. The app is generated, "),
        (
            SystemExit("`uv pip install` failed:\nno network"),
            "`uv pip install` failed:\nno network\n",
        ),
    ],
)
def test_a_set_up_that_ends_early_says_how_to_continue_and_continues(
    failure: BaseException,
    sentence: str,
    tmp_path: Path,
    run_main: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(project: Path, is_new: bool) -> None:
        raise failure

    app = str(tmp_path / "my app")
    # YAML reads this version as 3.1.
    answers = ["--data", "docker=no", "--data", "python_version=3.10", "--data", "triggers=[http]"]
    monkeypatch.setattr(post_generation, "set_up", fail)
    said = run_main(app, *answers)
    assert said.startswith(sentence)
    assert said.endswith(f"To continue, run: make new DEST='{app}'")

    assert run_main(app, *answers).startswith(sentence)
    other = run_main(app, "--data", "docker=yes")
    assert other.startswith(f"{app} is already generated with another docker.")


def test_a_stop_while_it_generates_leaves_nothing(
    tmp_path: Path, run_main: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(template: str, destination: Path, **_: object) -> None:
        destination.mkdir()
        (destination / "host.json").write_text("{", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(new, "run_copy", stop)
    said = run_main(tmp_path / "app", "--defaults")
    assert said == "Stopped; nothing was written."
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_without_some_characters_shows_them_escaped(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hooks.new", str(tmp_path / "日本" / "app")]
    (tmp_path / "日本").write_text("a file")
    environment = {"PYTHONIOENCODING": "cp1252"}
    done = run(*command, folder=ROOT, environment=environment, status=1)
    assert "\\u65e5\\u672c" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_app_in_a_folder_of_a_repository_has_ci_at_its_root(
    tmp_path: Path,
    run_main: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(post_generation, "set_up", lambda *_, **__: sys.exit("generated"))
    commit(tmp_path)
    assert run_main(tmp_path / "services" / "orders", "--defaults").startswith("generated\n")
    answers = read_answers(tmp_path / "services" / "orders")
    assert (answers["app_folder"], answers["libraries"]) == ("services/orders", "")
    said = capfd.readouterr().out
    for file in (".github/workflows/orders.yml", ".pre-commit-config.yaml"):
        assert f"\n{file}: written\n" in said
        assert (tmp_path / file).is_file()
    # It knows better than git.
    alone = ["--defaults", "--data", "app_folder=."]
    assert run_main(tmp_path / "services" / "alone", *alone).startswith("generated\n")
    assert "written" not in capfd.readouterr().out
    assert not (tmp_path / "services" / "alone" / "tools" / "root_files.py").exists()


def test_a_folder_that_ci_cannot_name_is_refused(
    tmp_path: Path, run_main: Callable[..., str]
) -> None:
    commit(tmp_path)
    said = run_main(tmp_path / "my apps" / "orders", "--defaults")
    assert said.startswith('app_folder: "my apps/orders" is not the path of a folder')
    assert not (tmp_path / "my apps").exists()


LONG_NAME = "long_" * 24 + "name"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An app in a folder with an odd name, and what was printed."""
    app = tmp_path_factory.mktemp("made") / "it's my app"
    return app, run_new(app, "--data", f"functions={{{LONG_NAME}: timer}}").stdout


def test_a_long_name_is_wrapped_and_odd_paths_are_quoted(made: tuple[Path, str]) -> None:
    app, printed = made
    assert printed.splitlines()[-4] == f"  cd {shlex.quote(str(app))}"
    assert (app / "blueprints" / f"{LONG_NAME}.py").is_file()


def set_up_again(app: Path) -> str:
    """Run what `make new` does with an app that it has generated, and return how it fails."""
    set_up = [sys.executable, "-m", "hooks.post_generation"]
    return run(*set_up, app, folder=ROOT, status=1).stderr


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("blueprints/unused.py", "import os\n", ["`ruff check --quiet` fails", "unused.py"]),
        (
            "README.md.rej",
            "@@ -1 +1 @@\n",
            ["`tools/validate.pyz` fails", "README.md.rej:1:1: AF601"],
        ),
    ],
)
def test_what_a_check_finds_is_shown_and_fails(
    file: str, text: str, says: list[str], made: tuple[Path, str]
) -> None:
    app, _ = made
    (app / file).write_text(text, encoding="utf-8")
    printed = set_up_again(app)
    (app / file).unlink()
    assert [words for words in says if words not in printed] == []
