"""Process the events of an Azure Event Grid subscription."""

import logging
from dataclasses import dataclass

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

    If the function raises an exception, Event Grid retries the event for up to a day. So events of
    other types are only logged. Better still, filter them out in the subscription.
    """
    if event_type(event) != UPLOADED:
        logger.info("Skipped event %s of type %s", event.id, event_type(event))
        return
    process(read_upload(event))


def event_type(event: object) -> str:
    """Return the type of an event in either schema.

    The subscription chooses the schema. Whatever the annotation says, a CloudEvent arrives as
    `func.CloudEvent`, which has a `type` instead of an `event_type`.
    """
    return str(getattr(event, "event_type", None) or getattr(event, "type", ""))


def read_upload(event: func.EventGridEvent) -> Upload:
    """Return the upload that the event reports; raise ValueError if it reports none."""
    content = event.get_json()
    try:
        upload = Upload(url=content["url"], size=int(content["contentLength"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"Event {event.id} reports no upload: {error!r}") from error
    if not isinstance(upload.url, str) or not upload.url:
        raise ValueError(f"Event {event.id} reports an upload without a URL")
    return upload


def process(upload: Upload) -> None:
    """Do what your app does with an upload. It may come twice, so make a second time harmless."""
    logger.info("Uploaded: %s, %s bytes", upload.url, upload.size)
