"""Exchange real-time messages with clients through Azure SignalR Service."""

import json
import logging

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

MAX_MESSAGE_LENGTH = 1000


@bp.route(route="signalr-example/negotiate", methods=["POST"])
@bp.generic_input_binding(
    arg_name="connection",
    type="signalRConnectionInfo",
    hubName="signalr_example",
    connectionStringSetting="SignalRConnection",
)
def signalr_example_negotiate(
    req: func.HttpRequest,
    connection: str,
) -> func.HttpResponse:
    """Return the URL and access token that a client needs to connect, as JSON.

    The client library requests them itself. Authenticate callers: anyone who gets a response can
    read every message of the hub.
    """
    return func.HttpResponse(connection, mimetype="application/json")


@bp.generic_trigger(
    arg_name="invocation",
    type="signalRTrigger",
    hubName="signalr_example",
    category="messages",
    event="send",
    parameterNames=["text"],
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
    """Broadcast a message that a client sends with `connection.send("send", text)`.

    Every client that listens to `received` gets it. The sender gets no response.
    """
    try:
        text = read_message(invocation)
    except ValueError as error:
        logger.warning("Skipped a message: %s", error)
        return
    messages.set(json.dumps({"target": "received", "arguments": [text]}))


def read_message(invocation: str) -> str:
    """Return the text that a client sent; raise ValueError if it is invalid."""
    arguments = json.loads(invocation)["Arguments"]
    text = arguments[0] if arguments else None
    if not isinstance(text, str) or not text.strip():
        raise ValueError("There is no text in it.")
    if len(text) > MAX_MESSAGE_LENGTH:
        raise ValueError(f"It is longer than {MAX_MESSAGE_LENGTH} characters.")
    return text.strip()
