"""Tests for durable_suborchestration_example and the orchestrations that it starts."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from durable_replay import START, Outcome, call, run

from blueprints import durable_suborchestration_example as blueprint

CUSTOMERS = [f"C-{number}" for number in range(60)]


def failing(customer: str, times: int) -> Callable[[Any], int]:
    """Return an activity that fails so many times for a customer."""
    tries = iter(range(times))

    def send(name: str) -> int:
        if name == customer and next(tries, None) is not None:
            raise OSError(f"no address of {name}")
        return 1

    return send


def sent(send: Callable[[Any], int] | None = None) -> Outcome:
    """Run the orchestration, with another activity if there is one."""
    instead = {} if send is None else {blueprint.SEND: send}
    return run(blueprint, blueprint.ORCHESTRATOR, CUSTOMERS, instead=instead)


@pytest.mark.parametrize("size", [1, blueprint.MAX_CUSTOMERS])
def test_starts_the_orchestration_for_the_customers(size: int) -> None:
    customers = [f"C-{number}" for number in range(size)]
    function = blueprint.durable_suborchestration_example
    status, content, client = call(function, json.dumps(customers).encode())
    assert (status, content) == (202, {"id": "i-1"})
    client.start_new.assert_awaited_once_with(
        "durable_suborchestration_example_orchestrator",
        client_input=customers,
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        pytest.param(b"[" * 100_000, id="deep"),
        b"{}",
        b'{"C-1": 1}',
        b'"C-1"',
        b"[]",
        b"[7]",
        b"[null]",
        b'[["C-1"]]',
        b'[""]',
        b'["C 1"]',
        b'["C-1", "' + b"C" * 21 + b'"]',
        b'["C-1", "C-1"]',
        pytest.param(json.dumps([f"C-{n}" for n in range(1001)]).encode(), id="long"),
    ],
)
def test_refuses_invalid_customers_and_starts_nothing(body: bytes) -> None:
    status, content, client = call(blueprint.durable_suborchestration_example, body)
    assert status == 400
    assert content["error"].startswith("Send")
    client.start_new.assert_not_awaited()


def test_tells_nothing_of_other_orchestrations() -> None:
    assert call(blueprint.durable_suborchestration_example_status)[0] == 404


def test_sends_every_invoice_in_batches() -> None:
    outcome = sent()
    assert outcome.output == {"batches": 3, "invoices": 60}
    batches = outcome.called("durable_suborchestration_example_batch")
    assert batches == [CUSTOMERS[:25], CUSTOMERS[25:50], CUSTOMERS[50:]]
    assert outcome.called("durable_suborchestration_example_send") == CUSTOMERS


def test_a_batch_that_fails_starts_again_and_the_others_do_not() -> None:
    outcome = sent(failing("C-30", times=2))
    assert outcome.output == {"batches": 3, "invoices": 60}
    times = Counter(outcome.called(blueprint.SEND))
    assert {name for name, number in times.items() if number == 3} == {*CUSTOMERS[25:50]}
    assert {name for name, number in times.items() if number == 1} == {
        *CUSTOMERS[:25],
        *CUSTOMERS[50:],
    }
    assert outcome.ended == START + timedelta(seconds=10)


def test_fails_if_a_batch_fails_three_times() -> None:
    outcome = sent(failing("C-30", times=1000))
    assert "no address of C-30" in outcome.failure
    assert len(outcome.called(blueprint.BATCH)) == 3 + 2
