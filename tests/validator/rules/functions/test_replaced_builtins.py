"""Names of Python that a function with a trigger takes."""

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """import azure.functions as func

bp = func.Blueprint()


{decorator}
def list(req: func.HttpRequest) -> str:
    return "x"


@bp.route(route="orders")
def orders(req: func.HttpRequest) -> str:
    {line}
    return "x"
"""
ROUTE = '@bp.route(route="all")'


def app(line: str, decorator: str = ROUTE) -> Files:
    """Return an app with a line in a function, below one that is called `list`."""
    return {"blueprints/orders.py": SOURCE.format(line=line, decorator=decorator)}


@pytest.mark.parametrize(
    "line", ["print(list('ab'))", "rows = list(req.params.items())", "list(range(3)).sort()"]
)
def test_a_function_that_takes_the_name_of_one_of_python(
    line: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(line)), "AF250")
    assert found.line == 13
    assert found.message == "list is the function of line 7 here, and not that of Python."
    assert found.fix == "Give the function of line 7 another name."


@pytest.mark.parametrize(
    ("line", "decorator"),
    [
        ("return list(req)", ROUTE),
        ("return list(req=req)", ROUTE),
        ("print([*'ab'], list.name)", ROUTE),
        ("print(list('ab'))", ""),
        ("list = tuple\n    print(list('ab'))", ROUTE),
        ("print(dict(a=1))", ROUTE),
        ("print(list('ab'))", "@(lambda one: one)"),
    ],
)
def test_names_that_are_still_those_of_python(
    line: str, decorator: str, plant: Plant, find: Find
) -> None:
    assert find(plant(app(line, decorator)), "AF250") == []
