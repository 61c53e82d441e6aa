"""Callers who are signed in with Microsoft Entra ID: checks their access tokens."""

import asyncio
import base64
import json
import logging
import os
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

import azure.functions as func

from shared.problems import Problem

logger = logging.getLogger(__name__)

AUTHORITY = "https://login.microsoftonline.com"
ALGORITHM = "RS256"
SECONDS_TO_FETCH = 10
# How long keys are kept, how soon they are fetched again for a token with an unknown key, and how
# soon after a failure.
LIFETIME = 24 * 3600
PAUSE = 300
PAUSE_AFTER_FAILURE = 10
# How many seconds clocks can differ by.
LEEWAY = 60
# What the settings have until somebody sets them.
NO_ID = "00000000-0000-0000-0000-000000000000"
# How built-in authentication names the claims, besides their names in the token.
CLAIMS = {
    "http://schemas.microsoft.com/identity/claims/objectidentifier": "oid",
    "http://schemas.microsoft.com/identity/claims/scope": "scp",
    "http://schemas.microsoft.com/identity/claims/tenantid": "tid",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/role": "roles",
}


@dataclass(frozen=True)
class Caller:
    """Who calls: a user, through an app that has the scopes, or an app by itself.

    `id` is the object ID of the user or of the app's service principal.
    """

    id: str
    scopes: frozenset[str]
    roles: frozenset[str]

    def require(self, scope: str, role: str) -> None:
        """Raise 403 unless the caller has the role or, as a user, the scope. "" for neither."""
        if (scope and scope in self.scopes) or (role and role in self.roles):
            return
        needed = " ".join(filter(None, [scope, role]))
        header = f'Bearer error="insufficient_scope", scope="{needed}"'
        raise Problem(403, "The token does not allow this.", {"WWW-Authenticate": header})


class Keys:
    """The keys with which the tenant signs tokens. Several threads can use them.

    They are fetched when a token names a key that is not known, as after a change of keys, but
    only once in a while: otherwise, tokens with made-up keys would cause a request each.
    """

    def __init__(self, fetch: Callable[[], Mapping[str, Any]]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._keys: Mapping[str, Any] = {}
        self._fetched = self._next = -float("inf")
        self._failed = False

    def find(self, id: str) -> Any:
        """Return a key, or None if the tenant has no such key; 503 if that is unknown now."""
        if self._is_current(id):
            return self._keys[id]
        with self._lock:
            if not self._is_current(id) and time.monotonic() >= self._next:
                self._refresh()
            # A known key stays valid while the tenant cannot be reached.
            if id not in self._keys and self._failed:
                wait = {"Retry-After": str(PAUSE_AFTER_FAILURE)}
                raise Problem(503, "Tokens cannot be checked now; try again later.", wait)
            return self._keys.get(id)

    def _is_current(self, id: str) -> bool:
        return id in self._keys and time.monotonic() < self._fetched + LIFETIME

    def _refresh(self) -> None:
        import jwt

        try:
            self._keys = self._fetch()
        except (
            OSError,
            HTTPException,
            LookupError,
            TypeError,
            ValueError,
            jwt.PyJWTError,
        ) as error:
            logger.warning("The keys of the tenant cannot be read: %s", type(error).__name__)
            # Threads that waited for this attempt do not repeat it, one after the other.
            self._failed, self._next = True, time.monotonic() + PAUSE_AFTER_FAILURE
        else:
            now = time.monotonic()
            self._failed, self._fetched, self._next = False, now, now + PAUSE


def fetch_keys() -> Mapping[str, Any]:
    """Return the keys that the tenant publishes, by their ids."""
    from jwt import PyJWK

    url = f"{AUTHORITY}/{_tenant()}/discovery/v2.0/keys"
    with urllib.request.urlopen(url, timeout=SECONDS_TO_FETCH) as response:
        published = json.load(response)["keys"]
    return {key["kid"]: PyJWK(key, ALGORITHM) for key in published if key["kty"] == "RSA"}


keys = Keys(fetch_keys)


async def read_caller(req: func.HttpRequest) -> Caller:
    """Return the caller; raise 401 if the request does not prove who it is.

    The headers of built-in authentication count only if ENTRA_BUILT_IN_AUTHENTICATION is true: where
    it is off, every caller could send them.
    """
    if os.environ["ENTRA_BUILT_IN_AUTHENTICATION"].lower() == "true":
        return _caller(_read_principal(req.headers.get("X-MS-CLIENT-PRINCIPAL", "")))
    scheme, _, token = req.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(401, "Send an access token.", {"WWW-Authenticate": "Bearer"})
    # The thread may have to wait for the keys.
    return _caller(await asyncio.to_thread(_read_token, token.strip()))


def _read_token(token: str) -> Mapping[str, Any]:
    """Return the claims of an access token; 401 unless the tenant signed it for this app."""
    import jwt

    try:
        header = jwt.get_unverified_header(token)
        id = header.get("kid")
        key = keys.find(id) if header.get("alg") == ALGORITHM and isinstance(id, str) else None
        if key is None:
            raise _invalid("The token is not valid.")
        tenant, client = _tenant(), _setting("ENTRA_CLIENT_ID", os.environ["ENTRA_CLIENT_ID"])
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key,
            # Never the algorithm that the token itself names.
            algorithms=[ALGORITHM],
            audience=[client, f"api://{client}"],
            issuer=[f"{AUTHORITY}/{tenant}/v2.0", f"https://sts.windows.net/{tenant}/"],
            leeway=LEEWAY,
            options={"require": ["aud", "exp", "iss", "nbf", "sub"]},
        )
    except jwt.ExpiredSignatureError:
        raise _invalid("The token has expired.") from None
    except jwt.PyJWTError as error:
        logger.info("A token is not valid: %s", type(error).__name__)
        raise _invalid("The token is not valid.") from None
    # A token without scopes is an app's own, or else the ID token of a user, which is for the app
    # that the user signed in to, and not for others.
    if "scp" not in claims and claims["sub"] != claims.get("oid"):
        raise _invalid("Send an access token, not an ID token.")
    return claims


