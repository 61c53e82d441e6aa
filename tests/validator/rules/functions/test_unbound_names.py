"""Names that functions read and only other functions have."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hooks.pyz import PYZ
from tests.support.catalogue import PYTHONS
from tests.support.run import run
from tests.support.validator import HEALTHY, Find, Plant
from tests.validator.rules.functions.test_undefined import app


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("print(lod)", "def load():\n    lod = 1"),
        ("print(lod)\nprint(lod)", "def load(lod):\n    return lod"),
        ("print([lod for one in ()])", "def load():\n    import lod"),
        ("def inner():\n    return lod\nprint(inner())", "def load():\n    for lod in (): ..."),
        ("print(lod)", "class Loads:\n    lod = 1\n    def load(self):\n        lod = 1"),
    ],
)
def test_names_that_only_other_functions_have(
    body: str, top: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(body, top)), "AF250")
    reader = "inner" if "inner" in body else "hello"
    assert found.message.startswith(f"lod has no value in {reader}, so this line fails: ")
    assert found.message.endswith("it is only a variable of other functions, such as load.")


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("print(lod)", "for lod in (): ..."),
        ("print(lod)", "import contextlib\nwith contextlib.nullcontext() as lod: ..."),
        ("print(lod)", "try:\n    import lod\nexcept ImportError: ..."),
        ("print(lod)", "def init():\n    global lod\n    import lod"),
        ("print(lod)", "(lod := 1)"),
        ("lod = 1\ndef inner():\n    return lambda: lod\nprint(inner())", ""),
        ("print((lambda lod: lod)(1), [lod for lod in ()])", ""),
        ("match req:\n    case lod:\n        print(lod)", ""),
        ("try:\n    print(lod)\nexcept NameError: ...", ""),
        ("try:\n    print(lod)\nexcept Exception: ...", ""),
        ("x: lod = 1", ""),
        ("print(lod)", "total = 1\ndef late():\n    print(total)\n    global total"),
        ("print(lod)", "import builtins\nbuiltins.lod = 1"),
        ("print(id(req))", "def other(id):\n    return id"),
        ("print(len('x'))", "def other(print=print, len=len):\n    return print"),
        ("print(type(req))", "def other():\n    type = 1\n    return type"),
        ("print(__name__)", "def other(__name__='x'):\n    return __name__"),
        (
            "print(ngettext('x', 'y', 2))",
            "import gettext\ngettext.install('x', names=['ngettext'])\ndef other(ngettext): ...",
        ),
        ("print(_('x'))", "import gettext\ngettext.install('x')\ndef other():\n    _, x = 1, 2"),
        (
            "return unicode(req) if str is bytes else None",
            "def other(unicode):\n    return unicode",
        ),
    ],
)
def test_names_that_other_functions_have_too(body: str, top: str, plant: Plant, find: Find) -> None:
    top = f"{top}\ndef load():\n    lod = 1"
    refused = "global total" in top
    assert find(plant(app(body, top)), "AF250", imports=not refused) == []


@pytest.mark.parametrize("line", ["hello.lod = 1", "exec('hello.lod = 1')"])
def test_a_name_that_another_module_stores(line: str, plant: Plant, find: Find) -> None:
    files = app("print(lod)")
    entry = HEALTHY["function_app.py"].replace("app = ", f"{line}\napp = ")
    assert find(plant({**files, "function_app.py": entry}), "AF250") == []


@pytest.mark.parametrize("version", PYTHONS)
def test_a_name_that_a_comprehension_gives_to_its_module(
    version: str, environment: Callable[[str], Path], plant: Plant
) -> None:
    top = "found = [lod := one for one in '12']\ndef load(lod):\n    return lod"
    root = plant(app("print(lod)", top))
    done = run(environment(version), "-B", PYZ, root, "--select", "AF250", "--no-index")
    assert done.stdout.startswith("0 errors, 0 warnings"), done.stdout
