"""Names that functions use, and that have no value there."""

from pathlib import Path

import pytest

from hooks.pyz import PYZ
from tests.support.run import run
from tests.support.validator import Files, Find, Plant

SOURCE = """
import azure.functions as func
{top}
bp = func.Blueprint()


@bp.route(route="hello")
def hello(req: func.HttpRequest) -> func.HttpResponse:
    {body}
    return func.HttpResponse("")
"""


def app(body: str, top: str = "") -> Files:
    """Return an app with lines in a function, whose module has lines at its top."""
    return {"blueprints/hello.py": SOURCE.format(body=body.replace("\n", "\n    "), top=top)}


@pytest.mark.parametrize(
    ("body", "statement"),
    [
        ("print(json.dumps(1))", "import json"),
        ("x = os.environ.get('X')", "import os"),
        ("if req.params:\n    logging.info('x')", "import logging"),
        ("print(time.time())", "import time"),
        ("print(datetime.now())", "from datetime import datetime"),
        ("print(datetime.timedelta(1))", "import datetime"),
        ("print(urllib.parse.quote('x'))", "import urllib.parse"),
        ("print(np.array([]))", "import numpy as np"),
        ("print(pd.DataFrame())", "import pandas as pd"),
        ("def inner():\n    return json.dumps(1)\nprint(inner())", "import json"),
        ("print([json.loads(x) for x in '12'])", "import json"),
        ("x: str = json.dumps(1)", "import json"),
    ],
)
def test_modules_that_are_not_imported(body: str, statement: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(body)))
    assert (found.code, found.fix) == ("AF250", f'Write "{statement}" at its top.')


@pytest.mark.parametrize(
    ("body", "fix"),
    [
        ("x = func.json.dumps(1)", 'Write json.dumps instead, and "import json" at the top.'),
        (
            "x = func.datetime.utcnow()\nx = func.datetime.now()",
            'Write datetime.utcnow instead, and "from datetime import datetime" at the top.',
        ),
    ],
)
def test_modules_that_are_taken_from_the_library(
    body: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(body)), "AF2")
    assert (found.code, found.fix) == ("AF250", fix)


@pytest.mark.parametrize(
    ("taken", "top", "fix"),
    [
        ("json.dumps", "import csv, json", "Write json.dumps instead."),
        ("datetime.now", "import datetime", "Write datetime.datetime.now instead."),
        ("datetime.now", "from datetime import datetime", "Write datetime.now instead."),
        ("datetime.date", "import datetime", "Write datetime.date instead."),
        ("datetime.date", "from datetime import datetime", "Write datetime.date instead, and "),
    ],
)
def test_modules_that_are_imported_and_taken_from_the_library(
    taken: str, top: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(f"print(func.{taken})", top)), "AF250")
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    "body",
    [
        "x = func.queue.QueueMessage(body=b'')",
        "def inner(func):\n    return func.json.x\nprint(inner)",
        "try:\n    x = func.json.x\nexcept Exception:\n    pass",
        "try:\n    x = func.json.x\n    print(x)\nexcept AttributeError:\n    pass",
        "print(func.json.x if hasattr(func, 'json') else 1)",
        "for func in []:\n    print(func.json.x)",
        "with req as func:\n    print(func.json.x)",
        "func = req\ndef inner():\n    return func.json.x\nprint(inner())",
        "func.json = print\nprint(func.json.x)",
    ],
)
def test_what_else_may_be_taken_from_the_library(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(body)), "AF250") == []


