"""Bill orders in a Durable Functions orchestration."""

import json
import logging
from typing import Any, Dict, Generator, List

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()
logger = logging.getLogger(__name__)

MAX_ORDERS = 100
PRICE = 250


@bp.route(route="durable-example", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def durable_example(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Start the orchestration for the orders in the body, and return 202 while it runs.

    The response has the URLs to query its status, send it events and terminate it.
    """
    try:
        orders = read_orders(req)
    except ValueError as error:
        return func.HttpResponse(
            json.dumps({"error": str(error)}), status_code=400, mimetype="application/json"
        )
    instance = await client.start_new(
        "durable_example_orchestrator",
        client_input=orders,
    )
    logger.info("Started %s for %s orders", instance, len(orders))
    response: func.HttpResponse = client.create_check_status_response(req, instance)
    return response


@bp.orchestration_trigger(context_name="context")
def durable_example_orchestrator(
    context: df.DurableOrchestrationContext,
) -> Generator[Any, Any, Dict[str, Any]]:
    """Price all orders in parallel, then bill the total.

    The host replays it from the start for every new result, and fills in the earlier results. So
    it must be deterministic: clocks, random numbers and I/O belong in activities.
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
    bill = yield context.call_activity(
        "durable_example_bill",
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
    except (KeyError, TypeError, ValueError):
        raise ValueError('Send a list such as [{"id": "A1", "quantity": 2}].') from None
    if not 1 <= len(orders) <= MAX_ORDERS:
        raise ValueError(f"Send 1 to {MAX_ORDERS} orders.")
    if not all(isinstance(order["id"], str) for order in orders):
        raise ValueError("The id of an order must be a string.")
    if not all(type(order["quantity"]) is int and order["quantity"] > 0 for order in orders):
        raise ValueError("The quantity of an order must be a whole number above 0.")
    return orders
