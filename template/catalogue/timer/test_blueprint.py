"""Tests for the timer function timer_example."""

from datetime import date, timedelta

import pytest
from azure.functions.timer import TimerRequest

from blueprints import timer_example as blueprint

TODAY = date(2026, 3, 2)


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The days that the function passes to `process`."""
    days: list[date] = []
    monkeypatch.setattr(blueprint, "process", days.append)
    return days


def test_processes_yesterday_on_the_first_run(processed: list[date]) -> None:
    blueprint.timer_example(TimerRequest(past_due=False))
    assert processed == [date.today() - timedelta(days=1)]


def test_makes_up_for_missed_days(processed: list[date]) -> None:
    three_days_ago = date.today() - timedelta(days=3)
    status = {"Last": f"{three_days_ago.isoformat()}T02:00:00.0001234+00:00"}
    blueprint.timer_example(TimerRequest(schedule_status=status))
    assert processed == [three_days_ago + timedelta(days=n) for n in range(3)]


def test_says_when_it_is_late(processed: list[date], caplog: pytest.LogCaptureFixture) -> None:
    blueprint.timer_example(TimerRequest(past_due=True))
    assert "The timer is late" in caplog.messages
    assert len(processed) == 1


def test_raises_when_the_job_fails_and_names_the_days_that_no_later_run_makes_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    days = [date.today() - timedelta(days=n) for n in (3, 2, 1)]

    def fail(day: date) -> None:
        if day != days[0]:
            raise ConnectionError(f"nothing for {day}")

    monkeypatch.setattr(blueprint, "process", fail)
    timer = TimerRequest(schedule_status={"Last": days[0].isoformat()})
    with pytest.raises(ConnectionError):
        blueprint.timer_example(timer)
    assert caplog.messages == [f"Failed; not processed yet: {days[1]}, {days[2]}"]


@pytest.mark.parametrize(
    ("last_run", "days"),
    [
        (None, ["2026-03-01"]),
        ("0001-01-01T00:00:00", ["2026-03-01"]),
        ("2026-03-01T02:00:00+00:00", ["2026-03-01"]),
        ("2026-02-27T02:00:00.0001234+00:00", ["2026-02-27", "2026-02-28", "2026-03-01"]),
        ("2026-03-02T01:00:00+00:00", []),
    ],
)
def test_days_due(last_run: object, days: list[str]) -> None:
    assert [str(day) for day in blueprint.days_due(last_run, TODAY)] == days


def test_logs_the_days_that_it_drops(caplog: pytest.LogCaptureFixture) -> None:
    blueprint.days_due("2026-01-30T02:00:00Z", TODAY)
    assert caplog.messages == []
    blueprint.days_due("2026-01-20T02:00:00Z", TODAY)
    assert caplog.messages == ["Dropped every day from 2026-01-20 to 2026-01-29"]


def test_days_due_after_a_long_gap() -> None:
    assert len(blueprint.days_due("2020-01-01T02:00:00Z", TODAY)) == blueprint.LONGEST_GAP.days
