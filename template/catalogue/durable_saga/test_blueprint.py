"""Tests for durable_saga_example and the orchestration that it starts."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from durable_replay import START, Outcome, call, run

from blueprints import durable_saga_example as blueprint

TRIP = {"city": "Rome", "cents": 90_000}


def failing(part: str, times: int = 1000) -> Callable[[Any], None]:
    """Return an activity that fails so many times for a part."""
    tries = iter(range(times))

    def activity(request: dict[str, Any]) -> None:
        if request["part"] == part and next(tries, None) is not None:
            raise OSError(f"no {part}")

    return activity


def booked(trip: Any = TRIP, **instead: Callable[[Any], None]) -> Outcome:
    """Run the orchestration with other activities to book or cancel."""
    names = {"book": blueprint.BOOK, "cancel": blueprint.CANCEL}
    others = {names[name]: activity for name, activity in instead.items()}
    return run(blueprint, blueprint.ORCHESTRATOR, trip, instead=others)


def parts(outcome: Outcome) -> list[tuple[str, str]]:
    """Return what was called for which parts, without repetitions."""
    calls = [(name.rpartition("_")[2], value["part"]) for name, value in outcome.calls]
    return list(dict.fromkeys(calls))


def test_starts_the_orchestration_for_the_trip() -> None:
    status, content, client = call(
        blueprint.durable_saga_example,
        json.dumps(TRIP).encode(),
    )
    assert (status, content) == (202, {"id": "i-1"})
    client.start_new.assert_awaited_once_with(
        "durable_saga_example_orchestrator",
        client_input=TRIP,
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        pytest.param(b"[" * 100_000, id="deep"),
        b'{"city": "Rome"}',
        b'{"city": "", "cents": 1}',
        b'{"city": "' + b"R" * 101 + b'", "cents": 1}',
        b'{"city": "Ro\\nme", "cents": 1}',
        b'{"city": 7, "cents": 1}',
        b'{"city": "Rome", "cents": true}',
        b'{"city": "Rome", "cents": 0}',
        b'{"city": "Rome", "cents": 1000001}',
    ],
)
def test_refuses_an_invalid_trip_and_starts_nothing(body: bytes) -> None:
    status, content, client = call(blueprint.durable_saga_example, body)
    assert status == 400
    assert content["error"].startswith(("Send", "The "))
    client.start_new.assert_not_awaited()


@pytest.mark.parametrize(("city", "cents"), [("R", 1), ("R" * 100, blueprint.MAX_CENTS)])
def test_takes_the_smallest_and_the_largest_trip(city: str, cents: int) -> None:
    body = json.dumps({"city": city, "cents": cents}).encode()
    assert call(blueprint.durable_saga_example, body)[0] == 202


def test_tells_nothing_of_other_orchestrations() -> None:
    assert call(blueprint.durable_saga_example_status)[0] == 404


def test_books_every_part() -> None:
    outcome = booked()
    assert outcome.output == {"booked": True}
    assert parts(outcome) == [("book", "flight"), ("book", "hotel"), ("book", "payment")]
    assert outcome.statuses == ["books the flight", "books the hotel", "books the payment"]
    assert {value["id"] for _, value in outcome.calls} == {blueprint.ORCHESTRATOR}


def test_tries_a_part_again() -> None:
    outcome = booked(book=failing("hotel", times=2))
    assert outcome.output == {"booked": True}
    assert len(outcome.calls) == 5
    assert outcome.ended == START + timedelta(seconds=10)


@pytest.mark.parametrize(
    ("part", "canceled"),
    [
        ("flight", ["flight"]),
        ("hotel", ["hotel", "flight"]),
        ("payment", ["payment", "hotel", "flight"]),
    ],
)
def test_cancels_in_reverse_order_if_a_part_fails(part: str, canceled: list[str]) -> None:
    outcome = booked(book=failing(part))
    assert outcome.output == {"booked": False, "failed": part}
    assert [part for name, part in parts(outcome) if name == "cancel"] == canceled
    assert outcome.statuses[-len(canceled) :] == [f"cancels the {each}" for each in canceled]
    assert [value["part"] for value in outcome.called(blueprint.BOOK)].count(part) == 3


def test_a_declined_card_cancels_the_trip(caplog: pytest.LogCaptureFixture) -> None:
    outcome = booked({"city": "Rome", "cents": blueprint.LIMIT + 1})
    assert outcome.output == {"booked": False, "failed": "payment"}
    assert booked({"city": "Rome", "cents": blueprint.LIMIT}).output == {"booked": True}
    # Once, though it is replayed after each cancellation.
    assert caplog.text.count("The card is declined.") == 1


def test_tries_to_cancel_again_and_again() -> None:
    outcome = booked(book=failing("payment"), cancel=failing("hotel", times=9))
    assert outcome.output == {"booked": False, "failed": "payment"}
    assert [value["part"] for value in outcome.called(blueprint.CANCEL)] == [
        "payment",
        *["hotel"] * 10,
        "flight",
    ]


def test_fails_if_a_part_cannot_be_canceled() -> None:
    outcome = booked(book=failing("payment"), cancel=failing("hotel"))
    assert "no hotel" in outcome.failure
    assert "flight" not in [value["part"] for value in outcome.called(blueprint.CANCEL)]
