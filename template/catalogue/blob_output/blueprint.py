"""Store documents in Azure Blob Storage."""

import json
import logging
from typing import Any, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

LARGEST_DOCUMENT = 1_000_000


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
    name = req.route_params["id"]
    blob.set(json.dumps({**document, "id": name}))
    logger.info("Stored document %s", name)
    return json_response({"id": name}, status_code=201)


def read_document(req: func.HttpRequest) -> Dict[str, Any]:
    """Return the document in the body; raise ValueError if it cannot be stored."""
    if len(req.get_body()) > LARGEST_DOCUMENT:
        raise ValueError(f"The document is larger than {LARGEST_DOCUMENT} bytes.")
    try:
        content = req.get_json()
    except ValueError:
        raise ValueError("The body is not valid JSON.") from None
    if not isinstance(content, dict) or not content:
        raise ValueError("The body must be a JSON object that is not empty.")
    return content


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
