"""Imports of what an app does not have."""

from pathlib import Path
from textwrap import indent

import pytest

from functions_validator.indexing.index import IndexOptions
from functions_validator.project.import_failures import why_not_indexed
from functions_validator.project.project import Project
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems


@pytest.mark.parametrize(
    "line",
    [
        "from blueprints import no_such_module",
        "import blueprints.no_such_module",
        "from blueprints.no_such_module import bp",
        "from blueprints.hello import no_such_name",
    ],
)
def test_a_missing_module_or_name_of_the_app_is_found(line: str, plant: Plant, find: Find) -> None:
    app = plant({"function_app.py": HEALTHY["function_app.py"] + line + "\n"})
    [found] = find(app, "AF1", imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "function_app.py", 8)


@pytest.mark.parametrize(
    ("folder", "line", "requirement"),
    [
        ("azure/main.bicep", "from azure.storage.blob import BlobClient", "azure-storage-blob"),
        ("alembic/env.py", "from alembic.config import Config", "alembic"),
        ("acme/notes.md", "import acme.client", "acme-sdk"),
    ],
)
def test_a_folder_with_the_name_of_a_package_is_not_imported(
    folder: str, line: str, requirement: str, plant: Plant, find: Find
) -> None:
    entry = f"{line}\n{HEALTHY['function_app.py']}"
    requirements = f"azure-functions\n{requirement}\n"
    app = plant({folder: "", "function_app.py": entry, "requirements.txt": requirements})
    assert find(app, "AF1", imports="azure" in line) == []


@pytest.mark.parametrize("path", ["functions/a.py", "acme/a.py", "acme/__init__.py"])
def test_a_missing_module_of_a_folder_is_found(path: str, plant: Plant, find: Find) -> None:
    entry = f"import {path.partition('/')[0]}.missing\n{HEALTHY['function_app.py']}"
    [found] = find(plant({path: "", "function_app.py": entry}), "AF1", imports=False)
    assert (found.code, found.line) == ("AF101", 1)


@pytest.mark.parametrize(
    ("path", "line", "instead"),
    [
        ("function_app.py", "from .blueprints import hello", "from blueprints import hello"),
        ("function_app.py", "from . import shared", "import shared"),
        ("blueprints/hello.py", "from ..shared import a, b", "from shared import a, b"),
        ("blueprints/__init__.py", "from ..shared import a", "from shared import a"),
    ],
)
def test_a_relative_import_that_leads_out_of_its_packages_is_found(
    path: str, line: str, instead: str, plant: Plant, find: Find
) -> None:
    source = f"{line}\n{HEALTHY.get(path, '')}"
    app = plant({"blueprints/__init__.py": "", "shared.py": "a = b = 1\n", path: source})
    [found] = find(app, "AF1", imports=False)
    assert (found.code, found.path, found.line) == ("AF101", path, 1)
    assert found.fix == f'Write "{instead}" instead.'


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("blueprints/hello.py", "from . import orders"),
        ("blueprints/__init__.py", "from .orders import bp"),
        ("blueprints/v1/__init__.py", "from ..orders import bp"),
        ("function_app.py", "try:\n    from .shared import a\nexcept ImportError:\n    a = 1"),
    ],
)
def test_relative_imports_that_succeed(path: str, line: str, plant: Plant, find: Find) -> None:
    files = {"blueprints/__init__.py": "", path: f"{line}\n{HEALTHY.get(path, '')}"}
    if "v1" in path:
        files["blueprints/hello.py"] = (
            f"from blueprints import v1\n{HEALTHY['blueprints/hello.py']}"
        )
    assert find(plant(files), "AF1") == []


@pytest.mark.parametrize(
    "line",
    [
        "from blueprints import data, hello",
        "from blueprints.hello import __name__ as name",
        "from blueprints.hello import *",
        "try:\n    import blueprints.no_such_module\nexcept ImportError:\n    pass",
    ],
)
def test_imports_that_succeed(line: str, plant: Plant, find: Find) -> None:
    entry = HEALTHY["function_app.py"] + line + "\n"
    app = plant({"function_app.py": entry, "blueprints/data/items.txt": ""})
    assert find(app, "AF1") == []


