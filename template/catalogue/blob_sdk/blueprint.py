"""Detect the type of documents uploaded to Azure Blob Storage, with an SDK client."""

import logging
from typing import Optional

import azure.functions as func
from azurefunctions.extensions.bindings.blob import BlobClient

bp = func.Blueprint()
logger = logging.getLogger(__name__)
# Otherwise, the SDK logs the headers of every request and response.
logging.getLogger("azure.core.pipeline.policies.http_logging_policy").setLevel(logging.WARNING)

# The first bytes of files of each content type.
SIGNATURES = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}


@bp.blob_trigger(
    arg_name="blob",
    path="blob-sdk-example/{name}",
    connection="StorageConnection",
)
def blob_sdk_example(blob: BlobClient) -> None:
    """Set one document's content type according to its first bytes.

    The host passes no content: the client reads what the function asks for, so a document can be
    of any size. If the function raises an exception, the host retries. After `poisonBlobThreshold`
    attempts (host.json), it adds the blob's name to the queue `webjobs-blobtrigger-poison`.
    """
    properties = blob.get_blob_properties()
    content_type = recognise(read_start(blob) if properties.size else b"")
    if content_type is None:
        raise ValueError(f"{blob.blob_name} is neither a PDF document nor a picture")
    settings = properties.content_settings
    if settings.content_type != content_type:
        # The change makes the host call the function again, which then finds nothing to change.
        settings.content_type = content_type
        blob.set_http_headers(settings)
    process(blob.blob_name, content_type)


def read_start(blob: BlobClient) -> bytes:
    """Return enough of a blob's first bytes to detect its type."""
    longest = max(map(len, SIGNATURES.values()))
    start: bytes = blob.download_blob(offset=0, length=longest).readall()
    return start


def recognise(start: bytes) -> Optional[str]:
    """Return the content type of a file with these first bytes, or None if it is not supported."""
    for content_type, signature in SIGNATURES.items():
        if start.startswith(signature):
            return content_type
    return None


def process(name: str, content_type: str) -> None:
    """Replace with your own processing. Keep it idempotent: a document can arrive twice."""
    logger.info("%s is of type %s", name, content_type)
