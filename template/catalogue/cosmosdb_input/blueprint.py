"""Return documents from Azure Cosmos DB."""

import json
import logging
from typing import Any, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@bp.route(route="cosmosdb-input-example/{id}", methods=["GET"])
@bp.cosmos_db_input(
    arg_name="documents",
    connection="CosmosDBConnection",
    database_name="%COSMOSDB_DATABASE%",
    container_name="cosmosdb-input-example",
    id="{id}",
    partition_key="{id}",
)
def cosmosdb_input_example(
    req: func.HttpRequest,
    documents: func.DocumentList,
) -> func.HttpResponse:
    """Return the document named in the route.

    The host reads it by id and partition key, the cheapest kind of read; here the container is
    partitioned by `/id`. It passes a list with one document, or nothing, also if there is no such
    container.
    """
    document = documents[0] if documents else None
    if document is None:
        name = req.route_params["id"]
        return json_response({"error": f"There is no document {name}."}, status_code=404)
    return json_response(without_system_names(document))


def without_system_names(document: func.Document) -> Dict[str, Any]:
    """Return a document without the properties of the database, such as _rid, _etag and _ts."""
    return {name: value for name, value in dict(document).items() if not name.startswith("_")}


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
