"""Tests for worker_extension_example and its worker extension."""

import json
import logging
from collections.abc import Iterator
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
    return json.loads(blueprint.worker_extension_example(req).get_body())


@pytest.mark.usefixtures("clock")
def test_counts_and_measures_the_invocations_of_each_function() -> None:
    for function, id in [("orders", "1"), ("orders", "2"), ("hello", "3")]:
        blueprint.Measurements.pre_invocation_app_level(LOGGER, invocation(function, id))
        blueprint.Measurements.post_invocation_app_level(LOGGER, invocation(function, id))
    assert told() == {
        "hello": {"count": 1, "milliseconds": 250.0},
        "orders": {"count": 2, "milliseconds": 250.0},
    }


@pytest.mark.usefixtures("clock")
def test_tells_invocations_apart_that_overlap() -> None:
    for id in ("1", "2"):
        blueprint.Measurements.pre_invocation_app_level(LOGGER, invocation("orders", id))
    for id in ("1", "2"):
        blueprint.Measurements.post_invocation_app_level(LOGGER, invocation("orders", id))
    assert told() == {"orders": {"count": 2, "milliseconds": 500.0}}


@pytest.mark.usefixtures("clock")
def test_an_invocation_that_failed_does_not_count() -> None:
    blueprint.Measurements.pre_invocation_app_level(LOGGER, invocation("orders", "1"))
    assert told() == {}
