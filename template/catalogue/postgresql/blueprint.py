"""Manage accounts in PostgreSQL, with the app's shared pool of connections.

The table is in database/postgresql.sql.
"""

import contextlib
import json
import logging
import re
from dataclasses import dataclass
from typing import Any, AsyncIterator, Dict, Optional, Tuple
from urllib.parse import urlsplit

import azure.functions as func

from shared import postgres, problems

bp = func.Blueprint()
logger = logging.getLogger(__name__)

GET = "SELECT id, owner, cents FROM public.postgresql_example WHERE id = $1"
ADD = """
    INSERT INTO public.postgresql_example (owner, cents) VALUES ($1, $2)
    RETURNING id, owner, cents
"""
# In the order of ids, so that two transfers never wait for each other.
LOCK = """
    SELECT id, cents FROM public.postgresql_example WHERE id IN ($1, $2)
    ORDER BY id FOR UPDATE
"""
MOVE = """
    UPDATE public.postgresql_example
    SET cents = cents + CASE WHEN id = $1 THEN -$3::bigint ELSE $3 END
    WHERE id IN ($1, $2)
    RETURNING id, owner, cents
"""

EMAIL = re.compile("[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,100}")
LARGEST_ID = 2**31 - 1
LARGEST_AMOUNT = 10**12
EXPLANATIONS = {
    409: "The owner has an account already.",
    503: "The accounts are unavailable; try again later.",
}


@dataclass(frozen=True)
class Transfer:
    """An amount to move to another account."""

    to: int
    cents: int


@bp.route(route="postgresql-example/{id:int}", methods=["GET"])
@problems.answered
async def postgresql_example(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return an account; 404 if it does not exist."""
    id = read_id(req)
    async with database() as connection:
        account = await connection.fetchrow(GET, id)
    if account is None:
        raise problems.Problem(404, "There is no such account.")
    return respond(dict(account))


@bp.route(route="postgresql-example", methods=["POST"])
@problems.answered
async def postgresql_example_create(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Open the account in the body; `Location` is its URL. 409 if the owner has one already."""
    owner, cents = read_account(read_json(req))
    async with database() as connection:
        account = dict(await connection.fetchrow(ADD, owner, cents))
    logger.info("Opened account %s", account["id"])
    location = f"{urlsplit(req.url).path.rstrip('/')}/{account['id']}"
    return respond(account, 201, {"Location": location})


@bp.route(route="postgresql-example/{id:int}/transfers", methods=["POST"])
@problems.answered
async def postgresql_example_transfer(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Move an amount to another account, and return the account that paid.

    Both accounts change, or neither does, even if the database stops halfway. Transfers of the same
    account wait for each other, so that no account pays what it does not have. A caller that gets
    no answer cannot tell whether the transfer was made: keep an id per transfer if that matters.
    """
    payer, transfer = read_id(req), read_transfer(read_json(req))
    if transfer.to == payer:
        raise problems.Problem(400, "An account cannot pay itself.")
    async with database() as connection:
        locked = await connection.fetch(LOCK, payer, transfer.to)
        balances = {row["id"]: row["cents"] for row in locked}
        if balances.keys() != {payer, transfer.to}:
            raise problems.Problem(404, "There is no such account.")
        if balances[payer] < transfer.cents:
            raise problems.Problem(409, "The account does not have this amount.")
        changed = await connection.fetch(MOVE, payer, transfer.to, transfer.cents)
    logger.info("Moved %s cents from account %s to %s", transfer.cents, payer, transfer.to)
    [account] = [row for row in changed if row["id"] == payer]
    return respond(dict(account))


@contextlib.asynccontextmanager
async def database() -> AsyncIterator[Any]:
    """Provide a connection in a transaction. What the database refuses is the caller's problem."""
    try:
        async with postgres.transaction() as connection:
            yield connection
    except postgres.Failure as failure:
        headers = {"Retry-After": "5"} if failure.status == 503 else {}
        raise problems.Problem(failure.status, EXPLANATIONS[failure.status], headers) from failure


def read_id(req: func.HttpRequest) -> int:
    """Return the id in the route; 404 if no account can have it."""
    id = int(req.route_params["id"])
    if not 0 < id <= LARGEST_ID:
        raise problems.Problem(404, "There is no such account.")
    return id


def read_json(req: func.HttpRequest) -> Dict[str, Any]:
    """Return the JSON object in the body; 400 if it is not one."""
    try:
        content = req.get_json()
    except (RecursionError, ValueError):
        raise problems.Problem(400, "The body is not valid JSON.") from None
    if not isinstance(content, dict):
        raise problems.Problem(400, "The body is not a JSON object.")
    return content


def read_account(content: Dict[str, Any]) -> Tuple[str, int]:
    """Return the owner and the amount of a new account; 400 if they are not valid."""
    owner = content.get("owner")
    if not isinstance(owner, str) or not EMAIL.fullmatch(owner):
        raise problems.Problem(400, 'Send an account such as {"owner": "ada@example.com"}.')
    return owner.lower(), read_amount(content.get("cents", 0), smallest=0)


def read_transfer(content: Dict[str, Any]) -> Transfer:
    """Return the transfer; 400 if it is not valid."""
    to = content.get("to")
    if not isinstance(to, int) or isinstance(to, bool) or not 0 < to <= LARGEST_ID:
        raise problems.Problem(400, 'Send a transfer such as {"to": 2, "cents": 250}.')
    return Transfer(to, read_amount(content.get("cents"), smallest=1))


def read_amount(cents: Any, smallest: int) -> int:
    """Return an amount; 400 if it is not an integer in the range."""
    if not isinstance(cents, int) or isinstance(cents, bool):
        raise problems.Problem(400, "cents must be an integer.")
    if not smallest <= cents <= LARGEST_AMOUNT:
        raise problems.Problem(400, f"cents must be from {smallest} to {LARGEST_AMOUNT}.")
    return cents


def respond(
    content: object,
    status_code: int = 200,
    headers: Optional[Dict[str, str]] = None,
) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, headers=headers, mimetype="application/json"
    )
