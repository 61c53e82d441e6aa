"""The process that imports an app, from its start to its end."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from functions_validator.cli import main
from functions_validator.indexing import runner
from functions_validator.indexing.index import IndexOptions
from functions_validator.indexing.runner import Indexing
from functions_validator.options import CannotRun
from functions_validator.project.import_failures import why_not_indexed
from functions_validator.project.project import Project
from tests.support.app_environments import WORKER_VERSION
from tests.support.forks import Forks
from tests.support.validator import HEALTHY, Plant, find_problems


@pytest.fixture
def worker_python(environment: Callable[[str], Path]) -> Path:
    """An interpreter that has the worker's library, started for each app as users do."""
    return environment(WORKER_VERSION)


@pytest.fixture
def indexing(plant: Plant, worker_python: Path) -> Indexing:
    """An app that is being imported for a while."""
    app = plant({"function_app.py": "import time\n\ntime.sleep(100)\n"})
    started = Project(app, IndexOptions(worker_python)).indexing
    assert started is not None
    return started


def test_it_runs_until_it_is_closed(indexing: Indexing) -> None:
    folder = Path(indexing.folder.name)
    assert indexing.process.poll() is None
    assert folder.is_dir()
    indexing.close()
    assert indexing.process.poll() is not None
    assert not folder.exists()


def test_nothing_is_left_after_the_result(plant: Plant, worker_python: Path) -> None:
    project = Project(plant(), IndexOptions(worker_python))
    assert project.indexing is not None
    assert project.is_indexed
    assert not Path(project.indexing.folder.name).exists()
    project.indexing.close()


def test_the_command_closes_it_when_it_cannot_go_on(
    plant: Plant, worker_python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = plant({"function_app.py": "import time\n\ntime.sleep(100)\n"})
    started = []
    start = Indexing.__init__

    def start_and_keep(indexing: Indexing, *arguments: Any) -> None:
        start(indexing, *arguments)
        started.append(indexing)

    monkeypatch.setattr(Indexing, "__init__", start_and_keep)
    assert main([str(app), "--python", str(worker_python), "--select", "AF999"]) == 2
    [indexing] = started
    is_closed = indexing.process.returncode is not None
    indexing.close()
    assert is_closed


def test_an_interpreter_that_does_not_start_leaves_nothing(
    plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    with pytest.raises(CannotRun):
        _ = Project(plant(), IndexOptions(tmp_path / "python")).indexing
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"), [("A=B", "c"), ("=B", "c"), ("", "c"), ("A", "\ud800"), ("A", "b\0c")]
)
def test_an_app_is_imported_without_settings_that_no_environment_can_hold(
    name: str, value: str, plant: Plant, worker_python: Path
) -> None:
    settings = {"Values": {name: value, "OrdersStorage": "UseDevelopmentStorage=true"}}
    project = Project(
        plant({"local.settings.json": json.dumps(settings)}), IndexOptions(worker_python)
    )
    assert project.index
    assert project.index.failure is None


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("raise ValueError", "cannot import azure.functions (ValueError)"),
        ("import no_such_dependency", "cannot import azure.functions (ModuleNotFoundError)"),
    ],
)
def test_a_broken_azure_functions_is_not_the_fault_of_the_app(
    source: str, why: str, plant: Plant, worker_python: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken" / "azure" / "functions"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text(source, encoding="utf-8")
    settings = {"Values": {"PYTHONPATH": str(tmp_path / "broken")}}
    app = plant({"local.settings.json": json.dumps(settings)})
    project = Project(app, IndexOptions(worker_python))
    assert why_not_indexed(project).startswith(f"{worker_python} {why}, so only the sources were")
    assert find_problems(app, "AF102", worker_python, imports=False) == []


@pytest.mark.parametrize(
    ("start", "version"), [("import azure.durable_functions\n", "2.0.0"), ("", "")]
)
def test_the_version_of_the_durable_library_is_known_if_the_app_imports_it(
    start: str, version: str, plant: Plant, worker_python: Path, tmp_path: Path
) -> None:
    installed = tmp_path / "newer" / "azure_functions_durable-2.0.0.dist-info"
    installed.mkdir(parents=True)
    metadata = "Metadata-Version: 2.1\nName: azure-functions-durable\nVersion: 2.0.0\n"
    (installed / "METADATA").write_text(metadata, encoding="utf-8")
    settings = {"Values": {"PYTHONPATH": str(tmp_path / "newer")}}
    files = {
        "local.settings.json": json.dumps(settings),
        "function_app.py": start + HEALTHY["function_app.py"],
    }
    index = Project(plant(files), IndexOptions(worker_python)).index
    assert index
    assert index.durable == version


def test_an_app_does_not_import_the_modules_of_the_validator(
    plant: Plant, worker_python: Path
) -> None:
    app = plant({"function_app.py": "import ending\n"})
    index = Project(app, IndexOptions(worker_python)).index
    assert index
    assert index.failure
    assert (index.failure.type, index.failure.name) == ("ModuleNotFoundError", "ending")


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (
            '@bp.route("a")\nclass Hello:\n    def __init__(self, req: func.HttpRequest): ...\n',
            ("blueprints/hello.py", 6),
        ),
        # Nothing tells where it was made.
        ('bp.route("a")(type("Hello", (), {}))\n', ("function_app.py", 5)),
    ],
)
def test_a_class_can_be_in_the_place_of_a_function(
    source: str, place: tuple[str, int], plant: Plant, worker_python: Path
) -> None:
    app = plant({"blueprints/hello.py": BLUEPRINT + source})
    index = Project(app, IndexOptions(worker_python)).index
    assert index
    found = {function.name: function.place for function in index.functions}
    assert (found["Hello"].path, found["Hello"].line) == place


