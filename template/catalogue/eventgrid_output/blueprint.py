"""Publish events to an Azure Event Grid topic."""

import json
import logging
from datetime import datetime

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# An event has room for 1 MB.
LONGEST_NAME = 100


@bp.route(route="eventgrid-output-example", methods=["POST"])
@bp.event_grid_output(
    arg_name="event",
    connection="EventGridConnection",
)
def eventgrid_output_example(
    req: func.HttpRequest,
    event: func.Out[func.EventGridOutputEvent],
) -> func.HttpResponse:
    """Publish an event for a shipped order: 202 means that the host sends it to the topic.

    Subscribers can get an event more than once, and recognize it by its id. If the host cannot
    publish it, the caller gets status 500 instead of this response.
    """
    try:
        news = read_event(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    event.set(news)
    logger.info("Published %s", news.id)
    return json_response({"id": news.id}, status_code=202)


def read_event(req: func.HttpRequest) -> func.EventGridOutputEvent:
    """Return the event for the order in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        order = content["order"]
        time = read_time(content["time"])
    except (KeyError, RecursionError, TypeError, ValueError):
        example = '{"order": "A1", "time": "2026-05-01T10:00:00+00:00"}'
        raise ValueError(f"Send the order and the time, such as {example}.") from None
    if not isinstance(order, str) or not order or not order.isprintable():
        raise ValueError("The order needs a name, as printable text.")
    if len(order) > LONGEST_NAME:
        raise ValueError(f"The order needs a name of at most {LONGEST_NAME} characters.")
    if time.tzinfo is None:
        raise ValueError("The time needs a UTC offset.")
    return func.EventGridOutputEvent(
        id=f"shipped-{order}",
        subject=f"orders/{order}",
        event_type="Shop.OrderShipped",
        event_time=time,
        data_version="1.0",
        data={"order": order},
    )


def read_time(text: str) -> datetime:
    """Parse an ISO 8601 time that may end in `Z`, which Python 3.10 does not support."""
    return datetime.fromisoformat(text[:-1] + "+00:00" if text[-1:] == "Z" else text)


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
