"""Functions that SignalR Service triggers."""

import json

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant

BLUEPRINT = """
import azure.functions as func

bp = func.Blueprint()

{functions}
"""
FUNCTION = """
@bp.generic_trigger("call", "signalRTrigger", {fields})
def {name}(call: str) -> None:
    pass

"""
SETTINGS = json.loads(HEALTHY["local.settings.json"])
SETTINGS["Values"] |= {"AzureSignalRConnectionString": "x", "HUB": "chat", "EVENT": "send"}


def chat(*fields: str) -> Files:
    """Return an app with a function for each text of fields; the decorators are on lines 5 and 10."""
    functions = [
        FUNCTION.format(fields=given, name=f"chat_{number}") for number, given in enumerate(fields)
    ]
    return {
        "blueprints/orders.py": BLUEPRINT.format(functions="".join(functions).strip()),
        "local.settings.json": json.dumps(SETTINGS),
    }


def fields(hub: str = "chat", category: str = "messages", event: str = "send") -> str:
    return f"hubName={hub!r}, category={category!r}, event={event!r}"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (['hubName="chat", category="messages"'], "lacks event"),
        (['hubName="chat", category="messages", event=""'], "lacks event"),
        (['hubName="chat", event="send"'], "lacks category"),
        (['category="messages", event="send"'], "lacks hubName"),
        (['hubName="chat"'], "lacks category, event"),
        ([fields(category="message")], "no category 'message'"),
        ([fields(category="connections")], "no event 'send'"),
        ([fields(category="Connections", event="connect")], "no event 'connect'"),
        ([fields(category="connections", event="%EVENT%")], "no event 'send'"),
        (["hubname='chat', Category='x', EVENT='send'"], "no category 'x'"),
        ([fields(), fields(event="SEND")], "chat_0 already has the event 'SEND'"),
        ([fields(), fields(hub="Chat")], "chat_0 already has"),
        ([fields(), fields(hub="%HUB%")], "chat_0 already has"),
        (
            [fields(category="connections", event="connected")] * 2,
            "chat_0 already has the event 'connected' of the hub 'chat'",
        ),
    ],
)
def test_triggers_that_stop_the_host(
    given: list[str], words: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(chat(*given)), "AF2")
    assert (found.code, found.path) == ("AF239", "blueprints/orders.py")
    assert found.line == 5 * len(given)
    assert words in found.message
    assert found.message.endswith("so the whole host stops.")


@pytest.mark.parametrize(
    "given",
    [
        [
            fields(),
            fields(event="leave"),
            fields(hub="other"),
            fields("x", "connections", "connected"),
        ],
        [fields(category="connections", event="Disconnected")],
        [fields(category="CONNECTIONS", event="connected"), fields(event="connected")],
        [fields(event="%UNKNOWN%", category="%UNKNOWN%"), fields(event="%UNKNOWN%")],
        [fields(event="%UNKNOWN%")] * 2,
        ["**dict(hubName='chat', category='messages', event='send')"],
    ],
)
def test_triggers_that_the_host_takes(given: list[str], plant: Plant, find: Find) -> None:
    assert [one for one in find(plant(chat(*given)), "AF23") if one.code == "AF239"] == []
