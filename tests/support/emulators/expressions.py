"""Binding expressions: what the Functions host puts into the settings of a binding."""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.worker.exchange import Binding, Call, HttpRequest


def resolve_binding(
    binding: Binding, values: Mapping[str, str], settings: Mapping[str, str]
) -> Binding:
    """Return a binding with `%SETTING%` and `{expression}` replaced; KeyError for one unknown."""
    if binding["type"] == "httpTrigger":
        return binding
    quoted = {name: json.dumps(value) for name, value in values.items()}
    return {
        key: resolve(value, quoted if key == "sqlQuery" else values, settings)
        if isinstance(value, str)
        else value
        for key, value in binding.items()
    }


def resolve(text: str, values: Mapping[str, str], settings: Mapping[str, str]) -> str:
    """Return the text with `%SETTING%` and `{expression}` replaced; KeyError for one unknown."""
    lower = {name.lower(): value for name, value in values.items()}
    lower["rand-guid"] = str(uuid.uuid4())
    text = re.sub(r"%(\w+)%", lambda found: settings[found[1]], text)
    return re.sub(r"\{([\w.-]+)\}", lambda found: lower[found[1].lower()], text)


def values_of_request(request: HttpRequest, route_parameters: Mapping[str, str]) -> dict[str, str]:
    """Return what expressions find in a request: its route, its query and the JSON of its body."""
    query = dict(parse_qsl(urlsplit(request.url).query))
    return {
        **_scalars(request.body),
        **{f"query.{name}": value for name, value in query.items()},
        **{f"headers.{name}": value for name, value in request.headers.items()},
        **query,
        **route_parameters,
    }


def values_of_event(call: Call) -> dict[str, str]:
    """Return what expressions find in an event: the trigger's metadata that are text."""
    return {name: str(value.value) for name, value in call.metadata.items()}


def _scalars(body: bytes) -> dict[str, str]:
    try:
        content: Any = json.loads(body)
    except ValueError:
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: str(value) for name, value in content.items() if isinstance(value, str | int)}
