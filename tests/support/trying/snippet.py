"""Runs a snippet of Python from a README, in the app's Python: `python snippet.py -`.

The SDKs make real clients and messages, but the messages go to the address in the variable SENT.
"""

import json
import os
import sys
import types
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def send(to: str, body: str, properties: Mapping[str, Any]) -> None:
    """Note that a message was sent."""
    content = json.dumps({"to": to, "body": body, "properties": properties})
    urllib.request.urlopen(os.environ["SENT"], content.encode()).close()


def replace_service_bus() -> None:
    """Let senders note messages."""
    from azure.servicebus import ServiceBusMessage, ServiceBusSender

    def send_messages(sender: Any, message: ServiceBusMessage) -> None:
        body = b"".join(message.body).decode()
        properties = {"subject": message.subject, "session_id": message.session_id}
        send(sender.entity_name, body, properties)

    ServiceBusSender.send_messages = send_messages
    ServiceBusSender._open_with_retry = lambda sender: None


def replace_event_hubs() -> None:
    """Let producers note events."""
    from azure.eventhub import EventData, EventHubProducerClient

    def send_batch(producer: Any, events: Sequence[EventData]) -> None:
        for event in events:
            send(producer.eventhub_name, event.body_as_str(), event.properties or {})

    EventHubProducerClient.send_batch = send_batch


class Producer:
    """Plays the Producer of confluent_kafka, which sends when it is flushed."""

    def __init__(self, configuration: Mapping[str, str]) -> None:
        """Need brokers, such as localhost:9092."""
        host, _, port = configuration["bootstrap.servers"].rpartition(":")
        assert host
        assert port.isdecimal()
        self._produced: list[tuple[str, str]] = []

    def produce(self, topic: str, value: str) -> None:
        """Keep an event."""
        self._produced.append((topic, value))

    def flush(self, timeout: float) -> None:
        """Send the events."""
        for topic, value in self._produced:
            send(topic, value, {})


def replace_kafka() -> None:
    """Provide the package, which no app needs."""
    module: Any = types.ModuleType("confluent_kafka")
    module.Producer = Producer
    sys.modules["confluent_kafka"] = module


REPLACE: Mapping[str, Callable[[], None]] = {
    "azure.servicebus": replace_service_bus,
    "azure.eventhub": replace_event_hubs,
    "confluent_kafka": replace_kafka,
}


def main() -> None:
    """Run the snippet that comes as standard input."""
    assert sys.argv[1:] == ["-"]
    source = sys.stdin.read()
    for package, replace in REPLACE.items():
        if f"from {package} import" in source:
            replace()
    exec(compile(source, "<stdin>", "exec"), {"__name__": "__main__"})  # noqa: S102


if __name__ == "__main__":
    main()
