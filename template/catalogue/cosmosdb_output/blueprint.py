"""Store customers in Azure Cosmos DB."""

import json
import logging
from typing import Any, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@bp.route(route="cosmosdb-output-example/{id}", methods=["PUT"])
@bp.cosmos_db_output(
    arg_name="document",
    connection="CosmosDBConnection",
    database_name="%COSMOSDB_DATABASE%",
    container_name="cosmosdb-output-example",
)
def cosmosdb_output_example(
    req: func.HttpRequest,
    document: func.Out[func.Document],
) -> func.HttpResponse:
    """Store the customer in the body under the id in the route, replacing any existing one.

    The host upserts the document after the function returns. If that fails, for example because
    the database or container is missing, the caller gets status 500 instead of this response.
    """
    try:
        customer = read_customer(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    document.set(func.Document.from_dict(customer))
    logger.info("Stored customer %s", customer["id"])
    return json_response(customer)


def read_customer(req: func.HttpRequest) -> Dict[str, Any]:
    """Return the document for a customer; raise ValueError if the body is invalid."""
    try:
        content = req.get_json()
    except ValueError:
        raise ValueError("The body is not valid JSON.") from None
    email = content.get("email") if isinstance(content, dict) else None
    if not isinstance(email, str) or email.count("@") != 1:
        raise ValueError('Send a customer such as {"email": "ada@example.com"}.')
    return {"id": req.route_params["id"], "email": email.lower()}


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
