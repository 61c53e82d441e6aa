"""Send invoices to many customers, in a Durable Functions orchestration with an orchestration for each batch."""

import logging
import re
from typing import Any, Dict, Generator, List

import azure.durable_functions as df
import azure.functions as func

from shared import orchestrations

bp = df.Blueprint()
logger = logging.getLogger(__name__)

ORCHESTRATOR = "durable_suborchestration_example_orchestrator"
BATCH = "durable_suborchestration_example_batch"
SEND = "durable_suborchestration_example_send"
BATCH_SIZE = 25
MAX_CUSTOMERS = 1000
CUSTOMER = re.compile(r"[A-Za-z0-9-]{1,20}")


@bp.route(route="durable-suborchestration-example", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def durable_suborchestration_example(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Start sending invoices to the customers in the body."""
    try:
        customers = read_customers(req)
    except ValueError as error:
        return orchestrations.json_response({"error": str(error)}, status_code=400)
    return await orchestrations.start(req, client, ORCHESTRATOR, customers)


@bp.route(route="durable-suborchestration-example/{instance}", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def durable_suborchestration_example_status(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Return whether the invoices are sent."""
    return await orchestrations.status(client, req.route_params["instance"], ORCHESTRATOR)


@bp.orchestration_trigger(context_name="context")
def durable_suborchestration_example_orchestrator(
    context: df.DurableOrchestrationContext,
) -> Generator[Any, Any, Dict[str, int]]:
    """Run an orchestration for each batch of customers, all at once, and count the invoices.

    A batch has a history of its own. One orchestration for all customers would be replayed with a
    history of thousands of events. A batch that fails starts again; after the third time, this
    orchestration fails, too, while the other batches go on.
    """
    retry = df.RetryOptions(first_retry_interval_in_milliseconds=5000, max_number_of_attempts=3)
    customers: List[str] = context.get_input()
    batches = [
        customers[first : first + BATCH_SIZE] for first in range(0, len(customers), BATCH_SIZE)
    ]
    sent = yield context.task_all(
        [context.call_sub_orchestrator_with_retry(BATCH, retry, batch) for batch in batches]
    )
    return {"batches": len(batches), "invoices": sum(sent)}


@bp.orchestration_trigger(context_name="context")
def durable_suborchestration_example_batch(
    context: df.DurableOrchestrationContext,
) -> Generator[Any, Any, int]:
    """Send an invoice to each customer of a batch, and return how many were new."""
    customers: List[str] = context.get_input()
    sent = yield context.task_all([context.call_activity(SEND, name) for name in customers])
    return sum(sent)


@bp.activity_trigger(input_name="customer")
async def durable_suborchestration_example_send(customer: str) -> int:
    """Send the invoice of a customer, and return 1; return 0 if it was sent before.

    Keep it idempotent: an activity can run twice, and all of a batch run again if one fails.
    """
    logger.info("Sent the invoice of %s", customer)
    return 1


def read_customers(req: func.HttpRequest) -> List[str]:
    """Return the customers in the body; raise ValueError if one is invalid."""
    try:
        customers = req.get_json()
        valid = isinstance(customers, list) and all(map(CUSTOMER.fullmatch, customers))
    except (RecursionError, TypeError, ValueError):
        valid = False
    if not valid:
        raise ValueError('Send a list such as ["C-1", "C-2"].')
    if not 1 <= len(customers) <= MAX_CUSTOMERS:
        raise ValueError(f"Send 1 to {MAX_CUSTOMERS} customers.")
    if len({*customers}) < len(customers):
        raise ValueError("Send each customer once.")
    return list(customers)