@pytest.mark.parametrize(
    "files",
    [
        {".gitignore": "blueprints/_version.py\n"},
        {".gitignore": "_version.py\n"},
        {"blueprints/.gitignore": "_version.py\n"},
        {
            "pyproject.toml": '[tool.hatch.build.hooks.vcs]\nversion-file = "blueprints/_version.py"\n'
        },
        {"setup.cfg": "[tool]\nwrite_to = blueprints/_version.py\n"},
    ],
)
def test_a_module_that_a_build_writes_is_not_reported(
    files: Files, plant: Plant, find: Find, worker_python: Path
) -> None:
    entry = HEALTHY["function_app.py"] + "from blueprints._version import version\n"
    app = plant({"function_app.py": entry, **files})
    assert find(app, "AF1", imports=False) == []
    project = Project(app, IndexOptions(worker_python))
    assert why_not_indexed(project).startswith('"blueprints._version" is written by a build')


@pytest.mark.parametrize(
    "message",
    [
        "libodbc.so.2: cannot open shared object file: No such file or directory",
        "dlopen(/a/pyodbc.so, 0x0002): Library not loaded: /b/libodbc.2.dylib\n  Reason: no such file",
        "DLL load failed while importing pyodbc: The specified module could not be found.",
    ],
)
def test_a_package_whose_library_is_not_on_this_machine(
    message: str, plant: Plant, worker_python: Path
) -> None:
    entry = f"{HEALTHY['function_app.py']}\nraise ImportError({message!r}, name='pyodbc')\n"
    app = plant({"function_app.py": entry})
    assert find_problems(app, "AF1", worker_python, imports=False) == []
    first = message.partition("\n")[0]
    assert why_not_indexed(Project(app, IndexOptions(worker_python))) == (
        f"The installed pyodbc cannot be loaded ({first}), so only the sources were checked. "
        "Install the library that it needs on this machine."
    )


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("'Set NAME.\\nIt is missing.'", ": Set NAME"),
        ("'a' * 121", f": {'a' * 120}..."),
        ("", ""),
    ],
)
def test_why_an_app_without_settings_is_not_indexed(
    reason: str, shown: str, plant: Plant, worker_python: Path
) -> None:
    entry = f"{HEALTHY['function_app.py']}\nraise RuntimeError({reason})\n"
    app = plant({"function_app.py": entry, "local.settings.json": None})
    line = entry.lstrip().count("\n")
    assert why_not_indexed(Project(app, IndexOptions(worker_python))).startswith(
        f"Importing the app fails (RuntimeError at function_app.py:{line}{shown}), and there is no "
    )


GUARDED = "try:\n    {first}from {module} import start as begin\nexcept Exception:\n    error = 1\n"


@pytest.mark.parametrize(
    ("first", "module", "files", "why"),
    [
        (
            "",
            "collector.runs",
            {"../collector/runs.py": "start = 1\n"},
            'Python does not find "collector.runs", which',
        ),
        (
            "",
            "collector.runs",
            {"src/collector/runs.py": "start = 1\n"},
            'Python does not find "collector.runs", which',
        ),
        (
            "import json, numpy\n    ",
            "json",
            {"requirements.txt": "numpy\n"},
            '"numpy" is not installed for',
        ),
        ("", "numpy", {"requirements.txt": "numpy\n"}, '"numpy" is not installed for'),
    ],
)
def test_a_name_that_is_not_imported_here_since_its_module_is_not(
    first: str, module: str, files: Files, why: str, plant: Plant, worker_python: Path
) -> None:
    entry = HEALTHY["function_app.py"] + "from blueprints.runs import begin\n"
    runs = GUARDED.format(first=first, module=module)
    app = plant({**files, "function_app.py": entry, "blueprints/runs.py": runs})
    assert find_problems(app, "AF101", worker_python, imports=False) == []
    project = Project(app, IndexOptions(worker_python))
    assert why_not_indexed(project).startswith(why)


OPTIONAL = "try:\n    {imported}\nexcept ImportError:\n    {name} = None\n{use}\n"


