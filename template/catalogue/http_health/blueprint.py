"""Tell whether the app can do its work: whether it reaches what it needs."""

import asyncio
import json
import logging
import time
from dataclasses import dataclass
from typing import Awaitable, Callable, Dict, Mapping, Optional

import azure.functions as func

from shared import tables

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# What the app needs. A check raises an exception if something is wrong; all run at once. Add what
# every request needs, but no service that the app can do without.
CHECKS: Dict[str, Callable[[], Awaitable[None]]] = {
    "storage": tables.check,
}
SECONDS_TO_ANSWER = 5
# Requests within this many seconds get the same answer, so that they cost nothing.
SECONDS_KEPT = 10


@dataclass(frozen=True)
class Report:
    """What the checks found, the name of an error for each that failed, and when."""

    errors: Mapping[str, Optional[str]]
    at: float

    @property
    def status(self) -> str:
        return "unhealthy" if any(self.errors.values()) else "healthy"


class Health:
    """Runs the checks when somebody asks, and keeps their report for a while."""

    def __init__(self) -> None:
        self._report: Optional[Report] = None
        self._running: Optional[asyncio.Task[Report]] = None

    async def report(self) -> Report:
        """Return a report that is not old; requests at the same time share one."""
        if self._report and time.monotonic() < self._report.at + SECONDS_KEPT:
            return self._report
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(run_checks())
        self._report = await asyncio.shield(self._running)
        return self._report


app_health = Health()


# Those who ask have no key: Azure, Docker and load balancers.
@bp.route(
    route="http-health-example",
    methods=["GET"],
    auth_level=func.AuthLevel.ANONYMOUS,
)
async def http_health_example(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return 200 if the app can do its work, otherwise 503. Anyone may ask, so give no details."""
    report = await app_health.report()
    return json_response(report, {"status": report.status})


@bp.route(
    route="http-health-example/checks",
    methods=["GET"],
    auth_level=func.AuthLevel.FUNCTION,
)
async def http_health_example_checks(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return the result of each check, to callers with a key."""
    report = await app_health.report()
    checks = {name: error or "healthy" for name, error in report.errors.items()}
    return json_response(report, {"status": report.status, "checks": checks})


async def run_checks() -> Report:
    """Run all checks at once; one that takes too long has failed."""
    results = await asyncio.gather(
        *[asyncio.wait_for(check(), SECONDS_TO_ANSWER) for check in CHECKS.values()],
        return_exceptions=True,
    )
    # Only the name of an error: its text can have addresses and keys.
    errors = {
        name: type(result).__name__ if isinstance(result, BaseException) else None
        for name, result in zip(CHECKS, results, strict=True)
    }
    for name, error in errors.items():
        if error:
            logger.warning("The check of %s failed: %s", name, error)
    return Report(errors, time.monotonic())


def json_response(report: Report, content: object) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content),
        status_code=200 if report.status == "healthy" else 503,
        headers={"Cache-Control": "no-store"},
        mimetype="application/json",
    )
