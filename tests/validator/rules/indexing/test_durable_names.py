"""Durable functions that are passed where their names are needed."""

import pytest

from tests.support.validator import Files, Find, Plant, find_problems
from tests.validator.rules.durable_files import steps


@pytest.mark.parametrize(
    ("call", "version", "fix"),
    [
        ("await durable.start_new(steps)", "<2", 'Write "steps" instead.'),
        ("await durable.start_new(hello.steps)", "<2", 'Write "steps" instead.'),
        (
            "await durable.start_new(orchestration_function_name=named)",
            "<2",
            'Write "other" instead.',
        ),
        ("await durable.schedule_new_orchestration(steps)", ">=2.0.0rc3", 'Write "steps" instead.'),
        ("await durable.start_new(steps)", ">=2.0.0rc3", 'Write "steps" instead.'),
        ("df.EntityId(counter_entity, '1')", "<2", 'Write "Counter" instead.'),
        ("EntityInstanceId(counter_entity, '1')", ">=2.0.0rc3", 'Write "Counter" instead.'),
    ],
)
def test_functions_where_names_are_needed(call: str, version: str, fix: str, plant: Plant) -> None:
    [found] = find_problems(plant(starting(call, version)), "AF1")
    assert (found.code, found.path, found.line) == ("AF125", "blueprints/orders.py", 18)
    assert "not the decorated function" in found.message
    assert found.fix == fix


@pytest.mark.parametrize(
    ("call", "version"),
    [
        ("await durable.start_new('steps')", "<2"),
        ("await durable.start_new('steps')", ">=2.0.0rc3"),
        ("steps = 'child'\n    await durable.start_new(steps)", "<2"),
        ("start = lambda steps: durable.start_new(steps)", "<2"),
        ("df.EntityId('Counter', '1')", "<2"),
        ("await pool.start_new(steps)", "<2"),
    ],
)
def test_names_where_names_are_needed(call: str, version: str, plant: Plant, find: Find) -> None:
    if version != "<2":
        assert find_problems(plant(starting(call, version)), "AF1") == []
    else:
        assert find(plant(starting(call, version)), "AF1") == []


@pytest.mark.parametrize(("version", "expected"), [("<2", []), (">=2.0.0rc3", ["AF125", "AF125"])])
def test_an_orchestrator_passes_functions_in_the_first_version(
    version: str, expected: list[str], plant: Plant
) -> None:
    app = plant(
        {
            **steps(
                "yield context.call_activity(say_hello)\nyield context.call_sub_orchestrator(child)"
            ),
            "requirements.txt": f"azure-functions\nazure-functions-durable{version}\n",
        }
    )
    assert [one.code for one in find_problems(app, "AF1")] == expected


def starting(call: str, version: str) -> Files:
    """Return an app with a line in the body of a durable client, on line 18 of its module."""
    files = steps("yield context.call_activity('greet')")
    named = (
        "@bp.orchestration_trigger(context_name='context', orchestration='other')\n"
        "def named(context):\n    yield context.call_activity('greet')\n"
    )
    client = (
        "import azure.durable_functions as df\nimport azure.functions as func\n"
        "from durabletask.entities import EntityInstanceId\n"
        "from blueprints import hello\nfrom blueprints.hello import counter_entity, steps\n\n"
        f"bp = df.Blueprint()\n\n\n{named}\n\n"
        "@bp.route(route='begin')\n@bp.durable_client_input(client_name='durable')\n"
        "async def begin(req: func.HttpRequest, durable, ) -> func.HttpResponse:\n"
        f"    {call}\n    return func.HttpResponse('')\n"
    )
    if "EntityInstanceId(" not in call:
        client = client.replace("from durabletask.entities", "from azure.durable_functions")
        client = client.replace("EntityInstanceId", "EntityId")
    files["blueprints/orders.py"] = client
    files["requirements.txt"] = f"azure-functions\nazure-functions-durable{version}\n"
    return files
