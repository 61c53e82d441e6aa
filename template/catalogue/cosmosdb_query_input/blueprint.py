"""List documents from Azure Cosmos DB that a query finds."""

import json
import logging
from typing import Any, Dict, List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

STATUSES = {"open", "paid"}
LIMIT = 100


@bp.route(route="cosmosdb-query-input-example/{customer}/{status}", methods=["GET"])
@bp.cosmos_db_input(
    arg_name="documents",
    connection="CosmosDBConnection",
    database_name="%COSMOSDB_DATABASE%",
    container_name="cosmosdb-query-input-example",
    # One more than LIMIT tells whether there are more.
    sql_query=(
        "SELECT TOP 101 c.id, c.cents FROM c"
        " WHERE c.customer = {customer} AND c.status = {status} ORDER BY c.id"
    ),
    partition_key="{customer}",
)
def cosmosdb_query_input_example(
    req: func.HttpRequest,
    documents: func.DocumentList,
) -> func.HttpResponse:
    """Return the invoices of the customer and status in the route, at most 100.

    The host runs the query before it calls the function, and passes values from the route as
    parameters: they never become part of the query. It keeps all results in memory and gives no
    continuation token, so the query has a limit. The partition key makes it read one partition; the
    container must be partitioned by `/customer`.
    """
    customer, status = req.route_params["customer"], req.route_params["status"]
    if status not in STATUSES:
        error = f"The status must be one of {', '.join(sorted(STATUSES))}."
        return json_response({"error": error}, status_code=400)
    try:
        invoices = read_invoices(documents)
    except (KeyError, TypeError, ValueError):
        logger.exception("Invoices of customer %s cannot be read", customer)
        return json_response({"error": "An invoice is damaged."}, status_code=500)
    logger.info("Found %s invoices of customer %s", len(invoices), customer)
    return json_response({"invoices": invoices[:LIMIT], "more": len(invoices) > LIMIT})


def read_invoices(documents: func.DocumentList) -> List[Dict[str, Any]]:
    """Return the invoices in documents; raise an exception if one is invalid."""
    return [{"id": found["id"], "cents": int(found["cents"])} for found in documents or []]


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
