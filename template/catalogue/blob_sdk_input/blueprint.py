"""List the files in an Azure Blob Storage container, with an SDK client."""

import json
import logging
import re
from itertools import islice
from typing import Any, Dict, List

import azure.functions as func
from azurefunctions.extensions.bindings.blob import ContainerClient

bp = func.Blueprint()
logger = logging.getLogger(__name__)
# Otherwise, the SDK logs the headers of every request and response.
logging.getLogger("azure.core.pipeline.policies.http_logging_policy").setLevel(logging.WARNING)

MAX_FILES = 100


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
    """Return the files whose names start with `?prefix=`, sorted by name.

    Returns at most `?limit=` files; `more` says whether there are others. The host does not read
    the container: the client reads only what the function asks for.
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
    """Return the requested number of files; raise ValueError if it is invalid."""
    text = req.params.get("limit", str(MAX_FILES))
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= MAX_FILES:
        raise ValueError(f"The limit must be a number from 1 to {MAX_FILES}.")
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
