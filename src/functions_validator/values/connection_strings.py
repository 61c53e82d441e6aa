"""What makes a connection string of a service, as its client library reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from ..pattern import Pattern

STORAGE, SERVICE_BUS, EVENT_HUBS, COSMOS = "Azure Storage", "Service Bus", "Event Hubs", "Cosmos DB"
SIGNALR, WEB_PUBSUB, SQL, RABBITMQ = "SignalR", "Web PubSub", "SQL", "RabbitMQ"
REDIS = "Redis"
ENDPOINTS = ("blobendpoint", "queueendpoint", "tableendpoint", "fileendpoint")
AMQP = Pattern(r"\s*amqps?://[^/\s]", re.IGNORECASE)
HTTP = Pattern(r"https?://[^/\s]", re.IGNORECASE)
REDIS_ADDRESS = Pattern(r"\s*rediss?://", re.IGNORECASE)
# The driver of a connection string for ODBC, whose braces are not those of a placeholder.
DRIVER = Pattern(r"(?:^|;)\s*Driver\s*=\s*(\{[^{};]*\})", re.IGNORECASE, ("driver",))
# A value in quotation marks, which may contain any character.
QUOTED = Pattern(r"=\s*(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')", parts="\"'")
# Names of parts, as they are documented.
NAMES = {
    name.lower(): name
    for name in (
        "AccountKey",
        "AccountName",
        "BlobEndpoint",
        "DefaultEndpointsProtocol",
        "EndpointSuffix",
        "EntityPath",
        "FileEndpoint",
        "QueueEndpoint",
        "SharedAccessKey",
        "SharedAccessKeyName",
        "SharedAccessSignature",
        "TableEndpoint",
    )
}
ENTITY = Pattern(r"(?:^|;)\s*EntityPath\s*=\s*([^;\s]+)", re.IGNORECASE, ("entitypath",))
# The address of a namespace, which needs no scheme.
NAMESPACE = Pattern(r"(?:[a-z][a-z0-9+.-]*://)?[\w.-]+(?::\d+)?(?:/.*)?", re.IGNORECASE)


def parts_of(text: str) -> dict[str, str] | None:
    """Return the parts of a connection string, their names in lower case; None if a part is not a pair."""
    text = QUOTED.sub("=quoted", text)
    pairs = [pair.partition("=") for pair in text.split(";") if pair.strip()]
    if not pairs or not all(sign and name.strip() for name, sign, _ in pairs):
        return None
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def fault(service: str, text: str) -> str | None:
    """Return why a service's library refuses a connection string, as words that continue a sentence.

    The words never contain a part of the text, which may be a secret.
    """
    if service == RABBITMQ:
        return None if AMQP.match(text) else "it does not begin with amqp:// or amqps://"
    if service == REDIS:
        return "it is an address, which the host cannot read" if REDIS_ADDRESS.match(text) else None
    parts = parts_of(text)
    if parts is None:
        is_pair = "=" in text
        return 'one of its parts has no "="' if is_pair else "it is not made of NAME=VALUE parts"
    other = of_other_service(service, text)
    return other or (_CHECKS[service](parts) if service in _CHECKS else None)


def of_other_service(service: str, text: str) -> str | None:
    """Return words such as "it is one of Event Hubs" if a connection string is of another service."""
    services = services_of(parts_of(text) or {})
    is_other = services and service not in services
    return f"it is one of {' or '.join(services)}" if is_other else None


def services_of(parts: Mapping[str, str]) -> Sequence[str]:
    """Return the services that the names of the parts belong to; none if they may be of any."""
    names = set(parts)
    if "accountendpoint" in names:
        return (COSMOS,)
    if names & {"accountname", "usedevelopmentstorage", "defaultendpointsprotocol", *ENDPOINTS}:
        return (STORAGE,)
    if names & {"sharedaccesskeyname", "sharedaccesskey", "usedevelopmentemulator"}:
        return (SERVICE_BUS, EVENT_HUBS)
    if {"endpoint", "accesskey"} <= names:
        return (SIGNALR, WEB_PUBSUB)
    is_sql = names & {"server", "data source"} and names & {"database", "initial catalog"}
    return (SQL,) if is_sql else ()


def _storage(parts: Mapping[str, str]) -> str | None:
    if "usedevelopmentstorage" in parts:
        is_true = parts["usedevelopmentstorage"].lower() == "true"
        return None if is_true else "UseDevelopmentStorage is not true"
    has_name, has_key = "accountname" in parts, "accountkey" in parts
    has_address = has_name or any(name in parts for name in ENDPOINTS)
    if "sharedaccesssignature" in parts:
        if not has_address:
            return "it has no AccountName and no BlobEndpoint or other endpoint"
    elif not has_address or (has_key and not has_name):
        return "it has no AccountName"
    elif has_name and not has_key:
        return "it has no AccountKey"
    if parts.get("defaultendpointsprotocol", "https").lower() not in ("http", "https"):
        return "DefaultEndpointsProtocol is neither http nor https"
    if re.search("[/:]", parts.get("endpointsuffix", "")):
        return "EndpointSuffix is not a domain such as core.windows.net"
    if any(not HTTP.match(parts[name]) for name in ENDPOINTS if name in parts):
        return "an endpoint is not an address that begins with https://"
    return _empty(parts)


def _empty(parts: Mapping[str, str]) -> str | None:
    """Return which part has no value. A name that is not known can be what follows a ; in a key."""
    for name, value in parts.items():
        if not value:
            return f"{NAMES.get(name, 'one of its parts')} is empty"
    return None


def _messages(parts: Mapping[str, str]) -> str | None:
    """Return what is wrong with a connection string of Service Bus or Event Hubs."""
    if not parts.get("endpoint"):
        return "it has no Endpoint"
    if not NAMESPACE.fullmatch(parts["endpoint"]):
        return "its Endpoint is not an address such as sb://contoso.servicebus.windows.net/"
    has_key = bool(parts.get("sharedaccesskeyname") and parts.get("sharedaccesskey"))
    if "sharedaccesssignature" in parts:
        return "it has a key and a signature" if has_key else None
    if not has_key and parts.get("usedevelopmentemulator", "").lower() != "true":
        lacking = [
            name
            for name in ("SharedAccessKeyName", "SharedAccessKey")
            if not parts.get(name.lower())
        ]
        return f"it has no {' and no '.join(lacking)}"
    return _empty(parts)


def _cosmos(parts: Mapping[str, str]) -> str | None:
    for name in ("AccountEndpoint", "AccountKey"):
        if not parts.get(name.lower()):
            return f"it has no {name}"
    is_address = HTTP.match(parts["accountendpoint"])
    return None if is_address else "its AccountEndpoint does not begin with https://"


def _sql(parts: Mapping[str, str]) -> str | None:
    if "driver" in parts or "dsn" in parts:
        return f"it is one of ODBC, with a {'Driver' if 'driver' in parts else 'DSN'}"
    is_address = any("://" in name for name in parts)
    return "it is an address, not made of NAME=VALUE parts" if is_address else None


def _web(parts: Mapping[str, str]) -> str | None:
    """Return what is wrong with a connection string of SignalR or Web PubSub."""
    if not parts.get("endpoint"):
        return "it has no Endpoint"
    if not HTTP.match(parts["endpoint"]):
        return "its Endpoint does not begin with https://"
    return None if parts.get("accesskey") or "authtype" in parts else "it has no AccessKey"


_CHECKS: Mapping[str, Callable[[Mapping[str, str]], str | None]] = {
    STORAGE: _storage,
    SERVICE_BUS: _messages,
    EVENT_HUBS: _messages,
    COSMOS: _cosmos,
    SQL: _sql,
    SIGNALR: _web,
    WEB_PUBSUB: _web,
}


def has_invalid_key(text: str) -> bool:
    """Whether the key of a storage account is not in Base64."""
    key = (parts_of(text) or {}).get("accountkey")
    if key is None:
        return False
    # Imported here because it is slow to import, and apps seldom have keys on a developer's machine.
    import base64

    try:
        base64.b64decode(key, validate=True)
    except ValueError:
        return True
    return False


def entity_of(text: str) -> str | None:
    """Return the queue, topic or hub that a connection string is for, if it is for one."""
    found = ENTITY.search(text)
    return found[1] if found else None