@pytest.mark.parametrize(
    ("imported", "use", "is_installed"),
    [
        ("import numpy", "numpy.array([])", False),
        ("import numpy as np", "np.array([])", False),
        ("from numpy import array", "array([])", False),
        ("import json", "config = None\nconfig.loads(json.dumps(1))", True),
        ("import json", "load = None\nload(json.dumps(1))", True),
    ],
)
def test_none_in_the_place_of_a_package_that_is_not_installed_here(
    imported: str, use: str, is_installed: bool, plant: Plant, worker_python: Path
) -> None:
    name = imported.split()[-1]
    entry = HEALTHY["function_app.py"] + OPTIONAL.format(imported=imported, name=name, use=use)
    app = plant({"function_app.py": entry, "requirements.txt": "azure-functions\nnumpy\n"})
    found = find_problems(app, "AF101", worker_python, imports=False)
    assert len(found) == is_installed
    why = why_not_indexed(Project(app, IndexOptions(worker_python)))
    assert why.startswith("" if is_installed else '"numpy" is not installed for')


def test_none_in_the_place_of_a_package_that_azure_does_not_install(
    plant: Plant, worker_python: Path
) -> None:
    use = OPTIONAL.format(imported="import numpy", name="numpy", use="numpy.array([])")
    app = plant({"function_app.py": HEALTHY["function_app.py"] + use})
    [found] = find_problems(app, "AF101", worker_python, imports=False)
    assert "'NoneType' object has no attribute 'array'" in found.message


NUMPY = "try:\n    import numpy\nexcept ImportError:\n    error = 1\n"


@pytest.mark.parametrize(
    ("runs", "name", "requirement"),
    [
        (GUARDED.format(first="", module="numpy"), "begin", ""),
        (GUARDED.format(first="", module="numpy"), "other", "numpy"),
        (GUARDED.format(first="", module="json") + NUMPY, "begin", "numpy"),
        (
            f"def later():\n{indent(GUARDED.format(first='', module='numpy'), '    ')}",
            "begin",
            "numpy",
        ),
        (GUARDED.format(first="", module="blueprints.hello"), "begin", "numpy"),
    ],
)
def test_a_name_that_is_not_imported_anywhere(
    runs: str, name: str, requirement: str, plant: Plant, worker_python: Path
) -> None:
    entry = HEALTHY["function_app.py"] + f"from blueprints.runs import {name}\n"
    requirements = f"azure-functions\n{requirement}\n"
    files = {"function_app.py": entry, "blueprints/runs.py": runs, "requirements.txt": requirements}
    [found] = find_problems(plant(files), "AF101", worker_python, imports=False)
    assert (found.path, found.line) == ("function_app.py", 8)


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("from blueprints.first import settings", 1),
        ("import blueprints.first as first\n\nfirst.settings()", 3),
        # Not by the sources.
        ("if str():\n    pass\nelse:\n    from blueprints.first import settings", 4),
    ],
)
def test_modules_that_import_each_other(
    lines: str, line: int, plant: Plant, worker_python: Path
) -> None:
    first = "from blueprints.second import start\n\n\ndef settings(): ...\n"
    second = f"{lines}\n\n\ndef start(): ...\n"
    entry = HEALTHY["function_app.py"] + "from blueprints.first import settings\n"
    files = {"function_app.py": entry, "blueprints/first.py": first, "blueprints/second.py": second}
    [found] = find_problems(plant(files), "AF101", worker_python, imports=False)
    assert (found.path, found.line) == ("blueprints/second.py", line)
    assert found.message == (
        "blueprints/first.py has not defined settings yet when it imports this module, so the import fails."
    )
    assert found.fix == "Move settings to a module that both import."


LATER = """

def later() -> None:
    {line}
"""


@pytest.mark.parametrize(
    ("line", "helpers", "places"),
    [
        ("import helpers", "def broken(:\n", [("helpers.py", 1)]),
        ("import helpers", "def wait():\n    await later()\n", [("helpers.py", 2)]),
        ("import helpers", "from blueprints.hello import nothing\n", [("helpers.py", 1)]),
        ("import helpers", "from .blueprints import hello\n", [("helpers.py", 1)]),
        ("from helpers import nothing", "", [("blueprints/hello.py", 12)]),
        ("from helpers import something", "something = 1\n", []),
        ("from helpers import anything", "def __getattr__(name): return name\n", []),
        (
            "import helpers",
            "try:\n    from blueprints.hello import nothing\nexcept ImportError: ...\n",
            [],
        ),
    ],
)
def test_imports_that_a_function_runs(
    line: str, helpers: str, places: list[tuple[str, int]], plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"] + LATER.format(line=line)
    found = find(plant({"blueprints/hello.py": source, "helpers.py": helpers}), "AF101")
    assert [(one.path, one.line) for one in found] == places
