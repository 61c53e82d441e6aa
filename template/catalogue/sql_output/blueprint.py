"""Store products in Azure SQL.

The table is in database/sql.sql.
"""

import json
import logging
from typing import Any, Dict, List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

MAX_PRODUCTS = 1000


@bp.route(route="sql-output-example", methods=["POST"])
@bp.sql_output(
    arg_name="rows",
    command_text="dbo.SqlOutputExample",
    connection_string_setting="SqlConnection",
)
def sql_output_example(
    req: func.HttpRequest,
    rows: func.Out[func.SqlRowList],
) -> func.HttpResponse:
    """Store the products in the body, replacing rows with the same primary key.

    The host writes the rows after the function returns. If that fails, the caller gets status 500
    instead of this response.
    """
    try:
        products = read_products(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    rows.set(func.SqlRowList([func.SqlRow(product) for product in products]))
    logger.info("Stored %s products", len(products))
    return json_response({"stored": len(products)}, status_code=201)


def read_products(req: func.HttpRequest) -> List[Dict[str, Any]]:
    """Return the rows for the products in the body; raise ValueError if one is invalid."""
    try:
        content = req.get_json()
    except (RecursionError, ValueError):
        raise ValueError("The body is not valid JSON.") from None
    if not isinstance(content, list) or not content:
        raise ValueError('Send a list of products: [{"id": 7, "name": "tea", "price": 2.5}].')
    if len(content) > MAX_PRODUCTS:
        raise ValueError(f"Send at most {MAX_PRODUCTS} products.")
    return [read_product(product, place) for place, product in enumerate(content, start=1)]


def read_product(product: Any, place: int) -> Dict[str, Any]:
    """Return the row for a product; raise ValueError, with its position, if it is invalid."""
    try:
        number, name = product["id"], product["name"]
        # The column has two decimal places.
        price = round(float(product["price"]), 2)
    except (KeyError, OverflowError, TypeError, ValueError):
        raise ValueError(f"Product {place} needs an id, a name and a price.") from None
    if type(number) is not int or not isinstance(name, str) or not name.isprintable():
        raise ValueError(f"Product {place} needs a whole number as its id, and a printable name.")
    # The column counts a character outside the Basic Multilingual Plane, such as an emoji, twice.
    length = len(name.encode("utf-16-le")) // 2
    if not 1 <= number < 2**31 or not 1 <= length <= 100:
        raise ValueError(f"Product {place} has an id or a name that is out of range.")
    if isinstance(product["price"], bool) or not 0 <= price < 10_000_000:
        raise ValueError(f"Product {place} has an invalid price.")
    return {"Id": number, "Name": name, "Price": price}


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
