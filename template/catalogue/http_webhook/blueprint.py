"""Receive signed webhooks, such as those of GitHub, and skip deliveries that come again."""

import hashlib
import hmac
import json
import logging
import os
import re
import time
from dataclasses import asdict, dataclass
from typing import Any, Optional, Tuple

import azure.functions as func

from shared import problems, tables

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# What was delivered is in this table, so that all instances know it.
TABLE = "HttpWebhookExample"
SECONDS_KEPT = 30 * 24 * 3600
# How long work can last: functionTimeout, which is at most 30 minutes unless host.json sets it.
SECONDS_TO_WORK = 30 * 60
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

    A delivery whose work is done, or going on, gets 200 and is not queued again. Senders give up
    after some seconds, so do nothing slow here.
    """
    body = req.get_body()
    if len(body) > LARGEST_BODY:
        raise problems.Problem(413, f"Send at most {LARGEST_BODY} bytes.")
    delivery, signed = read_signed(req, body)
    verify_signature(req, signed)
    event = read_event(req, body, delivery)
    try:
        repeated = await is_taken(await tables.table(TABLE), delivery)
    except tables.Failure as failure:
        raise problems.Problem(503, "Send it again later.", {"Retry-After": "30"}) from failure
    if repeated:
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
    """Do the work of a delivery, unless it is done.

    Two messages of a delivery can be in the queue, for example if two instances took it at the
    same moment: one of them claims it. If the work fails, or another message is at work, the
    message returns to the queue.
    """
    event = Event(**message.get_json())
    table = await tables.table(TABLE)
    row = await claim_delivery(table, event.delivery, str(message.id))
    if row is None:
        logger.info("Skipped delivery %s, whose work is done", event.delivery)
        return
    try:
        await process(event)
    except BaseException:
        await table.delete(row)
        raise
    await table.replace(row, {**row.content, "done": True})


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


def verify_signature(req: func.HttpRequest, signed: bytes) -> None:
    """Raise 401 unless the signature is that of the secret and these bytes."""
    secret = os.environ["HTTP_WEBHOOK_EXAMPLE_SECRET"]
    # A reference to Key Vault that App Service cannot resolve stays in the setting as it is.
    if not secret or secret.startswith("@Microsoft.KeyVault("):
        raise RuntimeError("HTTP_WEBHOOK_EXAMPLE_SECRET is not available.")
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


async def is_taken(table: tables.Table, delivery: str) -> bool:
    """Return whether the work of a delivery is done, or going on."""
    try:
        row = await table.read(delivery)
    except tables.Failure as failure:
        if failure.status != 404:
            raise
        return False
    return bool(row.content["done"]) or is_recent(row)


def is_recent(row: tables.Row) -> bool:
    """Return whether the message that claimed a row can still be at work."""
    return time.time() < float(row.content["at"]) + SECONDS_TO_WORK


async def claim_delivery(table: tables.Table, delivery: str, message: str) -> Optional[tables.Row]:
    """Return the row of a delivery, which the message now has; None if the work is done.

    Work that was cut off, for example because it took too long, leaves a row that is not done. The
    same message takes it at once, and another one when the first cannot be at work any longer.
    """
    content = {"message": message, "at": time.time(), "done": False}
    try:
        await table.insert(delivery, content)
    except tables.Failure as failure:
        if failure.status != 409:
            raise
        row = await table.read(delivery)
        if row.content["done"]:
            return None
        if row.content["message"] != message and is_recent(row):
            raise RuntimeError(f"Another message is at work on delivery {delivery}.") from None
        await table.replace(row, content)
    return await table.read(delivery)


async def process(event: Event) -> None:
    """Do what your app does with an event. Keep it idempotent: work that is cut off runs again."""
    logger.info("Event %s %s of %s", event.event, event.action, event.repository)


def json_response(content: object, status_code: int) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
