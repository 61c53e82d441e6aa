"""Starts orchestrations for HTTP callers and tells them the status, without the keys of Durable Functions."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import azure.durable_functions as df
import azure.functions as func

# The id becomes part of a URL, so other characters are not allowed.
INSTANCE = re.compile(r"[A-Za-z0-9_-]{1,50}")
UNKNOWN = "There is no orchestration with this id."


async def start(
    req: func.HttpRequest, client: df.DurableOrchestrationClient, orchestrator: str, value: Any
) -> func.HttpResponse:
    """Start an orchestration; `Location` is where to ask for its status.

    Do not return `client.create_check_status_response`: its URLs contain a key that can read, end
    and delete every orchestration of the app.
    """
    instance = await client.start_new(orchestrator, client_input=value)
    location = f"{urlsplit(req.url).path.rstrip('/')}/{instance}"
    return json_response({"id": instance}, status_code=202, headers={"Location": location})


async def find(client: df.DurableOrchestrationClient, instance: str, orchestrator: str) -> Any:
    """Return what is known of an orchestration, or None if the orchestrator has none with this id.

    The app can have other orchestrations, which are not for the callers of this function.
    """
    found = await client.get_status(instance) if INSTANCE.fullmatch(instance) else None
    return found if found and found.name == orchestrator else None


async def status(
    client: df.DurableOrchestrationClient, instance: str, orchestrator: str
) -> func.HttpResponse:
    """Return the status of an orchestration such as `Running`, and its result when it is `Completed`.

    If it is `Failed`, the log has the error.
    """
    found = await find(client, instance, orchestrator)
    if not found:
        return json_response({"error": UNKNOWN}, status_code=404)
    content = {"status": found.runtime_status.name}
    if found.custom_status is not None:
        content["step"] = found.custom_status
    if found.runtime_status is df.OrchestrationRuntimeStatus.Completed:
        content["result"] = found.output
    return json_response(content)


def json_response(
    content: object, status_code: int = 200, headers: dict[str, str] | None = None
) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content),
        status_code=status_code,
        headers=headers,
        mimetype="application/json",
    )
