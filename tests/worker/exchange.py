"""What the tests' process and the worker's process say to each other, and how it becomes JSON."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from typing import Any

# One binding of a function, as the worker reports it to the host: {"type": ..., "name": ..., ...}.
Binding = dict[str, Any]


@dataclass(frozen=True)
class AmqpMessage:
    """An event or a message of Service Bus, whose sections are named as in AMQP.

    The lock token, a UUID, is there for a message of Service Bus alone.
    """

    body: bytes
    properties: Mapping[str, str] = field(default_factory=dict)
    application_properties: Mapping[str, str | int] = field(default_factory=dict)
    annotations: Mapping[str, str | int] = field(default_factory=dict)
    lock_token: str = ""


@dataclass(frozen=True)
class BindingData:
    """What the host passes for an SDK type: JSON that says where the thing is, or a message."""

    source: str
    content: str | AmqpMessage


@dataclass(frozen=True)
class TypedValue:
    """A value as host and worker pass it: the kind is the name of a field of protos.TypedData."""

    kind: str
    value: (
        str
        | bytes
        | int
        | float
        | BindingData
        | Sequence[str]
        | Sequence[bytes]
        | Sequence[int]
        | Sequence[BindingData]
    )


# What the host passes where there is no value, as for a blob that is not there.
NOTHING = TypedValue("nothing", "")


@dataclass(frozen=True)
class HttpRequest:
    """A request to the host; the URL is a path with an optional query.

    `inputs` are the values of the function's input bindings.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    inputs: Mapping[str, TypedValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """An event that the host passes to one function."""

    function: str
    inputs: Mapping[str, TypedValue]
    metadata: Mapping[str, TypedValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """What the worker says of an exception: `ValueError: ...` and the traceback."""

    message: str
    stack: str


@dataclass(frozen=True)
class HttpAnswer:
    """What the host answers to a request; the names of the headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Result:
    """What came of one invocation; `answer` is there for an HttpRequest only."""

    answer: HttpAnswer | None = None
    returned: TypedValue | None = None
    outputs: Mapping[str, TypedValue] = field(default_factory=dict)
    logs: Sequence[str] = ()
    failure: Failure | None = None

    def http_answer(self) -> HttpAnswer:
        """Return the answer to an HttpRequest; fail if the function did."""
        assert self.failure is None, self.failure.stack
        assert self.answer is not None
        return self.answer


_CLASSES = {
    c.__name__: c
    for c in (
        AmqpMessage,
        BindingData,
        TypedValue,
        HttpRequest,
        Call,
        Failure,
        HttpAnswer,
        Result,
    )
}


def dumps(content: object) -> str:
    """Return JSON for plain data that may hold bytes and the classes of this module."""
    return json.dumps(content, default=_encode)


def loads(text: str | bytes) -> Any:
    """Return what `dumps` was given, with lists for tuples."""
    return json.loads(text, object_hook=_decode)


def _encode(value: object) -> dict[str, Any]:
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if is_dataclass(value):
        return {"$class": type(value).__name__, **vars(value)}
    raise TypeError(f"no JSON for {value!r}")


def _decode(content: dict[str, Any]) -> Any:
    if "$bytes" in content:
        return base64.b64decode(content["$bytes"])
    if "$class" in content:
        return _CLASSES[content.pop("$class")](**content)
    return content
