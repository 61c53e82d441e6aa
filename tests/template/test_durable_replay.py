"""tests/durable_replay.py of apps with durable functions: it does what Azure does, and notices what would fail there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.own_tests import run_tests

# Tests of an app, of orchestrators that no kind has.
TESTS = '''
"""Orchestrators that are wrong, or do what no other does."""

import sys
from datetime import timedelta

import azure.durable_functions as df
import pytest
from durable_replay import START, run

bp = df.Blueprint()
HERE = sys.modules[__name__]
RUNS = []


def orchestrator(function):
    return bp.orchestration_trigger(context_name="context")(function)


def double(number):
    return 2 * number


@orchestrator
def by_the_run(context):
    RUNS.append(1)
    yield context.call_activity("double", len(RUNS))
    yield context.call_activity("double", 7)


@orchestrator
def with_fewer_steps_each_time(context):
    RUNS.append(1)
    for number in range(3 if len(RUNS) == 1 else 0):
        yield context.call_activity("double", number)


@orchestrator
def with_a_timer_left(context):
    timer = context.create_timer(context.current_utc_datetime + timedelta(hours=1))
    yield context.task_any([timer, context.call_activity("double", 1)])


@orchestrator
def for_nothing(context):
    yield context.wait_for_external_event("nothing")


@orchestrator
def for_long(context):
    yield context.create_timer(context.current_utc_datetime + timedelta(days=40))
    return (yield context.call_activity("double", 4))


@orchestrator
def of_two(context):
    return (yield context.task_all([context.call_sub_orchestrator(name) for name in ("for_long", "fails")]))


@orchestrator
def fails(context):
    yield context.create_timer(context.current_utc_datetime + timedelta(days=1))
    raise ValueError("no luck")


@orchestrator
def retries_side_by_side(context):
    retry = df.RetryOptions(first_retry_interval_in_milliseconds=1000, max_number_of_attempts=3)
    calls = [context.call_activity_with_retry("flaky", retry, name) for name in "ab"]
    results = yield context.task_all(calls)
    last = yield context.call_activity("double", 2)
    return [*results, last]


@orchestrator
def same_times(context):
    fires = context.current_utc_datetime + timedelta(hours=1)
    first, second = context.create_timer(fires), context.create_timer(fires)
    winner = yield context.task_any([first, second])
    assert winner is first
    second.cancel()
    return (yield context.call_activity("double", 3))


@orchestrator
def gives_a_set(context):
    return (yield context.call_activity("numbers", None))


def numbers(_):
    return {1, 2}


@pytest.fixture(autouse=True)
def no_runs():
    RUNS.clear()


@pytest.mark.parametrize("name", ["by_the_run", "with_fewer_steps_each_time"])
def test_chance_is_noticed(name):
    with pytest.raises(AssertionError, match=f"{name} is not deterministic"):
        run(HERE, name)


def test_a_timer_that_keeps_it_running_is_noticed():
    with pytest.raises(AssertionError, match="with_a_timer_left has a timer left"):
        run(HERE, "with_a_timer_left")


def test_waiting_for_nothing_is_noticed():
    with pytest.raises(AssertionError, match="for_nothing waits for something that never comes"):
        run(HERE, "for_nothing")


def test_a_result_that_is_not_json_is_noticed():
    with pytest.raises(TypeError, match="set is not JSON serializable"):
        run(HERE, "gives_a_set")


def test_timers_can_be_longer_than_those_of_storage():
    outcome = run(HERE, "for_long")
    assert (outcome.output, outcome.ended) == (8, START + timedelta(days=40))


def test_a_failure_of_one_ends_the_other_orchestration():
    outcome = run(HERE, "of_two")
    assert "no luck" in outcome.failure
    assert outcome.ended == START + timedelta(days=1)


@pytest.mark.parametrize("failures", [1, 2])
def test_retries_keep_their_order(failures):
    left = {"a": failures, "b": 1}

    def flaky(name):
        left[name] -= 1
        if left[name] >= 0:
            raise OSError(name)
        return name

    outcome = run(HERE, "retries_side_by_side", instead={"flaky": flaky})
    assert outcome.output == ["a", "b", 4]
    assert outcome.ended == START + timedelta(seconds=failures)


def test_only_the_timer_that_is_canceled_does_not_fire():
    outcome = run(HERE, "same_times")
    assert (outcome.output, outcome.ended) == (6, START + timedelta(hours=1))
'''


@pytest.mark.parametrize("version", ["3.10", "3.13"])
def test_orchestrations_are_run_as_in_azure(
    version: str, project: Callable[..., Path], environment: Callable[[str], Path]
) -> None:
    app = project({"bill": "durable"}, python_version=version)
    (app / "tests" / "test_odd.py").write_text(TESTS, encoding="utf-8")
    run_tests(app, environment(version))
