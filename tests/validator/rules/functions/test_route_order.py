"""Functions that take the requests of others, and web frameworks that hide functions."""

import json
import time

import pytest

from tests.support.validator import Find, Plant, find_problems
from tests.validator.rules.settings_files import local

FUNCTION = """

@app.route({arguments})
def {name}(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse()
"""
HEAD = "import azure.functions as func\n\n"
PLAIN = f"{HEAD}app = func.FunctionApp()\n"
NO_PREFIX = {"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}


def app_with(*functions: tuple[str, str], head: str = PLAIN) -> str:
    """Return function_app.py with functions by their names and the arguments of their routes."""
    return head + "".join(
        FUNCTION.format(name=name, arguments=arguments) for name, arguments in functions
    )


def web(made_by: str = "func.AsgiFunctionApp", arguments: str = "app=web") -> str:
    return f"{HEAD}web = object()\napp = {made_by}({arguments})\n"


@pytest.mark.parametrize(
    ("first", "second", "example"),
    [
        ("route='products/{id}'", "route='products/list'", "GET /api/products/list"),
        ("route='{*rest}'", "route='x'", "GET /api/x"),
        ("route='x/{*rest}'", "", None),
        ("route='{any}'", "", "GET /api/b"),
        ("route='x/{a}'", "route='x/{b}'", "GET /api/x/a"),
        ("route='x/{b}'", "route='x/{id:int}', methods=['POST']", "POST /api/x/7"),
        ("route='x/{id:int}'", "route='x/{b}'", None),
        ("route='x/list'", "route='x/{b}'", None),
        ("route='x/{id:int}'", "route='x/{id:alpha}'", None),
        ("route='x/{id:int}'", "route='x/{id:length(3)}'", "GET /api/x/111"),
        ("route='x/{id:min(100)}'", "route='x/{id:max(99)}'", None),
        ("route='x/{id:range(1,10)}'", "route='x/{id:range(10,20)}'", "GET /api/x/10"),
        ("route='x/{id}'", r"route='x/{y:regex(^[A-Z]{{2}}-\\d+$)}'", "GET /api/x/AA-7"),
        ("route='x/{id:int}'", r"route='x/{y:regex(^\\d{{4}}$)}'", "GET /api/x/7777"),
        ("route='x/{id}', methods=['GET']", "route='x/list', methods=['POST']", None),
        ("route='x/{id}', methods=['GET']", "route='x/{b}'", None),
        ("route='x/{id}'", "route='x/{b}', methods=['DELETE']", "DELETE /api/x/a"),
        ("route='{*rest}', methods=['OPTIONS']", "route='x', methods=['GET', 'OPTIONS']", None),
        ("route='{*rest}', methods=['options']", "route='x'", None),
        ("route='{*rest}', methods=['GET', 'OPTIONS']", "route='x'", "GET /api/x"),
        ("route='{*rest}', methods=['HEAD']", "route='x'", "HEAD /api/x"),
        ("route='{a}/list'", "route='x/{id}'", "GET /api/x/list"),
        ("route='v-{id}'", "route='{file}.json'", "GET /api/v-a.json"),
        ("route='v-{id}'", "route='w-{id}'", None),
        ("route='x/{a?}'", "route='x'", "GET /api/x"),
        ("route='x/{a?}'", "route='x/{b}/c'", None),
        ("route='x'", "route='x/{a?}'", None),
        ("route='x/{a}/{b}'", "route='x/{b}/c/{*d}'", "GET /api/x/a/c"),
        ("route=PATH", "route='x'", None),
        ("route='%PATH%'", "route='x'", None),
    ],
)
def test_a_function_takes_requests_of_another(
    plant: Plant, find: Find, first: str, second: str, example: str | None
) -> None:
    code = app_with(("a", first), ("b", second)).replace("app =", "PATH = str()\napp =", 1)
    found = find(plant({"function_app.py": code}), "AF226")
    assert [f"a takes requests of b, such as {example}," in one.message for one in found] == (
        [True] if example else []
    )


@pytest.mark.parametrize(
    ("route", "fix"),
    [
        ("x/list", "Rename one of them so that b sorts first, or change one of the routes."),
        ("x/{b}", "Give one of them another route or other methods."),
    ],
)
def test_only_another_name_or_route_helps(route: str, fix: str, plant: Plant) -> None:
    code = app_with(("a", "route='x/{a}'"), ("b", f"route='{route}'"))
    [found] = find_problems(plant({"function_app.py": code}), "AF226")
    assert found.fix == fix


def test_the_order_of_names_counts_and_not_that_of_the_file(plant: Plant, find: Find) -> None:
    routes = ("route='products/{id}'", "route='products/list'")
    right = app_with(("details", routes[0]), ("all_products", routes[1]))
    assert find(plant({"function_app.py": right}), "AF226") == []


def test_where_it_is_and_what_to_do(plant: Plant, find: Find) -> None:
    code = app_with(("listing", "route='products/list'"), ("details", "route='products/{id}'"))
    [found] = find(plant({"function_app.py": code}), "AF226")
    assert (found.path, found.line) == ("function_app.py", 6)
    assert "so that listing sorts first" in found.fix


def test_a_function_that_the_host_does_not_map_takes_nothing(plant: Plant) -> None:
    code = app_with(("a", "route='admin/{x}'"), ("b", "route='{x'"), ("c", "route='x'"))
    assert find_problems(plant({"function_app.py": code}), "AF226") == []


@pytest.mark.parametrize(
    ("prefix", "route", "codes"),
    [
        (None, "/x", ["AF222"]),
        ("api", "/", ["AF222"]),
        ("", "/x", []),
        (5, "/x", ["AF222"]),
        ("%PREFIX%", "/x", []),
    ],
)
def test_a_slash_after_the_prefix(
    plant: Plant, find: Find, prefix: object, route: str, codes: list[str]
) -> None:
    options = {} if prefix is None else {"extensions": {"http": {"routePrefix": prefix}}}
    app = plant(
        {
            "function_app.py": app_with(("f", f"route={route!r}")),
            "host.json": json.dumps({"version": "2.0", **options}),
        }
    )
    assert [found.code for found in find(app, "AF22")] == codes


@pytest.mark.parametrize("key", ["routePrefix", "RoutePrefix"])
def test_keys_of_host_json_have_any_case(plant: Plant, key: str) -> None:
    host = json.dumps({"version": "2.0", "Extensions": {"HTTP": {key: None}}})
    app = plant({"function_app.py": app_with(("f", "route='/x'")), "host.json": host})
    assert find_problems(app, "AF222") == []


def test_a_setting_may_change_the_prefix(plant: Plant) -> None:
    settings = {"Values": {"AzureFunctionsJobHost__extensions__http__routePrefix": ""}}
    files = {"local.settings.json": json.dumps(settings), "function_app.py": web()}
    assert find_problems(plant(files), "AF22") == []


@pytest.mark.parametrize("made_by", ["func.AsgiFunctionApp", "func.WsgiFunctionApp"])
def test_a_web_framework_hides_what_sorts_after_it(plant: Plant, find: Find, made_by: str) -> None:
    code = app_with(("orders", ""), ("hello", ""), ("Zebra", "route='{a:int}'"), head=web(made_by))
    [found] = find(plant({"function_app.py": code, "host.json": json.dumps(NO_PREFIX)}), "AF22")
    assert (found.code, found.line) == ("AF228", 4)
    assert found.message.startswith("http_app_func, the function of ")
    assert "takes every request of orders and Zebra," in found.message
    assert found.fix.startswith('Pass function_name="z_web" to ')


@pytest.mark.parametrize(
    ("arguments", "name", "codes"),
    [
        ("app=web, function_name='z_web'", "orders", []),
        ("web, 'ANONYMOUS', 'z_web'", "z__a", ["AF228"]),
        ("web, 'ANONYMOUS', 'z_web'", "orders", []),
        ("app=web", "hello", []),
        ("app=web, **OPTIONS", "orders", []),
        ("app=web, function_name=str()", "orders", []),
        ("app=web, function_name=NAME", "orders", []),
        ("app=web, function_name=NAME", "zz_top", []),
        ("app=web, function_name='a'", "b", ["AF228"]),
    ],
)
def test_the_name_of_its_function(
    plant: Plant, arguments: str, name: str, codes: list[str]
) -> None:
    head = web(arguments=arguments).replace("web =", "NAME = 'z_web'\nOPTIONS = {}\nweb =")
    code = app_with((name, ""), head=head)
    app = plant({"function_app.py": code, "host.json": json.dumps(NO_PREFIX)})
    assert [found.code for found in find_problems(app, "AF22")] == codes


def test_the_new_name_sorts_after_all_functions(plant: Plant) -> None:
    code = app_with(("z_web", ""), ("z__a", ""), ("été", ""), head=web())
    app = plant({"function_app.py": code, "host.json": json.dumps(NO_PREFIX)})
    [found] = find_problems(app, "AF228")
    assert 'function_name="z__web"' in found.fix


@pytest.mark.parametrize(
    ("host", "codes"),
    [
        ({"version": "2.0"}, ["AF227"]),
        ({"version": "2.0", "extensions": {"http": {"routePrefix": "v1"}}}, ["AF227"]),
        # AF504 would say the same of these.
        *(
            ({"version": "2.0", "extensions": {"http": {"routePrefix": prefix}}}, ["AF227"])
            for prefix in ("v1/", "/", "a//b", "{x")
        ),
        (NO_PREFIX, []),
        (None, []),
    ],
)
def test_a_web_framework_needs_an_empty_prefix(
    plant: Plant, find: Find, host: object, codes: list[str]
) -> None:
    text = "{" if host is None else json.dumps(host)
    app = plant({"function_app.py": web(), "host.json": text})
    found = [one.code for one in find(app) if one.code.startswith(("AF22", "AF504"))]
    assert found == codes


def test_a_wrong_prefix_that_a_setting_overrides(plant: Plant) -> None:
    host = {"version": "2.0", "extensions": {"http": {"routePrefix": "v1/"}}}
    settings = local(AzureFunctionsJobHost__extensions__http__routePrefix="")
    files = {"host.json": json.dumps(host), "local.settings.json": settings}
    app = plant({"function_app.py": web(), **files})
    assert [one.code for one in find_problems(app, "AF504")] == ["AF504"]
    assert find_problems(app, "AF227") == []


def test_an_app_with_all_faults_of_a_web_framework(plant: Plant, find: Find) -> None:
    code = app_with(("orders", ""), ("a", "route='{x}'"), ("b", "route='b'"), head=web())
    found = find(plant({"function_app.py": code}), "AF22")
    assert sorted(one.code for one in found) == ["AF226", "AF226", "AF227", "AF228"]


@pytest.mark.parametrize(
    "code", ["app = make()", "app = func.AsgiFunctionApp(app=web) if web else None"]
)
def test_an_app_that_the_sources_do_not_show(plant: Plant, code: str) -> None:
    head = f"{HEAD}web = object()\ndef make():\n    return func.AsgiFunctionApp(app=web)\n{code}\n"
    app = plant({"function_app.py": head, "host.json": json.dumps(NO_PREFIX)})
    assert find_problems(app, "AF22") == []


def test_many_functions_are_compared_fast(plant: Plant) -> None:
    functions = [(f"f{n}", f"route='shop/{{a}}/{{b:int}}/x{n}/{{*rest}}'") for n in range(60)]
    app = plant({"function_app.py": app_with(*functions)})
    started = time.perf_counter()
    assert find_problems(app, "AF226") == []
    assert time.perf_counter() - started < 2
