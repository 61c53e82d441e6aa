"""Runs code of the app before and after each invocation of a function, and when one fails.

Change `before`, `after` and `failed` to what the app needs. They get nothing that the function
receives or returns, and no message of an exception, so that no payload reaches the logs.
"""

import functools
import inspect
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import azure.functions as func

logger = logging.getLogger(__name__)

Function = Callable[..., Any]


@dataclass(frozen=True)
class Invocation:
    """An invocation: its function, its ID in the logs, and the trace that it belongs to."""

    function: str
    id: str = ""
    trace_id: str = ""


def before(invocation: Invocation) -> None:
    """Run before the function. An exception here fails the invocation, and the function does not run."""
    logger.debug("%s starts", invocation.function)


def after(invocation: Invocation, seconds: float) -> None:
    """Run after the function, unless it raised an exception."""
    logger.info("%s", as_json(invocation, "succeeded", seconds))


def failed(invocation: Invocation, seconds: float, error: BaseException) -> None:
    """Run after the function has raised an exception, which the host then gets."""
    logger.error("%s", as_json(invocation, "failed", seconds, error=type(error).__name__))


def as_json(invocation: Invocation, outcome: str, seconds: float, **more: str) -> str:
    """Return a line of the log, for queries such as `parse_json(message).function`."""
    fields = {
        "function": invocation.function,
        "outcome": outcome,
        "milliseconds": round(1000 * seconds, 1),
        "invocation_id": invocation.id,
        "trace_id": invocation.trace_id,
        **more,
    }
    return json.dumps(fields)


def observed(function: Function) -> Function:
    """Decorate a function, below its bindings. The worker then also passes it the invocation's context.

    A call without it, as in a test, runs the function alone. Orchestrators are left alone, since they
    run again for each event of their history.
    """
    parameters = inspect.signature(function).parameters
    if "context" in parameters:
        return _wrap(function)
    context = inspect.Parameter(
        "context",
        inspect.Parameter.KEYWORD_ONLY,
        annotation=func.Context,
        default=None,
    )
    return _wrap(function, context)


def observed_tool(function: Function) -> Function:
    """Decorate an MCP tool. Its parameters are those of the tool, so the context is not known."""
    return _wrap(function, of_tool=True)


def _wrap(
    function: Function,
    context: "inspect.Parameter | None" = None,
    of_tool: bool = False,
) -> Function:
    if inspect.isgeneratorfunction(function):
        return function
    wrapper: Any
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def run(*args: Any, **kwargs: Any) -> Any:
            with _watch(_describe(function, kwargs, context, of_tool)):
                return await function(*args, **kwargs)

        wrapper = run
    else:

        @functools.wraps(function)
        def run_in_thread(*args: Any, **kwargs: Any) -> Any:
            with _watch(_describe(function, kwargs, context, of_tool)):
                return function(*args, **kwargs)

        wrapper = run_in_thread
    if context:
        signature = inspect.signature(function)
        wrapper.__signature__ = signature.replace(
            parameters=[*signature.parameters.values(), context]
        )
        wrapper.__annotations__ = {**function.__annotations__, "context": func.Context}
    wrapped: Function = wrapper
    return wrapped


def _describe(
    function: Function,
    arguments: "dict[str, Any]",
    added: "inspect.Parameter | None",
    of_tool: bool,
) -> "Invocation | None":
    """Return what the worker says of the invocation; take its context out if the function has none."""
    context: Any = arguments.pop("context", None) if added else arguments.get("context")
    # The worker has a class of its own for it.
    if hasattr(context, "invocation_id"):
        parts = (context.trace_context.trace_parent or "").split("-")
        trace_id = parts[1] if len(parts) > 1 else ""
        return Invocation(context.function_name, context.invocation_id, trace_id)
    # What a warmup trigger and an entity get is called context, too.
    return Invocation(function.__name__) if of_tool or context is not None else None


@contextmanager
def _watch(invocation: "Invocation | None") -> Iterator[None]:
    """Call what runs before and after a function."""
    if invocation is None:
        yield
        return
    before(invocation)
    started = perf_counter()
    try:
        yield
    except BaseException as error:
        failed(invocation, perf_counter() - started, error)
        raise
    after(invocation, perf_counter() - started)
