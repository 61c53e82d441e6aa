"""Chat in rooms, in real time, through Azure SignalR Service."""

import json
import logging
import re
from dataclasses import dataclass
from typing import List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

ROOM = re.compile(r"[a-z0-9-]{1,50}")
MAX_TEXT_LENGTH = 1000


@dataclass(frozen=True)
class Call:
    """What a client sent, and the connection and the user that it came from."""

    connection_id: str
    user_id: str
    arguments: List[str]


@bp.route(route="signalr-example/negotiate", methods=["POST"])
@bp.generic_input_binding(
    arg_name="connection",
    type="signalRConnectionInfo",
    hubName="signalr_example",
    userId="{headers.x-ms-client-principal-id}",
    connectionStringSetting="SignalRConnection",
)
def signalr_example_negotiate(
    req: func.HttpRequest,
    connection: str,
) -> func.HttpResponse:
    """Return the URL and access token that a client needs to connect, as JSON.

    The client library requests them itself. The user id in the token comes from a header that App
    Service authentication sets. Without authentication, clients set it themselves, to any id. If
    the header is missing, the host returns 500 and does not call the function.
    """
    return func.HttpResponse(connection, mimetype="application/json")


@bp.generic_trigger(
    arg_name="invocation",
    type="signalRTrigger",
    hubName="signalr_example",
    category="messages",
    event="join",
    connectionStringSetting="SignalRConnection",
)
@bp.generic_output_binding(
    arg_name="groups",
    type="signalR",
    hubName="signalr_example",
    connectionStringSetting="SignalRConnection",
)
def signalr_example_join(
    invocation: str,
    groups: func.Out[str],
) -> None:
    """Add a client to a room when it calls `connection.send("join", room)`.

    Every user can join every room: check here who may. A client that reconnects must join again.
    """
    change_group(invocation, "add", groups)


@bp.generic_trigger(
    arg_name="invocation",
    type="signalRTrigger",
    hubName="signalr_example",
    category="messages",
    event="leave",
    connectionStringSetting="SignalRConnection",
)
@bp.generic_output_binding(
    arg_name="groups",
    type="signalR",
    hubName="signalr_example",
    connectionStringSetting="SignalRConnection",
)
def signalr_example_leave(
    invocation: str,
    groups: func.Out[str],
) -> None:
    """Remove a client from a room when it calls `connection.send("leave", room)`."""
    change_group(invocation, "remove", groups)


@bp.generic_trigger(
    arg_name="invocation",
    type="signalRTrigger",
    hubName="signalr_example",
    category="messages",
    event="send",
    connectionStringSetting="SignalRConnection",
)
@bp.generic_output_binding(
    arg_name="messages",
    type="signalR",
    hubName="signalr_example",
    connectionStringSetting="SignalRConnection",
)
def signalr_example(
    invocation: str,
    messages: func.Out[str],
) -> None:
    """Pass a message on to a room when a client calls `connection.send("send", room, text)`.

    Every client in the room that listens to `received` gets the room, the sender's user id and the
    text. The sender, which need not be in the room, gets no response.
    """
    try:
        call = read_call(invocation, ["room", "text"])
        text = read_text(call.arguments[1])
    except ValueError as error:
        logger.warning("Skipped a message: %s", error)
        return
    room = call.arguments[0]
    message = {"target": "received", "arguments": [room, call.user_id, text]}
    messages.set(json.dumps({"groupName": room, **message}))


def change_group(invocation: str, action: str, groups: func.Out[str]) -> None:
    """Add the connection of a call to the room that it names, or remove it."""
    try:
        call = read_call(invocation, ["room"])
    except ValueError as error:
        logger.warning("Skipped a request to %s a client: %s", action, error)
        return
    change = {"connectionId": call.connection_id, "groupName": call.arguments[0], "action": action}
    groups.set(json.dumps(change))


def read_call(invocation: str, expected: List[str]) -> Call:
    """Return what a client sent: a room, and other texts; raise ValueError if it is invalid."""
    content = json.loads(invocation)
    arguments = content["Arguments"] or []
    if len(arguments) != len(expected) or not all(isinstance(text, str) for text in arguments):
        raise ValueError(f"Its arguments are not {' and '.join(expected)}, as text.")
    if not ROOM.fullmatch(arguments[0]):
        # Without a group's name, SignalR would send a message to everybody.
        raise ValueError("The room does not have 1 to 50 letters from a to z, digits and hyphens.")
    if not content.get("UserId"):
        raise ValueError("The client has no user id.")
    return Call(content["ConnectionId"], content["UserId"], arguments)


def read_text(text: str) -> str:
    """Return a message without the spaces around it; raise ValueError if it is invalid."""
    if not text.strip():
        raise ValueError("There is no text in it.")
    if len(text) > MAX_TEXT_LENGTH:
        raise ValueError(f"It is longer than {MAX_TEXT_LENGTH} characters.")
    return text.strip()
