"""Store customers in Azure Cosmos DB."""

import json
import logging
import re
from typing import Any, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# Ids must not contain / \ # ? and have at most 1,023 bytes.
ID = re.compile(r"[\w.@-]{1,100}")
LONGEST_EMAIL = 254


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
    """Return the document for a customer; raise ValueError if the id or body is invalid."""
    id = req.route_params["id"]
    if not ID.fullmatch(id):
        raise ValueError("Use 1 to 100 letters, digits, and . _ - @ in the id.")
    try:
        content = req.get_json()
    except (RecursionError, ValueError):
        raise ValueError("The body is not valid JSON.") from None
    email = content.get("email") if isinstance(content, dict) else None
    if not isinstance(email, str) or email.count("@") != 1:
        raise ValueError('Send a customer such as {"email": "ada@example.com"}.')
    if len(email) > LONGEST_EMAIL or not email.isprintable():
        raise ValueError(f"The email must have at most {LONGEST_EMAIL} printable characters.")
    return {"id": id, "email": email.lower()}


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
