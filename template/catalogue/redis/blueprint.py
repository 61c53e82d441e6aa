"""Process the jobs in a Redis list."""

import json
import logging
from typing import Tuple

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@bp.generic_trigger(
    arg_name="entry",
    type="redisListTrigger",
    connection="RedisConnection",
    key="redis-example",
    pollingIntervalInMs=1000,
    maxBatchSize=16,
)
def redis_example(entry: str) -> None:
    """Run the job in one entry of the list.

    The host removes entries from the list before it calls the function. No entry arrives twice, and
    one that fails is lost. If that matters, use a stream, or add failed entries to another list.
    """
    try:
        job, file = read_job(entry)
    except ValueError as error:
        logger.error("Skipped an entry: %s", error)
        return
    process(job, file)


def read_job(entry: str) -> Tuple[str, str]:
    """Return the name of a job and its file; raise ValueError if the entry is invalid."""
    try:
        content = json.loads(entry)
        job, file = content["job"], content["file"]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{entry!r} is not a job") from error
    if not isinstance(job, str) or job not in JOBS or not isinstance(file, str) or not file:
        raise ValueError(f"{entry!r} is not one of the jobs {', '.join(JOBS)}")
    return job, file


def process(job: str, file: str) -> None:
    """Run a job. Replace with your own jobs."""
    JOBS[job](file)


def resize(file: str) -> None:
    """Make a picture smaller."""
    logger.info("Resizing %s", file)


def rotate(file: str) -> None:
    """Turn a picture upright."""
    logger.info("Rotating %s", file)


JOBS = {"resize": resize, "rotate": rotate}
