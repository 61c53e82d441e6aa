"""What an app registers."""

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant

REGISTERED = {
    "hello": ("blueprints.hello is a module, not a blueprint.", "Write hello.bp instead."),
    "hello.bps": ("blueprints.hello has no bps.", "Write hello.bp instead."),
    "hello.hello": (
        "blueprints.hello.hello is a function, not a blueprint.",
        "Write hello.bp instead.",
    ),
    "[hello.bp]": (
        "app.register_functions takes a blueprint, not a list of them.",
        "Call app.register_functions once for each blueprint.",
    ),
    "hello.bp, orders.bp": (
        "app.register_functions takes one blueprint.",
        "Call app.register_functions once for each blueprint.",
    ),
}
ENTRY = HEALTHY["function_app.py"].replace("hello.bp", "hello")
REBOUND = ENTRY.replace("app = ", "hello = hello.bp\napp = ")
# The method of an object that is not an app.
OF_ANOTHER = f"""{HEALTHY["function_app.py"]}

class Registry:
    def register_functions(self, module):
        self.module = module


registry = Registry()
registry.register_functions(hello)
"""
# A decorator that returns a blueprint.
MAKING = f"""{HEALTHY["blueprints/hello.py"]}

def called(function):
    return function()


@called
def made():
    return bp
"""
GUARDED = ENTRY.replace(
    "from blueprints import hello, orders\n",
    "from blueprints import orders\n\ntry:\n    from blueprints.hello import bp as hello\n"
    "except ImportError:\n    from blueprints import hello\n",
)


@pytest.mark.parametrize("name", REGISTERED)
def test_what_is_registered_must_be_a_blueprint(name: str, plant: Plant, find: Find) -> None:
    source = HEALTHY["function_app.py"].replace("hello.bp", name)
    [found] = find(plant({"function_app.py": source}), imports=False)
    assert (found.code, found.line) == ("AF101", 6)
    assert (found.message, found.fix) == REGISTERED[name]


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("hello", {"blueprints/__init__.py": "from .hello import bp as hello\n"}),
        ("hello.late", {"blueprints/hello.py": f"{HEALTHY['blueprints/hello.py']}late = bp\n"}),
        (
            "hello.late",
            {"blueprints/__init__.py": "from . import hello\n\nhello.late = hello.bp\n"},
        ),
        ("hello", {"function_app.py": REBOUND}),
        ("hello.made", {"blueprints/hello.py": MAKING}),
        ("hello", {"function_app.py": GUARDED}),
        ("hello", {"function_app.py": OF_ANOTHER}),
    ],
)
def test_blueprints_under_other_names(name: str, files: Files, plant: Plant, find: Find) -> None:
    source = HEALTHY["function_app.py"].replace("hello.bp", name)
    assert find(plant({"function_app.py": source, **files}), "AF1") == []
