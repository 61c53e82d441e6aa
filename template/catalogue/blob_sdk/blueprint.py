"""Recognise documents that are uploaded to Azure Blob Storage, with a client of the SDK."""

import logging
from typing import Optional

import azure.functions as func
from azurefunctions.extensions.bindings.blob import BlobClient

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# How files of a content type begin.
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
    """Give one document the content type that it has by its first bytes.

    The host passes no content: the client reads what the function asks for, so a document may be
    of any size. An exception makes the host try again. After `poisonBlobThreshold` attempts
    (host.json) it puts the blob's name into the queue `webjobs-blobtrigger-poison`.
    """
    properties = blob.get_blob_properties()
    content_type = recognise(read_start(blob) if properties.size else b"")
    if content_type is None:
        raise ValueError(f"{blob.blob_name} is neither a PDF document nor a picture")
    settings = properties.content_settings
    if settings.content_type != content_type:
        # A change makes the host call the function once more; then there is nothing to change.
        settings.content_type = content_type
        blob.set_http_headers(settings)
    process(blob.blob_name, content_type)


def read_start(blob: BlobClient) -> bytes:
    """Return as many of the first bytes of a blob as it takes to recognise it."""
    longest = max(map(len, SIGNATURES.values()))
    start: bytes = blob.download_blob(offset=0, length=longest).readall()
    return start


def recognise(start: bytes) -> Optional[str]:
    """Return the content type of a file that begins so, or None if it is none that we take."""
    for content_type, signature in SIGNATURES.items():
        if start.startswith(signature):
            return content_type
    return None


def process(name: str, content_type: str) -> None:
    """Do what your app does with a document. It may come twice: make a second time harmless."""
    logger.info("%s is of type %s", name, content_type)