def test_each_module_is_reported_once(plant: Plant, find: Find) -> None:
    found = find(plant(app("print(json.dumps(1))\nprint(json.dumps(os.name))\nprint(json.x)")))
    assert [(one.line, one.message.split()[5]) for one in found] == [(8, "json,"), (9, "os,")]


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("print(json.dumps(1))", "import json"),
        ("print(json.dumps(1))", "import pickle as json"),
        ("import json\nprint(json.dumps(1))", ""),
        ("print(time.hour)", "from datetime import time"),
        ("time = req.params\nprint(time.get('x'))", ""),
        ("for time in []:\n    print(time.hour)", ""),
        ("print(max([], key=lambda time: time.hour))", ""),
        ("def inner(time):\n    return time.hour\nprint(inner(1))", ""),
        ("with open('x') as io:\n    print(io.read())", ""),
        ("'json.dumps'  # json.dumps(1)", ""),
        ("x: json.JSONEncoder = None", ""),
        ("try:\n    json.dumps(1)\nexcept NameError:\n    pass", ""),
        ("print(json.dumps(1))", "globals()['json'] = __import__('json')"),
        ("print(json.dumps(1))", "from shared.names import *"),
    ],
)
def test_names_that_are_bound(body: str, top: str, plant: Plant, find: Find) -> None:
    files: Files = {**app(body, top), "shared/__init__.py": "", "shared/names.py": "import json\n"}
    assert find(plant(files), "AF2") == []


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        ("count += 1", True),
        ("if 'other' in locals():\n    pass\ncount += 1", True),
        ("if 'count' in locals():\n    count += 1", False),
        ("if 0:\n    count += 1", False),
        ("try:\n    count += 1\n    print(1)\nexcept UnboundLocalError:\n    pass", False),
        ("if req.params:\n    count += 1\ncount -= 1", True),
        ("def inner():\n    count = 0\n    count += 1\ninner()\ncount += 1", False),
        ("global count\ncount += 1", False),
        ("count = 0\ncount += 1", False),
        ("for count in [1]:\n    count += 1", False),
        ("with req as count:\n    count += 1", False),
        ("try:\n    pass\nexcept OSError as count:\n    count += 1", False),
        ("import math as count\ncount += 1", False),
        ("if (count := 1):\n    count += 1", False),
        ("match req:\n    case [count]:\n        count += 1", False),
        ("match req:\n    case {**count}:\n        count += 1", False),
        ("req.count += 1", False),
    ],
)
def test_variables_that_are_only_changed(
    body: str, is_found: bool, plant: Plant, find: Find
) -> None:
    found = find(plant(app(body, "count = 0\n")), "AF2")
    assert [one.code for one in found] == ["AF250"] * is_found
    assert all('"global count"' in one.fix for one in found)


def test_a_parameter_that_is_only_changed(plant: Plant, find: Find) -> None:
    helper = "def add(count):\n    count += 1\n    def more():\n        nonlocal count\n        count += 1\n    return count, more"
    assert find(plant(app("print(add(1))", helper)), "AF2") == []


MODULE, CLASS = "import datetime", "from datetime import datetime"


@pytest.mark.parametrize(
    ("body", "top", "what", "fix"),
    [
        ("print(datetime.now())", MODULE, "the module", "Write datetime.datetime.now."),
        ("print(datetime.strptime('1', '%d'))", MODULE, "the module", "Write datetime.datetime.st"),
        ("print(datetime.datetime.now())", CLASS, "the class", "Import datetime from datetime,"),
        ("print(datetime.timedelta(1))", CLASS, "the class", "Import timedelta from datetime, and"),
        ("print(datetime.timezone.utc)", CLASS, "the class", "Import timezone from datetime, and"),
        ("print(datetime.UTC)", CLASS, "the class", "Import UTC from datetime, and"),
    ],
)
def test_the_module_and_the_class_datetime(
    body: str, top: str, what: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(f"{body}\n{body}", f"\n{top}\n")), "AF250")
    assert found.message.startswith(f"datetime is {what} in this file, which has no ")
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("print(datetime.datetime.now(), datetime.timedelta(1), datetime.date.today())", MODULE),
        ("print(datetime.datetime.strftime, time.strftime('%H'))", f"{MODULE}\nimport time"),
        ("print(datetime.now(), datetime.max, datetime.date(datetime.now()))", CLASS),
        ("from datetime import datetime\nprint(datetime.now())", MODULE),
        ("datetime = req.params\nprint(datetime.now)", MODULE),
        ("def inner(datetime):\n    return datetime.now\nprint(inner(1))", MODULE),
        ("try:\n    datetime.now()\nexcept AttributeError:\n    pass", MODULE),
        ("print(hasattr(datetime, 'now') and datetime.now())", MODULE),
        ("print(datetime.now())", f"{MODULE}\nfrom shared.names import *"),
    ],
)
def test_a_datetime_that_has_what_is_used(body: str, top: str, plant: Plant, find: Find) -> None:
    names = {"shared/__init__.py": "", "shared/names.py": CLASS}
    assert find(plant({**app(body, f"\n{top}\n"), **names}), "AF250") == []


