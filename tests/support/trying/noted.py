"""What a command asks the host and sends to services."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.worker.exchange import HttpRequest


@dataclass(frozen=True)
class Message:
    """What was sent to a queue, a topic, a hub, a list or a method, as text."""

    to: str
    body: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Noted:
    """The requests and the messages, in their order."""

    requests: list[HttpRequest] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
