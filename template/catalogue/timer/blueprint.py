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

    However many runs the host missed, it starts only one, so each run also processes the missed
    days. If a run raises an exception, the retry policy repeats it, and each failed attempt logs
    the days that it left. The host counts a run as the last one even if every attempt fails, so no
    later run makes up these days.
    """
    if timer.past_due:
        logger.warning("The timer is late")
    # A dict with Last, Next and LastUpdated, or empty if the schedule is not monitored.
    status = getattr(timer, "schedule_status", None) or {}
    days = days_due(status.get("Last"), date.today())
    for done, day in enumerate(days):
        try:
            process(day)
        except Exception:
            logger.error("Failed; not processed yet: %s", ", ".join(map(str, days[done:])))
            raise


def days_due(last_run: object, today: date) -> List[date]:
    """Return the days from the last run (ISO 8601) to yesterday, oldest first.

    Without a last run, returns only yesterday. Days further back than `LONGEST_GAP` are
    dropped, with an error in the log.
    """
    first = today - timedelta(days=1)
    # The host writes the year 1 if there was no run yet.
    if isinstance(last_run, str) and not last_run.startswith("0001"):
        missed = date.fromisoformat(last_run[:10])
        first = max(missed, today - LONGEST_GAP)
        if missed < first:
            logger.error("Dropped every day from %s to %s", missed, first - timedelta(days=1))
    return [first + timedelta(days=n) for n in range((today - first).days)]


def process(day: date) -> None:
    """Do what your app does for a day. It may come twice, so make a second time harmless."""
    logger.info("Processed %s", day)