def _read_principal(header: str) -> Mapping[str, Any]:
    """Return the claims that built-in authentication passes on."""
    if not header:
        raise Problem(401, "Sign in.", {"WWW-Authenticate": "Bearer"})
    claims: dict[str, Any] = {}
    try:
        principal = json.loads(base64.b64decode(header))
        if principal["auth_typ"] != "aad":
            raise _invalid("Sign in with Microsoft Entra ID.")
        for claim in principal["claims"]:
            name = CLAIMS.get(claim["typ"], claim["typ"])
            if name == "roles":
                claims.setdefault(name, []).append(claim["val"])
            else:
                claims[name] = claim["val"]
    except (KeyError, TypeError, ValueError):
        raise _invalid("The principal cannot be read.") from None
    return claims


def _caller(claims: Mapping[str, Any]) -> Caller:
    """Return the caller that verified claims describe."""
    scopes, id = claims.get("scp", ""), claims.get("oid")
    if claims.get("tid", _tenant()) != _tenant():
        raise _invalid("The token is of another tenant.")
    if not isinstance(id, str) or not isinstance(scopes, str):
        raise _invalid("The token does not identify the caller.")
    return Caller(id, frozenset(scopes.split()), _texts(claims.get("roles")))


def _texts(values: object) -> frozenset[str]:
    listed = values if isinstance(values, Sequence) and not isinstance(values, str) else []
    return frozenset(value for value in listed if isinstance(value, str))


def _tenant() -> str:
    return _setting("ENTRA_TENANT_ID", os.environ["ENTRA_TENANT_ID"])


def _setting(name: str, value: str) -> str:
    if value in {"", NO_ID}:
        raise RuntimeError(f"{name} has no ID yet: set it, or nobody can be let in.")
    return value


def _invalid(detail: str) -> Problem:
    header = f'Bearer error="invalid_token", error_description="{detail}"'
    return Problem(401, detail, {"WWW-Authenticate": header})
