"""What the host passes to a function that takes a type of an SDK, encoded as its extensions do it."""

import uuid
from typing import Any

from . import protos
from .exchange import AmqpMessage, BindingData

# The section of an AMQP message that holds the lock token alone, up to its 16 bytes.
DELIVERY_ANNOTATIONS = b"\x00\x53\x71\xc1\x24\x02\xa3\x10x-opt-lock-token\x98"


def encode(data: BindingData) -> Any:
    """Return the message for the worker; ImportError for AMQP without uamqp, which SDK types need."""
    if isinstance(data.content, AmqpMessage):
        content_type, content = "application/octet-stream", _encode_amqp(data.content)
    else:
        content_type, content = "application/json", data.content.encode()
    return protos.ModelBindingData(
        version="1.0", source=data.source, content_type=content_type, content=content
    )


def _encode_amqp(message: AmqpMessage) -> bytes:
    from uamqp import Message
    from uamqp.message import MessageProperties

    encoded: bytes = Message(
        message.body,
        properties=MessageProperties(**message.properties),
        application_properties=dict(message.application_properties),
        annotations=dict(message.annotations),
    ).encode_message()
    if not message.lock_token:
        return encoded
    # Service Bus puts the token in front of the message, and into it.
    token = uuid.UUID(message.lock_token)
    return token.bytes_le + DELIVERY_ANNOTATIONS + token.bytes + encoded
