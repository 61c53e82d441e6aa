"""Let a person approve expenses in a Durable Functions orchestration."""

import logging
from datetime import timedelta
from typing import Any, Dict, Generator

import azure.durable_functions as df
import azure.functions as func

from shared import orchestrations

bp = df.Blueprint()
logger = logging.getLogger(__name__)

ORCHESTRATOR = "durable_approval_example_orchestrator"
NOTIFY = "durable_approval_example_notify"
ANSWER = "answer"
# The manager has this long, and then the director.
PATIENCE = timedelta(days=1)
MAX_CENTS = 1_000_000
# Orchestrations that have not begun, or are suspended, keep an answer until they go on.
ENDED = {
    df.OrchestrationRuntimeStatus.Completed,
    df.OrchestrationRuntimeStatus.Failed,
    df.OrchestrationRuntimeStatus.Canceled,
    df.OrchestrationRuntimeStatus.Terminated,
}


@bp.route(route="durable-approval-example", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def durable_approval_example(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Ask for the approval of the expense in the body."""
    try:
        expense = read_expense(req)
    except ValueError as error:
        return orchestrations.json_response({"error": str(error)}, status_code=400)
    return await orchestrations.start(req, client, ORCHESTRATOR, expense)


@bp.route(route="durable-approval-example/{instance}", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def durable_approval_example_status(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Return whether the expense is approved."""
    return await orchestrations.status(client, req.route_params["instance"], ORCHESTRATOR)


@bp.route(route="durable-approval-example/{instance}", methods=["PUT"])
@bp.durable_client_input(client_name="client")
async def durable_approval_example_answer(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Take the answer in the body. The first one counts; after the deadline there is nothing to answer."""
    try:
        approved = read_answer(req)
    except ValueError as error:
        return orchestrations.json_response({"error": str(error)}, status_code=400)
    instance = req.route_params["instance"]
    found = await orchestrations.find(client, instance, ORCHESTRATOR)
    if not found:
        return orchestrations.json_response({"error": orchestrations.UNKNOWN}, status_code=404)
    if found.runtime_status in ENDED:
        return orchestrations.json_response(
            {"error": "The expense has been decided."}, status_code=409
        )
    await client.raise_event(instance, ANSWER, approved)
    return orchestrations.json_response({"accepted": approved}, status_code=202)


@bp.orchestration_trigger(context_name="context")
def durable_approval_example_orchestrator(
    context: df.DurableOrchestrationContext,
) -> Generator[Any, Any, Dict[str, Any]]:
    """Ask the manager, then the director if there is no answer. Without any, the expense is refused.

    The host replays it from the start for every event, so it must be deterministic: it takes the
    time from the context. A timer that it no longer needs would keep it running until it fires.
    """
    retry = df.RetryOptions(first_retry_interval_in_milliseconds=5000, max_number_of_attempts=3)
    expense: Dict[str, Any] = context.get_input()
    answer = context.wait_for_external_event(ANSWER)
    for person in ("manager", "director"):
        context.set_custom_status(f"waits for the {person}")
        question = {"to": person, "id": context.instance_id, **expense}
        yield context.call_activity_with_retry(NOTIFY, retry, question)
        timeout = context.create_timer(context.current_utc_datetime + PATIENCE)
        if (yield context.task_any([answer, timeout])) is answer:
            timeout.cancel()
            return {"approved": answer.result, "asked": person}
    return {"approved": False, "asked": "nobody answered"}


@bp.activity_trigger(input_name="question")
async def durable_approval_example_notify(question: Dict[str, Any]) -> None:
    """Tell a person what to decide, such as by email, and the id with which to answer.

    Keep it idempotent: an activity can run twice.
    """
    logger.info("Asked the %s about %s cents", question["to"], question["cents"])


def read_expense(req: func.HttpRequest) -> Dict[str, Any]:
    """Return the expense in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        purpose, cents = content["purpose"], content["cents"]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send an expense such as {"purpose": "a desk", "cents": 20000}.') from None
    if not isinstance(purpose, str) or not purpose.isprintable() or not 1 <= len(purpose) <= 100:
        raise ValueError("The purpose must be printable text of 1 to 100 characters.")
    if type(cents) is not int or not 1 <= cents <= MAX_CENTS:
        raise ValueError(f"The cents must be a whole number, 1 to {MAX_CENTS}.")
    return {"purpose": purpose, "cents": cents}


def read_answer(req: func.HttpRequest) -> bool:
    """Return whether the body approves; raise ValueError if it is invalid."""
    try:
        approved = req.get_json()["approved"]
    except (KeyError, RecursionError, TypeError, ValueError):
        approved = None
    if type(approved) is not bool:
        raise ValueError('Send {"approved": true} or {"approved": false}.')
    return bool(approved)
