"""Search products in Azure Cosmos DB, with an SDK client."""

import json
import logging
import math
from dataclasses import dataclass
from typing import Any, Dict, List

import azure.functions as func
from azurefunctions.extensions.bindings.cosmosdb import ContainerProxy

bp = func.Blueprint()
logger = logging.getLogger(__name__)
# Otherwise, the SDK logs the headers of every request and response.
logging.getLogger("azure.cosmos").setLevel(logging.WARNING)

QUERY = """
    SELECT TOP 100 c.id, c.name, c.price FROM c
    WHERE c.category = @category AND c.price <= @max_price
    ORDER BY c.price
"""


@dataclass(frozen=True)
class Search:
    """The search parameters: `?category=tea&max_price=5`."""

    category: str
    max_price: float


@bp.route(route="cosmosdb-sdk-input-example", methods=["GET"])
@bp.cosmos_db_input(
    arg_name="container",
    connection="CosmosDBConnection",
    database_name="%COSMOSDB_DATABASE%",
    container_name="cosmosdb-sdk-input-example",
)
def cosmosdb_sdk_input_example(
    req: func.HttpRequest,
    container: ContainerProxy,
) -> func.HttpResponse:
    """Return the products of a category up to a price, cheapest first, at most 100.

    The host does not read the container: the function runs the query, which reads one partition.
    The container must be partitioned by `/category`. The binding creates a client per call, which
    is slow. If there are many calls, use the kind `cosmosdb_client`: its functions share one.
    """
    try:
        search = read_search(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    products = find_products(container, search)
    logger.info("Found %s products of category %s", len(products), search.category)
    return json_response({"products": products})


def read_search(req: func.HttpRequest) -> Search:
    """Return the search parameters; raise ValueError if they are missing or invalid."""
    category = req.params.get("category", "").strip()
    if not category:
        raise ValueError('Pass a category and a price: "?category=tea&max_price=5".')
    try:
        max_price = float(req.params.get("max_price", ""))
    except ValueError:
        max_price = math.nan
    if not math.isfinite(max_price) or max_price < 0:
        raise ValueError("max_price must be a number of at least 0.")
    return Search(category, max_price)


def find_products(container: ContainerProxy, search: Search) -> List[Dict[str, Any]]:
    """Return the products. Pass input from callers as parameters, never as part of the query."""
    return list(
        container.query_items(
            QUERY,
            parameters=[
                {"name": "@category", "value": search.category},
                {"name": "@max_price", "value": search.max_price},
            ],
            partition_key=search.category,
        )
    )


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
