"""Parameters of routes that functions read."""

import pytest

from tests.support.validator import Files, Find, Plant, find_problems

SOURCE = """
    import azure.functions as func

    KEY = "user_id"
    bp = func.Blueprint()


    @bp.route({route})
    def hello(req: func.HttpRequest) -> func.HttpResponse:
        {body}
        return func.HttpResponse("Hello")
    """


def reading(route: str, body: str) -> Files:
    """Return an app with one HTTP function of this route and body."""
    return {"blueprints/hello.py": SOURCE.format(route=route, body=body)}


@pytest.mark.parametrize(
    ("route", "body", "fix"),
    [
        ("route='users/{user_id}'", "req.route_params['userId']", "Write 'user_id' instead."),
        ("route='users/{user_id:int}'", "req.route_params.get('userid')", "Write 'user_id'"),
        ("route='users/{user_id}'", "req.route_params.get('usr_id')", "Write 'user_id' instead."),
        ("route='users/{Id}/{b?}'", "req.route_params['id']", "Write 'Id' instead."),
        ("route='users/{a}'", "req.route_params['user']", "Add {user} to the route, or read"),
        ("", "name = req.route_params['name']", "Add {name} to the route"),
        ("route='users/{id}'", "req.route_params[KEY]", "Add {user_id} to the route"),
        ("route='users/{id}'", "given = req.route_params; given['ID']", "Write 'id' instead."),
        (
            "route='users/{user_id}'",
            "name = req.route_params['userId'] if req.params else ''",
            "Write 'user_id' instead.",
        ),
        ("route='users/{id}'", "req.params['id']", 'Write req.route_params["id"].'),
        ("route='users/{id:int}'", "x = req.params.get('id', '')", 'Write req.route_params["id"].'),
        ("route='{user_id}'", "x = req.params; x[KEY]", 'Write req.route_params["user_id"].'),
    ],
)
def test_a_parameter_that_the_route_lacks(
    route: str, body: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(reading(route, body)))
    assert (found.code, found.line) == ("AF245", 9)
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("route='users/{user_id:int}'", "req.route_params[KEY]"),
        ("route='{a}-{b}/{c=1}/{*rest}'", "[req.route_params[key] for key in ('a', 'b')]"),
        ("route='{a}-{b}/{c=1}/{*rest}'", "req.route_params['rest'] + req.route_params['c']"),
        ("route='users/{id}'", "req.route_params.get('name')"),
        ("route='users/{user_id}'", "req.route_params.get('userId', '')"),
        ("route='users/{user_id}'", "req.params.get('userId')"),
        ("route='users/{id}'", "req.params.get('id') or req.route_params['id']"),
        ("route='users/{id}'", "values = req.route_params; req.params.get('id', values)"),
        ("route='users/{id}'", "print(req.params['id'], load(req))"),
        ("route='users/{id?}'", "req.params.get('id')"),
        ("route='users/{id}'", "[lambda: req.route_params['id'], req.params.get('id')]"),
        ("route='users/{id}'", "other.params['id']"),
        ("route='users/{id}'", "given = req.route_params; given = {'a': 1}; given['a']"),
        ("route='users/{id}'", "given = req.params; given['a']; req.route_params['id']"),
        ("route='users/' + hello_route()", "req.route_params['userId']"),
        ("route='users/{user_id}'", "other.route_params['userId']"),
        ("route='users'", "x = req.route_params['a'] if 'a' in req.route_params else ''"),
        ("route='users'", "if 'a' in req.route_params:\n            req.route_params['a']"),
        (
            "route='users'",
            "try:\n            req.route_params['a']\n        except KeyError:\n            pass",
        ),
        (
            "route='users'",
            "if 'a' not in req.route_params:\n            return None\n        req.route_params['a']",
        ),
        ("route='users'", "req.route_params['a'] = 1\n        req.route_params['a']"),
        ("route='users'", "'a' in req.route_params and req.route_params['a']"),
        ("route='users'", "with suppress(KeyError):\n            req.route_params['a']"),
        ("route='users/{id'", "req.route_params['id']"),
    ],
)
def test_parameters_that_a_function_may_read(route: str, body: str, plant: Plant) -> None:
    assert find_problems(plant(reading(route, body)), "AF245") == []


def test_the_prefix_can_have_parameters(plant: Plant, find: Find) -> None:
    host = '{"version": "2.0", "extensions": {"http": {"routePrefix": "{tenant}"}}}'
    files = reading("route='users'", "req.route_params['tenant']")
    assert find(plant({**files, "host.json": host}), "AF245") == []
