"""Book trips in a Durable Functions orchestration that undoes its steps if one fails."""

import logging
from typing import Any, Dict, Generator, List

import azure.durable_functions as df
import azure.functions as func

from shared import orchestrations

bp = df.Blueprint()
logger = logging.getLogger(__name__)

ORCHESTRATOR = "durable_saga_example_orchestrator"
BOOK = "durable_saga_example_book"
CANCEL = "durable_saga_example_cancel"
PARTS = ("flight", "hotel", "payment")
MAX_CENTS = 1_000_000
# The limit of every customer's card, in cents.
LIMIT = 500_000


@bp.route(route="durable-saga-example", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def durable_saga_example(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Start booking the trip in the body."""
    try:
        trip = read_trip(req)
    except ValueError as error:
        return orchestrations.json_response({"error": str(error)}, status_code=400)
    return await orchestrations.start(req, client, ORCHESTRATOR, trip)


@bp.route(route="durable-saga-example/{instance}", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def durable_saga_example_status(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Return whether the trip is booked."""
    return await orchestrations.status(client, req.route_params["instance"], ORCHESTRATOR)


@bp.orchestration_trigger(context_name="context")
def durable_saga_example_orchestrator(
    context: df.DurableOrchestrationContext,
) -> Generator[Any, Any, Dict[str, Any]]:
    """Book each part. If one fails, cancel those before it in reverse order, the last one first.

    The part that failed is canceled, too: the call may have had its effect before it failed. If a
    cancellation fails ten times, the orchestration fails, and somebody must look after the trip.
    """
    retry = df.RetryOptions(first_retry_interval_in_milliseconds=5000, max_number_of_attempts=3)
    persistent = df.RetryOptions(
        first_retry_interval_in_milliseconds=60_000,
        max_number_of_attempts=10,
    )
    # The id makes the calls idempotent: services can recognize one that they had already.
    trip = {"id": context.instance_id, **context.get_input()}
    tried: List[str] = []
    try:
        for part in PARTS:
            context.set_custom_status(f"books the {part}")
            tried.append(part)
            yield context.call_activity_with_retry(BOOK, retry, {"part": part, **trip})
    except Exception:
        if not context.is_replaying:
            logger.exception("Cancels %s", trip["id"])
        for part in reversed(tried):
            context.set_custom_status(f"cancels the {part}")
            yield context.call_activity_with_retry(CANCEL, persistent, {"part": part, **trip})
        return {"booked": False, "failed": tried[-1]}
    return {"booked": True}


@bp.activity_trigger(input_name="request")
async def durable_saga_example_book(request: Dict[str, Any]) -> None:
    """Book a part of a trip; raise an exception if that is impossible.

    Keep it idempotent: an activity can run twice. Call your service here.
    """
    if request["part"] == "payment" and request["cents"] > LIMIT:
        raise ValueError("The card is declined.")
    logger.info("Booked the %s of %s", request["part"], request["id"])


@bp.activity_trigger(input_name="request")
async def durable_saga_example_cancel(request: Dict[str, Any]) -> None:
    """Cancel a part of a trip; do nothing if it is not booked.

    Keep it idempotent: an activity can run twice. Call your service here.
    """
    logger.info("Canceled the %s of %s", request["part"], request["id"])


def read_trip(req: func.HttpRequest) -> Dict[str, Any]:
    """Return the trip in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        city, cents = content["city"], content["cents"]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send a trip such as {"city": "Rome", "cents": 90000}.') from None
    if not isinstance(city, str) or not city.isprintable() or not 1 <= len(city) <= 100:
        raise ValueError("The city must be printable text of 1 to 100 characters.")
    if type(cents) is not int or not 1 <= cents <= MAX_CENTS:
        raise ValueError(f"The cents must be a whole number, 1 to {MAX_CENTS}.")
    return {"city": city, "cents": cents}
