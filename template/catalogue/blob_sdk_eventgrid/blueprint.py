"""Add checksums to files when Event Grid reports their upload to Azure Blob Storage."""

import hashlib
import logging

import azure.functions as func
from azure.core import MatchConditions
from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azurefunctions.extensions.bindings.blob import BlobClient

bp = func.Blueprint()
logger = logging.getLogger(__name__)
# Otherwise, the SDK logs the headers of every request and response.
logging.getLogger("azure.core.pipeline.policies.http_logging_policy").setLevel(logging.WARNING)


@bp.blob_trigger(
    arg_name="blob",
    path="blob-sdk-eventgrid-example/{name}",
    connection="StorageConnection",
    source=func.BlobSource.EVENT_GRID,
)
def blob_sdk_eventgrid_example(blob: BlobClient) -> None:
    """Add the SHA-256 checksum of one file to its metadata.

    The host passes no content: the client fetches the first 32 MiB and then chunks of 4 MiB, so a
    file's size is limited not by memory but by the time a function can run (`functionTimeout` in
    host.json). Nothing polls the container: once there is an Event Grid subscription, it reports
    each upload within seconds. If the function raises an exception, the host retries, with up to
    `poisonBlobThreshold` attempts (host.json) in all. Then it adds the file's name to the queue
    `webjobs-blobtrigger-poison`.
    """
    try:
        checksum = add_checksum(blob)
    except (ResourceModifiedError, ResourceNotFoundError):
        # A file that replaced it has an event of its own.
        logger.warning("%s was replaced or deleted before it had a checksum", blob.blob_name)
        return
    process(blob.blob_name, checksum)


def add_checksum(blob: BlobClient) -> str:
    """Add a blob's checksum to its metadata and return it.

    Raises ResourceModifiedError if the blob changes meanwhile, and ResourceNotFoundError if it is
    deleted.
    """
    properties = blob.get_blob_properties()
    unchanged = {"etag": properties.etag, "match_condition": MatchConditions.IfNotModified}
    digest = hashlib.sha256()
    for chunk in blob.download_blob(**unchanged).chunks():
        digest.update(chunk)
    checksum = digest.hexdigest()
    if properties.metadata.get("sha256") != checksum:
        # The new metadata replaces all of the old. This does not count as an upload.
        blob.set_blob_metadata({**properties.metadata, "sha256": checksum}, **unchanged)
    return checksum


def process(name: str, checksum: str) -> None:
    """Replace with your own processing. Keep it idempotent: a file can arrive more than once."""
    logger.info("%s has the checksum %s", name, checksum)
