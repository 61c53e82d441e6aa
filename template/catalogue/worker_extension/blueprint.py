"""Measure the invocations of all functions, in an extension of the Functions worker."""

import json
import logging
from threading import Lock
from time import perf_counter
from typing import Any, Dict
from weakref import WeakKeyDictionary

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


class Measurements(func.AppExtensionBase):
    """Counts the invocations of each function on this instance, and their total seconds.

    Once the class is defined, the worker calls its methods before and after every invocation of
    the app, one by one or in several threads, so keep them short.
    """

    # After an exception, the worker does not call `post_invocation_app_level`. So the entry of an
    # invocation disappears with its context.
    started: "WeakKeyDictionary[func.Context, float]"
    counts: Dict[str, int]
    seconds: Dict[str, float]
    # Held while both change, or are read.
    lock = Lock()

    @classmethod
    def init(cls) -> None:
        """Start measuring when the worker loads the extension."""
        cls.started, cls.counts, cls.seconds = WeakKeyDictionary(), {}, {}

    @classmethod
    def pre_invocation_app_level(
        cls, logger: Any, context: func.Context, func_args: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        """Record when an invocation starts."""
        cls.started[context] = perf_counter()

    @classmethod
    def post_invocation_app_level(
        cls,
        logger: Any,
        context: func.Context,
        func_args: Any = None,
        func_ret: Any = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Record how long a successful invocation took."""
        taken = perf_counter() - cls.started.pop(context)
        name = context.function_name
        with cls.lock:
            cls.counts[name] = cls.counts.get(name, 0) + 1
            cls.seconds[name] = cls.seconds.get(name, 0.0) + taken


@bp.route(route="worker-extension-example", methods=["GET"])
def worker_extension_example(req: func.HttpRequest) -> func.HttpResponse:
    """Return the number of runs and the average time of each function on this instance."""
    with Measurements.lock:
        counts, seconds = dict(Measurements.counts), dict(Measurements.seconds)
    content = {
        name: {"count": count, "milliseconds": round(1000 * seconds[name] / count, 1)}
        for name, count in sorted(counts.items())
    }
    return func.HttpResponse(json.dumps(content), mimetype="application/json")
