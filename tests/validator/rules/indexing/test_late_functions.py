"""Functions that are decorated after the app is indexed."""

import textwrap

import pytest

from tests.support.validator import Find, Plant

LATE = """
import azure.functions as func

bp = func.Blueprint()


{code}
"""


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (
            """
            @bp.route(route="hello")
            def hello(req: func.HttpRequest) -> str:
                @bp.route(route="late")
                def late(req: func.HttpRequest) -> str:
                    return "late"

                return "hello"
            """,
            "hello runs",
        ),
        (
            """
            def never():
                @bp.route(route="late")
                def late(req: func.HttpRequest) -> str:
                    return "late"
            """,
            "never, which nothing calls",
        ),
        (
            """
            def add():
                if bp:
                    @bp.route(route="late")
                    def late(req: func.HttpRequest) -> str:
                        return "late"


            @bp.route(route="hello")
            def hello(req: func.HttpRequest) -> str:
                add()
                return "hello"
            """,
            "add, which only functions call",
        ),
    ],
)
def test_functions_that_are_decorated_too_late(
    code: str, name: str, plant: Plant, find: Find
) -> None:
    text = LATE.format(code=textwrap.dedent(code).strip())
    [found] = find(plant({"blueprints/hello.py": text}), "AF1")
    assert found.code == "AF123"
    assert "The app does not have late" in found.message
    assert name in found.message


@pytest.mark.parametrize(
    "code",
    [
        """
        def add(name):
            @bp.function_name(name)
            @bp.route(route=name)
            def late(req: func.HttpRequest) -> str:
                return "late"


        for one in ("a", "b"):
            add(one)
        """,
        """
        def add():
            @bp.route(route="late")
            def late(req: func.HttpRequest) -> str:
                return "late"


        def add_all():
            add()


        add_all()
        """,
        """
        class Adds:
            def __init__(self):
                @bp.route(route="late")
                def late(req: func.HttpRequest) -> str:
                    return "late"


        Adds()
        """,
        """
        for one in ("a", "b"):

            @bp.function_name(one)
            @bp.route(route=one)
            def late(req: func.HttpRequest) -> str:
                return "late"
        """,
    ],
)
def test_functions_that_are_decorated_in_time(code: str, plant: Plant, find: Find) -> None:
    text = LATE.format(code=textwrap.dedent(code).strip())
    assert find(plant({"blueprints/hello.py": text}), "AF1") == []
