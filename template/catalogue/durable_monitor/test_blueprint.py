"""Tests for durable_monitor_example and the orchestration that it starts."""

import asyncio
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from durable_replay import START, Outcome, call, run

from blueprints import durable_monitor_example as blueprint

EXPORT = {"ready": 0.0}


def monitored(check: Callable[[Any], bool]) -> Outcome:
    """Run the orchestration with another activity."""
    return run(blueprint, blueprint.ORCHESTRATOR, EXPORT, instead={blueprint.CHECK: check})


def done_after(checks: int) -> Callable[[Any], bool]:
    """Return an activity that finds the export done at this check."""
    numbers = iter(range(1, 1000))
    return lambda export: next(numbers) >= checks


@pytest.mark.parametrize("seconds", [0, 60, blueprint.MAX_SECONDS])
def test_starts_the_export_and_the_orchestration(seconds: int) -> None:
    status, content, client = call(
        blueprint.durable_monitor_example,
        json.dumps({"seconds": seconds}).encode(),
    )
    assert (status, content) == (202, {"id": "i-1"})
    [name] = client.start_new.await_args.args
    assert name == "durable_monitor_example_orchestrator"
    export = client.start_new.await_args.kwargs["client_input"]
    assert seconds - 30 < export["ready"] - time.time() <= seconds


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        pytest.param(b"[" * 100_000, id="deep"),
        b"{}",
        b'{"seconds": "60"}',
        b'{"seconds": true}',
        b'{"seconds": 1.5}',
        b'{"seconds": -1}',
        b'{"seconds": 10001}',
    ],
)
def test_refuses_an_invalid_export_and_starts_nothing(body: bytes) -> None:
    status, content, client = call(blueprint.durable_monitor_example, body)
    assert status == 400
    assert content["error"].startswith(("Send", "The "))
    client.start_new.assert_not_awaited()


def test_tells_nothing_of_other_orchestrations() -> None:
    assert call(blueprint.durable_monitor_example_status)[0] == 404


def test_does_not_wait_for_an_export_that_is_done() -> None:
    outcome = monitored(done_after(1))
    assert (outcome.output, outcome.ended) == ({"done": True, "checks": 1}, START)
    assert outcome.called(blueprint.CHECK) == [EXPORT]


def test_waits_longer_and_longer() -> None:
    outcome = monitored(done_after(4))
    assert outcome.output == {"done": True, "checks": 4}
    assert outcome.ended == START + timedelta(seconds=10 + 20 + 40)
    assert outcome.statuses == [{"checks": 1}, {"checks": 2}, {"checks": 3}]


def test_gives_up_at_the_deadline_after_a_last_check() -> None:
    outcome = monitored(done_after(1000))
    assert outcome.output == {"done": False, "checks": len(outcome.calls)}
    assert outcome.ended == START + blueprint.PATIENCE
    # The pauses do not grow forever.
    assert len(outcome.calls) > blueprint.PATIENCE / blueprint.LONGEST_PAUSE


def test_a_check_that_fails_is_tried_again() -> None:
    tries = iter([OSError("no answer"), OSError("no answer"), None])

    def check(export: Any) -> bool:
        if error := next(tries):
            raise error
        return True

    assert monitored(check).output == {"done": True, "checks": 1}


def test_fails_if_the_service_does_not_answer() -> None:
    def check(export: Any) -> bool:
        raise OSError("no answer")

    outcome = monitored(check)
    assert "no answer" in outcome.failure
    assert len(outcome.calls) == 3


@pytest.mark.parametrize(("seconds", "done"), [(-60, True), (60, False)])
def test_checks_whether_the_export_is_done(seconds: int, done: bool) -> None:
    check = blueprint.durable_monitor_example_check
    assert asyncio.run(check({"ready": time.time() + seconds})) is done
