"""Prepare a new instance of the app before its first request."""

import logging
from functools import lru_cache
from typing import Dict

import azure.functions as func
from azure.functions.warmup import WarmUpContext

bp = func.Blueprint()
logger = logging.getLogger(__name__)


# The host runs a warmup function only if this is its name.
@bp.function_name("warmup")
@bp.warm_up_trigger(arg_name="context")
def warmup_example(context: WarmUpContext) -> None:
    """Load data that the first request would otherwise wait for.

    The host calls it on a new instance when the app scales out, but not after a restart, so other
    functions must work without it. That is why every error here is only logged.
    """
    try:
        logger.info("Ready, with %s rates", len(exchange_rates()))
    except Exception:
        logger.exception("Not ready: the first request will be slow")


@lru_cache(maxsize=1)
def exchange_rates() -> Dict[str, float]:
    """Return the exchange rates, loaded once per instance. Other functions call this, too."""
    return load_rates()


def load_rates() -> Dict[str, float]:
    """Replace with your own slow work: read a large file, call a service, open a connection."""
    return {"EUR": 1.0, "USD": 1.08, "CHF": 0.94}
