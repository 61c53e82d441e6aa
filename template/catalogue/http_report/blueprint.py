"""Create a report over HTTP, with threads, a temporary file and an app setting."""

import csv
import json
import logging
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Iterable, List, Tuple

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

MAX_ORDERS = 1000


@bp.route(route="http-report-example", methods=["POST"])
def http_report_example(
    req: func.HttpRequest,
    context: func.Context,
) -> func.HttpResponse:
    """Return a CSV table with the status of each order, whose numbers are in the body.

    `context` describes this invocation: its id, as in Application Insights, its function and the
    number of attempts.
    """
    try:
        orders = read_orders(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    logger.info("Invocation %s of %s", context.invocation_id, context.function_name)

    def work(order: int) -> Tuple[int, str]:
        # For Python 3.12 and earlier: gives the log messages of this thread to the invocation.
        storage: Any = context.thread_local_storage
        storage.invocation_id = context.invocation_id
        return order, read_status(order)

    # Threads help with what waits, as for a network. Only one of them computes at a time.
    with ThreadPoolExecutor(max_workers=read_threads()) as threads:
        # For Python 3.13 and later, copy_context() does what `storage` does.
        started = [threads.submit(copy_context().run, work, order) for order in orders]
        rows = [future.result() for future in started]
    return func.HttpResponse(write_report(rows), mimetype="text/csv")


def read_orders(req: func.HttpRequest) -> List[int]:
    """Return the numbers in the body; raise ValueError if they are missing or invalid."""
    try:
        content = req.get_json()
    except (RecursionError, ValueError):
        raise ValueError("The body is not valid JSON.") from None
    if not isinstance(content, list) or not 1 <= len(content) <= MAX_ORDERS:
        raise ValueError(f"Send a list with the numbers of 1 to {MAX_ORDERS} orders.")
    if not all(type(number) is int and 0 < number <= 10**9 for number in content):
        raise ValueError("The numbers must be whole numbers from 1 to 1000000000.")
    return content


def read_threads() -> int:
    """Return the number of threads from its app setting; app settings are always text."""
    return int(os.environ.get("HTTP_REPORT_EXAMPLE_THREADS", "4"))


def read_status(order: int) -> str:
    """Return the status of an order. Replace it with a request to your own service.

    It runs in a thread, so it can wait; several orders wait together.
    """
    time.sleep(0.01)
    logger.debug("Read order %s", order)
    return "open" if order % 2 else "sent"


def write_report(rows: Iterable[Tuple[int, str]]) -> bytes:
    """Return a CSV table, written to a temporary file.

    Temporary files are on the disk of one instance, and can disappear with it. Delete them after
    use, as here at the end of the block.
    """
    with tempfile.NamedTemporaryFile("w+", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("order", "status"), *rows])
        file.seek(0)
        return file.read().encode()


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
