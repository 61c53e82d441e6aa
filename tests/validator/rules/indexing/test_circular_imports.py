"""Modules that import each other."""

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant

IMPORTS = "from blueprints import hello, orders\n"
APP = "app = func.FunctionApp()\n"
LATE = HEALTHY["function_app.py"]
# The app is defined before the blueprints are imported.
EARLY = f"import azure.functions as func\n\n{APP}{IMPORTS}" + LATE.partition(APP)[2]
HELLO = HEALTHY["blueprints/hello.py"]


def hello(line: str) -> str:
    """Return a blueprint with lines before its function."""
    return HELLO.replace("bp = ", f"{line}\nbp = ")


def shared(init: str, one: str, other: str = "") -> Files:
    """Return an app in which a blueprint imports one of two modules of a package."""
    return {
        "blueprints/hello.py": hello("from shared import one"),
        "shared/__init__.py": init,
        "shared/one.py": one,
        "shared/other.py": other,
    }


@pytest.mark.parametrize(
    ("files", "place", "name"),
    [
        (
            {"blueprints/hello.py": hello("from function_app import app")},
            "blueprints/hello.py:3",
            "app",
        ),
        (
            {"blueprints/hello.py": hello("import function_app as main\nprint(main.app)")},
            "blueprints/hello.py:4",
            "app",
        ),
        (
            {
                "blueprints/hello.py": hello(
                    "import function_app\n@function_app.app.route('x')\ndef x(req: func.HttpRequest) -> str:\n    return ''"
                )
            },
            "blueprints/hello.py:4",
            "app",
        ),
        (
            {
                "function_app.py": EARLY + "LIMIT = 1\n",
                "blueprints/hello.py": hello("from function_app import LIMIT"),
            },
            "blueprints/hello.py:3",
            "LIMIT",
        ),
        (
            shared("", "from shared.other import B\nA = 1\n", "from .one import A\nB = 1\n"),
            "shared/other.py:1",
            "A",
        ),
        (
            shared("from .one import A\nLIMIT = 1\n", "from . import LIMIT\nA = 1\n"),
            "shared/one.py:1",
            "LIMIT",
        ),
        (
            shared("", "import shared.other\nA = 1\n", "import shared.one\nB = shared.one.A\n"),
            "shared/other.py:2",
            "A",
        ),
        (
            {
                **shared("", "from .other import B\nA = 1\n", "from .one import A\nB = 1\n"),
                "blueprints/hello.py": hello(
                    "import typing\nif typing.TYPE_CHECKING:\n    import function_app\n"
                    "from shared import one"
                ),
            },
            "shared/other.py:1",
            "A",
        ),
        (
            {
                **shared("", "from .other import B\nA = 1\n", "from .one import A\nB = 1\n"),
                "shared/start.py": "import shared.other\n",
                "blueprints/hello.py": hello(
                    "import typing\nif typing.TYPE_CHECKING:\n    import shared.start\n"
                    "from shared import one"
                ),
            },
            "shared/other.py:1",
            "A",
        ),
    ],
)
def test_a_name_that_is_not_defined_yet(
    files: Files, place: str, name: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(files), imports=False)
    assert (found.code, f"{found.path}:{found.line}") == ("AF101", place)
    assert f" has not defined {name} yet when it imports this module, " in found.message


def test_an_app_that_a_blueprint_imports(plant: Plant, find: Find) -> None:
    files: Files = {"blueprints/hello.py": hello("from function_app import app")}
    [found] = find(plant(files), imports=False)
    assert found.fix == "Write a blueprint here, and register it in function_app.py."


@pytest.mark.parametrize(
    "files",
    [
        {"function_app.py": EARLY, "blueprints/hello.py": hello("from function_app import app")},
        {"blueprints/hello.py": hello("import function_app")},
        {
            "blueprints/hello.py": hello(
                "def app():\n    from function_app import app\n    return app"
            )
        },
        {
            "blueprints/hello.py": hello(
                "import function_app\ndef app():\n    return function_app.app"
            )
        },
        {"blueprints/hello.py": hello("import function_app\nread = lambda: function_app.app")},
        {"blueprints/hello.py": hello("import function_app\nprint(function_app.func)")},
        {"blueprints/hello.py": hello("import function_app\nprint(False and function_app.app)")},
        {"blueprints/hello.py": hello("from function_app import func as library")},
        {
            "blueprints/hello.py": hello(
                "import typing\nif typing.TYPE_CHECKING:\n    from function_app import app"
            )
        },
        {
            "blueprints/hello.py": hello(
                "try:\n    from function_app import app\nexcept ImportError:\n    app = None"
            )
        },
        {
            "function_app.py": f"def make():\n    global LIMIT\n    LIMIT = 1\n\n\nmake()\n{LATE}",
            "blueprints/hello.py": hello("from function_app import LIMIT"),
        },
        {
            "function_app.py": f"match {{'a': 1}}:\n    case {{**LIMITS}}:\n        pass\n{LATE}",
            "blueprints/hello.py": hello("from function_app import LIMITS"),
        },
        shared("", "from shared import other\nA = 1\n", "from shared import one\nB = 1\n"),
        shared("", "A = 1\nfrom .other import B\n", "from .one import A\nB = 1\n"),
        shared("LIMIT = 1\nfrom .one import A\n", "from . import LIMIT\nA = 1\n"),
        shared("from .one import A\n", "from . import other\nA = 1\n", "from . import one\n"),
        {
            **shared("", "from .other import B\nA = 1\n", "B = 1\nfrom .one import A\n"),
            "function_app.py": f"import shared.other\n{LATE}",
        },
        {
            **shared("", "from .other import B\nA = 1\n", "B = 1\nfrom .one import A\n"),
            "function_app.py": "import typing\nif typing.TYPE_CHECKING:\n    LIMIT: int\n"
            f"else:\n    import shared.start\n{LATE}",
            "shared/start.py": "import shared.other\n",
        },
        {
            **shared("", "from .other import B\nA = 1\n", "B = 1\nfrom .one import A\n"),
            "function_app.py": f"def load():\n    import shared.other\n\n\nload()\n{LATE}",
        },
    ],
)
def test_modules_that_import_each_other(files: Files, plant: Plant, find: Find) -> None:
    assert find(plant(files), "AF101") == []
