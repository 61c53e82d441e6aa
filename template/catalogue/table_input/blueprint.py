"""Return rows from an Azure Storage table."""

import json
import logging
from typing import Any, Dict, List, Optional

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

STATUSES = ("open", "shipped", "returned")


@bp.route(route="table-input-example/{customer}", methods=["GET"])
@bp.table_input(
    arg_name="rows",
    table_name="TableInputExample",
    partition_key="{customer}",
    take=100,
    connection="StorageConnection",
)
def table_input_example(
    req: func.HttpRequest,
    rows: str,
) -> func.HttpResponse:
    """Return the orders of the customer in the route, filtered by `?status=` if given.

    The table has one partition per customer and one row per order. The host reads at most `take`
    rows of the partition, and passes them as JSON. Adding a `row_key` would not narrow this.
    Until the table exists, the caller gets status 500, and the function is not called.
    """
    try:
        orders = select_orders(json.loads(rows), req.params.get("status"))
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    logger.info("%s orders of %s", len(orders), req.route_params["customer"])
    return json_response({"orders": orders})


def select_orders(rows: List[Dict[str, Any]], status: Optional[str]) -> List[Dict[str, Any]]:
    """Return orders without table keys; raise ValueError if the status is unknown."""
    if status is not None and status not in STATUSES:
        raise ValueError(f"There is no status {status}; choose one of {', '.join(STATUSES)}.")
    return [
        {"id": row["RowKey"], "status": row["status"]}
        for row in rows
        if status in (None, row["status"])
    ]


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
