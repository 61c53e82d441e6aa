"""Upload and download files over HTTP, in chunks, so that the app never holds a whole file in memory."""

import logging
import os
import re
from hashlib import sha256
from typing import AsyncIterator, Dict, Union

import azure.functions as func
from azurefunctions.extensions.http.fastapi import (
    JSONResponse,
    Request,
    Response,
    StreamingResponse,
)

bp = func.Blueprint()
logger = logging.getLogger(__name__)
# The server that takes requests from the host would log each with its query, which can contain a
# key. It sets the level of this logger itself, so a filter is needed.
logging.getLogger("uvicorn.access").addFilter(lambda record: False)

# The host itself answers a larger body with status 500 and no text.
# FUNCTIONS_REQUEST_BODY_SIZE_LIMIT changes the limit.
HOST_LIMIT = 100 * 1024**2
MAX_ROWS = 10_000_000
ROWS_PER_CHUNK = 1000


@bp.route(route="http-stream-example", methods=["POST"])
async def http_stream_example(req: Request) -> JSONResponse:
    """Return the size and the SHA-256 of the file in the body.

    Each chunk is used and discarded. In your app, pass the chunks on, for example to blocks of a
    blob. The host takes in the whole body, into its memory, before it calls the function: upload
    larger files to a blob directly, with a URL that has a SAS token.
    """
    largest = largest_file()
    try:
        digest = await hash_body(req.stream(), largest)
    except OverflowError as error:
        return JSONResponse({"error": str(error)}, status_code=413)
    except ValueError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    logger.info("Received %s bytes", digest["bytes"])
    return JSONResponse(digest)


@bp.route(route="http-stream-example", methods=["GET"])
async def http_stream_example_download(req: Request) -> Response:
    """Return a CSV table with `?rows=` rows.

    The rows are sent as they are generated, after the status. So validate the request first.
    Neither the host nor the app ever has all of them in memory, so a table can be long.
    """
    try:
        rows = read_rows(req.query_params.get("rows", "1000"))
    except ValueError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    return StreamingResponse(table(rows), media_type="text/csv")


def largest_file() -> int:
    """Return how many bytes a file can have; it follows the app setting, which is in bytes.

    That is less than the host takes, so that callers get an answer with a reason. A body above the
    host's limit still gets its 500.
    """
    limit = int(os.environ.get("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", HOST_LIMIT))
    return limit * 95 // 100


async def hash_body(chunks: AsyncIterator[bytes], largest: int) -> Dict[str, Union[int, str]]:
    """Return the size and hash of a body; ValueError if empty, OverflowError if too large."""
    size, digest = 0, sha256()
    async for chunk in chunks:
        size += len(chunk)
        if size > largest:
            raise OverflowError(f"A file can have at most {largest} bytes.")
        digest.update(chunk)
    if size == 0:
        raise ValueError("The body is empty.")
    return {"bytes": size, "sha256": digest.hexdigest()}


def read_rows(text: str) -> int:
    """Return the requested number of rows; raise ValueError if it is invalid."""
    if not re.fullmatch("[0-9]{1,8}", text) or not 1 <= int(text) <= MAX_ROWS:
        raise ValueError(f"rows must be a number from 1 to {MAX_ROWS}.")
    return int(text)


async def table(rows: int) -> AsyncIterator[str]:
    """Yield a CSV table of numbers and their squares, a chunk of rows at a time."""
    yield "number,square\n"
    for start in range(1, rows + 1, ROWS_PER_CHUNK):
        numbers = range(start, min(start + ROWS_PER_CHUNK, rows + 1))
        yield "".join(f"{number},{number * number}\n" for number in numbers)
