"""Tests for callers who are signed in with Microsoft Entra ID: real tokens, and keys of their own."""

import asyncio
import base64
import hashlib
import hmac
import io
import json
import threading
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any

import azure.functions as func
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from shared import entra
from shared.problems import Problem

TENANT, CLIENT = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
KEYS = {
    name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("old", "new")
}
NOW = int(time.time())
USER = {
    "aud": CLIENT,
    "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
    "tid": TENANT,
    "oid": "ada",
    "sub": "pairwise",
    "scp": "Orders.Read Orders.Write",
    "nbf": NOW - 10,
    "iat": NOW - 10,
    "exp": NOW + 86400,
}
APP: dict[str, Any] = {**USER, "oid": "app", "sub": "app", "roles": ["Orders.Approve"]}
del APP["scp"]


class Tenant:
    """Publishes keys, if it can be reached."""

    def __init__(self) -> None:
        self.published = ["old"]
        self.fetched: list[str] = []
        self.down = False

    def open(self, url: str, timeout: float) -> io.BytesIO:
        assert timeout > 0
        self.fetched.append(url)
        if self.down:
            raise urllib.error.URLError("no connection")
        keys = [
            {**json.loads(RSAAlgorithm.to_jwk(KEYS[name].public_key())), "kid": name, "use": "sig"}
            for name in self.published
        ]
        return io.BytesIO(json.dumps({"keys": [*keys, {"kty": "EC", "kid": "ec"}]}).encode())


class Clock:
    """The time that passes between two requests."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def tenant(monkeypatch: pytest.MonkeyPatch) -> Tenant:
    """A tenant whose keys nobody has fetched yet, and the settings of an app in it."""
    tenant = Tenant()
    monkeypatch.setattr("urllib.request.urlopen", tenant.open)
    monkeypatch.setattr(entra, "keys", entra.Keys(entra.fetch_keys))
    monkeypatch.setenv("ENTRA_TENANT_ID", TENANT)
    monkeypatch.setenv("ENTRA_CLIENT_ID", CLIENT)
    monkeypatch.setenv("ENTRA_BUILT_IN_AUTHENTICATION", "false")
    return tenant


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


def sign(claims: dict[str, Any], key: str = "old", **headers: Any) -> str:
    return jwt.encode(claims, KEYS[key], "RS256", headers={"kid": key, **headers})


def forge(header: dict[str, Any], claims: dict[str, Any], key: bytes | None = None) -> str:
    """Return a token that a library would not sign."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in (header, claims)]
    signed = b".".join(part.rstrip(b"=") for part in parts)
    signature = hmac.new(key, signed, hashlib.sha256).digest() if key else b""
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def read(headers: dict[str, str]) -> entra.Caller:
    req = func.HttpRequest(method="GET", url="/", headers=headers, body=b"")
    return asyncio.run(entra.read_caller(req))


def call(token: str) -> entra.Caller:
    return read({"Authorization": f"Bearer {token}"})


def refused(token: str) -> Problem:
    with pytest.raises(Problem) as raised:
        call(token)
    return raised.value


def test_a_user_has_scopes_and_an_app_has_roles(tenant: Tenant) -> None:
    scopes = frozenset({"Orders.Read", "Orders.Write"})
    assert call(sign(USER)) == entra.Caller("ada", scopes, frozenset())
    assert call(sign(APP)) == entra.Caller("app", frozenset(), frozenset({"Orders.Approve"}))
    assert tenant.fetched == [f"https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys"]


def test_takes_tokens_of_version_1() -> None:
    claims = {"aud": f"api://{CLIENT}", "iss": f"https://sts.windows.net/{TENANT}/"}
    assert call(sign({**USER, **claims})).id == "ada"


def test_takes_a_token_that_expired_just_now() -> None:
    assert call(sign({**USER, "exp": int(time.time()) - 30})).id == "ada"


OTHER = "33333333-3333-3333-3333-333333333333"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": OTHER},
        {"aud": "https://graph.microsoft.com"},
        {"aud": None},
        {"iss": f"https://login.microsoftonline.com/{OTHER}/v2.0"},
        {"iss": f"https://login.microsoftonline.com/{TENANT}/v2.0/"},
        {"iss": f"https://login.example.com/{TENANT}/v2.0"},
        {"iss": None},
        {"tid": OTHER},
        {"nbf": NOW + 86400},
        {"nbf": None},
        {"exp": NOW - 600},
        {"exp": None},
        {"oid": None, "sub": "x"},
        {"oid": 7},
        {"scp": ["Orders.Read"]},
        {"scp": None, "sub": None},
    ],
    ids=lambda claims: str(claims).replace(OTHER, "other"),
)
def test_refuses_claims_that_are_not_for_this_app_and_time(claims: dict[str, Any]) -> None:
    changed = {name: value for name, value in {**USER, **claims}.items() if value is not None}
    problem = refused(sign(changed))
    assert problem.status == 401
    assert problem.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"')