@pytest.mark.parametrize(
    ("body", "name", "fix"),
    [
        ("print(lod())", "lod", "Import it, or correct the name."),
        (
            "class A:\n    def f(self):\n        self.lod = 1\nprint(lod)",
            "lod",
            "Import it, or correct the name.",
        ),
        ("print(HttpResponse)", "HttpResponse", "Write func.HttpResponse instead."),
        ("print(re.sub('a', 'b', 'c'))", "re", "Import it, or correct the name."),
        ("print(json)", "json", "Import it, or correct the name."),
        ("def inner():\n    return lod\nprint(inner())", "lod", "Import it, or correct the name."),
        ("print(max([1], key=lambda one: lod(one)))", "lod", "Import it, or correct the name."),
        (
            "setattr(self, 'x', self.__dict__)\nprint(lod)",
            "self",
            "Import it, or correct the name.",
        ),
    ],
)
def test_names_that_nothing_defines(
    body: str, name: str, fix: str, plant: Plant, find: Find
) -> None:
    found = find(plant(app(f"{body}\n{body}")), "AF250")[0]
    assert found.message == f"Nothing in this file defines {name}, so this line fails."
    assert found.fix == fix


@pytest.mark.parametrize(
    "body",
    [
        "if 'x' in locals():\n    print(lod)",
        "if req.platform:\n    print(lod)",
        "if False:\n    pass\nelse:\n    print(lod)",
        "print(lod if req.params else 1)",
        "try:\n    print(lod)\n    print(1)\nexcept Exception:\n    pass",
        "try:\n    if req.params:\n        print(lod)\nexcept Exception:\n    pass",
        "try:\n    print(lod)\nexcept Oops:\n    pass",
        "with req.lock:\n    print(lod)",
        "with suppress(Exception):\n    if req.params:\n        print(lod)",
    ],
)
def test_code_that_surely_runs(body: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(body, "from contextlib import suppress\nOops = OSError")), "AF250")
    assert found.message == "Nothing in this file defines lod, so this line fails."


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("print(lod)", "lod = 1"),
        ("print(lod)", "def lod(): ..."),
        ("print(lod)", "class lod: ..."),
        ("print(lod)", "def init():\n    global lod\n    lod = 1"),
        ("print(lod)", "from shared.names import *"),
        ("print(lod)", "def __getattr__(name): ..."),
        ("print(helper.lod)", "import shared as helper\nhelper.lod = 1"),
        ("print(LOW)", "import enum\nenum.IntFlag._convert_('Level', __name__, str.isupper)"),
        ("x: Oops = 1", ""),
        ("print((lambda lod: lod)(1), [lod for lod in ()])", ""),
        ("match req:\n    case [*lod]:\n        print(lod)", ""),
        ("print(__file__, __name__, _('x'), ExceptionGroup)", ""),
        ("if str is bytes:\n    print(unicode('x'))", ""),
        ("if TYPE_CHECKING:\n    reveal(1)", "from typing import TYPE_CHECKING"),
        ("try:\n    print(lod)\nexcept NameError:\n    pass", ""),
        ("try:\n    lod\nexcept:\n    pass", ""),
        (
            "try:\n    print(lod)\nexcept OSError:\n    pass\nexcept (KeyError, Exception):\n    pass",
            "",
        ),
        ("try:\n    print(lod)\nexcept BaseException:\n    pass", ""),
        ("with suppress(Exception):\n    print(lod)", "from contextlib import suppress"),
        ("if 'lod' in locals():\n    print(lod)", ""),
        ("if sys.version_info < (3,):\n    if req:\n        print(lod)", "import sys"),
        ("if sys.platform != 'linux':\n    pass\nelse:\n    print(lod)", "import sys"),
        (
            "print(lod if PY2 else 1)\nif not six.PY3:\n    print(lod)",
            "import six\nfrom six import PY2",
        ),
        ("print(1 if os.name == 'posix' else lod)", "import os"),
        ("if sys.hexversion < 0x3000000:\n    print(lod)", "import sys"),
        ("if False:\n    print(lod)\nelif 0:\n    print(lod)", ""),
        ("if req:\n    raise ValueError\n    print(lod)", ""),
        (
            "for one in ():\n    if one:\n        break\n        print(lod)\n    continue\n    print(lod)",
            "",
        ),
        ("return None\nprint(lod)", ""),
        ("return reload(intern('x'), StandardError, mssparkutils)", ""),
        ("print(lod)", "__builtins__['lod'] = 1"),
        ("print(lod)", "import shared\nsetattr(shared, 'lod', 1)"),
        ("print(lod)", "import shared\nshared.__dict__['lod'] = 1"),
        ("print(lod)", "import shared\nvars(shared)['lod'] = 1"),
        ("print(lod)", "import shared\nshared.use = lambda: 1\nshared.use.__globals__['lod'] = 1"),
    ],
)
def test_names_that_something_defines(body: str, top: str, plant: Plant, find: Find) -> None:
    files: Files = {**app(body, top), "shared/__init__.py": "", "shared/names.py": "lod = 1\n"}
    assert find(plant(files), "AF250") == []


