"""Import large files when Event Grid reports their upload to Azure Blob Storage."""

import json
import logging
import math
from dataclasses import dataclass
from itertools import islice
from typing import Iterable, Iterator, List

import azure.functions as func
from azurefunctions.extensions.bindings.blob import StorageStreamDownloader

bp = func.Blueprint()
logger = logging.getLogger(__name__)
# Otherwise, the SDK logs the headers of every request and response.
logging.getLogger("azure.core.pipeline.policies.http_logging_policy").setLevel(logging.WARNING)

BATCH_SIZE = 500
MAX_LINE_LENGTH = 64 * 1024
MAX_WARNINGS = 20


@dataclass(frozen=True)
class Reading:
    """A meter reading, as on a line of the file: `{"device": "m-1", "value": 21.5}`."""

    device: str
    value: float


@bp.blob_trigger(
    arg_name="blob",
    path="blob-sdk-stream-eventgrid-example/{name}",
    connection="StorageConnection",
    source=func.BlobSource.EVENT_GRID,
)
def blob_sdk_stream_eventgrid_example(blob: StorageStreamDownloader) -> None:
    """Import the readings in an uploaded JSON Lines file of any size, in batches.

    The SDK fetches the first 32 MiB before the call and chunks of 4 MiB during it. The function
    keeps one batch, so a file's size is limited not by memory but by the time a function can run
    (`functionTimeout` in host.json). Nothing polls the container: once there is an Event Grid
    subscription, it reports each upload within seconds. If the function raises an exception, the
    host retries from the first line, with up to `poisonBlobThreshold` attempts (host.json) in all.
    Then it adds the file's name to the queue `webjobs-blobtrigger-poison`.
    """
    logger.info("Importing %s, %s bytes", blob.name, blob.size)
    readings = read_readings(split_lines(blob.chunks()))
    count = 0
    while batch := list(islice(readings, BATCH_SIZE)):
        process(batch)
        count += len(batch)
    if not count:
        raise ValueError(f"{blob.name} contains no readings")
    logger.info("Imported %s readings from %s", count, blob.name)


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines in a file's chunks; raise ValueError if a line is far too long."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
        if len(rest) > MAX_LINE_LENGTH:
            raise ValueError(f"A line has more than {MAX_LINE_LENGTH} bytes")
    if rest:
        yield rest


def read_readings(lines: Iterable[bytes]) -> Iterator[Reading]:
    """Yield the readings on lines of JSON; log the first invalid lines, and skip all of them."""
    skipped = 0
    for number, line in enumerate(lines, start=1):
        try:
            yield read_reading(line)
        except ValueError as error:
            skipped += 1
            if skipped <= MAX_WARNINGS:
                logger.warning("Skipped line %s: %s", number, error)
    if skipped > MAX_WARNINGS:
        logger.warning("Skipped %s lines in all", skipped)


def read_reading(line: bytes) -> Reading:
    """Return the reading on a line; raise ValueError if it is invalid."""
    try:
        content = json.loads(line)
        device, value = content["device"], content["value"]
        finite = type(value) in (int, float) and math.isfinite(value)
    except (KeyError, OverflowError, RecursionError, TypeError, ValueError):
        raise ValueError("it is not a reading as JSON, with a device and a value") from None
    if not isinstance(device, str) or not device:
        raise ValueError("the reading has no device")
    if not finite:
        raise ValueError("the value is not a finite number")
    return Reading(device=device, value=float(value))


def process(readings: List[Reading]) -> None:
    """Replace with your own processing. Keep it idempotent: readings can arrive more than once."""
    logger.info("%s readings of %s devices", len(readings), len({one.device for one in readings}))
