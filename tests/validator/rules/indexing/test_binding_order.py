"""Names that are read before they are defined, and those that a function takes from an app or a module."""

from pathlib import Path

import pytest

from hooks.pyz import PYZ
from tests.support.run import run
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

TOP = "import azure.functions as func\n"
BLUEPRINT = "bp = func.Blueprint()\n"
HELLO = '@bp.route("hello")\ndef hello(req: func.HttpRequest) -> str:\n    return "x"\n'


def app(lines: str, top: str = TOP + BLUEPRINT) -> Files:
    """Return an app whose blueprint has lines above its function."""
    return {"blueprints/hello.py": f"{top}{lines}\n{HELLO}"}


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("settings = load()\ndef load(): ...", "load"),
        ("logger = logging.getLogger()\nimport logging", "logging"),
        ("@logged\ndef helper(): ...\ndef logged(function): ...", "logged"),
        ("def helper(limit=LIMIT): ...\nLIMIT: int = 1", "LIMIT"),
        ("class Order(Base): ...\nclass Base: ...", "Base"),
        ("class Order:\n    item: Item\nclass Item: ...", "Item"),
        ("def helper(item: Item): ...\nclass Item: ...", "Item"),
        ("late = (1 for _ in ITEMS)\nITEMS = ()", "ITEMS"),
        ("def make():\n    item = 1\n    return item\nprint(item)\nitem = make()", "item"),
    ],
)
def test_a_name_that_is_read_before_it_is_defined(
    lines: str, name: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(lines)), imports=False)
    last = len(f"{TOP}{BLUEPRINT}{lines}".splitlines())
    assert (found.code, found.path) == ("AF101", "blueprints/hello.py")
    assert found.message.startswith(f"{name} is not defined yet: line ")
    assert found.line < last
    assert found.fix == f"Define {name} above this line."


@pytest.mark.parametrize("top", ["", TOP])
def test_what_is_used_above_its_definition(top: str, plant: Plant, find: Find) -> None:
    lines = BLUEPRINT + ("" if top else TOP)
    source = f"{top}{HELLO}{lines}" if top else f"{lines}{HELLO}"
    [found] = find(plant({"blueprints/hello.py": source}), imports=False)
    name = "bp" if top else "func"
    assert found.code == "AF101"
    assert found.message.startswith(f"{name} is not defined yet")


def test_a_blueprint_that_is_registered_above_the_app(plant: Plant, find: Find) -> None:
    source = "app.register_functions(hello.bp)\napp = func.FunctionApp()\napp.register_functions(orders.bp)\n"
    entry = f"{TOP}from blueprints import hello, orders\n{source}"
    [found] = find(plant({"function_app.py": entry}), imports=False)
    assert (found.code, found.line) == ("AF101", 3)
    assert found.message == "app is not defined yet: line 4 defines it."


def test_a_blueprint_of_the_entry_point_that_is_registered_above_it(
    plant: Plant, find: Find
) -> None:
    entry = HEALTHY["function_app.py"] + "app.register_functions(bp)\n" + BLUEPRINT + HELLO
    entry = entry.replace("def hello", "def other").replace('"hello"', '"other"')
    [found] = find(plant({"function_app.py": entry}), imports=False)
    assert (found.code, found.message[:9]) == ("AF101", "bp is not")


@pytest.mark.parametrize(
    "lines",
    [
        "def helper():\n    return LIMIT\nLIMIT = 1",
        "helper = lambda: LIMIT\nLIMIT = 1",
        "print(id)\nid = 1",
        "if 1:\n    limit = 1\nprint(limit)\nlimit = 2",
        "for limit in (1,):\n    pass\nprint(limit)\nlimit = 2",
        "print([limit for limit in (1,)])\nlimit = 2",
        "class Order:\n    limit = 1\n    print(limit)\nlimit = 2",
        "print(limit := 1)\nprint(limit)\nlimit = 2",
        "def set_limit():\n    global limit\n    limit = 1\nset_limit()\nprint(limit)\nlimit = 2",
        "try:\n    print(limit)\nexcept NameError:\n    pass\nlimit = 2",
        "globals()['limit'] = 1\nprint(limit)\nlimit = 2",
        "limit, other = 1, 2\nprint(limit)\nlimit = 2",
        "import json as limit\nprint(limit)\nlimit = 2",
        "with open(__file__) as limit:\n    pass\nprint(limit)\nlimit = 2",
        "print(*[\n    limit\n    for limit in (1,)\n])\nlimit = 2",
        "def helper(item: 'Item'): ...\nclass Item: ...",
        "match 1:\n    case limit:\n        pass\nprint(limit)\nlimit = 2",
        "limit = 1\ndef use(value=limit): ...\nlimit = 2",
        "def limit(): ...\nprint(limit)\nlimit = 2",
        "late = (limit for _ in (1,) if limit for _ in limit)\nlimit = 2",
    ],
)
def test_a_name_that_has_a_value_where_it_is_read(lines: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(lines))) == []


@pytest.mark.parametrize("again", ["", "from . import store\n"])
def test_a_submodule_of_a_package(again: str, plant: Plant, find: Find) -> None:
    lines = f"from .store import load\nvalue = store.save(load)\n{again}"
    store = "def load(): ...\ndef save(value): ...\n"
    files: Files = {"shop/__init__.py": lines, "shop/store.py": store}
    assert find(plant({**app("import shop"), **files})) == []