def test_says_that_a_token_has_expired() -> None:
    assert str(refused(sign({**USER, "exp": NOW - 600}))) == "The token has expired."


def test_refuses_the_id_token_of_a_user() -> None:
    claims = {name: value for name, value in USER.items() if name != "scp"}
    assert "ID token" in str(refused(sign({**claims, "roles": ["Orders.Approve"]})))


def test_refuses_tokens_that_nobody_signed_with_a_key_of_the_tenant(tenant: Tenant) -> None:
    public = KEYS["old"].public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    good = sign(USER)
    header, claims, signature = good.split(".")
    other = base64.urlsafe_b64encode(json.dumps({**USER, "oid": "eve"}).encode()).decode()
    tokens = [
        forge({"alg": "none", "kid": "old"}, USER),
        forge({"alg": "None", "kid": "old"}, USER),
        forge({"alg": "HS256", "kid": "old"}, USER, pem),
        forge({"alg": "RS256", "kid": "old"}, USER, pem),
        f"{header}.{other.rstrip('=')}.{signature}",
        f"{header}.{claims}.",
        jwt.encode(USER, KEYS["old"], "RS512", headers={"kid": "old"}),
        jwt.encode(USER, KEYS["new"], "RS256", headers={"kid": "old"}),
        jwt.encode(USER, KEYS["old"], "RS256"),
        sign(USER, kid="ec"),
        good + "x",
        "a.b.c",
        "é",
        "abc",
    ]
    assert [refused(token).status for token in tokens] == [401] * len(tokens)
    assert call(good).id == "ada"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer"])
def test_asks_for_a_token(header: str) -> None:
    with pytest.raises(Problem) as raised:
        read({"Authorization": header})
    assert (raised.value.status, raised.value.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_tells_which_permission_is_missing() -> None:
    user, app = call(sign(USER)), call(sign(APP))
    user.require("Orders.Read", "Orders.Read.All")
    app.require("Orders.Read", "Orders.Approve")
    for caller, needed in (
        (user, ("", "Orders.Approve")),
        (app, ("Orders.Read", "")),
        (user, ("", "")),
        (user, ("Orders", "")),
    ):
        with pytest.raises(Problem) as raised:
            caller.require(*needed)
        assert raised.value.status == 403
        scope = needed[0] or needed[1]
        expected = f'Bearer error="insufficient_scope", scope="{scope}"'
        assert raised.value.headers["WWW-Authenticate"] == expected


def test_a_scope_is_not_a_role() -> None:
    caller = call(sign({**USER, "scp": "Orders.Approve", "roles": "Orders.Approve"}))
    with pytest.raises(Problem):
        caller.require("", "Orders.Approve")


def test_keys_are_fetched_once(tenant: Tenant, clock: Clock) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: call(sign(USER)), range(40)))
    clock.now += entra.LIFETIME - 1
    call(sign(USER))
    assert len(tenant.fetched) == 1
    clock.now += 2
    call(sign(USER))
    assert len(tenant.fetched) == 2


def test_a_new_key_is_found(tenant: Tenant, clock: Clock) -> None:
    call(sign(USER))
    tenant.published = ["new"]
    clock.now += entra.PAUSE + 1
    assert call(sign(USER, "new")).id == "ada"
    assert len(tenant.fetched) == 2
    assert refused(sign(USER, "old")).status == 401


def test_unknown_keys_do_not_cause_a_request_each(tenant: Tenant, clock: Clock) -> None:
    call(sign(USER))
    for number in range(20):
        clock.now += 1
        assert refused(sign(USER, kid=f"made-up-{number}")).status == 401
    assert len(tenant.fetched) == 1
    clock.now += entra.PAUSE
    for number in range(20):
        assert refused(sign(USER, kid=f"made-up-{number}")).status == 401
    assert len(tenant.fetched) == 2


def test_a_tenant_that_cannot_be_reached_makes_no_token_invalid(
    tenant: Tenant, clock: Clock
) -> None:
    tenant.down = True
    problem = refused(sign(USER))
    assert (problem.status, problem.headers) == (503, {"Retry-After": "10"})
    assert refused(sign(USER)).status == 503
    assert len(tenant.fetched) == 1
    tenant.down = False
    clock.now += entra.PAUSE_AFTER_FAILURE
    assert call(sign(USER)).id == "ada"


