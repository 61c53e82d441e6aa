"""Process the orders in a Redis stream, and set aside those that fail."""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Optional

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

ATTEMPTS = 3
PAUSE_SECONDS = 1.0
FAILURES = "redis-stream-example-failed"


@dataclass(frozen=True)
class Order:
    """An order, as in the fields of the entries: `XADD redis-stream-example * order A1 quantity 2`."""

    order: str
    quantity: int


# Write every parameter: the host does not know their defaults, and refuses a function without one.
@bp.generic_trigger(
    arg_name="entry",
    type="redisStreamTrigger",
    connection="RedisConnection",
    key="redis-stream-example",
    pollingIntervalInMs=1000,
    maxBatchSize=16,
)
@bp.generic_output_binding(
    arg_name="failed",
    type="redis",
    connection="RedisConnection",
    command="XADD",
)
async def redis_stream_example(
    entry: str,
    failed: func.Out[str],
) -> None:
    """Process the order in one entry of the stream.

    The host acknowledges the entry whether or not the function raises an exception, so it would not
    come again. The function therefore repeats what fails, and adds the entry to another stream in
    the end. Up to `maxBatchSize` entries are processed at the same time, and in any order.
    """
    try:
        order = read_order(entry)
        await process_with_retries(order)
    except Exception as error:
        logger.exception("Set aside entry %s", read_id(entry))
        failed.set(dead_letter(entry, error))


async def process_with_retries(order: Order) -> None:
    """Process an order, and repeat it after a pause if it fails."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await process(order)
        except Exception as error:
            if attempt == ATTEMPTS:
                raise
            reason = type(error).__name__
            logger.warning("Attempt %s of order %s failed: %s", attempt, order.order, reason)
            await asyncio.sleep(PAUSE_SECONDS * attempt)


def read_order(entry: str) -> Order:
    """Return the order in an entry; raise ValueError if it is invalid.

    The host passes an entry as JSON, with its `Id` and its fields in `Values`, all of them text.
    """
    try:
        fields = json.loads(entry)["Values"]
        order = Order(order=fields["order"], quantity=int(fields["quantity"]))
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError("The entry has no order and quantity") from None
    if not order.order or order.quantity < 1:
        raise ValueError("The order needs a name and a quantity of 1 or more")
    return order


def read_id(entry: str) -> Optional[str]:
    """Return the id of an entry, or None if it has none."""
    try:
        return str(json.loads(entry)["Id"])
    except (KeyError, RecursionError, TypeError, ValueError):
        return None


def dead_letter(entry: str, error: Exception) -> str:
    """Return the arguments of XADD that add an entry to the stream of failures.

    The host separates them at spaces, so those in the JSON are escaped.
    """
    content = json.dumps({"entry": entry, "error": type(error).__name__}, separators=(",", ":"))
    escaped = content.replace(" ", "\\u0020")
    return f"{FAILURES} * failure {escaped}"


async def process(order: Order) -> None:
    """Replace with your own processing. Keep it idempotent: it is repeated after a failure."""
    logger.info("Order %s of %s", order.order, order.quantity)
