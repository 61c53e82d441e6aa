"""Bill orders in a Durable Functions orchestration."""

import json
import logging
import re
from typing import Any, Dict, Generator, List, Optional
from urllib.parse import urlsplit

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()
logger = logging.getLogger(__name__)

ORCHESTRATOR = "durable_example_orchestrator"
MAX_ORDERS = 100
LONGEST_ID = 100
MAX_QUANTITY = 1000
PRICE = 250
# The id becomes part of a URL, so other characters are not allowed.
INSTANCE = re.compile(r"[A-Za-z0-9_-]{1,50}")


@bp.route(route="durable-example", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def durable_example(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Start the orchestration for the orders in the body; `Location` is where to ask for its status.

    Do not return `client.create_check_status_response`: its URLs contain a key that can read, end
    and delete every orchestration of the app.
    """
    try:
        orders = read_orders(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    instance = await client.start_new(ORCHESTRATOR, client_input=orders)
    logger.info("Started %s for %s orders", instance, len(orders))
    location = f"{urlsplit(req.url).path.rstrip('/')}/{instance}"
    return json_response({"id": instance}, status_code=202, headers={"Location": location})


@bp.route(route="durable-example/{instance}", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def durable_example_status(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Return the status of an orchestration such as `Running`, and its result when it is `Completed`.

    If it is `Failed`, the log has the error.
    """
    instance = req.route_params["instance"]
    found = await client.get_status(instance) if INSTANCE.fullmatch(instance) else None
    # The app can have other orchestrations, which are not for these callers.
    if not found or found.name != ORCHESTRATOR:
        return json_response({"error": "There are no orders with this id."}, status_code=404)
    content = {"status": found.runtime_status.name}
    if found.runtime_status is df.OrchestrationRuntimeStatus.Completed:
        content["result"] = found.output
    return json_response(content)


@bp.orchestration_trigger(context_name="context")
def durable_example_orchestrator(
    context: df.DurableOrchestrationContext,
) -> Generator[Any, Any, Dict[str, Any]]:
    """Price all orders in parallel, then bill the total.

    The host replays it from the start for every new result, and fills in the earlier results. So
    it must be deterministic: clocks, random numbers and I/O belong in activities. If an activity
    fails three times, the orchestration fails, too, and sends no bill.
    """
    retry = df.RetryOptions(first_retry_interval_in_milliseconds=5000, max_number_of_attempts=3)
    orders: List[Dict[str, Any]] = context.get_input()
    cents = yield context.task_all(
        [
            context.call_activity_with_retry(
                "durable_example_price",
                retry,
                order,
            )
            for order in orders
        ]
    )
    bill = yield context.call_activity_with_retry(
        "durable_example_bill",
        retry,
        sum(cents),
    )
    return {"orders": len(orders), "bill": bill}


@bp.activity_trigger(input_name="order")
def durable_example_price(order: Dict[str, Any]) -> int:
    """Return the price of an order, in cents. Keep it idempotent: an activity can run twice."""
    return PRICE * int(order["quantity"])


@bp.activity_trigger(input_name="cents")
def durable_example_bill(cents: int) -> str:
    """Create the bill and return its text. Keep it idempotent: an activity can run twice."""
    logger.info("Billed %s cents", cents)
    return f"{cents / 100:.2f} euros"


def read_orders(req: func.HttpRequest) -> List[Dict[str, Any]]:
    """Return the orders in the body; raise ValueError if one is invalid."""
    try:
        content = req.get_json()
        orders = [{"id": item["id"], "quantity": item["quantity"]} for item in content]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send a list such as [{"id": "A1", "quantity": 2}].') from None
    if not 1 <= len(orders) <= MAX_ORDERS:
        raise ValueError(f"Send 1 to {MAX_ORDERS} orders.")
    for order in orders:
        validate_order(order)
    return orders


def validate_order(order: Dict[str, Any]) -> None:
    """Raise ValueError if the order is invalid."""
    id, quantity = order["id"], order["quantity"]
    if not isinstance(id, str) or not id.isprintable():
        raise ValueError("The id of an order must be printable text.")
    if not 1 <= len(id) <= LONGEST_ID:
        raise ValueError(f"The id of an order must have 1 to {LONGEST_ID} characters.")
    if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
        raise ValueError(f"The quantity of an order must be a whole number, 1 to {MAX_QUANTITY}.")


def json_response(
    content: object, status_code: int = 200, headers: Optional[Dict[str, str]] = None
) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content),
        status_code=status_code,
        headers=headers,
        mimetype="application/json",
    )