def test_those_who_wait_for_a_tenant_that_does_not_answer_do_not_ask_it_again(
    clock: Clock,
) -> None:
    asked = []

    def fetch() -> dict[str, Any]:
        asked.append(clock.now)
        clock.now += entra.SECONDS_TO_FETCH
        raise TimeoutError

    keys = entra.Keys(fetch)
    for _ in range(5):
        with pytest.raises(Problem):
            keys.find("old")
    assert len(asked) == 1


@pytest.mark.parametrize(
    "error",
    [
        HTTPException("no status"),
        KeyError("keys"),
        TypeError("null"),
        ValueError("no JSON"),
        jwt.PyJWKError("no key"),
    ],
)
def test_an_answer_without_keys_makes_no_token_invalid(error: Exception) -> None:
    def fetch() -> dict[str, Any]:
        raise error

    with pytest.raises(Problem) as raised:
        entra.Keys(fetch).find("old")
    assert raised.value.status == 503


def test_a_known_key_stays_good_while_the_tenant_cannot_be_reached(
    tenant: Tenant, clock: Clock
) -> None:
    call(sign(USER))
    tenant.down = True
    clock.now += entra.LIFETIME + 1
    assert call(sign(USER)).id == "ada"
    assert refused(sign(USER, "new")).status == 503


def test_a_known_key_does_not_wait_for_others(tenant: Tenant) -> None:
    call(sign(USER))
    with entra.keys._lock:
        done = threading.Thread(target=call, args=[sign(USER)])
        done.start()
        done.join(10)
        assert not done.is_alive()


@pytest.mark.parametrize("value", ["", "00000000-0000-0000-0000-000000000000"])
@pytest.mark.parametrize("name", ["ENTRA_TENANT_ID", "ENTRA_CLIENT_ID"])
def test_without_its_settings_nobody_is_let_in(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    issuer = f"https://login.microsoftonline.com/{value}/v2.0"
    claims = {**USER, "aud": value, "iss": issuer, "tid": value}
    with pytest.raises(RuntimeError, match=name):
        call(sign(claims))


def principal(*claims: tuple[str, str], type: str = "aad") -> dict[str, str]:
    content = {"auth_typ": type, "claims": [{"typ": name, "val": value} for name, value in claims]}
    return {"X-MS-CLIENT-PRINCIPAL": base64.b64encode(json.dumps(content).encode()).decode()}


IDENTITY = "http://schemas.microsoft.com/identity/claims"
ROLE = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"
ADA = [(f"{IDENTITY}/objectidentifier", "ada"), ("tid", TENANT)]


def test_headers_of_built_in_authentication_count_only_if_it_is_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    headers = principal(*ADA, ("roles", "Orders.Approve"), ("roles", "Orders.Read.All"))
    with pytest.raises(Problem) as raised:
        read(headers)
    assert raised.value.status == 401
    assert raised.value.headers["WWW-Authenticate"] == "Bearer"
    monkeypatch.setenv("ENTRA_BUILT_IN_AUTHENTICATION", "true")
    roles = frozenset({"Orders.Approve", "Orders.Read.All"})
    assert read(headers) == entra.Caller("ada", frozenset(), roles)
    headers = principal(*ADA, (f"{IDENTITY}/scope", "Orders.Read"), (ROLE, "Orders.Approve"))
    scopes, roles = frozenset({"Orders.Read"}), frozenset({"Orders.Approve"})
    assert read(headers) == entra.Caller("ada", scopes, roles)
    # A token that nobody checked does not count then.
    with pytest.raises(Problem) as raised:
        read({"Authorization": f"Bearer {sign(USER)}"})
    assert raised.value.status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-MS-CLIENT-PRINCIPAL": ""},
        {"X-MS-CLIENT-PRINCIPAL": "é"},
        {"X-MS-CLIENT-PRINCIPAL": "e30="},
        {"X-MS-CLIENT-PRINCIPAL": base64.b64encode(b"[]").decode()},
        {"X-MS-CLIENT-PRINCIPAL-ID": "ada"},
        principal(*ADA, type="github"),
        principal(("tid", TENANT)),
        principal(("oid", "ada"), ("tid", OTHER)),
        principal(("oid", "ada"), (f"{IDENTITY}/tenantid", OTHER)),
    ],
)
def test_refuses_a_principal_that_is_nobody_of_the_tenant(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setenv("ENTRA_BUILT_IN_AUTHENTICATION", "true")
    with pytest.raises(Problem) as raised:
        read(headers)
    assert raised.value.headers["WWW-Authenticate"].startswith("Bearer")
    assert raised.value.status == 401
