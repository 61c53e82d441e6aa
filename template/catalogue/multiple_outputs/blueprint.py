"""Answer a request, send a message and write a blob from one function."""

import json
import logging
from dataclasses import asdict, dataclass

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

PRICES = {"blue": 90, "green": 120}
MAX_NIGHTS = 30


@dataclass(frozen=True)
class Booking:
    """A booking, as in the body and the message: `{"room": "blue", "nights": 2}`."""

    room: str
    nights: int


@bp.route(route="multiple-outputs-example", methods=["POST"])
@bp.queue_output(
    arg_name="message",
    queue_name="multiple-outputs-example",
    connection="StorageConnection",
)
@bp.blob_output(
    arg_name="receipt",
    path="multiple-outputs-example/{rand-guid}.json",
    connection="StorageConnection",
)
def multiple_outputs_example(
    req: func.HttpRequest,
    message: func.Out[str],
    receipt: func.Out[str],
) -> func.HttpResponse:
    """Accept a booking: queue it for processing, save a receipt and respond.

    The host writes the outputs one by one after the function returns, without a transaction. If an
    output fails, the caller gets status 500, but earlier outputs remain.
    """
    try:
        booking = read_booking(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    total = PRICES[booking.room] * booking.nights
    message.set(json.dumps(asdict(booking)))
    receipt.set(json.dumps({**asdict(booking), "total": total}))
    logger.info("Booked %s for %s nights", booking.room, booking.nights)
    return json_response({"total": total}, status_code=202)


def read_booking(req: func.HttpRequest) -> Booking:
    """Return the booking in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        booking = Booking(room=content["room"], nights=content["nights"])
        if not isinstance(booking.room, str):
            raise TypeError("The room must be a string")
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send a booking such as {"room": "blue", "nights": 2}.') from None
    if booking.room not in PRICES:
        raise ValueError(f"There is no such room; choose one of {', '.join(PRICES)}.")
    if type(booking.nights) is not int or not 1 <= booking.nights <= MAX_NIGHTS:
        raise ValueError(f"Book 1 to {MAX_NIGHTS} nights.")
    return booking


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
