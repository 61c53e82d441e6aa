"""Store reviews in an Azure Storage table."""

import json
import logging
import re
from typing import Any, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# Table keys must not contain / \ # ? or control characters.
KEY = re.compile(r"[\w.-]{1,100}")


@bp.route(route="table-output-example", methods=["POST"])
@bp.table_output(
    arg_name="row",
    table_name="TableOutputExample",
    connection="StorageConnection",
)
def table_output_example(
    req: func.HttpRequest,
    row: func.Out[str],
) -> func.HttpResponse:
    """Store the review in the body: one partition per product, one row per review.

    The host inserts the row after the function returns. If that fails, for example because the row
    already exists, the caller gets status 500 instead of this response. To replace a row, add
    `"etag": "*"` to it.
    """
    try:
        review = read_review(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    row.set(json.dumps(review))
    logger.info("Stored a review of %s", review["PartitionKey"])
    return json_response({"id": review["RowKey"]}, status_code=201)


def read_review(req: func.HttpRequest) -> Dict[str, Any]:
    """Return the row for the review in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        product, id, stars = content["product"], content["id"], content["stars"]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send {"product": "tea", "id": "r1", "stars": 4}.') from None
    for key in (product, id):
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise ValueError("Use 1 to 100 letters, digits, and . _ - in product and id.")
    if type(stars) is not int or not 1 <= stars <= 5:
        raise ValueError("Give 1 to 5 stars.")
    return {"PartitionKey": product, "RowKey": id, "stars": stars}


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
