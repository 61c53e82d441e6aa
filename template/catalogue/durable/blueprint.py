"""Bill orders in an orchestration of Durable Functions."""

import json
import logging
from typing import Any, Dict, Generator, List

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()
logger = logging.getLogger(__name__)

MOST_ORDERS = 100
PRICE = 250


@bp.route(route="durable-example", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def durable_example(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Start the orchestration for the orders in the body, and answer 202 while it runs.

    The answer has the addresses at which to ask for its state, to send it events and to end it.
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
    """Price all orders side by side, then bill what they come to.

    The host runs it from the start for every result that comes in, and fills in what it has got
    already. So it must always do the same: clocks, random numbers and I/O belong into activities.
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
    """Return what an order costs, in cents. It may run twice: make a second time harmless."""
    return PRICE * int(order["quantity"])


@bp.activity_trigger(input_name="cents")
def durable_example_bill(cents: int) -> str:
    """Write the bill and return its text. It may run twice: make a second time harmless."""
    logger.info("Billed %s cents", cents)
    return f"{cents / 100:.2f} euros"


def read_orders(req: func.HttpRequest) -> List[Dict[str, Any]]:
    """Return the orders in the body; raise ValueError if one is invalid."""
    try:
        content = req.get_json()
        orders = [{"id": item["id"], "quantity": item["quantity"]} for item in content]
    except (KeyError, TypeError, ValueError):
        raise ValueError('Send a list such as [{"id": "A1", "quantity": 2}].') from None
    if not 1 <= len(orders) <= MOST_ORDERS:
        raise ValueError(f"Send 1 to {MOST_ORDERS} orders.")
    if not all(isinstance(order["id"], str) for order in orders):
        raise ValueError("The id of an order is text.")
    if not all(type(order["quantity"]) is int and order["quantity"] > 0 for order in orders):
        raise ValueError("The quantity of an order is a whole number above 0.")
    return orders