TYPED = """
def first[T: Item](item: T) -> T: ...
class Order[*Items, **P, T: Item]: ...
class Item: ...
"""


def test_bounds_of_types_that_python_reads_late(plant: Plant, worker_python: Path) -> None:
    """The worker's Python reads them, since the one of these tests may be too old."""
    done = run(worker_python, "-B", PYZ, plant(app(TYPED)), "--select", "AF1", "--no-index")
    assert done.stdout.startswith("0 errors, 0 warnings"), done.stdout


LATE = "class Order:\n    item: Item\ndef helper(item: Item): ...\nclass Item: ..."


def test_annotations_that_nothing_reads(plant: Plant, find: Find) -> None:
    assert find(plant(app(LATE, f"from __future__ import annotations\n{TOP}{BLUEPRINT}"))) == []


@pytest.mark.parametrize(
    ("python", "codes"), [("==3.14.*", []), (">=3.11", ["AF101"]), (">=3.11,<3.14", ["AF101"])]
)
def test_annotations_that_python_3_14_reads_late(
    python: str, codes: list[str], plant: Plant
) -> None:
    project = f'[project]\nname = "app"\nversion = "1"\nrequires-python = "{python}"\n'
    found = find_problems(plant({**app(LATE), "pyproject.toml": project}), "AF101")
    assert [one.code for one in found] == codes


NAMED = '@{0}.route("{1}")\ndef {1}(req) -> str:\n    return "x"\n'
ENTRY = HEALTHY["function_app.py"]


@pytest.mark.parametrize("name", ["app", "func"])
def test_a_function_that_takes_a_name_that_the_import_uses(
    name: str, plant: Plant, find: Find
) -> None:
    entry = (
        ENTRY + NAMED.format("app", name) + '@app.route("b")\ndef b(req: func.HttpRequest): ...\n'
    )
    [found] = find(plant({"function_app.py": entry}), "AF1", imports=False)
    line = 11 if name == "app" else 12
    assert (found.code, found.path, found.line) == ("AF101", "function_app.py", line)
    assert found.message == f"{name} is the function of line 9 here, so this line fails."
    assert found.fix == "Give the function of line 9 another name."


def test_a_function_that_takes_the_name_of_the_app_at_the_end(plant: Plant, find: Find) -> None:
    [found] = find(plant({"function_app.py": ENTRY + NAMED.format("app", "app")}), "AF1")
    assert (found.code, found.line) == ("AF105", 9)
    assert "this function takes the name app from it" in found.message


@pytest.mark.parametrize(
    "lines",
    [
        "\nkept = app\n" + NAMED.format("app", "app"),
        "\nother = func.FunctionApp()\n" + NAMED.format("app", "app"),
        "\ndef keep(function):\n    return app\n\n@keep\ndef app(req): ...\n",
        NAMED.format("app", "app") + "app = func.FunctionApp()\n",
    ],
)
def test_an_app_that_is_not_lost(lines: str, plant: Plant, find: Find) -> None:
    found = find(plant({"function_app.py": ENTRY + lines}), "AF1")
    assert "AF105" not in {one.code for one in found}


@pytest.mark.parametrize("decorator", ["", '@bp.route("json")\n'])
@pytest.mark.parametrize("below", [True, False])
def test_a_function_that_takes_the_name_of_a_module(
    below: bool, decorator: str, plant: Plant, find: Find
) -> None:
    named = f'{decorator}def json(req: func.HttpRequest) -> str:\n    return "x"\n'
    uses = HELLO.replace('"x"', "json.dumps(1)")
    source = TOP + "import json\n" + BLUEPRINT + (uses + named if below else named + uses)
    [found] = find(plant({"blueprints/hello.py": source}))
    assert (found.code, found.line) == ("AF250", source[: source.index("json.d")].count("\n") + 1)
    assert found.message.startswith("json is the function of line ")


@pytest.mark.parametrize(
    "lines",
    [
        "import json as other\ndef json(): ...",
        "try:\n    import json\nexcept ImportError:\n    def json(): ...",
        "import json\ndef json(): ...\njson.dumps = str",
        "import functools\n@functools.lru_cache\ndef json(): ...\nimport json",
        "import functools\nimport json\n@functools.lru_cache\ndef json(): ...",
        "import json\nfrom math import *\ndef json(): ...",
        "import json\ndef inner():\n    def json(): ...\n    return json",
        "import json\nclass A:\n    def json(self): ...",
        "from json import dumps as json\ndef json(): ...",
        "import json\ndef set_up():\n    json.dumps(1)\nset_up()\ndef json(): ...",
    ],
)
def test_a_name_that_no_function_takes_for_good(lines: str, plant: Plant, find: Find) -> None:
    files = app(f"{lines}\n", TOP + BLUEPRINT)
    if "json.dumps" not in lines:
        files["blueprints/hello.py"] = str(files["blueprints/hello.py"]).replace(
            '"x"', "json.dumps(1)"
        )
    assert find(plant(files), "AF250") + find(plant(files), "AF101") == []
