"""What a durable client answers, in a response or as JSON."""

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import json

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()


@bp.route(route="answer")
@bp.durable_client_input(client_name="client")
async def answer(req: func.HttpRequest, client) -> func.HttpResponse:
    {first}
    return {last}


@bp.orchestration_trigger(context_name="context")
def steps(context):
    yield context.wait_for_external_event("go")
"""
STATUS = 'found = await client.get_status("a")'
STATE = 'found = await client.read_entity_state(df.EntityId("counter", "a"))'


def app(first: str, last: str) -> Files:
    """Return an app with two lines in a function that has a client."""
    requirements = "azure-functions\nazure-functions-durable\n"
    source = SOURCE.format(first=first, last=last)
    return {"blueprints/orders.py": source, "requirements.txt": requirements}


@pytest.mark.parametrize(
    ("first", "last", "message", "fix"),
    [
        (STATUS, "func.HttpResponse(found)", "func.HttpResponse gets a status", "found.to_json()"),
        (
            STATUS,
            'func.HttpResponse(found, mimetype="application/json")',
            "func.HttpResponse gets a status",
            "found.to_json()",
        ),
        ("pass", 'func.HttpResponse(await client.get_status("a"))', "gets a status", ".to_json()"),
        (
            "found = await client.get_status_all()",
            "func.HttpResponse(found)",
            "func.HttpResponse gets a list of statuses",
            "[one.to_json() for one in found]",
        ),
        (
            STATUS,
            'func.HttpResponse(json.dumps({"is": found.runtime_status}))',
            "found.runtime_status is an enum, which json.dumps cannot write.",
            "Write found.runtime_status.name.",
        ),
        (
            STATUS,
            'func.HttpResponse(json.dumps({"at": found.created_time}))',
            "found.created_time is a datetime",
            "Write str(found.created_time).",
        ),
        (
            STATUS,
            'func.HttpResponse("a" if found.runtime_status == "Failed" else "b")',
            "found.runtime_status is an enum, which is never equal to 'Failed'.",
            "Compare it with df.OrchestrationRuntimeStatus.Failed.",
        ),
        (
            STATUS,
            'func.HttpResponse("a" if found.runtime_status in ("done", "x") else "b")',
            "which is never equal to 'done'.",
            "a member of df.OrchestrationRuntimeStatus, such as",
        ),
        (STATE, "func.HttpResponse(found)", "gets an answer about a state", "found.entity_state"),
        (
            STATE,
            "json.dumps(found)",
            "json.dumps gets an answer about a state",
            "found.entity_state",
        ),
    ],
)
def test_an_answer_that_cannot_be_written(
    first: str, last: str, message: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(first, last)), "AF127")
    assert (found.path, found.line) == ("blueprints/orders.py", 13)
    assert message in found.message
    assert fix in str(found.fix)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (STATUS, "func.HttpResponse(json.dumps(found.to_json()))"),
        (STATUS, "func.HttpResponse(str(found))"),
        (STATUS, 'func.HttpResponse(f"{found}")'),
        (STATUS, "func.HttpResponse(found.runtime_status.name)"),
        (STATUS, "found.runtime_status.name == 'Failed' and func.HttpResponse('')"),
        (STATUS, "found.runtime_status == df.OrchestrationRuntimeStatus.Failed or None"),
        (STATUS, "req.runtime_status == 'Failed' or None"),
        (STATUS, "func.HttpResponse(json.dumps({'at': str(found.created_time)}))"),
        (STATUS, "func.HttpResponse(json.dumps(found, default=str))"),
        (STATUS, "func.HttpResponse(status_code=200 if found else 404)"),
        (f"{STATUS}; found = found.output", "func.HttpResponse(found)"),
        (STATUS, "isinstance(found, str) and func.HttpResponse(found)"),
        (f"{STATUS}; TypeError", "func.HttpResponse(found)"),
        (STATE, "func.HttpResponse(json.dumps(found.entity_state))"),
        (STATE, "func.HttpResponse(str(found.entity_exists))"),
        ('found = await client.start_new("steps")', "func.HttpResponse(found)"),
    ],
)
def test_an_answer_that_can_be_written(first: str, last: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(first, last)), "AF127") == []
