"""Process the events of an Azure Event Grid subscription."""

import logging
from dataclasses import dataclass
from typing import Tuple

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

UPLOADED = "Microsoft.Storage.BlobCreated"


@dataclass(frozen=True)
class Upload:
    """A blob that was created or replaced; the size is in bytes."""

    url: str
    size: int


@bp.event_grid_trigger(arg_name="event")
def eventgrid_example(event: func.EventGridEvent) -> None:
    """Process an upload to a storage account, in the Event Grid schema or as a CloudEvent.

    An upload event that cannot be read is logged as an error and dropped, because Event Grid would
    send the same event again. If `process` raises an exception, Event Grid retries the event for up
    to a day, then stores it in the subscription's dead-letter container, or drops it if there is
    none. Events of other types are skipped. Better still, filter them out in the subscription.
    """
    schema, event_type = schema_and_type(event)
    if event_type != UPLOADED:
        logger.info("Skipped event %s of type %s (%s)", event.id, event_type, schema)
        return
    try:
        upload = read_upload(event)
    except ValueError as error:
        logger.error("Dropped event %s (%s): %s", event.id, schema, error)
        return
    process(upload)


def schema_and_type(event: object) -> Tuple[str, str]:
    """Return the schema and the type of an event.

    The subscription chooses the schema. Whatever the annotation says, a CloudEvent arrives as
    `func.CloudEvent`, which has a `type` instead of an `event_type`.
    """
    if isinstance(event, func.CloudEvent):
        return "CloudEvents schema", str(event.type)
    if isinstance(event, func.EventGridEvent):
        return "Event Grid schema", str(event.event_type)
    raise TypeError(f"{type(event).__name__} is not an Event Grid event")


def read_upload(event: func.EventGridEvent) -> Upload:
    """Return the upload that the event reports; raise ValueError if it reports none."""
    data = event.get_json()
    content = data if isinstance(data, dict) else {}
    url, size = content.get("url"), content.get("contentLength")
    if not isinstance(url, str) or not url:
        raise ValueError("its data has no url")
    if type(size) is not int or size < 0:
        raise ValueError("its data has no contentLength in bytes")
    return Upload(url=url, size=size)


def process(upload: Upload) -> None:
    """Do what your app does with an upload. It may come twice, so make a second time harmless."""
    logger.info("Uploaded: %s, %s bytes", upload.url, upload.size)
