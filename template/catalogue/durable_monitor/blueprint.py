"""Wait for exports in a Durable Functions orchestration that asks for their state."""

import logging
import time
from datetime import timedelta
from typing import Any, Dict, Generator

import azure.durable_functions as df
import azure.functions as func

from shared import orchestrations

bp = df.Blueprint()
logger = logging.getLogger(__name__)

ORCHESTRATOR = "durable_monitor_example_orchestrator"
CHECK = "durable_monitor_example_check"
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=5)
PATIENCE = timedelta(hours=2)
MAX_SECONDS = 10_000


@bp.route(route="durable-monitor-example", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def durable_monitor_example(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Start an export that takes as many seconds as the body says, and wait for it."""
    try:
        export = start_export(req)
    except ValueError as error:
        return orchestrations.json_response({"error": str(error)}, status_code=400)
    return await orchestrations.start(req, client, ORCHESTRATOR, export)


@bp.route(route="durable-monitor-example/{instance}", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def durable_monitor_example_status(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Return whether the export is done."""
    return await orchestrations.status(client, req.route_params["instance"], ORCHESTRATOR)


@bp.orchestration_trigger(context_name="context")
def durable_monitor_example_orchestrator(
    context: df.DurableOrchestrationContext,
) -> Generator[Any, Any, Dict[str, Any]]:
    """Ask for the state of the export, with longer and longer pauses, until it is done or too late.

    The host replays it from the start for every event, so the pauses are durable timers, and the
    time is that of the context. While it waits, nothing runs and nothing is paid for.
    """
    retry = df.RetryOptions(first_retry_interval_in_milliseconds=5000, max_number_of_attempts=3)
    export: Dict[str, Any] = context.get_input()
    deadline = context.current_utc_datetime + PATIENCE
    pause, checks = FIRST_PAUSE, 1
    while not (yield context.call_activity_with_retry(CHECK, retry, export)):
        if context.current_utc_datetime >= deadline:
            return {"done": False, "checks": checks}
        context.set_custom_status({"checks": checks})
        yield context.create_timer(min(context.current_utc_datetime + pause, deadline))
        pause, checks = min(2 * pause, LONGEST_PAUSE), checks + 1
    return {"done": True, "checks": checks}


@bp.activity_trigger(input_name="export")
async def durable_monitor_example_check(export: Dict[str, Any]) -> bool:
    """Return whether the export is done. Ask your service here."""
    return time.time() >= float(export["ready"])


def start_export(req: func.HttpRequest) -> Dict[str, Any]:
    """Start the export in the body; raise ValueError if it is invalid. Call your service here."""
    try:
        seconds = req.get_json()["seconds"]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send how long it takes, such as {"seconds": 60}.') from None
    if type(seconds) is not int or not 0 <= seconds <= MAX_SECONDS:
        raise ValueError(f"The seconds must be a whole number, 0 to {MAX_SECONDS}.")
    logger.info("Started an export of %s seconds", seconds)
    return {"ready": time.time() + seconds}
