"""Tests for the HTTP function eventgrid_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import eventgrid_output_example as blueprint


def post(body: bytes) -> tuple[int, dict[str, Any], list[Any]]:
    """Return the status and JSON content of the response, and the published events."""
    req = func.HttpRequest(
        method="POST",
        url="/api/eventgrid-output-example",
        body=body,
    )
    event = Mock(spec=func.Out)
    response = blueprint.eventgrid_output_example(req, event)
    published = [call.args[0] for call in event.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), published


def test_publishes_that_an_order_was_shipped() -> None:
    status, content, published = post(b'{"order": "A1", "time": "2026-05-01T10:00:00+02:00"}')
    assert (status, content) == (202, {"id": "shipped-A1"})
    [event] = published
    assert (event.subject, event.event_type) == ("orders/A1", "Shop.OrderShipped")
    assert event.event_time.isoformat() == "2026-05-01T10:00:00+02:00"
    assert event.get_json() == {"order": "A1"}


def test_takes_a_time_in_utc_as_other_languages_write_it() -> None:
    status, _, [event] = post(b'{"order": "A1", "time": "2026-05-01T10:00:00Z"}')
    assert (status, event.event_time.isoformat()) == (202, "2026-05-01T10:00:00+00:00")


def test_takes_the_longest_name() -> None:
    order = {"order": "A" * blueprint.LONGEST_NAME, "time": "2026-05-01T10:00:00Z"}
    assert post(json.dumps(order).encode())[0] == 202


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "Send the order"),
        (b"{order", "Send the order"),
        (b"[" * 100_000, "Send the order"),
        (b"[]", "Send the order"),
        (b'{"order": "A1"}', "Send the order"),
        (b'{"order": "A1", "time": "today"}', "Send the order"),
        (b'{"order": "A1", "time": 7}', "Send the order"),
        (b'{"order": "A1", "time": "Z"}', "Send the order"),
        (b'{"order": "A1", "time": ["Z"]}', "Send the order"),
        (b'{"order": "", "time": "2026-05-01T10:00:00+02:00"}', "The order needs a name"),
        (b'{"order": 7, "time": "2026-05-01T10:00:00+02:00"}', "The order needs a name"),
        (b'{"order": "A\\n1", "time": "2026-05-01T10:00:00Z"}', "The order needs a name"),
        (b'{"order": "\\ud800", "time": "2026-05-01T10:00:00Z"}', "The order needs a name"),
        (
            b'{"order": "' + b"A" * 101 + b'", "time": "2026-05-01T10:00:00Z"}',
            "The order needs a name of at most 100",
        ),
        (b'{"order": "A1", "time": "2026-05-01T10:00:00"}', "The time needs a UTC offset"),
    ],
)
def test_refuses_an_invalid_order_and_publishes_nothing(body: bytes, error: str) -> None:
    status, content, published = post(body)
    assert (status, published) == (400, [])
    assert content["error"].startswith(error)
