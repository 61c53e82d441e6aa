"""Tests for durable_cleanup_example and the orchestration that it starts."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import azure.durable_functions as df
import azure.functions as func
import pytest
from durable_replay import START, Outcome, run

from blueprints import durable_cleanup_example as blueprint

INSTANCE = "durable_cleanup_example"


def call(method: str, found: Any = None) -> tuple[int, Any, Any]:
    """Return the status and content of the response, and the client."""
    req = func.HttpRequest(
        method=method,
        url="/api/durable-cleanup-example",
        body=b"",
    )
    client = AsyncMock(spec=df.DurableOrchestrationClient)
    client.get_status.return_value = found
    function = blueprint.durable_cleanup_example.build().get_user_function()
    response = asyncio.run(function.client_function(req, client))
    client.get_status.assert_awaited_once_with(INSTANCE)
    return response.status_code, json.loads(response.get_body()), client


def orchestration(status: str, deleted: int | None = None) -> Any:
    """What Durable Functions knows about the cleanup."""
    runtime_status = df.OrchestrationRuntimeStatus(status)
    return SimpleNamespace(runtime_status=runtime_status, custom_status=deleted)


def cleaned(
    purge: Callable[[Any], int] = lambda days: 2,
    stop: timedelta | None = None,
    generations: int = 3,
) -> Outcome:
    """Run the orchestration with another activity."""
    return run(
        blueprint,
        blueprint.ORCHESTRATOR,
        0,
        instead={blueprint.PURGE: purge},
        events=[] if stop is None else [(stop, blueprint.STOP, True)],
        generations=generations,
    )


@pytest.mark.parametrize("found", [None, orchestration("Completed"), orchestration("Terminated")])
def test_starts_with_an_id_that_is_always_the_same(found: Any) -> None:
    status, content, client = call("POST", found)
    assert (status, content) == (202, {"running": True})
    client.start_new.assert_awaited_once_with(
        "durable_cleanup_example_orchestrator",
        INSTANCE,
        0,
    )


@pytest.mark.parametrize("status", ["Running", "Pending", "ContinuedAsNew", "Suspended"])
def test_does_not_start_a_second_time(status: str) -> None:
    code, content, client = call("POST", orchestration(status, 7))
    assert (code, content) == (200, {"running": True, "deleted": 7})
    client.start_new.assert_not_awaited()


def test_a_request_stops_it() -> None:
    status, content, client = call("DELETE", orchestration("Running"))
    assert (status, content) == (202, {"running": True})
    client.raise_event.assert_awaited_once_with(INSTANCE, "stop", True)
    client.terminate.assert_not_awaited()


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_says_that_it_is_not_running(method: str) -> None:
    for found, deleted in ((None, 0), (orchestration("Completed", 7), 7)):
        status, content, client = call(method, found)
        assert (status, content) == (200, {"running": False, "deleted": deleted})
        client.raise_event.assert_not_awaited()


def test_begins_anew_every_day_with_what_it_deleted_so_far() -> None:
    outcome = cleaned()
    assert outcome.renewals == outcome.statuses == [2, 4, 6]
    assert outcome.called("durable_cleanup_example_purge") == [30, 30, 30]
    assert outcome.ended == START + timedelta(days=3)


@pytest.mark.parametrize(("hours", "deleted"), [(0, 2), (5, 2), (30, 4)])
def test_stops_at_the_next_pause(hours: int, deleted: int) -> None:
    outcome = cleaned(stop=timedelta(hours=hours))
    assert outcome.output == {"deleted": deleted}
    assert outcome.ended == START + timedelta(hours=hours)


def test_goes_on_after_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    tries = iter([OSError("busy")] * 3)

    def purge(days: Any) -> int:
        if error := next(tries, None):
            raise error
        return 2

    outcome = cleaned(purge, generations=2)
    assert outcome.renewals == [0, 2]
    assert len(outcome.calls) == 4
    # Once, though it is replayed after the next event.
    assert caplog.text.count("Tries to clean up again") == 1


def test_deletes_the_history_of_what_ended_before_a_month() -> None:
    client = AsyncMock(spec=df.DurableOrchestrationClient)
    client.purge_instance_history_by.return_value = SimpleNamespace(instances_deleted=3)
    function = blueprint.durable_cleanup_example_purge
    purge = function.build().get_user_function().client_function
    assert asyncio.run(purge(30, client)) == 3
    first, last, statuses = client.purge_instance_history_by.await_args.args
    assert first.year == 2020
    assert timedelta(days=30) <= datetime.now(last.tzinfo) - last < timedelta(days=31)
    ended = {status.name for status in statuses}
    assert ended == {"Completed", "Failed", "Canceled", "Terminated"}
