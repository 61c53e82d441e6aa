"""Tests for the shared pool of PostgreSQL: the driver's errors, with a fake pool."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest
from asyncpg import exceptions
from azure.core.credentials import AccessToken

from shared import postgres

KEYED = "postgresql://ada:secret@localhost:5432/app"
KEYLESS = "postgresql://ada@fake.postgres.database.azure.com/app"


class Pool:
    """A fake pool, which is also its only connection; it writes down what happens."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.options: dict[str, Any] = {}
        self.events: list[str] = []
        self.refusal: Exception | None = None

    def create(self, url: str, **options: Any) -> "Pool":
        self.urls.append(url)
        self.options = options
        return self

    async def __aenter__(self) -> object:
        await asyncio.sleep(0.001)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.events.append("closed")

    async def acquire(self, timeout: float) -> "Pool":
        assert timeout == postgres.SECONDS_TO_CONNECT
        if self.refusal:
            raise self.refusal
        return self

    async def release(self, connection: object) -> None:
        assert connection is self
        self.events.append("released")

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        try:
            yield
        except BaseException:
            self.events.append("rolled back")
            raise
        self.events.append("committed")


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    """The pool that the app makes, with a password."""
    pool = Pool()
    monkeypatch.setattr(asyncpg, "create_pool", pool.create)
    monkeypatch.setenv("PostgreSqlConnection", KEYED)
    monkeypatch.setenv("POSTGRESQL_POOL_SIZE", "7")
    return pool


def run(*failures: Exception | None) -> list[Any]:
    """Run transactions at once, which fail as given; return what is raised, and close the pool."""

    async def use(failure: Exception | None) -> None:
        async with postgres.transaction():
            if failure:
                raise failure

    async def run_all() -> list[Any]:
        try:
            return await asyncio.gather(*map(use, failures), return_exceptions=True)
        finally:
            await postgres.close()

    return asyncio.run(run_all())


def test_a_transaction_is_committed(pool: Pool) -> None:
    assert run(None) == [None]
    assert pool.events == ["committed", "released", "closed"]


def test_a_transaction_that_fails_has_no_effect(pool: Pool) -> None:
    failure = ValueError("halfway")
    assert run(failure) == [failure]
    assert pool.events == ["rolled back", "released", "closed"]


def test_a_hundred_first_transactions_make_one_pool(pool: Pool) -> None:
    assert run(*[None] * 100) == [None] * 100
    assert pool.urls == [KEYED]
    assert pool.events.count("closed") == 1


def test_the_pool_is_bounded_and_nobody_waits_for_minutes(pool: Pool) -> None:
    run(None)
    assert (pool.options["min_size"], pool.options["max_size"]) == (0, 7)
    milliseconds = int(pool.options["server_settings"]["statement_timeout"])
    # 0 would be no limit.
    assert 1000 <= milliseconds < pool.options["command_timeout"] * 1000 < 30_000
    assert pool.options["timeout"] <= 10
    # Azure drops connections that are idle for four minutes.
    assert 0 < pool.options["max_inactive_connection_lifetime"] < 240


