"""Receive signed webhooks, such as those of GitHub, and do the work of each once."""

import hashlib
import hmac
import json
import logging
import os
import re
import time
from dataclasses import asdict, dataclass
from typing import Any, Tuple

import azure.functions as func

from shared import problems, tables

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# What was delivered is in this table, so that all instances know it.
TABLE = "HttpWebhookExample"
SECONDS_KEPT = 30 * 24 * 3600
LARGEST_BODY = 1024**2
EVENT = re.compile(r"[a-z][a-z0-9_.]{0,99}")
TIMESTAMP = re.compile("[0-9]{1,12}")


@dataclass(frozen=True)
class Event:
    """What the work needs of a delivery; a message in a storage queue has room for 48 KB of text."""

    delivery: str
    event: str
    action: str
    repository: str


@bp.route(route="http-webhook-example", methods=["POST"])
@bp.queue_output(
    arg_name="message",
    queue_name="http-webhook-example",
    connection="StorageConnection",
)
@problems.answered
async def http_webhook_example(
    req: func.HttpRequest,
    message: func.Out[str],
) -> func.HttpResponse:
    """Accept a delivery if its signature is right: 202 means that it is queued.

    A delivery whose work has begun gets 200 and is not queued again. Senders give up after some
    seconds, so do nothing slow here.
    """
    body = req.get_body()
    if len(body) > LARGEST_BODY:
        raise problems.Problem(413, f"Send at most {LARGEST_BODY} bytes.")
    delivery, signed = read_signed(req, body)
    verify(req, signed)
    event = read_event(req, body, delivery)
    try:
        await (await tables.table(TABLE)).read(delivery)
    except tables.Failure as failure:
        if failure.status != 404:
            raise problems.Problem(503, "Send it again later.", {"Retry-After": "30"}) from failure
    else:
        logger.info("Delivery %s came again", delivery)
        return json_response({"delivery": delivery, "repeated": True}, status_code=200)
    message.set(json.dumps(asdict(event)))
    logger.info("Queued delivery %s, a %s", delivery, event.event)
    return json_response({"delivery": delivery, "repeated": False}, status_code=202)


@bp.queue_trigger(
    arg_name="message",
    queue_name="http-webhook-example",
    connection="StorageConnection",
)
async def http_webhook_example_work(
    message: func.QueueMessage,
) -> None:
    """Do the work of a delivery, unless another message has it.

    Two messages of a delivery can be in the queue, for example if two instances took it at the
    same moment: one of them inserts the row. If the work fails, the message returns to the queue.
    """
    event = Event(**message.get_json())
    table = await tables.table(TABLE)
    if not await claim(table, event.delivery, str(message.id)):
        logger.info("Skipped delivery %s, which another message has", event.delivery)
        return
    try:
        await process(event)
    except Exception:
        await table.delete(await table.read(event.delivery))
        raise


@bp.timer_trigger(arg_name="timer", schedule="0 30 3 * * *")
@bp.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:05:00")
async def http_webhook_example_forget(
    timer: func.TimerRequest,
) -> None:
    """Delete the rows of old deliveries."""
    oldest = time.time() - SECONDS_KEPT
    deleted, after = 0, ""
    table = await tables.table(TABLE)
    while rows := await table.page(1000, after):
        for row in rows:
            if row.content["at"] < oldest:
                await table.delete(row)
                deleted += 1
        after = rows[-1].key
    logger.info("Deleted the rows of %s deliveries", deleted)


def read_signed(req: func.HttpRequest, body: bytes) -> Tuple[str, bytes]:
    """Return the key of a delivery, and the bytes that its sender signed.

    GitHub signs the body alone. So the same body is the same delivery, whatever its headers say.
    If HTTP_WEBHOOK_EXAMPLE_MAX_AGE is more than 0, senders also sign an id and the time, and a
    delivery is refused when it is more than so many seconds old.
    """
    oldest = int(os.environ["HTTP_WEBHOOK_EXAMPLE_MAX_AGE"])
    if oldest <= 0:
        return hashlib.sha256(body).hexdigest(), body
    id, sent = req.headers.get("Webhook-Id", ""), req.headers.get("Webhook-Timestamp", "")
    if not id or not TIMESTAMP.fullmatch(sent):
        raise unauthorized("Send Webhook-Id, and Webhook-Timestamp in seconds since 1970.")
    if abs(time.time() - int(sent)) > oldest:
        raise unauthorized("The delivery is too old, or its time is in the future.")
    return hashlib.sha256(id.encode()).hexdigest(), f"{id}.{sent}.".encode() + body


def verify(req: func.HttpRequest, signed: bytes) -> None:
    """Raise 401 unless the signature is that of the secret and these bytes."""
    secret = os.environ["HTTP_WEBHOOK_EXAMPLE_SECRET"]
    if not secret:
        raise RuntimeError("Set HTTP_WEBHOOK_EXAMPLE_SECRET.")
    expected = f"sha256={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
    given = req.headers.get("X-Hub-Signature-256", "")
    # Takes as long for any wrong signature, so that nobody finds it out byte by byte.
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise unauthorized("The signature is missing or wrong.")


def unauthorized(detail: str) -> problems.Problem:
    return problems.Problem(401, detail, {"WWW-Authenticate": "HMAC-SHA256"})


def read_event(req: func.HttpRequest, body: bytes, delivery: str) -> Event:
    """Return what the work needs; raise 400 if the body is not that of an event."""
    name = req.headers.get("X-GitHub-Event", "")
    try:
        content = json.loads(body)
    except (RecursionError, ValueError):
        raise problems.Problem(400, "The body is not valid JSON.") from None
    if not EVENT.fullmatch(name) or not isinstance(content, dict):
        raise problems.Problem(400, "Send X-GitHub-Event, and a JSON object as the body.")
    repository = content.get("repository")
    full_name = repository.get("full_name") if isinstance(repository, dict) else None
    return Event(delivery, name, text(content.get("action")), text(full_name))


def text(value: Any) -> str:
    """Return a text of a body; nothing for a value that is not a short text."""
    return value if isinstance(value, str) and len(value) <= 200 and value.isprintable() else ""


async def claim(table: tables.Table, delivery: str, message: str) -> bool:
    """Return whether a message has a delivery: the first one, also when it comes again."""
    try:
        await table.insert(delivery, {"message": message, "at": time.time()})
    except tables.Failure as failure:
        if failure.status != 409:
            raise
        return bool((await table.read(delivery)).content["message"] == message)
    return True


async def process(event: Event) -> None:
    """Do what your app does with an event."""
    logger.info("Event %s %s of %s", event.event, event.action, event.repository)


def json_response(content: object, status_code: int) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
