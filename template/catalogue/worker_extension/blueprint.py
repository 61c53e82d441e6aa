"""Measure the invocations of all functions, in an extension of the Functions worker."""

import json
import logging
from time import perf_counter
from typing import Any, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


class Measurements(func.AppExtensionBase):
    """Counts the invocations of each function on this instance, and adds up their seconds.

    The worker calls the methods around every invocation of the app, once the class is defined. It
    calls them for one invocation after the other or in several threads, so keep them short.
    """

    started: Dict[str, float]
    counts: Dict[str, int]
    seconds: Dict[str, float]

    @classmethod
    def init(cls) -> None:
        """Begin to measure, when the worker loads the extension."""
        cls.started, cls.counts, cls.seconds = {}, {}, {}

    @classmethod
    def pre_invocation_app_level(
        cls, logger: Any, context: func.Context, func_args: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        """Note when an invocation starts."""
        cls.started[context.invocation_id] = perf_counter()

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
        """Note how long an invocation took that has ended well."""
        taken = perf_counter() - cls.started.pop(context.invocation_id)
        name = context.function_name
        cls.counts[name] = cls.counts.get(name, 0) + 1
        cls.seconds[name] = cls.seconds.get(name, 0.0) + taken


@bp.route(route="worker-extension-example", methods=["GET"])
def worker_extension_example(req: func.HttpRequest) -> func.HttpResponse:
    """Return how often each function ran on this instance, and how long on average."""
    content = {
        name: {"count": count, "milliseconds": round(1000 * Measurements.seconds[name] / count, 1)}
        for name, count in sorted(Measurements.counts.items())
    }
    return func.HttpResponse(json.dumps(content), mimetype="application/json")
