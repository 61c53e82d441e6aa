"""Share notes in rooms over WebSocket, through Azure Web PubSub."""

import json
import logging
import re
from dataclasses import dataclass
from typing import Any, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

ROOM = re.compile(r"[a-z0-9-]{1,50}")
NO_ROOM = "The room needs 1 to 50 letters from a to z, digits and hyphens."
LONGEST_TEXT = 1000


@dataclass(frozen=True)
class Note:
    """What a client sent, as JSON such as `{"room": "tea", "text": "Hello"}`, and its user."""

    user: str
    room: str
    text: str


@bp.route(route="webpubsub-example/negotiate", methods=["POST"])
@bp.generic_input_binding(
    arg_name="connection",
    type="webPubSubConnection",
    hub="webpubsub_example",
    userId="{headers.x-ms-client-principal-id}",
    connection="WebPubSubConnectionString",
)
def webpubsub_example_negotiate(
    req: func.HttpRequest,
    connection: str,
) -> func.HttpResponse:
    """Return the URL that a client needs to connect, with its access token, as JSON.

    The user id in the token comes from a header that App Service authentication sets. Without
    authentication, clients set it themselves, to any id. If the header is missing, the host returns
    500 and does not call the function.
    """
    return func.HttpResponse(connection, mimetype="application/json")


# The extension gives an argument its value by name: `request` is all of an event. The triggers take
# events from the service in WebPubSubConnectionString, which they need not name.
@bp.generic_trigger(
    arg_name="request",
    type="webPubSubTrigger",
    hub="webpubsub_example",
    eventType="system",
    eventName="connect",
)
def webpubsub_example_connect(request: str) -> Dict[str, Any]:
    """Let a client connect, and add it to the room that its URL names with `&room=`.

    The service waits for the answer, so nothing must raise an exception here. The answer is a dict,
    because the extension ignores text. An answer with `code` refuses the client.
    """
    try:
        event = json.loads(request)
        user = read_user(event)
        rooms = (event.get("query") or {}).get("room") or []
        if len(rooms) != 1 or not ROOM.fullmatch(rooms[0]):
            raise ValueError(NO_ROOM)
    except ValueError as error:
        logger.warning("Refused a client: %s", error)
        return {"code": "unauthorized", "errorMessage": str(error)}
    return {"userId": user, "groups": rooms}


@bp.generic_trigger(
    arg_name="request",
    type="webPubSubTrigger",
    hub="webpubsub_example",
    eventType="system",
    eventName="connected",
)
def webpubsub_example_connected(request: str) -> None:
    """Note that a client is connected. The service does not wait for this function."""
    logger.info("User %s is connected", read_user(json.loads(request)))


@bp.generic_trigger(
    arg_name="request",
    type="webPubSubTrigger",
    hub="webpubsub_example",
    eventType="user",
    eventName="message",
)
@bp.generic_output_binding(
    arg_name="actions",
    type="webPubSub",
    hub="webpubsub_example",
    connection="WebPubSubConnectionString",
)
def webpubsub_example(
    request: str,
    actions: func.Out[str],
) -> Dict[str, str]:
    """Pass a note on to its room, and answer its sender, who need not be in the room.

    The service waits for the answer, so nothing must raise an exception here. The answer is a dict,
    because the extension ignores text.
    """
    try:
        note = read_note(json.loads(request))
    except ValueError as error:
        logger.warning("Refused a note: %s", error)
        return message({"error": str(error)})
    content = message({"room": note.room, "from": note.user, "text": note.text})
    actions.set(json.dumps({"actionName": "sendToGroup", "group": note.room, **content}))
    return message({"sent": note.room})


def read_user(event: Dict[str, Any]) -> str:
    """Return the user of a client; raise ValueError if it has none."""
    user = event["connectionContext"].get("userId")
    if not isinstance(user, str) or not user:
        raise ValueError("The client has no user id.")
    return user


def read_note(event: Dict[str, Any]) -> Note:
    """Return the note in an event; raise ValueError if it is invalid."""
    try:
        content = json.loads(event["data"])
        room, text = content["room"], content["text"]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send a note such as {"room": "tea", "text": "Hello"}.') from None
    if not isinstance(room, str) or not ROOM.fullmatch(room):
        raise ValueError(NO_ROOM)
    if not isinstance(text, str) or not 1 <= len(text.strip()) <= LONGEST_TEXT:
        raise ValueError(f"The note needs a text of at most {LONGEST_TEXT} characters.")
    return Note(user=read_user(event), room=room, text=text.strip())


def message(content: Dict[str, str]) -> Dict[str, str]:
    """Return JSON in the form in which the extension takes messages: as text."""
    return {"data": json.dumps(content), "dataType": "json"}
