"""Run a daily job on a schedule."""

import logging
from datetime import date, timedelta
from typing import List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

LONGEST_GAP = timedelta(days=31)


@bp.timer_trigger(
    arg_name="timer",
    schedule="%TIMER_EXAMPLE_SCHEDULE%",
)
@bp.retry(
    strategy="fixed_delay",
    max_retry_count="3",
    delay_interval="00:05:00",
)
def timer_example(timer: func.TimerRequest) -> None:
    """Process every day that ended since the last run.

    The host starts a run that it missed only once, however many it missed, so a run makes up for
    the days before. A run that raises is repeated as the retry policy says.
    """
    if timer.past_due:
        logger.warning("The timer is late")
    # A dict with Last, Next and LastUpdated, or nothing where the schedule is not monitored.
    status = getattr(timer, "schedule_status", None) or {}
    for day in days_due(status.get("Last"), date.today()):
        process(day)


def days_due(last_run: object, today: date) -> List[date]:
    """Return the days from that of the last run (ISO 8601) to yesterday, the oldest first.

    Without a last run that is yesterday alone; days that lie further back than `LONGEST_GAP` are
    left out.
    """
    first = today - timedelta(days=1)
    # The host writes the year 1 where there was no run yet.
    if isinstance(last_run, str) and not last_run.startswith("0001"):
        first = max(date.fromisoformat(last_run[:10]), today - LONGEST_GAP)
    return [first + timedelta(days=n) for n in range((today - first).days)]


def process(day: date) -> None:
    """Do what your app does for a day. It may come twice, so make a second time harmless."""
    logger.info("Processed %s", day)
