"""Routes of HTTP functions that the host rejects or mixes up."""

import json

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

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
        ("/runtimes", ["AF221"]),
        ("runtime/x", ["AF221"]),
        ("my-runtime", []),
        ("users/admin", []),
        ("a/{id", ["AF222"]),
        ("/a/{id:int?}/", ["AF222"]),
        ("a/{*rest}", []),
    ],
)
def test_which_routes_the_host_keeps_for_itself(
    plant: Plant, find: Find, route: str, expected: list[str]
) -> None:
    app = plant({"blueprints/hello.py": ONE.format(f"route={route!r}")})
    assert [finding.code for finding in find(app, "AF2")] == expected


@pytest.mark.parametrize(
    "route",
    [
        "{",
        "a/b}",
        "a/{b",
        "a/{b/c}",
        "a/{b*}",
        "a/{***b}",
        "a/{?}",
        "a/{}",
        "a/{a?b}",
        "a/{a?:int}",
        "a/{a?}{b}",
        "a/{a}{b?}",
        "a/{a}-{b?}",
        "a/x{b?}",
        "a/{b?}.x",
        "a/{b}.{c?}x",
        "a/{b?=1}",
        "a/{b=1?}",
        "a/{*b?}",
        "a/x{*b}",
        "a/{*b}x",
        "{**a}/{b}",
        "a/{*b}/c",
        "a/{b:integer}",
        "a/{b:int:nope}",
        "a/{b:int(5)}",
        "a/{b:min}",
        "a/{b:min(x)}",
        "a/{b:range(5)}",
        "a/{b:range(5,1)}",
        "a/{b:length(1,2,3)}",
        "a/{b:maxlength(-1)}",
        "a/{b:regex}",
        "a/{b:regex(^[0-9]{3}$)}",
        "a/{{b}",
        "a/{b}}",
        "a/{b}/{B}",
        "a/{b}/c/{B:int}",
        "x//",
        "a//b",
        "//x",
        "a/b?c={d}",
    ],
)
def test_a_template_that_stops_the_host_is_found(plant: Plant, route: str) -> None:
    app = plant({"blueprints/hello.py": ONE.format(f"route={route!r}")})
    [found] = find_problems(app, "AF2")
    assert found.code == "AF222"
    assert found.message.startswith("The host stops at the route")


@pytest.mark.parametrize(
    ("route", "right"),
    [
        ("a/<b>", "a/{b}"),
        ("a/<int:b>/c", "a/{b:int}/c"),
        ("<path:rest>", "{*rest}"),
        ("a/<string(length=2):b>", "a/{b}"),
        ("a/<uuid:b>", "a/{b:guid}"),
        ("a/:b/c", "a/{b}/c"),
        (":b", "{b}"),
    ],
)
def test_a_parameter_as_other_frameworks_write_it(
    route: str, right: str, plant: Plant, find: Find
) -> None:
    source = ONE.format(f"route={route!r}").replace(
        "func.HttpResponse()", 'func.HttpResponse(req.route_params["b"])', 1
    )
    [found] = find(plant({"blueprints/hello.py": source}), "AF2")
    assert (found.code, found.fix) == ("AF222", f"Write {right} instead.")


@pytest.mark.parametrize(
    ("route", "fix"),
    [
        ("a/{id:uuid}", "Write a/{id:guid} instead."),
        ("a/{id:integer}/{name:string}", "Write a/{id:int}/{name} instead."),
        ("files/{rest:path}", "Write files/{*rest} instead."),
        ("/a/{id:str}", "Write a/{id} instead."),
        ("/a/<int:id>/{name:str}", "Write a/{id:int}/{name} instead."),
        ("/a", "Write a instead."),
        ("//", "Correct the route."),
        ("{rest:path}/x", "Correct the route."),
    ],
)
def test_what_to_write_in_the_place_of_a_route(route: str, fix: str, plant: Plant) -> None:
    app = plant({"blueprints/hello.py": ONE.format(f"route={route!r}")})
    [found] = find_problems(app, "AF222")
    assert found.fix == fix


def test_a_function_has_one_route(plant: Plant, find: Find) -> None:
    [found] = find(plant({"blueprints/hello.py": ONE.format("route=['a', 'b']")}), "AF2")
    assert found.code == "AF222"
    assert found.fix == "Write a function for each route, and let them call the same code."


