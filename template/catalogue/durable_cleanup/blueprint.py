"""Delete the history of old orchestrations every day, in an eternal orchestration of Durable Functions."""

import logging
from datetime import datetime, timedelta
from typing import Any, Dict, Generator, Optional

import azure.durable_functions as df
import azure.functions as func

from shared import orchestrations

bp = df.Blueprint()
logger = logging.getLogger(__name__)

ORCHESTRATOR = "durable_cleanup_example_orchestrator"
PURGE = "durable_cleanup_example_purge"
# There is only one orchestration with this id, so there is only one cleanup.
INSTANCE = "durable_cleanup_example"
STOP = "stop"
PAUSE = timedelta(days=1)
DAYS_TO_KEEP = 30
# A query needs a start time.
FIRST = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
ENDED = [
    df.OrchestrationRuntimeStatus.Completed,
    df.OrchestrationRuntimeStatus.Failed,
    df.OrchestrationRuntimeStatus.Canceled,
    df.OrchestrationRuntimeStatus.Terminated,
]


@bp.route(route="durable-cleanup-example", methods=["GET", "POST", "DELETE"])
@bp.durable_client_input(client_name="client")
async def durable_cleanup_example(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Return whether the cleanup is running, start it if it is not (POST), or let it stop (DELETE).

    It stops at its next pause. If it still runs after a while, because it began anew when the
    request came, ask again. Do not terminate it: that could be in the middle of its work.
    """
    found = await client.get_status(INSTANCE)
    running = bool(found) and found.runtime_status not in ENDED
    if req.method == "POST" and not running:
        await client.start_new(ORCHESTRATOR, INSTANCE, 0)
        return orchestrations.json_response({"running": True}, status_code=202)
    if req.method == "DELETE" and running:
        await client.raise_event(INSTANCE, STOP, True)
        return orchestrations.json_response({"running": True}, status_code=202)
    deleted = found.custom_status if found else None
    return orchestrations.json_response({"running": running, "deleted": deleted or 0})


@bp.orchestration_trigger(context_name="context")
def durable_cleanup_example_orchestrator(
    context: df.DurableOrchestrationContext,
) -> Generator[Any, Any, Optional[Dict[str, int]]]:
    """Clean up, wait for a day or for the event that stops it, and begin anew.

    A loop would make its history longer every day, and so every replay. `continue_as_new` begins
    with an empty one, and with the number of deleted orchestrations so far as its input.
    """
    retry = df.RetryOptions(first_retry_interval_in_milliseconds=5000, max_number_of_attempts=3)
    deleted: int = context.get_input()
    stop = context.wait_for_external_event(STOP)
    try:
        deleted += yield context.call_activity_with_retry(PURGE, retry, DAYS_TO_KEEP)
    except Exception:
        # One failure must not end it for good.
        if not context.is_replaying:
            logger.exception("Tries to clean up again in %s", PAUSE)
    context.set_custom_status(deleted)
    timer = context.create_timer(context.current_utc_datetime + PAUSE)
    if (yield context.task_any([stop, timer])) is stop:
        timer.cancel()
        return {"deleted": deleted}
    context.continue_as_new(deleted)
    return None


@bp.activity_trigger(input_name="days")
@bp.durable_client_input(client_name="client")
async def durable_cleanup_example_purge(
    days: int,
    client: df.DurableOrchestrationClient,
) -> int:
    """Delete the history of orchestrations that began so many days ago and have ended."""
    last = datetime.now(FIRST.tzinfo) - timedelta(days=days)
    purged = await client.purge_instance_history_by(FIRST, last, ENDED)
    logger.info("Deleted the history of %s orchestrations", purged.instances_deleted)
    return int(purged.instances_deleted)
