"""Messages that an output gets, and that SignalR, Web PubSub or Event Grid refuses."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant, find_problems

SOURCE = """
import json
import azure.functions as func

bp = func.Blueprint()


@bp.route(route="hello")
@bp.{output}
def hello(req: func.HttpRequest, out: func.Out[str]) -> func.HttpResponse:
{body}
    return func.HttpResponse("")
"""
SIGNALR = 'generic_output_binding("out", "signalR", hubName="h", connectionStringSetting="Main")'
PUBSUB = 'generic_output_binding("out", "webPubSub", hub="h", connection="Main")'
GRID = 'event_grid_output("out", "Endpoint", "Key")'
EVENT = "'id': '1', 'subject': 's', 'eventType': 't', 'dataVersion': '1', 'data': {}"


def writing(output: str, body: str) -> Files:
    """Return an app with lines in a function that has an output."""
    source = SOURCE.format(output=output, body=textwrap.indent(body, "    "))
    return {"blueprints/hello.py": source}


@pytest.mark.parametrize(
    ("output", "message", "what", "fix"),
    [
        (
            SIGNALR,
            "{'target': 'new'}",
            "a message without arguments, which SignalR refuses",
            "Add arguments to it.",
        ),
        (
            SIGNALR,
            "{'text': 'new'}",
            "a message without target and arguments, which SignalR refuses",
            "Add target and arguments to it.",
        ),
        *(
            (
                SIGNALR,
                f"{{'target': 'new', 'arguments': {arguments}}}",
                "a message whose arguments are not a list, which SignalR refuses",
                "Write a list, such as [order].",
            )
            for arguments in ("'text'", "{'id': 1}", "json.dumps([1])", "f'{req.url}'")
        ),
        (
            SIGNALR,
            "{'userId': 'a', 'groupName': 'b', 'action': 'join'}",
            'the action "join", which SignalR does not have',
            "Write add, remove or removeAll.",
        ),
        (
            SIGNALR,
            "{'groupName': 'b', 'action': 'add'}",
            "an action without userId and connectionId, which SignalR refuses",
            "Add one of them to it.",
        ),
        (
            SIGNALR,
            "[{'target': 'new', 'arguments': []}, {'target': 'old'}]",
            "a message without arguments, which SignalR refuses",
            "Add arguments to it.",
        ),
        (
            PUBSUB,
            "{'operationKind': 'sendToAll', 'data': 'a'}",
            "an action without actionName, which Web PubSub refuses",
            "Add actionName to it.",
        ),
        (
            PUBSUB,
            "{'actionName': 'sendAll', 'data': 'a'}",
            'the action "sendAll", which Web PubSub does not have',
            "Write sendToAll.",
        ),
        *(
            (
                PUBSUB,
                f"{{'actionName': 'sendToAll', 'data': {data}, 'dataType': 'json'}}",
                "data that is not text, which Web PubSub refuses",
                "Write json.dumps(...) for it.",
            )
            for data in ("{'id': 1}", "[1]", "[one for one in (1,)]")
        ),
        (
            GRID,
            "{'subject': 's', 'eventType': 't', 'data': {}}",
            "an event without id, dataVersion, which fails",
            "Write func.EventGridOutputEvent(...).",
        ),
    ],
)
def test_a_message_that_is_refused(
    output: str, message: str, what: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(writing(output, f"out.set(json.dumps({message}))")), "AF241")
    assert (found.message, found.fix) == (f"out.set gets {what}.", fix)


def test_a_message_with_a_name(plant: Plant, find: Find) -> None:
    lines = "message = {'target': 'new'}\ntext = json.dumps([message])\nout.set(text)"
    [found] = find(plant(writing(SIGNALR, lines)), "AF241")
    assert found.message == "out.set gets a message without arguments, which SignalR refuses."


@pytest.mark.parametrize(
    ("output", "body"),
    [
        (SIGNALR, "out.set(json.dumps({'target': 'new', 'arguments': [1]}))"),
        (SIGNALR, "out.set(json.dumps({'Target': 'new', 'Arguments': req.get_json()}))"),
        (SIGNALR, "out.set(json.dumps({'target': 'new', 'arguments': (1,)}))"),
        (SIGNALR, "out.set(json.dumps({'target': 'new', 'arguments': list(req.params)}))"),
        (SIGNALR, "out.set(json.dumps({**req.params, 'target': 'new'}))"),
        (SIGNALR, "out.set(json.dumps({req.url: 'new'}))"),
        (SIGNALR, "out.set(req.url)"),
        (SIGNALR, "out.set('{}')"),
        (SIGNALR, "new = {'target': 'new'}\nnew['arguments'] = []\nout.set(json.dumps(new))"),
        (SIGNALR, "many = []\nmany.append({'target': 'new'})\nout.set(json.dumps(many))"),
        (SIGNALR, "out.set(json.dumps({'userId': 'a', 'groupName': 'b', 'action': 'Add'}))"),
        (SIGNALR, "out.set(json.dumps({'connectionId': 'a', 'action': req.url}))"),
        (SIGNALR, "out = Wrapped(out)\nout.set(json.dumps({'target': 'new'}))"),
        (PUBSUB, "out.set(json.dumps({'actionName': 'SendToAll', 'data': 'text'}))"),
        (PUBSUB, "out.set(json.dumps({'actionName': 'sendToAll', 'data': json.dumps([1])}))"),
        (PUBSUB, "out.set(json.dumps({'actionName': req.url, 'data': {}}))"),
        (
            PUBSUB,
            "out.set(json.dumps({'actionName': 'sendToAll', 'data': {'type': 'Buffer', 'data': [1]}, 'dataType': 'binary'}))",
        ),
        (
            PUBSUB,
            "out.set(json.dumps([{'actionName': 'addUserToGroup', 'userId': 'a', 'group': 'b'}]))",
        ),
        (GRID, f"out.set(json.dumps({{{EVENT}}}))"),
        (
            GRID,
            "out.set(json.dumps({'specversion': '1.0', 'id': '1', 'source': 's', 'type': 't'}))",
        ),
        (
            'queue_output("out", "a-queue", "Main")',
            "out.set(json.dumps({'target': 'new'}))",
        ),
    ],
)
def test_messages_that_are_sent(output: str, body: str, plant: Plant) -> None:
    assert find_problems(plant(writing(output, body)), "AF241") == []
