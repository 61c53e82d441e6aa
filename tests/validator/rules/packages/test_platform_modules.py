"""Modules and names that Linux does not have."""

from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Plant, find_problems
from tests.validator.rules.import_files import importing


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import winreg", "winreg"),
        ("from msvcrt import getch", "msvcrt"),
        ("import win32com.client", "win32com.client"),
        ("def later():\n    import winsound", "winsound"),
        ("from os import startfile", "os.startfile"),
        (
            "import asyncio\nasyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())",
            "asyncio.WindowsSelectorEventLoopPolicy",
        ),
        ("import os\ndef later():\n    os.startfile('x')", "os.startfile"),
        ("import ctypes as c\ndef later():\n    return c.windll.kernel32", "ctypes.windll"),
    ],
)
def test_what_linux_does_not_have(line: str, name: str, plant: Plant) -> None:
    files = importing(line, "pywin32; sys_platform == 'win32'")
    [found] = find_problems(plant(files))
    assert (found.code, found.path) == ("AF428", "blueprints/hello.py")
    assert found.message == f"Azure runs the app on Linux, which does not have {name}."


@pytest.mark.parametrize(
    "line",
    [
        "try:\n    import winreg\nexcept ImportError:\n    winreg = None",
        "import sys\nif sys.platform == 'win32':\n    import winreg",
        "import asyncio, os\nif os.name == 'nt':\n    print(asyncio.WindowsSelectorEventLoopPolicy)",
        "import asyncio\ntry:\n    print(asyncio.WindowsSelectorEventLoopPolicy)\nexcept AttributeError:\n    pass",
        "import os\nfrom flags import IS_WINDOWS\nif IS_WINDOWS:\n    os.startfile('x')",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import winreg",
        "import os\nfrom contextlib import suppress\nwith suppress(AttributeError):\n    os.startfile('x')",
        "import fcntl",
        "import os\ndef later():\n    os.kill(1, 9)",
        "class Files:\n    startfile = 1\nprint(Files.startfile)",
    ],
)
def test_what_linux_has_or_the_app_asks_for(line: str, plant: Plant) -> None:
    assert find_problems(plant(importing(line, "")), "AF428") == []


def test_it_is_not_reported_as_a_missing_requirement(plant: Plant) -> None:
    found = find_problems(plant(importing("import win32com.client", "")))
    assert [one.code for one in found] == ["AF428"]


def test_a_module_of_the_app(plant: Plant) -> None:
    source = f"import nt\n{HEALTHY['blueprints/hello.py']}"
    assert find_problems(plant({"blueprints/hello.py": source, "nt.py": ""}), "AF428") == []


def test_it_is_one_error_where_the_import_fails(plant: Plant, worker_python: Path) -> None:
    line = "import asyncio\nPOLICY = asyncio.WindowsSelectorEventLoopPolicy()"
    app = plant(importing(line, ""))
    found = find_problems(app, "AF", worker_python, imports=False)
    assert [one.code for one in found] == ["AF428"]
