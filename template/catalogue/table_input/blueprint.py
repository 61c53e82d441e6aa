"""Return rows from an Azure Storage table."""

import json
import logging
from typing import Any, Dict, List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

STATUSES = ("open", "shipped", "returned")


@bp.route(route="table-input-example/{customer}/{status}", methods=["GET"])
@bp.table_input(
    arg_name="rows",
    table_name="TableInputExample",
    partition_key="{customer}",
    filter="status eq '{status}'",
    take=100,
    connection="StorageConnection",
)
def table_input_example(
    req: func.HttpRequest,
    rows: str,
) -> func.HttpResponse:
    """Return the orders of a customer that have a status; both are in the route.

    The table has one partition per customer and one row per order. The host filters the rows of
    the partition, then passes at most `take` of them as JSON. A `row_key` would not narrow this.
    Until the table exists, the caller gets status 500, and the function is not called.
    """
    try:
        orders = read_orders(json.loads(rows), req.route_params["status"])
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    logger.info("%s orders of %s", len(orders), req.route_params["customer"])
    return json_response({"orders": orders})


def read_orders(rows: List[Dict[str, Any]], status: str) -> List[Dict[str, Any]]:
    """Return orders without table keys; raise ValueError if the status is unknown."""
    if status not in STATUSES:
        raise ValueError(f"There is no such status; choose one of {', '.join(STATUSES)}.")
    return [{"id": row["RowKey"], "status": row["status"]} for row in rows]


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
