"""A new kind is one folder and its line in the index; nothing else names it."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from copier import run_copy

from hooks.catalogue import ROOT
from tests.extending.guide import files
from tests.support.cache import CACHE
from tests.support.own_tests import run_tests
from tests.support.run import run
from tests.support.template import add_kind
from tests.support.text_files import read, read_json

FILES = {
    "kind.yml": files("Add a kind of function")["template/catalogue/pulse/kind.yml"],
    "blueprint.py": '''\
"""Count pulses."""

from collections import Counter

import azure.functions as func

bp = func.Blueprint()
total: Counter[str] = Counter()


@bp.generic_trigger(
    arg_name="pulse",
    type="pulseTrigger",
    device="pulse-example",
)
def pulse_example(pulse: str) -> None:
    """Count one pulse."""
    if not pulse:
        raise ValueError("a pulse without a device")
    total[pulse] += 1


@bp.generic_trigger(arg_name="pulse", type="resetTrigger")
def pulse_example_reset(pulse: str) -> None:
    """Begin again."""
    total.clear()
''',
    "test_blueprint.py": '''\
"""Tests of the pulse function pulse_example."""

import pytest

from blueprints import pulse_example as blueprint


def test_counts() -> None:
    blueprint.pulse_example_reset("")
    blueprint.pulse_example("a")
    assert blueprint.total == {"a": 1}


def test_refuses_a_pulse_without_a_device() -> None:
    with pytest.raises(ValueError, match="without a device"):
        blueprint.pulse_example("")
''',
    "invocations.yml": """\
- title: a pulse
  inputs: {pulse: {string: a}}
  outputs: {}
- title: no device
  inputs: {pulse: {string: ""}}
  raises: "ValueError: a pulse without a device"
""",
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with one more kind."""
    copy = tmp_path_factory.mktemp("repository") / "template"
    ignored = shutil.ignore_patterns(".git", ".venv", ".*cache", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=ignored)
    CACHE.mkdir(exist_ok=True)
    (copy / ".cache").symlink_to(CACHE, target_is_directory=True)
    add_kind(copy, "Timer (schedules)", "pulse", FILES)
    return copy


def run_python(repository: Path, *arguments: str) -> str:
    """Run Python in the repository and return what it prints."""
    environment = {"PYTHONPATH": str(repository / "src")}
    return run(sys.executable, *arguments, folder=repository, environment=environment).stdout


@pytest.fixture(scope="module")
def app(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app that has a function of the new kind, chosen by the check boxes."""
    app = tmp_path_factory.mktemp("new-kind") / "app"
    run_copy(str(repository), app, data={"triggers": ["pulse"]}, defaults=True, quiet=True)
    return app


def test_it_is_in_the_app(app: Path) -> None:
    assert "app.register_functions(pulse_example.bp)" in (app / "function_app.py").read_text()
    for path in ("blueprints/pulse_example.py", "tests/test_pulse_example.py"):
        assert (app / path).exists()
    readme = read(app / "README.md")
    assert "| Pulse of a device | device pulse-example | register PULSE_EXAMPLE |" in readme


def test_the_app_has_the_preview_bundle_for_it_and_says_so(app: Path) -> None:
    bundle = read_json(app / "host.json")["extensionBundle"]
    assert bundle["id"] == "Microsoft.Azure.Functions.ExtensionBundle.Preview"
    assert "preview extension bundle" in read(app / "README.md")


@pytest.mark.parametrize(
    ("functions", "version", "sentence"),
    [
        (
            {"beat": "pulse"},
            "3.11",
            '"beat" is of the kind pulse, which does not run on Python 3.11, only on 3.12, 3.13.',
        ),
        (
            {"beat": "pulse", "beat_reset": "http"},
            "3.13",
            'Two functions would have the name "beat_reset"',
        ),
    ],
)
def test_what_it_cannot_be_is_refused(
    functions: dict[str, str], version: str, sentence: str, repository: Path, tmp_path: Path
) -> None:
    data = {"functions": functions, "python_version": version}
    with pytest.raises(Exception, match=sentence):
        run_copy(str(repository), tmp_path / "app", data=data, defaults=True, quiet=True)
    assert not (tmp_path / "app").exists()


def test_it_is_in_the_documentation(repository: Path) -> None:
    run_python(repository, "-m", "tests.support.documents")
    page = read(repository / "docs" / "catalogue.md")
    assert (
        "| `pulse` | Pulse of a device (preview bundle) | - | all | refused | refused | yes |"
        in page
    )


def test_its_own_tests_pass(app: Path, environment: Callable[[str], Path]) -> None:
    run_tests(app, environment("3.13"))


def test_its_own_tests_run_on_the_pythons_that_it_runs_on(repository: Path) -> None:
    code = (
        "from tests.support.catalogue import PYTHONS, one_of_each\n"
        "print(*(version for version in PYTHONS if 'pulse' in one_of_each(version).values()))"
    )
    assert run_python(repository, "-c", code).split() == ["3.12", "3.13"]


def test_it_is_in_the_tests(repository: Path) -> None:
    tests = ["test_catalogue.py", "test_in_worker.py", "test_projects.py"]
    output = run_python(
        repository,
        "-m",
        "pytest",
        "--numprocesses=0",
        *(f"tests/template/{name}" for name in tests),
        "-k",
        # Of the apps with all kinds, one that has it: without streams.
        "pulse or takes_every_function and False",
    )
    [line] = [line for line in output.splitlines() if line.startswith("pulse ")]
    reached = [text.strip() for text in line[26:].replace("not run", "not_run").split("  ") if text]
    # Python 3.10 to 3.13, indexed, invoked, and an emulator.
    assert reached == [*["not_run"] * 4, "1 passed", "2 passed", "not_run"]
