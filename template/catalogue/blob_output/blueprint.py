"""Store documents in Azure Blob Storage."""

import json
import logging
import re
from typing import Any, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

LARGEST_DOCUMENT = 1_000_000
# An id becomes the name of a blob, where a / would add a folder.
ID = re.compile(r"[\w.-]{1,100}")


@bp.route(route="blob-output-example/{id}", methods=["PUT"])
@bp.blob_output(
    arg_name="blob",
    path="blob-output-example/{id}.json",
    connection="StorageConnection",
)
def blob_output_example(
    req: func.HttpRequest,
    blob: func.Out[str],
) -> func.HttpResponse:
    """Store the JSON object in the body, replacing any document with the same id.

    The host writes the blob after the function returns, and only if it was set. If that fails, the
    caller gets status 500 instead of this response.
    """
    try:
        document = read_document(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    blob.set(json.dumps(document))
    logger.info("Stored document %s", document["id"])
    return json_response({"id": document["id"]}, status_code=201)


def read_document(req: func.HttpRequest) -> Dict[str, Any]:
    """Return the document to store, with its id; raise ValueError if one of them is invalid."""
    id = req.route_params["id"]
    if not ID.fullmatch(id):
        raise ValueError("Use 1 to 100 letters, digits, and . _ - in the id.")
    if len(req.get_body()) > LARGEST_DOCUMENT:
        raise ValueError(f"The document is larger than {LARGEST_DOCUMENT} bytes.")
    try:
        content = req.get_json()
    except (RecursionError, ValueError):
        raise ValueError("The body is not valid JSON.") from None
    if not isinstance(content, dict) or not content:
        raise ValueError("The body must be a JSON object that is not empty.")
    try:
        # Python reads and writes NaN and Infinity, which are not JSON.
        json.dumps(content, allow_nan=False)
    except ValueError:
        raise ValueError("The body has a number that is not valid JSON.") from None
    return {**content, "id": id}


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
