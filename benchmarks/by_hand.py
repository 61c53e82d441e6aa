"""What `make bench` compares a generated app with: the same nine triggers, written by hand."""

import json
import logging
from typing import List

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)


@app.route(route="hello", methods=["GET", "POST"])
def hello(req: func.HttpRequest) -> func.HttpResponse:
    """Greet the caller."""
    return func.HttpResponse(json.dumps({"message": req.params.get("name")}))


@app.timer_trigger(arg_name="timer", schedule="0 0 2 * * *")
@app.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:05:00")
def nightly(timer: func.TimerRequest) -> None:
    """Log the tick."""
    logging.info(timer.past_due)


@app.queue_trigger(arg_name="message", queue_name="orders", connection="Storage")
def orders(message: func.QueueMessage) -> None:
    """Log the message."""
    logging.info(message.get_body())


@app.blob_trigger(arg_name="blob", path="uploads/{name}", connection="Storage")
def uploads(blob: func.InputStream) -> None:
    """Log the blob."""
    logging.info(blob.name)


@app.event_grid_trigger(arg_name="event")
def files(event: func.EventGridEvent) -> None:
    """Log the event."""
    logging.info(event.get_json())


@app.event_hub_message_trigger(
    arg_name="events", event_hub_name="telemetry", connection="EventHubs", cardinality="many"
)
@app.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:00:10")
def telemetry(events: List[func.EventHubEvent]) -> None:
    """Log the events."""
    logging.info(len(events))


@app.service_bus_queue_trigger(arg_name="message", queue_name="payments", connection="ServiceBus")
def payments(message: func.ServiceBusMessage) -> None:
    """Log the message."""
    logging.info(message.get_body())


@app.service_bus_topic_trigger(
    arg_name="message", topic_name="events", subscription_name="default", connection="ServiceBus"
)
def customers(message: func.ServiceBusMessage) -> None:
    """Log the message."""
    logging.info(message.get_body())


@app.cosmos_db_trigger(
    arg_name="documents", connection="Cosmos", database_name="app", container_name="cities"
)
@app.retry(
    strategy="exponential_backoff",
    max_retry_count="5",
    minimum_interval="00:00:05",
    maximum_interval="00:05:00",
)
def cities(documents: func.DocumentList) -> None:
    """Log the documents."""
    logging.info(len(documents))
