"""Errors of HTTP functions as problem details (RFC 9457), which all clients can read alike."""

import functools
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import azure.functions as func

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

Function = Callable[..., Awaitable[func.HttpResponse]]


class Problem(Exception):
    """A request that the function refuses: the status, and a sentence that tells the caller why.

    `members` are more members of the problem details, such as a list of errors.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        self.members = members


def response(problem: Problem) -> func.HttpResponse:
    """Return the response to a request that is refused."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": str(problem),
        **problem.members,
    }
    return func.HttpResponse(
        json.dumps(content),
        status_code=problem.status,
        headers=problem.headers,
        mimetype=MEDIA_TYPE,
    )


def answered(function: Function) -> Function:
    """Answer requests that a function refuses. Put it below the decorators of the bindings.

    Other exceptions stay what they are: the host answers 500, and Application Insights has them.
    """

    @functools.wraps(function)
    async def answer(*arguments: Any, **named: Any) -> func.HttpResponse:
        try:
            return await function(*arguments, **named)
        except Problem as problem:
            logger.info("Refused a request with status %s: %s", problem.status, problem)
            return response(problem)

    return answer
