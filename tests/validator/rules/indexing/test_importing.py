"""What happens while the app is imported: it fails, ends the process, writes files, or lacks packages and settings."""

import signal
from enum import IntEnum
from pathlib import Path

import pytest

from functions_validator.indexing.index import IndexOptions
from functions_validator.project.import_failures import why_not_indexed
from functions_validator.project.project import Project
from functions_validator.registry import chosen
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems


def test_an_error_at_import_is_found_in_the_users_file(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "import json\n\njson.no_such_function()\n"})
    [found] = find_problems(app, "AF101", worker_python, imports=False)
    assert (found.path, found.line) == ("blueprints/hello.py", 3)
    assert "no_such_function" in found.message


@pytest.mark.parametrize(
    "lines",
    [
        "def helper(text: Annotated[str, lambda value: value.strip()]): ...",
        "match (1, 2):\n    case [one, *Kind]: ...\ndef helper(text: Kind): ...",
        "match {}:\n    case {**Kind}: ...\ndef helper(text: Kind): ...",
        "match 1:\n    case int() as Kind: ...\ndef helper(text: Kind): ...",
        "setattr(sys.modules[__name__], 'Kind', int)\ndef helper(text: Kind): ...",
        "vars()['Kind'] = int\ndef helper(text: Kind): ...",
        "locals()['Kind'] = int\ndef helper(text: Kind): ...",
        "exec('class Kind: ...')\ndef helper(text: Kind): ...",
    ],
)
def test_names_that_annotations_find(lines: str, plant: Plant, find: Find) -> None:
    imports = "import sys\nfrom typing import Annotated\n"
    source = f"{imports}{HEALTHY['blueprints/hello.py']}\n{lines}\n"
    assert find(plant({"blueprints/hello.py": source}), "AF1") == []


def test_sys_exit_at_import_is_found(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "import sys\nsys.exit(3)\n"})
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF102", "blueprints/hello.py", 2)


OVERFLOW = """import ctypes
def crash():
    ctypes.string_at(0)
crash()
"""
SIGNAL = """import os
import signal
os.kill(os.getpid(), signal.{})
"""
# The app ends another process first.
OTHER = """import os
import subprocess
other = subprocess.Popen(["sleep", "60"])
os.kill(other.pid, 9)
other.wait()
os.abort()
"""
THREAD = """import os
import threading
thread = threading.Thread(target=lambda: os._exit(3))
thread.start()
thread.join()
"""


@pytest.mark.parametrize(
    ("code", "line", "how"),
    [
        ("import os\nos._exit(0)\n", 2, "ends the process."),
        ("from os import _exit\nif True:\n    _exit(1)\n", 3, "ends the process."),
        (THREAD, 3, "ends the process."),
        (OVERFLOW, 3, "ends the process with SIGSEGV."),
        ("import os\n\nos.abort()\n", 3, "ends the process with SIGABRT."),
        (OTHER, 6, "ends the process with SIGABRT."),
        (SIGNAL.format("SIGKILL"), 3, "ends the process with SIGKILL."),
        (SIGNAL.format("SIGTERM"), 3, "ends the process with SIGTERM."),
        ("import signal\nsignal.raise_signal(15)\n", 2, "ends the process with SIGTERM."),
        ("import os\nos.execv('/bin/true', ['true'])\n", 2, "ends the process."),
    ],
)
def test_a_process_that_ends_at_import_is_found(
    plant: Plant, worker_python: Path, code: str, line: int, how: str
) -> None:
    for path, above in (("blueprints/hello.py", ""), ("blueprints/größe.py", "# Größe\n\n")):
        files: Files = {path: above + code}
        if path not in HEALTHY:
            files["blueprints/hello.py"] = "from . import größe"
        [found] = find_problems(plant(files), "AF10", worker_python, imports=False)
        assert (found.code, found.path) == ("AF102", path)
        assert (found.line, found.message) == (
            line + above.count("\n"),
            f"Importing the app {how}",
        )


