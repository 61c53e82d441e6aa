"""Stream the answer of a language model over HTTP, as server-sent events (SSE)."""

import json
import logging
from typing import Any, AsyncIterator

import azure.functions as func
from azurefunctions.extensions.http.fastapi import (
    JSONResponse,
    Request,
    Response,
    StreamingResponse,
)

from shared import model

bp = func.Blueprint()
logger = logging.getLogger(__name__)
# The server that takes requests from the host would log each with its query, which can contain a
# key. It sets the level of this logger itself, so a filter is needed.
logging.getLogger("uvicorn.access").addFilter(lambda record: False)

INSTRUCTIONS = "You answer questions about tea for guests of a tea shop, in a few plain sentences."
MAX_LENGTH = 4000
MAX_TOKENS = 2000
EXPLANATIONS = {
    400: "The model does not answer this message.",
    429: "Too many requests; try again later.",
    503: "The model is unavailable; try again later.",
}


@bp.route(route="http-sse-example", methods=["POST"])
async def http_sse_example(req: Request) -> Response:
    """Send the answer to the `message` in the body, piece by piece, while the model writes it.

    Web pages read it with `fetch`, because `EventSource` cannot send a body. An error before the
    model begins has a status of its own; a later one is sent as an event.
    """
    try:
        message = read_message(await req.body())
    except ValueError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    try:
        answer = await ask(message)
    except model.Failure as failure:
        wait = {"Retry-After": failure.retry_after} if failure.retry_after else None
        content = {"error": EXPLANATIONS[failure.status]}
        return JSONResponse(content, status_code=failure.status, headers=wait)
    logger.info("The model began to answer")
    return StreamingResponse(
        events(answer), media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
    )


def read_message(body: bytes) -> str:
    """Return the message in the body; raise ValueError if it is missing or invalid."""
    try:
        content = json.loads(body)
        # JSON can hold an unpaired surrogate, but what is sent to the model cannot.
        json.dumps(content, ensure_ascii=False).encode()
    except (RecursionError, ValueError):
        raise ValueError("The body is not valid JSON.") from None
    message = content.get("message") if isinstance(content, dict) else None
    if not isinstance(message, str) or not 1 <= len(message.strip()) <= MAX_LENGTH:
        raise ValueError(f"Send a message of 1 to {MAX_LENGTH} characters.")
    return message.strip()


async def ask(message: str) -> Any:
    """Ask the model, and return the stream of its answer; raise model.Failure if it refuses."""
    async with model.failures():
        return await model.client().chat.completions.create(
            model=model.deployment(),
            messages=[
                {"role": "system", "content": INSTRUCTIONS},
                {"role": "user", "content": message},
            ],
            max_completion_tokens=MAX_TOKENS,
            stream=True,
        )


async def events(answer: Any) -> AsyncIterator[str]:
    """Yield an event with each piece of the answer, then `end`, or `error` if the model fails.

    If the caller goes away, the server stops this function. Then, too, the block closes the
    connection to the model, which stops writing.
    """
    reason = ""
    try:
        async with answer:
            async for chunk in answer:
                for choice in chunk.choices:
                    reason = choice.finish_reason or reason
                    if choice.delta.content:
                        yield event("message", {"text": choice.delta.content})
        if not reason:
            raise EOFError("The answer has no end.")
    except Exception:
        # It is too late for another status.
        logger.exception("The model stopped in the middle of its answer")
        yield event("error", {"error": "The model stopped in the middle of its answer."})
        return
    # `stop`, or `length` or `content_filter` if the answer is not complete.
    yield event("end", {"reason": reason})


def event(name: str, content: object) -> str:
    """Return an event; JSON keeps line breaks out of its data."""
    return f"event: {name}\ndata: {json.dumps(content)}\n\n"
