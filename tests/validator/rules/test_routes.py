"""Routes of HTTP functions that the host rejects or mixes up."""

import pytest

from tests.support.validator import Find, Plant, find_problems

ONE = """
    import azure.functions as func

    bp = func.Blueprint()


    @bp.route({})
    def hello(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse()
    """
TWO = """
    import azure.functions as func

    bp = func.Blueprint()


    @bp.route({})
    def a(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse()


    @bp.route({})
    def b(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse()
    """
STREAM = """
    import azure.functions as func
    import azurefunctions.extensions.http.fastapi as fastapi

    bp = func.Blueprint()


    @bp.route(route="a")
    def a(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse()


    @bp.route(route="b")
    async def b(req: fastapi.Request) -> fastapi.Response:
        return fastapi.Response()
    """


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("admin/users", ["AF221"]),
        ("Administration", ["AF221"]),
        ("/runtimes", ["AF221", "AF229"]),
        ("runtime/x", ["AF221"]),
        ("my-runtime", []),
        ("users/admin", []),
        ("a/{id", ["AF222"]),
        ("a/{id}/{ID}", ["AF222"]),
        ("a/{*rest}/b", ["AF222"]),
        ("a?id={id}", ["AF222"]),
        ("a//b", ["AF222"]),
        ("a/{}", ["AF222"]),
        ("a/{id:int?}/", []),
        ("a/{code:regex(^[0-9]{{3}}$)}", []),
        ("a/{*rest}", []),
    ],
)
def test_a_route(plant: Plant, find: Find, route: str, expected: list[str]) -> None:
    app = plant({"blueprints/hello.py": ONE.format(f"route={route!r}")})
    assert [finding.code for finding in find(app, "AF2")] == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("route='a/{id}'", "route='A/{ID}/', methods=['GET']", ["AF223"]),
        ("route='b'", "", ["AF223"]),
        ("route='a', methods=['GET']", "route='a', methods=['POST']", []),
        ("route='a', methods=[func.HttpMethod.GET]", "route='a', methods=['get']", ["AF223"]),
        ("route='a/{id:int}'", "route='a/{id:alpha}'", []),
    ],
)
def test_equal_routes(
    plant: Plant, find: Find, first: str, second: str, expected: list[str]
) -> None:
    app = plant({"blueprints/hello.py": TWO.format(first, second)})
    assert [finding.code for finding in find(app, "AF2")] == expected


def test_the_function_whose_name_sorts_later_is_not_started(plant: Plant, find: Find) -> None:
    two = TWO.format("route='x'", "route='x'").replace("def a(", "def c(")
    [found] = find(plant({"blueprints/hello.py": two}), "AF2")
    assert (found.code, found.line) == ("AF223", 6)
    assert "c and b handle the same route and method, so the host does not start c" in found.message


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("methods=['GETT']", ["AF224"]),
        ("methods=['get', 'POST']", []),
        ("methods=[func.HttpMethod.GET]", []),
        ("auth_level='anonymus'", ["AF224"]),
        ("auth_level='anonymous'", []),
        ("auth_level=func.AuthLevel.ADMIN", []),
    ],
)
def test_methods_and_authorization_levels(
    plant: Plant, arguments: str, expected: list[str]
) -> None:
    app = plant({"blueprints/hello.py": ONE.format(f"route='a', {arguments}")})
    assert [found.code for found in find_problems(app, "AF2")] == expected


def test_streams_beside_other_http_functions(plant: Plant) -> None:
    [found] = find_problems(plant({"blueprints/hello.py": STREAM}), "AF2")
    assert (found.code, found.line) == ("AF225", 8)
    assert "a takes func.HttpRequest, but b " in found.message