@pytest.mark.parametrize(
    "route",
    [
        "a/{b:INT}/{c:guid}",
        "a/{b:range(1,5):max(3)}",
        "a/{b:length(3)}/{c:length(3, 5)}",
        "a/{b:regex(^(x|y)[:=]{{2}}$)=x}",
        "a/{b:regex(a,b)}/",
        "a/{b:datetime?}",
        "a/{b:int?}/",
        "a/{b:regex(^[0-9]{{3}}$)}",
        "a/{b=x:y}",
        "a/{b}.{c?}",
        "a/{b}..{c}",
        "a{{b}}{c}",
        "a/{b?}/c",
        "a/{**b:int}",
        "{*a=x}",
        "a/{:b}",
        "a/{b.c}/{b-c}/{b c}",
        "~/a",
        "a/~b",
    ],
)
def test_a_template_that_works_is_not_reported(plant: Plant, route: str) -> None:
    app = plant({"blueprints/hello.py": ONE.format(f"route={route!r}")})
    assert find_problems(app, "AF2") == []


def test_a_template_that_keeps_only_its_function_from_starting(plant: Plant) -> None:
    [found] = find_problems(plant({"blueprints/hello.py": ONE.format("route='~a'")}), "AF2")
    assert found.code == "AF222"
    assert found.message.startswith("The host does not start hello because of its route")


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [("", False), (None, False), ("/v1", True), ("v1/x", True), (5, True), ("v1/", True)],
)
def test_a_leading_slash_is_right_without_a_prefix(
    plant: Plant, prefix: object, expected: bool
) -> None:
    host = json.loads(str(HEALTHY["host.json"]))
    host["extensions"] = {"HTTP": {"RoutePrefix": prefix}}
    files = {
        "blueprints/hello.py": ONE.format("route='/a/{id}'"),
        "host.json": json.dumps(host),
    }
    found = find_problems(plant(files), "AF2")
    assert [one.code for one in found] == ["AF222"] * expected


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
        ("methods='GET'", ["AF224"]),
        ("methods=func.HttpMethod.GET", ["AF224"]),
        ("methods=['get', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY']", []),
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


def app_made_by(call: str) -> Files:
    """Return an app whose entry point makes it with a call."""
    entry = f"""
        import azure.durable_functions as df
        import azure.functions as func

        OPEN = "anonymous"
        app = {call}
        """
    return {"function_app.py": entry}


@pytest.mark.parametrize(
    ("call", "level"),
    [
        ("func.FunctionApp(http_auth_level='anonymous')", "anonymous"),
        ("func.FunctionApp('Function')", "Function"),
        ("func.FunctionApp(http_auth_level=OPEN)", "anonymous"),
        ("df.DFApp(http_auth_level='function')", "function"),
        ("func.AsgiFunctionApp(None, 'admin')", "admin"),
        ("func.WsgiFunctionApp(app=None, http_auth_level='user')", "user"),
    ],
)
def test_an_authorization_level_of_the_app_is_in_capital_letters(
    call: str, level: str, plant: Plant
) -> None:
    [found] = find_problems(plant(app_made_by(call)), "AF224")
    assert (found.path, found.line) == ("function_app.py", 5)
    assert found.message == f"The app does not know the authorization level {level!r}."


@pytest.mark.parametrize(
    "call",
    [
        "func.FunctionApp()",
        "func.FunctionApp(http_auth_level='ANONYMOUS')",
        "func.FunctionApp(func.AuthLevel.ANONYMOUS)",
        "func.FunctionApp(http_auth_level=OPEN.upper())",
        "func.AsgiFunctionApp('anonymous', 'ADMIN')",
        "df.DFApp('FUNCTION')",
    ],
)
def test_authorization_levels_that_the_app_knows(call: str, plant: Plant) -> None:
    assert find_problems(plant(app_made_by(call)), "AF224") == []


def test_streams_beside_other_http_functions(plant: Plant, find: Find) -> None:
    every = find(plant({"blueprints/hello.py": STREAM}))
    [found] = [one for one in every if one.code < "AF3"]
    assert (found.code, found.line) == ("AF225", 8)
    assert "a takes func.HttpRequest, but b " in found.message
