"""Tests for the HTTP function mysql_output_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import mysql_output_example as blueprint


def put(body: bytes) -> tuple[int, dict[str, Any], list[dict[str, Any]]]:
    """Return the status and JSON content of the response, and the stored rows."""
    req = func.HttpRequest(
        method="PUT",
        url="/api/mysql-output-example/7",
        route_params={"id": "7"},
        body=body,
    )
    row = Mock(spec=func.Out)
    response = blueprint.mysql_output_example(req, row)
    stored = [dict(call.args[0]) for call in row.set.call_args_list]
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), stored


def test_stores_a_booking_under_the_number_of_the_route() -> None:
    booking = {"id": 7, "room": "blue", "day": "2026-05-01"}
    assert put(b'{"id": 8, "room": " blue ", "day": "2026-05-01"}') == (200, booking, [booking])


@pytest.mark.parametrize("room", ["b", "b" * 20])
def test_takes_the_shortest_and_the_longest_room(room: str) -> None:
    assert put(json.dumps({"room": room, "day": "2026-05-01"}).encode())[0] == 200


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "Send a booking"),
        (b"{room", "Send a booking"),
        (b"[" * 100_000, "Send a booking"),
        (b"[]", "Send a booking"),
        (b'{"room": "blue"}', "Send a booking"),
        (b'{"room": 7, "day": "2026-05-01"}', "Send a booking"),
        (b'{"room": "blue", "day": "2026-02-30"}', "Send a booking"),
        (b'{"room": "bl\\nue", "day": "2026-05-01"}', "The name of the room"),
        (b'{"room": "\\ud800", "day": "2026-05-01"}', "The name of the room"),
        (b'{"room": " ", "day": "2026-05-01"}', "The name of the room"),
        (b'{"room": "' + b"b" * 21 + b'", "day": "2026-05-01"}', "The name of the room"),
    ],
)
def test_refuses_an_invalid_booking_and_stores_nothing(body: bytes, error: str) -> None:
    status, content, stored = put(body)
    assert (status, stored) == (400, [])
    assert content["error"].startswith(error)