def test_a_connection_of_its_own_has_no_limit_of_statements(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    async def connect(url: str, **options: Any) -> None:
        assert url == KEYED
        asked.append(options)

    monkeypatch.setattr(asyncpg, "connect", connect)
    asyncio.run(postgres.connect())
    assert asked == [{"timeout": postgres.SECONDS_TO_CONNECT}]
    assert pool.urls == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (exceptions.UniqueViolationError, 409),
        (exceptions.ForeignKeyViolationError, 409),
        (asyncio.TimeoutError, 503),
        (exceptions.ConnectionDoesNotExistError, 503),
        (exceptions.QueryCanceledError, 503),
        (exceptions.AdminShutdownError, 503),
        (exceptions.CannotConnectNowError, 503),
        (exceptions.TooManyConnectionsError, 503),
        (exceptions.DeadlockDetectedError, 503),
        (exceptions.SerializationError, 503),
        (exceptions.LockNotAvailableError, 503),
    ],
)
@pytest.mark.parametrize("where", ["connecting", "inside"])
def test_tells_what_the_caller_should_know(
    pool: Pool,
    error: Callable[[str], Exception],
    status: int,
    where: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    refused = error("the reason")
    pool.refusal = refused if where == "connecting" else None
    [failure] = run(refused)
    assert isinstance(failure, postgres.Failure)
    assert (failure.status, failure.__cause__) == (status, refused)
    assert ("the reason" in caplog.text) == (status == 503)


def test_a_server_that_cannot_be_reached_is_no_fault_of_the_app(
    pool: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    pool.refusal = ConnectionRefusedError("the reason")
    [failure] = run(None)
    assert failure.status == 503
    assert "the reason" in caplog.text


def test_the_lost_connection_of_a_transaction_is_no_fault_of_the_app(pool: Pool) -> None:
    [failure] = run(exceptions.InterfaceError("the connection is closed"))
    assert failure.status == 503


@pytest.mark.parametrize(
    "error",
    [
        exceptions.UndefinedTableError("no table"),
        exceptions.InsufficientPrivilegeError("no role"),
        exceptions.InvalidPasswordError("no password"),
        exceptions.PostgresSyntaxError("no statement"),
        exceptions.InterfaceError("no argument"),
        # Of a file, or of another service.
        OSError("not of the database"),
    ],
)
def test_what_the_owner_must_fix_stays_an_error_of_the_driver(pool: Pool, error: Exception) -> None:
    assert run(error) == [error]


def test_a_database_that_is_away_is_tried_again_by_the_next_transaction(pool: Pool) -> None:
    async def use() -> list[str]:
        seen = []
        for refusal in (ConnectionRefusedError(), None):
            pool.refusal = refusal
            try:
                async with postgres.transaction():
                    seen.append("done")
            except postgres.Failure:
                seen.append("failed")
        await postgres.close()
        return seen

    assert asyncio.run(use()) == ["failed", "done"]
    assert len(pool.urls) == 1


def test_with_a_password_no_identity_connects(pool: Pool) -> None:
    run(None)
    assert pool.options.keys().isdisjoint({"password", "ssl"})


class Identity:
    """A fake of the app's managed identity."""

    made: list[Any]

    async def __aenter__(self) -> object:
        self.made.append("opened")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.made.append("closed")

    async def get_token(self, scope: str) -> AccessToken:
        self.made.append(scope)
        return AccessToken(f"token {len(self.made)}", 4102444800)


def test_each_new_connection_of_an_identity_has_a_fresh_token(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    monkeypatch.setattr(Identity, "made", made, raising=False)
    monkeypatch.setattr("azure.identity.aio.DefaultAzureCredential", Identity)
    monkeypatch.setenv("PostgreSqlConnection", KEYLESS)
    assert run(None) == [None]
    assert made == ["opened", "closed"]
    password = pool.options["password"]
    assert [asyncio.run(password()), asyncio.run(password())] == ["token 3", "token 4"]
    assert made[2:] == [postgres.SCOPE] * 2


def test_all_connections_share_an_identity(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    async def connect(url: str, **options: Any) -> None:
        pass

    async def connect_often() -> None:
        await asyncio.gather(*[postgres.connect() for _ in range(5)])
        await postgres.close()

    monkeypatch.setattr(Identity, "made", made, raising=False)
    monkeypatch.setattr("azure.identity.aio.DefaultAzureCredential", Identity)
    monkeypatch.setattr(asyncpg, "connect", connect)
    monkeypatch.setenv("PostgreSqlConnection", KEYLESS)
    asyncio.run(connect_often())
    assert made == ["opened", "closed"]


def test_a_token_goes_only_to_a_server_with_a_valid_certificate(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PostgreSqlConnection", KEYLESS)
    assert run(None) == [None]
    context = pool.options["ssl"]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