@pytest.mark.parametrize(
    "body",
    [
        "def first[T](items: list[T]) -> T:\n    return print(T)\nprint(first)",
        "class A[T]:\n    def T(self): ...\n    def run(self):\n        print(T)\nprint(A)",
    ],
)
def test_type_parameters(body: str, plant: Plant, worker_python: Path) -> None:
    """The worker's Python reads them, since the one of these tests may be too old."""
    root = plant(app(body))
    done = run(worker_python, "-B", PYZ, root, "--select", "AF250", "--no-index")
    assert done.stdout.startswith("0 errors, 0 warnings"), done.stdout


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("print(json.dumps(1))\nimport json", "json"),
        ("if req.params:\n    json.dumps(1)\nfor one in []:\n    from x import json", "json"),
        ("print(total)\ntotal = 1", "total"),
        ("print('json' in locals(), total)\ntotal = 1", "total"),
        ("print(json)\nwith req as json:\n    pass", "json"),
        ("for one in []:\n    print(json)\nfor json in []:\n    print(json)", "json"),
    ],
)
def test_variables_that_are_read_too_early(body: str, name: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(body, "import json\ntotal = 0")), "AF250")
    assert found.message == f"{name} has no value in hello yet, so this line fails."
    assert found.fix.startswith("Move line ")


@pytest.mark.parametrize(
    "body",
    [
        "import json\nprint(json.dumps(1))\nimport json",
        "global total\nprint(total)\ntotal = 1",
        "print(req)\nreq = 1",
        "for one in [1, 2]:\n    if one > 1:\n        print(last)\n    last = one",
        "while True:\n    try:\n        print(last)\n    except Exception:\n        last = 1",
        "print([\n    json\n    for json in []\n])",
        "print(\n    json\n    if (json := 1)\n    else 2\n)",
        "print([\n    found\n    for one in []\n    if (found := one)\n])",
        "def json(): ...\nprint(json)\njson = 1",
        "def inner():\n    return json\njson = 1\nprint(inner())",
        "late = (json for _ in [1])\njson = 1\nprint(*late)",
        "def inner():\n    nonlocal total\n    print(total)\n    total = 2\ntotal = 1\ninner()",
        "match req:\n    case [json]:\n        print(json)\njson = 1",
        "class Order:\n    print(json)\n    json = 1",
        "total: json = 1\nimport json",
        "if 'json' in locals():\n    print(json)\njson = 1",
        "if 'json' in vars():\n    print(json)\njson = 1",
        "if 'json' in dir():\n    print(json)\njson = 1",
        "try:\n    print(json)\nexcept Exception:\n    pass\njson = 1",
        "try:\n    print(json)\n    print(1)\nexcept UnboundLocalError:\n    pass\njson = 1",
        "try:\n    print(json)\n    print(1)\nexcept Exception:\n    json = 1",
        "if 0:\n    print(json)\njson = 1",
    ],
)
def test_variables_that_have_a_value_where_they_are_read(
    body: str, plant: Plant, find: Find
) -> None:
    assert find(plant(app(body, "import json\ntotal = 0")), "AF250") == []
