"""Tests for worker_extension_example and its worker extension."""

import gc
import json
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import worker_extension_example as blueprint

LOGGER = logging.getLogger("worker")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that advances by 0.25 seconds on each read, with empty measurements."""
    ticks: Iterator[float] = iter(tick / 4 for tick in range(100))
    monkeypatch.setattr(blueprint, "perf_counter", lambda: next(ticks))
    blueprint.Measurements.init()


def invocation(function: str, id: str) -> Any:
    return Mock(spec=func.Context, invocation_id=id, function_name=function)


def told() -> Any:
    req = func.HttpRequest(
        method="GET",
        url="/api/worker-extension-example",
        body=b"",
    )
    response = blueprint.worker_extension_example(req)
    assert response.mimetype == "application/json"
    return json.loads(response.get_body())


@pytest.mark.usefixtures("clock")
def test_counts_and_measures_the_invocations_of_each_function() -> None:
    for function, id in [("orders", "1"), ("orders", "2"), ("hello", "3")]:
        context = invocation(function, id)
        blueprint.Measurements.pre_invocation_app_level(LOGGER, context)
        blueprint.Measurements.post_invocation_app_level(LOGGER, context)
    assert told() == {
        "hello": {"count": 1, "milliseconds": 250.0},
        "orders": {"count": 2, "milliseconds": 250.0},
    }


@pytest.mark.usefixtures("clock")
def test_tells_invocations_apart_that_overlap() -> None:
    contexts = [invocation("orders", id) for id in ("1", "2")]
    for context in contexts:
        blueprint.Measurements.pre_invocation_app_level(LOGGER, context)
    for context in contexts:
        blueprint.Measurements.post_invocation_app_level(LOGGER, context)
    assert told() == {"orders": {"count": 2, "milliseconds": 500.0}}


@pytest.mark.usefixtures("clock")
def test_an_invocation_that_failed_does_not_count_and_leaves_no_entry() -> None:
    # The worker does not call the other method after an exception, and drops the context.
    contexts = [invocation("orders", id) for id in ("1", "2", "3")]
    for context in contexts:
        blueprint.Measurements.pre_invocation_app_level(LOGGER, context)
    assert len(blueprint.Measurements.started) == 3
    del context, contexts
    gc.collect()
    assert len(blueprint.Measurements.started) == 0
    assert told() == {}


class SlowDict(dict[str, Any]):
    """A mapping that lets other threads run between a read and the write that follows it."""

    def get(self, key: str, default: Any = None) -> Any:
        found = super().get(key, default)
        time.sleep(0.001)
        return found


def test_counts_every_invocation_of_functions_in_several_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blueprint.Measurements.init()
    monkeypatch.setattr(blueprint.Measurements, "counts", SlowDict())

    def invoke(id: int) -> None:
        context = invocation("orders", str(id))
        blueprint.Measurements.pre_invocation_app_level(LOGGER, context)
        blueprint.Measurements.post_invocation_app_level(LOGGER, context)

    with ThreadPoolExecutor(max_workers=8) as threads:
        list(threads.map(invoke, range(40)))
    assert told()["orders"]["count"] == 40


@pytest.mark.usefixtures("clock")
def test_an_invocation_that_succeeded_leaves_no_entry() -> None:
    context = invocation("orders", "1")
    blueprint.Measurements.pre_invocation_app_level(LOGGER, context)
    blueprint.Measurements.post_invocation_app_level(LOGGER, context)
    assert len(blueprint.Measurements.started) == 0