def test_a_function_that_wraps_itself_is_rejected(plant: Plant, worker_python: Path) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("def hello", "@again\ndef hello")
    again = "def again(call):\n    call.__wrapped__ = call\n    return call\n\n\nbp = "
    app = plant({"blueprints/hello.py": source.replace("bp = ", again, 1)})
    [found] = find_problems(app, "AF1", worker_python)
    assert (found.code, found.path) == ("AF115", "blueprints/hello.py")


def test_a_function_in_the_place_of_another_is_where_the_other_is(
    plant: Plant, worker_python: Path
) -> None:
    again = """
        def again(call):
            def called(req: func.HttpRequest) -> func.HttpResponse: ...

            called.__name__ = call.__name__
            return called
        """
    source = BLUEPRINT + dedent(again) + '@bp.route("admin")\n@again\ndef tea(req): ...\n'
    found = find_problems(plant({"blueprints/hello.py": source}), "AF221", worker_python)
    assert [(one.path, one.line) for one in found] == [
        ("blueprints/hello.py", source.splitlines().index('@bp.route("admin")') + 1)
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a right there")
@pytest.mark.parametrize(
    ("link", "target", "file"),
    [
        ("blueprints", "code_of_app", "code_of_app/hello.py"),
        ("blueprints/hello.py", "code_of_hello.py", "blueprints/code_of_hello.py"),
    ],
)
def test_a_function_behind_a_link_is_where_its_file_is(
    link: str, target: str, file: str, plant: Plant, worker_python: Path
) -> None:
    wrong = HEALTHY["blueprints/hello.py"].replace("req: func", "wrong: func")
    app = plant({"blueprints/hello.py": wrong})
    (app / link).rename((app / link).with_name(target))
    (app / link).symlink_to(target)
    found = find_problems(app, "AF1", worker_python)
    assert {(f.code, f.path) for f in found} == {("AF113", file)}


BLUEPRINT = "import azure.functions as func\n\nbp = func.Blueprint()\n\n\n"
APPS = {
    "healthy": "",
    "setting": 'import os\n\nURL = os.environ["OrdersStorage"]\nKEY = os.environ["KEY"]\n',
    "module": "import queues\n",
    "package": "import azure.durable_functions as df\n\napp = df.DFApp()\n",
    "library": "bp.route()\n",
    "rejected": '@bp.route("a")\ndef a(request: int) -> None:\n    pass\n',
    "network": 'import socket\n\nsocket.create_connection(("example.com", 80))\n',
    "write": 'open("a.txt", "w")\n',
    "main": "import __main__\nimport sys\n\nassert __main__.__file__ == sys.argv[0]\nassert not sys.argv[1:]\n",
    "path": "import sys\n\nraise ValueError([sys.path, sys.flags, sys.dont_write_bytecode])\n",
    "exit": "raise SystemExit(3)\n",
    "crash": "import os\n\nos.abort()\n",
}


@pytest.mark.parametrize("source", APPS.values(), ids=APPS)
def test_the_processes_of_the_tests_are_like_those_of_users(
    source: str,
    plant: Plant,
    worker_python: Path,
    prepared: Forks | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, options = plant({"blueprints/hello.py": BLUEPRINT + source}), IndexOptions(worker_python)
    usual = Project(app, options).index
    if prepared:
        monkeypatch.setattr(runner, "subprocess", prepared.in_place_of(subprocess))
    assert Project(app, options).index == usual
