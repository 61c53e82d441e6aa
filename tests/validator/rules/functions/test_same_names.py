"""Modules and functions of one name that are taken for each other, and methods whose names stand alone."""

import pytest

from tests.support.validator import HEALTHY, Find, Plant, find_problems
from tests.validator.rules.functions.test_undefined import app

CLASS = """
class Store:
    def load(self):
        return {{}}
    def list(self):
        return list(range(3))
    @classmethod
    def keep(cls):
        {}
    def save(self):
        {}
"""


@pytest.mark.parametrize(
    ("body", "top", "fix"),
    [
        ("print(time())", "import time", "Write time.time(...)."),
        ("print(datetime(2027, 1, 1))", "import datetime", "Write datetime.datetime(...)."),
        (
            "print(datetime.datetime.now(), datetime(2027, 1, 1))",
            "import datetime",
            "Write datetime.",
        ),
        ("print([copy(one) for one in '12'])", "import copy, json", "Write copy.copy(...)."),
        (
            "time.sleep(1)",
            "from time import time",
            'Write "import time" at the top, and time.time() for time().',
        ),
        ("print(time.time())", "from time import time, sleep", 'Write "import time" at the top'),
        ("print(copy.deepcopy({}))", "from copy import copy", 'Write "import copy" at the top'),
    ],
)
def test_modules_with_a_function_of_their_name(
    body: str, top: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(body, top)))
    assert found.code == "AF250"
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("print(time.time())", "import time"),
        ("print(time())", "from time import time"),
        ("print(time())", "import time as clock\nfrom time import time"),
        ("print(time())", "import time\ndef run(time):\n    return time()"),
        ("import time\nprint(time.time())", "from time import time"),
        ("print(datetime.datetime(2027, 1, 1))", "import datetime"),
        ("print(datetime(2027, 1, 1))", "from datetime import datetime"),
        ("print(copy.__name__, copy('x'))", "from copy import copy"),
        ("try:\n    print(time())\nexcept TypeError:\n    print(time.time())", "import time"),
        ("print(time.time() if hasattr(time, 'time') else time())", "from time import time"),
        ("print(time() if callable(time) else time.time())", "import time"),
        (
            "try:\n    print(copy.deepcopy)\n    print(1)\nexcept AttributeError:\n    pass",
            "from copy import copy",
        ),
        ("print(time())", "import time\nfrom shared.names import *"),
        ("print({}.copy(), mine.time.time())", "import copy, time\nmine = copy"),
    ],
)
def test_modules_that_are_used_as_such(body: str, top: str, plant: Plant, find: Find) -> None:
    names = {"shared/__init__.py": "", "shared/names.py": "from time import time\n"}
    assert find(plant({**app(body, top), **names})) == []


@pytest.mark.parametrize(
    ("body", "line"),
    [("print(glob('*'))", "import glob"), ("print(datetime.now())", "import datetime")],
)
def test_a_module_that_another_module_replaces(
    body: str, line: str, plant: Plant, find: Find
) -> None:
    name = line.removeprefix("import ")
    entry = HEALTHY["function_app.py"].replace("app = ", f"hello.{name} = print\napp = ")
    assert find(plant({**app(body, line), "function_app.py": entry}), "AF250") == []


@pytest.mark.parametrize(
    ("body", "keep", "save", "fix"),
    [
        ("print(Store().save())", "pass", "return load()", "Write self.load."),
        ("print(Store.keep())", "return load(cls)", "pass", "Write cls.load."),
        (
            "print(Store.stay())",
            "pass",
            "pass\n    @staticmethod\n    def stay():\n        return load()",
            "Call it on an object of Store.",
        ),
        ("print(load(Store()))", "pass", "pass", "Call it on an object of Store."),
    ],
)
def test_methods_without_an_object(
    body: str, keep: str, save: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(body, CLASS.format(keep, save))))
    assert (
        found.message == "load is a method of Store, so a function cannot use it by its name alone."
    )
    assert (found.code, found.fix) == ("AF250", fix)


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("print(Store().save())", CLASS.format("pass", "return self.load()")),
        ("print(load())", CLASS.format("pass", "pass") + "def load():\n    return 1"),
        ("load = print\nload()", CLASS.format("pass", "pass")),
        ("print(load)", CLASS.format("pass", "pass") + "class Other:\n    load = 1"),
        ("print([load for load in '12'])", CLASS.format("pass", "pass")),
        ("print(Store())", CLASS.format("pass", "pass") + "    again = load\n"),
        ("try:\n    load()\nexcept NameError:\n    pass", CLASS.format("pass", "pass")),
        (
            "print(Store())",
            CLASS.format("pass", "return display() if str is bytes else 1")
            + "    def display(self):\n        return 1",
        ),
        ("print(load)", CLASS.format("pass", "pass") + "globals()['load'] = 1"),
    ],
)
def test_names_of_methods_that_something_else_has(
    body: str, top: str, plant: Plant, find: Find
) -> None:
    assert find(plant(app(body, top))) == []


@pytest.mark.parametrize(
    ("body", "top", "fix"),
    [
        ("print(os.environ('KEY'))", "import os", "Write os.environ['KEY']."),
        ("print(os.environ('KEY', ''))", "import os", "Write os.environ.get('KEY', '')."),
        (
            "print(os.environ('KEY', default=''))",
            "import os",
            "Write os.environ.get('KEY', '').",
        ),
        ("print(environ(str(1)))", "from os import environ", "Write environ[str(1)]."),
        ("print(os.getenv['KEY'])", "import os", "Write os.getenv('KEY')."),
        ("print(os.environ.get['KEY', ''])", "import os", "Write os.environ.get('KEY', '')."),
        ("if req.url:\n    print(os.environ('KEY'))", "import os", "Write os.environ['KEY']."),
        ("print(getenv[str(1)])", "from os import getenv", "Write getenv(str(1))."),
    ],
)
def test_the_environment(body: str, top: str, fix: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(body, top)), "AF250")
    assert found.message.endswith(" so this line fails.")
    assert found.fix == fix


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("print(os.environ['KEY'], os.environ.get('KEY'), os.getenv('KEY'))", "import os"),
        ("print(os.environ())", "import os"),
        ("print(os.environ('KEY'))", "import os\nfrom shared import os"),
        ("os.getenv['KEY'] = 1", "import os"),
        ("print(os.environ(*req.params))", "import os"),
        ("print(os.getenv['A':'B'])", "import os"),
        ("os.environ = dict\nprint(os.environ('KEY'))", "import os"),
        ("os.getenv = {'KEY': '1'}\nprint(os.getenv['KEY'])", "import os"),
        ("print(environ('KEY'))", "def environ(name):\n    return name"),
        ("print(shop.environ('KEY'))", "from shared import os as shop"),
        (
            "try:\n    print(os.environ('KEY'))\nexcept TypeError:\n    print(1)",
            "import os",
        ),
        (
            "try:\n    print(os.getenv['KEY'])\nexcept Exception:\n    print(1)",
            "import os",
        ),
    ],
)
def test_other_uses_of_the_environment(body: str, top: str, plant: Plant) -> None:
    assert find_problems(plant(app(body, top)), "AF250") == []