def test_a_status_is_not_a_signal(
    plant: Plant, worker_python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows, 0 stands for one."""
    monkeypatch.setattr(signal, "Signals", IntEnum("Signals", {"CTRL_C_EVENT": 0}))
    app = plant({"blueprints/hello.py": "import os\nos._exit(0)\n"})
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert found.message == "Importing the app ends the process."


def test_a_process_that_a_package_ends_is_found_at_its_import(
    plant: Plant, worker_python: Path
) -> None:
    package = ".python_packages/lib/site-packages/leaving/__init__.py"
    app = plant(
        {
            "blueprints/hello.py": "import json\nimport leaving\n",
            package: "import os\nos._exit(0)\n",
        }
    )
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF102", "blueprints/hello.py", 2)


def test_endless_recursion_is_found(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "def first():\n    first()\n\n\nfirst()\n"})
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "blueprints/hello.py", 2)


def test_an_error_without_a_message(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "assert not __name__\n"})
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert found.message == "Importing the app fails with AssertionError."


def test_a_process_that_only_asks_for_itself_goes_on(plant: Plant, worker_python: Path) -> None:
    code = HEALTHY["blueprints/hello.py"] + "\nimport os\n\nos.kill(os.getpid(), 0)\n"
    app = plant({"blueprints/hello.py": code})
    assert find_problems(app, "AF10", worker_python) == []


@pytest.mark.parametrize(("force", "codes"), [("False", []), ("True", ["AF101"])])
def test_a_file_for_the_log_is_not_opened_where_the_worker_has_the_log(
    force: str, codes: list[str], plant: Plant, worker_python: Path
) -> None:
    code = f"import logging\nlogging.basicConfig(filename='app.log', force={force})\n"
    app = plant({"blueprints/hello.py": code + HEALTHY["blueprints/hello.py"]})
    found = find_problems(app, "AF10", worker_python, imports=not codes)
    assert [one.code for one in found] == codes


def test_writing_into_the_project_at_import_is_found_and_refused(
    plant: Plant, worker_python: Path
) -> None:
    content = "from pathlib import Path\nPath('state.txt').write_text('x')\n"
    app = plant({"blueprints/hello.py": content})
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "blueprints/hello.py", 2)
    assert found.message.startswith("Importing the app writes state.txt, which fails")
    assert found.fix == "Write to tempfile.gettempdir() instead."
    assert not (app / "state.txt").exists()


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("undefined_name\n", ""),
        ("import json\njson.no_such_function()\n", ""),
        ("from azure.functions import Blueprintt\n", ""),
        ("from json import no_such_function\n", ""),
        ("import azure.functions as func\nfunc.Blueprint().no_such_trigger()\n", ""),
        ("import azure.functions as func\nfunc.FunctionApp(http_auth_level='x')\n", ""),
        ("import no_such_package\n", '"no_such_package" is not installed for '),
        (
            "from werkzeug import no_such_function\n",
            "The installed werkzeug does not have what the app imports, ",
        ),
        (
            "import werkzeug.http\nwerkzeug.http.parse_date(1)\n",
            "Importing the app fails in a package that it uses (AttributeError at blueprints/hello.py:2: 'int'",
        ),
        (
            "import os\nos.getenv('ABSENT').split(',')\n",
            "Importing the app fails (AttributeError at blueprints/hello.py:2: 'NoneType' object",
        ),
        (
            "import os\nif 'ABSENT' not in os.environ:\n    raise ValueError('ABSENT?')\n",
            "Importing the app fails (ValueError at blueprints/hello.py:3: ABSENT?), and there is no local",
        ),
    ],
)
def test_without_settings_and_packages_only_the_apps_own_mistakes_count(
    source: str, why: str, plant: Plant, worker_python: Path
) -> None:
    source += HEALTHY["blueprints/hello.py"]
    app = plant({"local.settings.json": None, "blueprints/hello.py": source})
    is_fault = not why
    assert bool(find_problems(app, "AF101", worker_python, imports=False)) == is_fault
    said = why_not_indexed(Project(app, IndexOptions(worker_python)))
    assert said.startswith(why)
    assert (said == "") == is_fault


@pytest.mark.parametrize(
    ("module", "path", "is_fault"),
    [("dotenv", "notes.txt", False), ("dotenv", ".env", True), ("json", "notes.txt", True)],
)
def test_an_app_may_have_its_settings_in_another_file(
    module: str, path: str, is_fault: bool, plant: Plant, worker_python: Path
) -> None:
    source = f"import {module}, os\nif not os.getenv('ABSENT'):\n    raise ValueError\n"
    source += HEALTHY["blueprints/hello.py"]
    package = ".python_packages/lib/site-packages/dotenv.py"
    app = plant({"blueprints/hello.py": source, path: "", package: ""})
    assert len(find_problems(app, "AF101", worker_python, imports=False)) == is_fault
    why = why_not_indexed(Project(app, IndexOptions(worker_python)))
    assert why.endswith("" if is_fault else "Add .env with the settings that the app reads.")


NO_DURABLE = 'import sys\n\nsys.modules["azure.durable_functions"] = None\n'
NEEDS_NUMPY = "try:\n    import numpy\nexcept ImportError as error:\n    raise "
WITHOUT_NUMPY = (
    "try:\n    import numpy\nexcept ImportError:\n    numpy = int\nif numpy is int:\n    "
)
ORCHESTRATOR = '@app.orchestration_trigger("context")\ndef orders_flow(context):\n    yield\n'


@pytest.mark.parametrize(
    ("start", "end", "lacks", "required", "code"),
    [
        (NO_DURABLE, ORCHESTRATOR, "azure.durable_functions", "azure-functions-durable", "AF415"),
        (
            f"{NO_DURABLE}import azure.durable_functions\n",
            "",
            "azure.durable_functions",
            "azure-functions-durable",
            "AF411",
        ),
        (f'{NEEDS_NUMPY}RuntimeError("Install numpy") from error\n', "", "numpy", "numpy", "AF101"),
        (f"{NEEDS_NUMPY}RuntimeError\n", "", "numpy", "numpy", "AF101"),
        (f"{NEEDS_NUMPY}SystemExit(1)\n", "", "numpy", "numpy", "AF102"),
        (
            f"{NEEDS_NUMPY}RuntimeError\n".replace("numpy", "azure.communication.email"),
            "",
            "azure.communication",
            "azure.communication.email",
            "AF101",
        ),
        (f"{WITHOUT_NUMPY}raise RuntimeError\n", "", "numpy", "numpy", "AF101"),
        (f"{WITHOUT_NUMPY}numpy.array\n", "", "numpy", "numpy", "AF101"),
        (f"{WITHOUT_NUMPY}raise SystemExit\n", "", "numpy", "numpy", "AF102"),
        (
            "import importlib.util\nassert importlib.util.find_spec('numpy')\n",
            "",
            "numpy",
            "numpy",
            "AF101",
        ),
        (
            "from importlib.metadata import version\nversion('numpy')\n",
            "",
            "numpy",
            "numpy",
            "AF101",
        ),
    ],
)
def test_a_required_package_that_is_not_installed_here_is_not_reported(
    start: str,
    end: str,
    lacks: str,
    required: str,
    code: str,
    plant: Plant,
    worker_python: Path,
) -> None:
    files = {
        "function_app.py": start + HEALTHY["function_app.py"] + end,
        "requirements.txt": f"azure-functions\n{required}\n",
        "azure/main.bicep": "",
    }
    app = plant(files)
    assert find_problems(app, "AF", worker_python, imports=False) == []
    project = Project(app, IndexOptions(worker_python))
    assert why_not_indexed(project).startswith(f'"{lacks}" is not installed for {worker_python}')
    without = plant({**files, "requirements.txt": "azure-functions\n"})
    found = find_problems(without, "AF", worker_python, imports=False)
    assert [one.code for one in found] == [code]


@pytest.mark.parametrize(
    ("requirements", "lacks", "is_missing"),
    [
        ("azure-functions\nnumpy\n", "numpy", False),
        ("azure-functions\n", "numpy", True),
        ("azure-functions\n-e .\n", "numpy", False),
        ("azure-functions\n-e .\n", "json.no", True),
        ("azure-functions\n-e .\n", "blueprints.no", True),
    ],
)
def test_an_app_that_a_missing_package_leaves_out(
    requirements: str, lacks: str, is_missing: bool, plant: Plant, worker_python: Path
) -> None:
    entry = f"{HEALTHY['function_app.py']}\ntry:\n    import {lacks}\nexcept ImportError:\n    del app\n"
    app = plant({"function_app.py": entry, "requirements.txt": requirements})
    assert len(find_problems(app, "AF105", worker_python)) == is_missing


def test_the_place_of_an_import_that_does_not_end(plant: Plant, worker_python: Path) -> None:
    source = "import time\n\n\ndef wait():\n    while True:\n        time.sleep(0.01)\n\n\nwait()\n"
    project = Project(plant({"blueprints/hello.py": source}), IndexOptions(worker_python, 4))
    [found] = [p for rule in chosen(["AF103"], []) for p in rule.check(project)]
    assert found.place.path == "blueprints/hello.py"
    assert found.place.line in (5, 6)


def test_the_place_of_a_write_at_import(plant: Plant, worker_python: Path) -> None:
    source = (
        "from pathlib import Path\n\n\ndef write(name):\n    try:\n        Path(name).write_text('x')\n"
        "    except OSError:\n        pass\n\n\nwrite('a.txt')\nwrite('b.txt')\n"
        "Path('logs').exists() or __import__('os').makedirs('logs')\n"
    )
    found = find_problems(
        plant({"blueprints/hello.py": source}), "AF104", worker_python, imports=False
    )
    places = {problem.message.split()[4].rstrip(","): problem.line for problem in found}
    assert places == {"a.txt": 6, "b.txt": 6, "logs": 13}


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("from __app__.blueprints.orders import bp as more", "from blueprints.orders import bp"),
        ("from __app__ import blueprints", "import blueprints"),
        ("import __app__.blueprints.orders", "import blueprints.orders"),
    ],
)
def test_the_package_of_the_v1_programming_model(
    line: str, right: str, plant: Plant, find: Find
) -> None:
    source = f"{line}\n{HEALTHY['blueprints/hello.py']}"
    [found] = find(plant({"blueprints/hello.py": source}), imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "blueprints/hello.py", 1)
    assert found.message == "Only the v1 programming model has __app__."
    assert found.fix == f'Write "{right}" instead.'


@pytest.mark.parametrize(
    ("file", "codes"),
    [("logging/own.py", []), ("logging/__init__.py", ["AF413"]), ("logs/own.py", ["AF101"])],
)
def test_python_imports_its_own_module_instead_of_a_folder(
    file: str, codes: list[str], plant: Plant, find: Find
) -> None:
    folder = file.partition("/")[0]
    files: Files = {
        "blueprints/hello.py": f"import {folder}.config\n{HEALTHY['blueprints/hello.py']}",
        file: "",
    }
    found = find(plant(files), "AF", imports=codes != ["AF101"])
    assert [one.code for one in found] == codes


def test_functions_that_a_missing_package_leaves_out_here_are_not_missed(
    plant: Plant, find: Find
) -> None:
    entry = """\
        import logging

        import azure.functions as func

        app = func.FunctionApp()
        try:
            from blueprints import hello

            app.register_functions(hello.bp)
        except ImportError:
            logging.exception("no hello")
        """
    blueprint = f"import no_such_library\n{HEALTHY['blueprints/hello.py']}"
    app = plant({"function_app.py": entry, "blueprints/hello.py": blueprint})
    assert find(app, "AF10") == []
