"""List the files in a container of Azure Blob Storage, with a client of the SDK."""

import json
import logging
from itertools import islice
from typing import Any, Dict, List

import azure.functions as func
from azurefunctions.extensions.bindings.blob import ContainerClient

bp = func.Blueprint()
logger = logging.getLogger(__name__)

MOST_FILES = 100


@bp.route(route="blob-sdk-input-example", methods=["GET"])
@bp.blob_input(
    arg_name="container",
    path="blob-sdk-input-example",
    connection="StorageConnection",
)
def blob_sdk_input_example(
    req: func.HttpRequest,
    container: ContainerClient,
) -> func.HttpResponse:
    """Return the first files whose names begin with `?prefix=`, in the order of their names.

    There are `?limit=` of them at most; `more` says whether there are others. The host does not
    look into the container: only what the client asks for is read.
    """
    try:
        limit = read_limit(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    if not container.exists():
        logger.error("There is no container %s", container.container_name)
        return json_response({"error": "There are no files."}, status_code=404)
    files = list_files(container, req.params.get("prefix", ""), limit + 1)
    return json_response({"files": files[:limit], "more": len(files) > limit})


def read_limit(req: func.HttpRequest) -> int:
    """Return how many files are asked for; raise ValueError for what is no such number."""
    text = req.params.get("limit", str(MOST_FILES))
    if not text.isdecimal() or not 1 <= int(text) <= MOST_FILES:
        raise ValueError(f"The limit is a number from 1 to {MOST_FILES}.")
    return int(text)


def list_files(container: ContainerClient, prefix: str, limit: int) -> List[Dict[str, Any]]:
    """Return the name, size and content type of the first files with the prefix."""
    blobs = container.list_blobs(name_starts_with=prefix, results_per_page=limit)
    return [
        {"name": blob.name, "size": blob.size, "type": blob.content_settings.content_type}
        for blob in islice(blobs, limit)
    ]


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
