"""Return documents from Azure Blob Storage."""

import json
import logging

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@bp.route(route="blob-input-example/{id}", methods=["GET"])
@bp.blob_input(
    arg_name="document",
    path="blob-input-example/{id}.json",
    connection="StorageConnection",
)
def blob_input_example(
    req: func.HttpRequest,
    document: func.InputStream,
) -> func.HttpResponse:
    """Return the document named in the route.

    The host reads the blob before it calls the function, and passes None if it does not exist. The
    whole blob is in memory: for large blobs, bind an SDK client instead.
    """
    name = req.route_params["id"]
    if document is None:
        return json_response({"error": f"There is no document {name}."}, status_code=404)
    try:
        content = read_document(document)
    except (RecursionError, ValueError) as error:
        logger.error("Document %s cannot be read: %s", name, error)
        return json_response({"error": f"Document {name} is damaged."}, status_code=500)
    return json_response(content)


def read_document(document: func.InputStream) -> object:
    """Return the JSON in the blob; raise ValueError or RecursionError if it is not."""
    content: object = json.loads(document.read())
    # Python reads and writes NaN and Infinity, which are not JSON.
    json.dumps(content, allow_nan=False)
    return content


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
