"""A tool that AI assistants call through MCP, and that asks another service over HTTP."""

import asyncio
import logging
import math
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Union

import azure.functions as func
import httpx

bp = func.Blueprint()
logger = logging.getLogger(__name__)
# It would log every URL.
logging.getLogger("httpx").setLevel(logging.WARNING)

# Seconds that an assistant waits for the other service.
TIMEOUT = 10
CODE = re.compile("[A-Za-z]{3}")
# From Python 3.11 on, the second one is the built-in TimeoutError.
NO_ANSWER = (httpx.HTTPError, asyncio.TimeoutError, ValueError)


@func.mcp_content
@dataclass(frozen=True)
class ExchangeRate:
    """How much of `currency` one unit of `base` was worth on a day."""

    base: str
    currency: str
    rate: float
    date: str


@func.mcp_content
@dataclass(frozen=True)
class Failure:
    """What an assistant can read if there is no rate."""

    error: str


Result = Union[ExchangeRate, Failure]


class NoRate(Exception):
    """There is no rate; the message tells the assistant why."""


# The annotation of the result makes it structured: an assistant gets these classes as JSON, as text
# and for programs. It would not see the text of an exception.
@bp.mcp_tool()
@bp.mcp_tool_property(
    arg_name="base",
    description="Currency of the known amount, as three letters, such as: EUR",
)
@bp.mcp_tool_property(
    arg_name="currency",
    description="Currency to convert to, as three letters, such as: USD",
)
async def mcp_tool_http_example(base: str, currency: str) -> Result:
    """Get the exchange rate of two currencies on the last working day.

    Returns base, currency, rate and date, or an error.
    """
    try:
        return await find_rate(read_code("base", base), read_code("currency", currency))
    except NoRate as error:
        return Failure(str(error))


def read_code(name: str, code: object) -> str:
    """Return the code of a currency; raise NoRate if it is invalid.

    Assistants can send values of any type: the host checks only that they are there.
    """
    if not isinstance(code, str) or not CODE.fullmatch(code.strip()):
        raise NoRate(f"{name} must be a code of three letters, such as EUR.")
    return code.strip().upper()


async def find_rate(base: str, currency: str) -> ExchangeRate:
    """Ask the service for a rate; raise NoRate if it has none, or gives no answer in time."""
    request = client().get("latest", params={"base": base, "symbols": currency})
    try:
        # The limits of the client apply to each step; this one to all of them.
        response = await asyncio.wait_for(request, TIMEOUT)
        if response.status_code in {404, 422}:
            raise NoRate(f"There is no rate from {base} to {currency}.")
        return read_rate(response.raise_for_status().json(), base, currency)
    except NO_ANSWER as error:
        logger.warning("No exchange rate: %s", type(error).__name__)
        raise NoRate("The service for exchange rates is unavailable; try again later.") from error


def read_rate(content: Any, base: str, currency: str) -> ExchangeRate:
    """Return the rate in an answer of the service; raise ValueError if it has none."""
    try:
        rate, date = float(content["rates"][currency]), str(content["date"])
    except (KeyError, OverflowError, TypeError) as error:
        raise ValueError("an answer without a rate") from error
    if not math.isfinite(rate):
        raise ValueError("an answer with an impossible rate")
    return ExchangeRate(base, currency, rate, date)


@lru_cache(maxsize=1)
def client() -> httpx.AsyncClient:
    """Return the client that all calls share, along with its connections."""
    url = os.environ["MCP_TOOL_HTTP_EXAMPLE_URL"]
    return httpx.AsyncClient(base_url=url, timeout=TIMEOUT)
