"""Process the jobs in a Redis list."""

import json
import logging
from typing import Tuple

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


# Write every parameter: the host does not know their defaults, and refuses a function without one.
@bp.generic_trigger(
    arg_name="entry",
    type="redisListTrigger",
    connection="RedisConnection",
    key="redis-example",
    pollingIntervalInMs=1000,
    maxBatchSize=16,
    listDirection="LEFT",
)
def redis_example(entry: str) -> None:
    """Run the job in one entry of the list.

    The host removes up to `maxBatchSize` entries from the list before it calls the function for
    each of them. No entry arrives twice. An entry whose job fails is lost, and so are all of these
    entries if the host stops. If the connection breaks, or the key is not a list, the host stops
    reading, and logs nothing, until the app restarts.
    """
    try:
        job, file = read_job(entry)
    except ValueError as error:
        logger.error("Dropped an entry: %s", error)
        return
    try:
        process(job, file)
    except Exception:
        logger.error("Lost the job %s of %s", job, file)
        raise


def read_job(entry: str) -> Tuple[str, str]:
    """Return the name of a job and its file; raise ValueError if the entry is invalid."""
    try:
        content = json.loads(entry)
        job, file = content["job"], content["file"]
    except (KeyError, RecursionError, TypeError, ValueError):
        # Not with the entry, which does not belong in a log.
        raise ValueError("it is not a job as JSON, with a job and a file") from None
    if not isinstance(job, str) or job not in JOBS or not isinstance(file, str) or not file:
        raise ValueError(f"it is not one of the jobs {', '.join(JOBS)}, with the name of a file")
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
