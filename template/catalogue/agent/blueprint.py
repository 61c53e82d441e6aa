"""An AI agent that answers questions, with a tool of the app's own, and remembers the session."""

import json
import logging
from pathlib import Path
from typing import Annotated, Any, Dict, Optional

import azure.functions as func
from agent_framework import Agent, AgentSession
from azurefunctions.agents.extensions.agent_framework import AGENT_FRAMEWORK_PROVIDER_ID
from azurefunctions.agents.extensions.base import configure_app, markdown_agent

from shared import model

bp = func.Blueprint()
logger = logging.getLogger(__name__)
# Otherwise, it would look for agents/ in the folder in which the process started.
configure_app(bp, provider=AGENT_FRAMEWORK_PROVIDER_ID, app_root=Path(__file__).parents[1])

# Replace with your own source of prices.
CENTS = {"black tea": 250, "green tea": 300, "milk": 120}
MAX_LENGTH = 4000
# A session is sent to the model as a whole each time, and costs accordingly.
MAX_SESSION = 100_000
MAX_TOKENS = 2000
MAX_CALLS = 10
EXPLANATIONS = {
    400: "The model does not answer this message.",
    429: "Too many requests; try again later.",
    503: "The model is unavailable; try again later.",
}


class Invalid(Exception):
    """An invalid request; the message tells the caller why."""


async def find_price(product: Annotated[str, "Name of the product, such as: green tea"]) -> str:
    """Find the price of a product of the shop, in cents.

    The model decides when to call it, and reads the result. Check what it sends as you would check
    a request, and call nothing slow without await: it would stop all functions.
    """
    name = product.strip().lower()
    if name not in CENTS:
        products = ", ".join(sorted(CENTS))
        return json.dumps({"error": f"There is no such product. There are: {products}."})
    return json.dumps({"product": name, "cents": CENTS[name]})


def chat_client() -> Any:
    """Return the client with which the agent asks the model, for one request."""
    from agent_framework_openai import OpenAIChatCompletionClient

    return OpenAIChatCompletionClient(
        model=model.deployment(),
        async_client=model.client(),
        function_invocation_configuration={"max_function_calls": MAX_CALLS},
    )


# The instructions are in agents/agent_example.agent.md, which is deployed with the app. The agent
# also has the skills in skills/ and the tools of the MCP servers in mcp.json, if there are any.
@bp.route(route="agent-example/{session:guid}", methods=["POST"])
@bp.blob_input(
    arg_name="saved",
    path="agent-example/{session}.json",
    connection="AzureWebJobsStorage",
)
@bp.blob_output(
    arg_name="kept",
    path="agent-example/{session}.json",
    connection="AzureWebJobsStorage",
)
@markdown_agent(
    bp,
    provider=AGENT_FRAMEWORK_PROVIDER_ID,
    arg_name="agent",
    agent_name="agent_example",
    client_factory=lambda: chat_client(),
    tools=[find_price],
)
async def agent_example(
    req: func.HttpRequest,
    saved: func.InputStream,
    kept: func.Out[str],
    agent: Agent,
) -> func.HttpResponse:
    """Return the agent's answer to the `message` in the body, as a part of the session.

    The caller chooses a new GUID for each session, and keeps it secret: anyone who knows it can
    continue the session. A blob keeps the session, so that it outlasts a restart. Of two requests
    for one session at the same time, the blob keeps only the one that ends last.
    """
    try:
        message, session = read_message(req), read_session(saved, agent)
        async with model.failures():
            answer = await agent.run(message, session=session, options={"max_tokens": MAX_TOKENS})
    except Invalid as error:
        return json_response({"error": str(error)}, status_code=400)
    except model.Failure as failure:
        # The session stays as it was, so the caller can send the message again.
        wait = {"Retry-After": failure.retry_after} if failure.retry_after else None
        return json_response({"error": EXPLANATIONS[failure.status]}, failure.status, wait)
    kept.set(json.dumps(session.to_dict()))
    usage = answer.usage_details or {}
    logger.info("The model read and wrote %s tokens", usage.get("total_token_count", "some"))
    return json_response({"answer": answer.text})


def read_message(req: func.HttpRequest) -> str:
    """Return the message in the body; raise Invalid if it is missing or invalid."""
    try:
        content = req.get_json()
        # JSON can hold an unpaired surrogate, but what is sent to the model cannot.
        json.dumps(content, ensure_ascii=False).encode()
    except (RecursionError, ValueError):
        raise Invalid("The body is not valid JSON.") from None
    message = content.get("message") if isinstance(content, dict) else None
    if not isinstance(message, str) or not 1 <= len(message.strip()) <= MAX_LENGTH:
        raise Invalid(f"Send a message of 1 to {MAX_LENGTH} characters.")
    return message.strip()


def read_session(saved: Optional[func.InputStream], agent: "Agent[Any]") -> AgentSession:
    """Return the session in a blob, or a new one; raise Invalid if it has become too long."""
    if saved is None:
        return agent.create_session()
    content = saved.read()
    if len(content) > MAX_SESSION:
        raise Invalid("The session is too long; start another one.")
    return AgentSession.from_dict(json.loads(content))


def json_response(
    content: object,
    status_code: int = 200,
    headers: Optional[Dict[str, str]] = None,
) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, headers=headers, mimetype="application/json"
    )
