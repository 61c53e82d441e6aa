"""Summarise large access logs in Azure Blob Storage, piece by piece."""

import logging
import re
from collections import Counter
from typing import Iterable, Iterator

import azure.functions as func
from azurefunctions.extensions.bindings.blob import StorageStreamDownloader

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# The status in a line such as `127.0.0.1 - - [01/May/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 45`.
STATUS = re.compile(rb'" ([1-5]\d\d)\b')
LONGEST_LINE = 64 * 1024


@bp.blob_trigger(
    arg_name="blob",
    path="blob-sdk-stream-example/{name}",
    connection="StorageConnection",
)
def blob_sdk_stream_example(blob: StorageStreamDownloader) -> None:
    """Count the answers in one access log by their status.

    The SDK fetches the first 32 MiB before the function is called and pieces of 4 MiB while it
    runs, and the function keeps none, so memory does not limit the size of a blob; the function's
    time does (`functionTimeout` in host.json). An exception makes the host try again from the
    start. After `poisonBlobThreshold` attempts (host.json) it puts the blob's name into the queue
    `webjobs-blobtrigger-poison`.
    """
    logger.info("Reading %s, %s bytes", blob.name, blob.size)
    answers = count_answers(split_lines(blob.chunks()))
    if not answers:
        raise ValueError(f"{blob.name} is no access log")
    process(blob.name, answers)


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines in pieces of a file; raise ValueError for one that is far too long."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
        if len(rest) > LONGEST_LINE:
            raise ValueError(f"There is a line of more than {LONGEST_LINE} bytes")
    if rest:
        yield rest


def count_answers(lines: Iterable[bytes]) -> "Counter[str]":
    """Return how many lines there are of each status; lines without one do not count."""
    found = map(STATUS.search, lines)
    return Counter(status[1].decode() for status in found if status)


def process(name: str, answers: "Counter[str]") -> None:
    """Do what your app does with a log. It may come twice, so make a second time harmless."""
    for status, count in sorted(answers.items()):
        logger.info("%s: %s answers with status %s", name, count, status)
