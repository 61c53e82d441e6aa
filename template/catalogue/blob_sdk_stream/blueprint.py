"""Summarize large access logs in Azure Blob Storage, chunk by chunk."""

import logging
import re
from collections import Counter
from typing import Iterable, Iterator

import azure.functions as func
from azurefunctions.extensions.bindings.blob import StorageStreamDownloader

bp = func.Blueprint()
logger = logging.getLogger(__name__)
# Otherwise, the SDK logs the headers of every request and response.
logging.getLogger("azure.core.pipeline.policies.http_logging_policy").setLevel(logging.WARNING)

# The status in a line such as `127.0.0.1 - - [01/May/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 45`.
STATUS = re.compile(rb'" ([1-5]\d\d)\b')
MAX_LINE_LENGTH = 64 * 1024


@bp.blob_trigger(
    arg_name="blob",
    path="blob-sdk-stream-example/{name}",
    connection="StorageConnection",
)
def blob_sdk_stream_example(blob: StorageStreamDownloader) -> None:
    """Count the responses in one access log by status.

    The SDK fetches the first 32 MiB before the call and chunks of 4 MiB during it. The function
    keeps none of them, so a blob's size is limited not by memory but by the time a function can
    run (`functionTimeout` in host.json). If the function raises an exception, the host retries
    from the start. After `poisonBlobThreshold` attempts (host.json), it adds the blob's name to
    the queue `webjobs-blobtrigger-poison`.
    """
    logger.info("Reading %s, %s bytes", blob.name, blob.size)
    answers = count_answers(split_lines(blob.chunks()))
    if not answers:
        raise ValueError(f"{blob.name} is not an access log")
    process(blob.name, answers)


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


def count_answers(lines: Iterable[bytes]) -> "Counter[str]":
    """Return the number of lines per status; lines without a status do not count."""
    found = map(STATUS.search, lines)
    return Counter(status[1].decode() for status in found if status)


def process(name: str, answers: "Counter[str]") -> None:
    """Replace with your own processing. Keep it idempotent: a log can arrive more than once."""
    for status, count in sorted(answers.items()):
        logger.info("%s: %s answers with status %s", name, count, status)
