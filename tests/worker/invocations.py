"""Reads invocations.yml, which README.md describes."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.placeholders import replace_placeholder

from .exchange import NOTHING, AmqpMessage, BindingData, Call, HttpRequest, TypedValue

MAPPINGS = ["http", "inputs", "metadata", "stored", "answers", "returns", "outputs"]
ITEM_KEYS = {"title": str, "function": str, "raises": str, "logs": (str, list)} | dict.fromkeys(
    MAPPINGS, dict
)
NOT_FOR_HTTP = {"function", "metadata", "returns"}
NOT_FOR_INPUTS = {"answers"}
OUTCOMES = {"answers", "returns", "outputs", "raises", "logs"}
HTTP_KEYS = {"method": str, "url": str, "headers": dict, "body": str}
ANSWER_KEYS = {"status": int, "json": object, "text": str, "headers": dict}
BINDING_DATA_KEYS = {"source": str, "json": dict, "amqp": dict}
AMQP_KEYS = {
    "body": str,
    "properties": dict,
    "application_properties": dict,
    "annotations": dict,
    "lock_token": str,
}


class InvalidInvocation(ValueError):
    """An invocations.yml is not as README.md describes; the message says which item and why."""


@dataclass(frozen=True)
class Answer:
    """What an HTTP answer must be like; what is None may be anything."""

    status: int
    json: str | None = None
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """What must come of an invocation; what is None may be anything, but nothing may be raised."""

    answer: Answer | None = None
    returned: TypedValue | None = None
    outputs: Mapping[str, TypedValue] | None = None
    raised: str | None = None
    logged: Sequence[str] = ()


@dataclass(frozen=True)
class Invocation:
    """One item of invocations.yml; one with anything stored needs the service that stores it."""

    title: str
    request: HttpRequest | Call
    expected: Expected
    stored: Mapping[str, Any] = field(default_factory=dict)


def load_invocations(kind_folder: Path, kind: str, name: str) -> list[Invocation]:
    """Read a kind's invocations.yml for a function of this name; raise InvalidInvocation."""
    text = (kind_folder / "invocations.yml").read_text("utf-8")
    try:
        items = yaml.load(replace_placeholder(text, f"{kind}_example", name), yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise InvalidInvocation(f"{kind}/invocations.yml: {error}") from error
    if not isinstance(items, list) or not items:
        raise InvalidInvocation(f"{kind}/invocations.yml is not a list of invocations")
    return [_read_item(item, kind, name) for item in items]


def canonical_json(content: Any) -> str:
    """Return JSON that is the same for the same content."""
    return json.dumps(content, sort_keys=True)


def _read_item(item: Any, kind: str, name: str) -> Invocation:
    try:
        _check_keys(item, ITEM_KEYS, required=("title",))
        _check_combination(set(item))
        request = _read_http(item) if "http" in item else _read_call(item, name)
        stored = _read_stored(item.get("stored", {}))
        return Invocation(item["title"], request, _read_expected(item), stored)
    except ValueError as error:
        title = item.get("title") if isinstance(item, dict) else None
        raise InvalidInvocation(f"{kind}/invocations.yml, {title or item!r}: {error}") from error


def _check_combination(keys: set[str]) -> None:
    if not keys & {"http", "inputs"}:
        raise InvalidInvocation("give http or inputs")
    for key in sorted(keys & (NOT_FOR_HTTP if "http" in keys else NOT_FOR_INPUTS)):
        raise InvalidInvocation(f"{key} does not go with {'http' if 'http' in keys else 'inputs'}")
    if not keys & OUTCOMES:
        raise InvalidInvocation(f"say what comes of it, with one of {', '.join(sorted(OUTCOMES))}")


def _read_http(item: dict[str, Any]) -> HttpRequest:
    http, inputs = item["http"], _read_typed_values(item.get("inputs", {}))
    _check_keys(http, HTTP_KEYS, required=("method", "url"))
    if not http["url"].startswith("/"):
        raise InvalidInvocation("url does not begin with /")
    body = http.get("body", "").encode()
    return HttpRequest(http["method"], http["url"], _read_headers(http), body, inputs)


def _read_call(item: dict[str, Any], name: str) -> Call:
    metadata = _read_typed_values(item.get("metadata", {}))
    return Call(item.get("function", name), _read_typed_values(item["inputs"]), metadata)


def _read_stored(stored: dict[str, Any]) -> dict[str, Any]:
    for name, content in stored.items():
        if not isinstance(content, str | list):
            raise InvalidInvocation(f"{name} cannot be {content!r}: give text, or documents")
    return stored


def _read_expected(item: dict[str, Any]) -> Expected:
    logs = item.get("logs", [])
    return Expected(
        answer=_read_answer(item["answers"]) if "answers" in item else None,
        returned=_read_typed(item["returns"]) if "returns" in item else None,
        outputs=_read_typed_values(item["outputs"]) if "outputs" in item else None,
        raised=item.get("raises"),
        logged=tuple(_texts([logs] if isinstance(logs, str) else logs)),
    )


def _read_answer(answer: dict[str, Any]) -> Answer:
    _check_keys(answer, ANSWER_KEYS, required=("status",))
    content = canonical_json(answer["json"]) if "json" in answer else None
    return Answer(answer["status"], content, answer.get("text"), _read_headers(answer))


def _read_headers(content: dict[str, Any]) -> dict[str, str]:
    return {name.lower(): _text(value) for name, value in content.get("headers", {}).items()}


def _read_typed_values(content: dict[str, Any]) -> dict[str, TypedValue]:
    return {name: _read_typed(typed) for name, typed in content.items()}


def _read_typed(typed: Any) -> TypedValue:
    if typed is None:
        return NOTHING
    if not isinstance(typed, dict) or len(typed) != 1 or not typed.keys() <= TYPED.keys():
        raise InvalidInvocation(
            f"{typed!r} is not a value such as {{string: ...}}: {', '.join(TYPED)}"
        )
    [(key, content)] = typed.items()
    return TYPED[key](content)


def _read_binding_data(content: Any) -> BindingData:
    _check_keys(content, BINDING_DATA_KEYS, required=("source",))
    if len(content) != 2:
        raise InvalidInvocation("give json or amqp, besides the source")
    if "json" in content:
        return BindingData(content["source"], json.dumps(content["json"]))
    message = content["amqp"]
    _check_keys(message, AMQP_KEYS, required=("body",))
    return BindingData(
        content["source"], AmqpMessage(**{**message, "body": message["body"].encode()})
    )


def _check_keys(content: Any, types: Mapping[str, Any], required: Sequence[str]) -> None:
    if not isinstance(content, dict):
        raise InvalidInvocation(f"{content!r} is not a mapping")
    for key in required:
        if key not in content:
            raise InvalidInvocation(f"{key} is missing")
    for key, value in content.items():
        if key not in types:
            raise InvalidInvocation(f"unknown key {key!r}; known are {', '.join(types)}")
        if not isinstance(value, types[key]):
            raise InvalidInvocation(f"{key} cannot be {value!r}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidInvocation(f"{value!r} is not text; put it in quotes")
    return value


def _list(values: Any) -> list[Any]:
    if not isinstance(values, list):
        raise InvalidInvocation(f"{values!r} is not a list")
    return values


def _texts(values: Any) -> list[str]:
    return [_text(value) for value in _list(values)]


def _numbers(values: Any) -> list[int]:
    if not isinstance(values, list) or not all(isinstance(value, int) for value in values):
        raise InvalidInvocation(f"{values!r} is not a list of whole numbers")
    return values


TYPED: Mapping[str, Callable[[Any], TypedValue]] = {
    "string": lambda text: TypedValue("string", _text(text)),
    "json": lambda text: TypedValue("json", _text(text)),
    "bytes": lambda text: TypedValue("bytes", _text(text).encode()),
    "base64": lambda text: TypedValue("bytes", base64.b64decode(_text(text), validate=True)),
    "collection_base64": lambda texts: TypedValue(
        "collection_bytes", [base64.b64decode(text, validate=True) for text in _texts(texts)]
    ),
    "collection_string": lambda texts: TypedValue("collection_string", _texts(texts)),
    "collection_bytes": lambda texts: TypedValue(
        "collection_bytes", [text.encode() for text in _texts(texts)]
    ),
    "partial_json": lambda text: TypedValue("partial_json", _text(text)),
    "durable_client": lambda entities: TypedValue("durable_client", json.dumps(entities)),
    "collection_sint64": lambda numbers: TypedValue("collection_sint64", _numbers(numbers)),
    "model_binding_data": lambda data: TypedValue("model_binding_data", _read_binding_data(data)),
    "collection_model_binding_data": lambda collection: TypedValue(
        "collection_model_binding_data", [_read_binding_data(data) for data in _list(collection)]
    ),
}
