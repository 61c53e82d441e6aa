"""Get a new instance of the app ready before its first request."""

import logging
from functools import lru_cache
from typing import Dict

import azure.functions as func
from azure.functions.warmup import WarmUpContext

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@bp.function_name("warmup")
@bp.warm_up_trigger(arg_name="context")
def warmup_example(context: WarmUpContext) -> None:
    """Load what the first request would else wait for.

    The host calls it when the app scales out, on the new instance, and not after a restart: other
    functions must be able to do without it. So an error here is logged and goes no further.
    """
    try:
        logger.info("Ready, with %s rates", len(exchange_rates()))
    except OSError:
        logger.exception("Not ready: the first request will be slow")


@lru_cache(maxsize=1)
def exchange_rates() -> Dict[str, float]:
    """Return the exchange rates, loaded once an instance. Other functions call this, too."""
    return load_rates()


def load_rates() -> Dict[str, float]:
    """Do what takes long: read a large file, ask a service, open a connection."""
    return {"EUR": 1.0, "USD": 1.08, "CHF": 0.94}
