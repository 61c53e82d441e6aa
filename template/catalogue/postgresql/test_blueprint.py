"""Tests for the HTTP functions of postgresql_example; shared/postgres.py has its own tests."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import azure.functions as func
import pytest

from blueprints import postgresql_example as blueprint
from shared import postgres


class Database:
    """Accounts, as the statements of the functions find and change them."""

    def __init__(self) -> None:
        self.owners = ["ada@example.com", "bob@example.com"]
        self.cents = [250, 0]
        self.refusal: int | None = None
        self.outcomes: list[str] = []

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator["Database"]:
        if self.refusal:
            raise postgres.Failure(self.refusal)
        before = list(self.cents)
        try:
            yield self
        except BaseException:
            self.cents = before
            self.outcomes.append("rolled back")
            raise
        self.outcomes.append("committed")

    def rows(self, *ids: int) -> list[dict[str, Any]]:
        known = [id for id in sorted(ids) if id <= len(self.owners)]
        return [
            {"id": id, "owner": self.owners[id - 1], "cents": self.cents[id - 1]} for id in known
        ]

    async def fetchrow(self, statement: str, *arguments: Any) -> dict[str, Any] | None:
        if statement == blueprint.ADD:
            owner, cents = arguments
            if owner in self.owners:
                raise postgres.Failure(409)
            self.owners.append(owner)
            self.cents.append(cents)
            return self.rows(len(self.owners))[0]
        assert statement == blueprint.GET
        return next(iter(self.rows(*arguments)), None)

    async def fetch(self, statement: str, payer: int, to: int, cents: int = 0) -> Any:
        assert statement == (blueprint.MOVE if cents else blueprint.LOCK)
        if cents:
            self.cents[payer - 1] -= cents
            self.cents[to - 1] += cents
        return self.rows(payer, to)


@pytest.fixture(autouse=True)
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database with two accounts: 1 with 250 cents, and 2 with none."""
    database = Database()
    monkeypatch.setattr(postgres, "transaction", database.transaction)
    return database


def call(function: Any, content: object = None, id: str = "", query: str = "") -> Any:
    """Return the status, the JSON content and the headers of the response."""
    req = func.HttpRequest(
        method="POST",
        url=f"/api/postgresql-example{query}",
        route_params={"id": id},
        body=content if isinstance(content, bytes) else json.dumps(content).encode(),
    )
    response = asyncio.run(function(req))
    expected = "application/problem+json" if response.status_code >= 400 else "application/json"
    assert response.mimetype == expected
    return response.status_code, json.loads(response.get_body()), dict(response.headers)


def get(id: str) -> Any:
    return call(blueprint.postgresql_example, id=id)


def create(content: object, query: str = "") -> Any:
    return call(blueprint.postgresql_example_create, content, query=query)


def transfer(content: object, id: str = "1") -> Any:
    return call(blueprint.postgresql_example_transfer, content, id)


def test_returns_an_account() -> None:
    status, account, _ = get("1")
    assert (status, account) == (200, {"id": 1, "owner": "ada@example.com", "cents": 250})


@pytest.mark.parametrize("id", ["3", "0", "-1", "2147483648"])
def test_an_account_that_is_not_there_is_not_found(id: str) -> None:
    status, problem, _ = get(id)
    assert (status, problem["detail"]) == (404, "There is no such account.")


@pytest.mark.parametrize("query", ["", "/", "?code=KEY"])
def test_opens_an_account_and_tells_its_address(query: str, database: Database) -> None:
    status, account, headers = create({"owner": "Eve@example.com", "cents": 5}, query)
    assert (status, account) == (201, {"id": 3, "owner": "eve@example.com", "cents": 5})
    assert headers["Location"] == "/api/postgresql-example/3"
    assert database.outcomes == ["committed"]


def test_an_owner_has_one_account(database: Database) -> None:
    status, problem, headers = create({"owner": "ada@example.com"})
    assert (status, problem["detail"]) == (409, blueprint.EXPLANATIONS[409])
    assert "Retry-After" not in headers
    assert database.outcomes == ["rolled back"]


@pytest.mark.parametrize(
    "content",
    [
        b"{owner",
        b"\xff",
        [],
        {},
        {"owner": 1},
        {"owner": "ada"},
        {"owner": "a\x00da@example.com"},
        {"owner": "\ud800@example.com"},
        {"owner": "ada@example.com" + "m" * 100},
        {"owner": "eve@example.com", "cents": -1},
        {"owner": "eve@example.com", "cents": 2.5},
        {"owner": "eve@example.com", "cents": True},
        {"owner": "eve@example.com", "cents": blueprint.LARGEST_AMOUNT + 1},
    ],
)
def test_refuses_what_is_not_an_account(content: object, database: Database) -> None:
    assert create(content)[0] == 400
    assert database.outcomes == []


@pytest.mark.parametrize("cents", [0, blueprint.LARGEST_AMOUNT])
def test_takes_the_smallest_and_the_largest_amount(cents: int) -> None:
    status, account, _ = create({"owner": "eve@example.com", "cents": cents})
    assert (status, account["cents"]) == (201, cents)


def test_an_account_can_pay_all_that_it_has(database: Database) -> None:
    assert transfer({"to": 2, "cents": 250})[0] == 200
    assert database.cents == [0, 250]


def test_moves_an_amount(database: Database) -> None:
    status, account, _ = transfer({"to": 2, "cents": 100})
    assert (status, account) == (200, {"id": 1, "owner": "ada@example.com", "cents": 150})
    assert (database.cents, database.outcomes) == ([150, 100], ["committed"])


@pytest.mark.parametrize(
    ("content", "id", "status"),
    [
        ({"to": 2, "cents": 251}, "1", 409),
        ({"to": 3, "cents": 1}, "1", 404),
        ({"to": 2147483647, "cents": 1}, "1", 404),
        ({"to": 1, "cents": 1}, "3", 404),
        ({"to": 1, "cents": 1}, "0", 404),
        ({"to": 1, "cents": 1}, "1", 400),
        ({"to": 2}, "1", 400),
        ({"cents": 1}, "1", 400),
        ({"to": "2", "cents": 1}, "1", 400),
        ({"to": True, "cents": 1}, "2", 400),
        ({"to": 0, "cents": 1}, "1", 400),
        ({"to": 2147483648, "cents": 1}, "1", 400),
        ({"to": 2, "cents": 0}, "1", 400),
        ([], "1", 400),
    ],
)
def test_a_transfer_that_is_refused_changes_nothing(
    content: object, id: str, status: int, database: Database
) -> None:
    answered, problem, headers = transfer(content, id)
    assert (answered, problem["status"]) == (status, status)
    assert headers.get("Retry-After") is None
    assert database.cents == [250, 0]
    assert "committed" not in database.outcomes


def test_tells_when_to_come_again(database: Database) -> None:
    database.refusal = 503
    for answer in (get("1"), create({"owner": "a@b.c"}), transfer({"to": 2, "cents": 1})):
        status, problem, headers = answer
        assert (status, problem["detail"]) == (503, blueprint.EXPLANATIONS[503])
        assert headers["Retry-After"] == "5"
