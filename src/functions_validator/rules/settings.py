"""Settings that triggers and bindings need, and the files that have them: AF301, AF306 to AF312, AF314."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from ..files import JSON_TOKEN, JsonFile, place_at
from ..findings import Place, Problem, Severity, rule
from ..project import Project
from ..sources import Binding, Function
from .environment import is_conditional, is_platform_name

CONNECTION_FIELDS = (
    "connection",
    "connectionStringSetting",
    "leaseConnection",
    "leaseConnectionStringSetting",
    "connectionName",
    "topicEndpointUri",
    "topicKeySetting",
    "accountSidSetting",
    "authTokenSetting",
    "chatStorageConnectionSetting",
    "searchConnectionName",
    "storeConnectionName",
)
# Kafka takes the name of a setting or the value itself; only what can be no value is a name.
KAFKA_FIELDS = ("brokerList", "username", "password", "eventHubConnectionString")
KAFKA_NAME = re.compile(r"[A-Z]+(?:_[A-Z]+)+|(?:[A-Z][a-z0-9]+){2,}")
# Fields in which a percent sign is the app's own, as in SQL.
FREE_FIELDS = {
    "commandText",
    "description",
    "filter",
    "icons",
    "input",
    "metadata",
    "parameterDescriptionJson",
    "prompt",
    "promptArguments",
    "query",
    "route",
    "sqlQuery",
    "systemPrompt",
    "title",
    "toolProperties",
    "userMessage",
}
SETTING = re.compile(r"%([A-Za-z_][\w.:-]*)%")
CONNECTION_STRING = re.compile(
    r"^\s*\w[\w .]*=[^;]+;|^UseDevelopmentStorage=|^\w+://\S", re.IGNORECASE
)
TYPE_STORAGE = {"blob", "blobTrigger", "queue", "queueTrigger", "table"}
STORAGE_BY_IDENTITY = frozenset(
    {
        "accountname",
        "blobserviceuri",
        "endpoint",
        "queueserviceuri",
        "serviceuri",
        "tableserviceuri",
    }
)
IDENTITY: dict[str, frozenset[str]] = {
    "serviceBus": frozenset({"fullyqualifiednamespace"}),
    "eventHub": frozenset({"fullyqualifiednamespace"}),
    "cosmosDB": frozenset({"accountendpoint"}),
    "blob": STORAGE_BY_IDENTITY,
    "queue": STORAGE_BY_IDENTITY,
    "table": STORAGE_BY_IDENTITY,
}
IDENTITY_NAMES = {
    "serviceBus": "fullyQualifiedNamespace",
    "eventHub": "fullyQualifiedNamespace",
    "cosmosDB": "accountEndpoint",
    "blob": "blobServiceUri",
    "queue": "queueServiceUri",
    "table": "tableServiceUri",
}
DEFAULT_CONNECTIONS = {
    **dict.fromkeys(("serviceBus", "serviceBusTrigger"), "AzureWebJobsServiceBus"),
    **dict.fromkeys(("signalR", "signalRConnectionInfo"), "AzureSignalRConnectionString"),
    **dict.fromkeys(("webPubSub", "webPubSubConnection"), "WebPubSubConnectionString"),
}
NEEDS_STORAGE = {
    "timerTrigger",
    "eventHubTrigger",
    "orchestrationTrigger",
    "activityTrigger",
    "entityTrigger",
    "blobTrigger",
    "mcpToolTrigger",
}
STORAGE = "AzureWebJobsStorage"
RUNTIME = "FUNCTIONS_WORKER_RUNTIME"


def is_connection_string(text: str) -> bool:
    """Whether a text is a connection string, where the name of a setting is wanted."""
    return bool(CONNECTION_STRING.search(text))


def certain_functions(project: Project) -> list[Function]:
    """Return the functions that no condition takes away."""
    if project.index and not project.index.failure:
        return list(project.functions)
    return [f for f in project.functions if f.certain or not is_conditional(f)]


def connections(function: Function) -> Iterator[tuple[Binding, str, str]]:
    """Yield each binding with a field that names a setting, and the name."""
    for binding in function.bindings:
        for field in CONNECTION_FIELDS:
            if (field == "topicEndpointUri" and "://" in (binding.text(field) or "")) or (
                binding.type == "durableClient" and field == "connection"
            ):
                continue
            if name := binding.text(field):
                yield binding, field, name
        if binding.type in ("kafka", "kafkaTrigger"):
            for field in KAFKA_FIELDS:
                name = binding.text(field) or ""
                if KAFKA_NAME.fullmatch(name):
                    yield binding, field, name


def is_known(project: Project, name: str) -> bool:
    """Whether the local files or those that deploy the app have a setting, or one of its parts."""
    wanted = _canonical(name)
    known = {_canonical(other) for other in project.settings.names}
    for candidate in (wanted, f"azurewebjobs{wanted}"):
        if candidate in known or any(other.startswith(f"{candidate}:") for other in known):
            return True
    if is_platform_name(name):
        return True
    mentioned = project.mentioned
    return any(word.split("__")[0] in (name.lower(), wanted) for word in mentioned) or (
        name.lower() in mentioned
    )


def _canonical(name: str) -> str:
    return name.lower().replace("__", ":")


def _parts(project: Project, name: str) -> set[str]:
    """Return the parts of a connection by identity, in lower case; none if it has a value."""
    known = {_canonical(other) for other in project.settings.names}
    for candidate in (_canonical(name), f"azurewebjobs{_canonical(name)}"):
        if candidate in known:
            return set()
        parts = {
            other[len(candidate) + 1 :] for other in known if other.startswith(f"{candidate}:")
        }
        if parts:
            return parts
    return set()


def _where(project: Project) -> str:
    return project.settings.used[0].path


@rule("AF301", Severity.ERROR, "A setting is missing")
def missing_setting(project: Project) -> Iterator[Problem]:
    """A trigger or binding names the setting that holds its connection, or has one between percent
    signs. Without a value the function does not start, and the host says so only in its log.

    Add the setting to `local.settings.json`, to its example, and to the app settings in Azure; or
    correct the name.
    """
    if not project.settings.is_known:
        return
    if project.settings.waiting:
        names = ", ".join(dict.fromkeys(project.settings.waiting))
        adds = (project.root / "tools" / "settings.py").is_file()
        how = ": python -m tools.settings adds it" if adds else ""
        project.note(f"{_where(project)} lacks {names}, which its example has{how}.")
    seen: set[tuple[Place, str]] = set()
    for function in certain_functions(project):
        for binding, field, name in _needed(function):
            place = binding.place_of(field)
            if is_known(project, name) or (place, name) in seen:
                continue
            seen.add((place, name))
            sentence = (
                f'{function.label} needs the setting "{name}", which {_where(project)} lacks.'
            )
            yield Problem(place, sentence, _mend(project, name))
    for place, name in _needed_by_host(project):
        if not is_known(project, name):
            sentence = f'host.json needs the setting "{name}", which {_where(project)} lacks.'
            yield Problem(place, sentence, _mend(project, name))


def _mend(project: Project, name: str) -> str:
    """Return what to do about a missing setting; it may only be misspelt."""
    close = difflib.get_close_matches(name, project.settings.names, 1, 0.85)
    other = f'write "{close[0]}"' if close else "correct the name"
    return f'Add "{name}" to {_where(project)}, or {other}.'


def _needed_by_host(project: Project) -> Iterator[tuple[Place, str]]:
    """Yield the settings that Durable Functions takes from host.json."""
    host = project.host
    durable = ("extensions", "durableTask")
    if host is None:
        return
    for match in SETTING.finditer(str(host.get(*durable, "hubName") or "")):
        yield host.place(*durable, "hubName"), match[1]
    for field in ("connectionName", "connectionStringName", "trackingStoreConnectionName"):
        keys = (*durable, "storageProvider", field)
        name = host.get(*keys)
        if isinstance(name, str) and name and "%" not in name and name != STORAGE:
            yield host.place(*keys), name


def _needed(function: Function) -> Iterator[tuple[Binding, str, str]]:
    """Yield the settings that a function's bindings name, with the binding and the field."""
    for binding, field, name in connections(function):
        if "%" not in name and not is_connection_string(name) and name != STORAGE:
            yield binding, field, name
    for binding in function.bindings:
        for field in binding.fields:
            text = binding.text(field) or ""
            if field not in FREE_FIELDS:
                for match in SETTING.finditer(text):
                    yield binding, field, match[1]
        default = DEFAULT_CONNECTIONS.get(binding.type)
        given = [binding.fields.get(name) for name in ("connection", "connectionStringSetting")]
        if default and not any(given):
            yield binding, "connection", default


@rule("AF306", Severity.ERROR, "A connection string stands where the name of a setting belongs")
def connection_string(project: Project) -> Iterator[Problem]:
    """`connection` is the name of an app setting. The host looks for a setting of this name, finds
    none, and the function does not start; and the key is in the repository.

    Move the connection string to `local.settings.json` and to the app settings in Azure, and write
    the setting's name. Renew the key if it is real.
    """
    for function in project.functions:
        for binding, field, name in connections(function):
            if is_connection_string(name):
                sentence = (
                    f"{field} of {function.label} is a connection string, not a setting's name."
                )
                mend = "Put it in an app setting, and name the setting here."
                yield Problem(binding.place_of(field), sentence, mend)


@rule("AF307", Severity.ERROR, "The local settings cannot be read")
def unreadable_settings(project: Project) -> Iterator[Problem]:
    """Core Tools takes the app's settings from `Values` in `local.settings.json`. If the file is no
    JSON or a value is an object or a list, it only warns, and starts the app without any setting.

    Mend the JSON. A value that has parts is one text, or several settings `NAME__PART`.
    """
    for file in project.settings.files:
        mend = "Mend the JSON."
        if file.error:
            message, place = file.error
            if not file.path.endswith((".json", ".example", ".sample")):
                continue
            yield Problem(place, f"{file.path} is no JSON: {message}.", mend)
        elif not isinstance(file.value, dict):
            yield Problem(Place(file.path), f"{file.path} is no JSON object.", mend)
        elif not isinstance(file.get("Values"), dict):
            yield from _without_values(file)
        else:
            for name, value in file.get("Values").items():
                if isinstance(value, dict | list):
                    kind = "an object" if isinstance(value, dict) else "a list"
                    sentence = (
                        f'The setting "{name}" is {kind}: the file is read as if it were empty.'
                    )
                    mend = "Write it as one text."
                    yield Problem(file.place("Values", name), sentence, mend)


def _without_values(file: JsonFile) -> Iterator[Problem]:
    other = next((key for key in file.value if key.lower() == "values"), None)
    if file.path == "local.settings.json" or other:
        place = file.place(other) if other else Place(file.path)
        sentence = f'{file.path} has no object "Values", so that the app has no settings.'
        mend = f'Write "Values" instead of "{other}".' if other and other != "Values" else ""
        yield Problem(place, sentence, mend or 'Put the settings in an object "Values".')


@rule("AF308", Severity.WARNING, "A setting is given twice")
def duplicate_setting(project: Project) -> Iterator[Problem]:
    """The last of two settings of one name wins, and the first has no effect. The host ignores the
    case of the letters.

    Delete one of them.
    """
    for file in project.settings.files:
        if file.error or not isinstance(file.get("Values"), dict):
            continue
        seen: set[str] = set()
        for name, offset in _keys_of_values(file.text):
            if name.lower() in seen:
                sentence = f'The setting "{name}" is given twice.'
                yield Problem(
                    place_at(file.path, file.text, offset), sentence, "Delete one of them."
                )
            seen.add(name.lower())


def _keys_of_values(text: str) -> Iterator[tuple[str, int]]:
    """Yield the names directly in the object "Values" with their offsets, duplicates too."""
    tokens = [token for token in JSON_TOKEN.finditer(text) if not token["skip"]]
    path: list[str] = []
    key = ""
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token["mark"] in ("{", "["):
            path.append(key)
        elif token["mark"] in ("}", "]"):
            path.pop()
        elif token["string"] and following and following["mark"] == ":":
            key = token["string"][1:-1]
            if path == ["", "Values"]:
                yield key, token.start()


@rule("AF309", Severity.ERROR, "The local settings do not say that the app is in Python")
def worker_runtime(project: Project) -> Iterator[Problem]:
    """`FUNCTIONS_WORKER_RUNTIME` tells the host which worker runs the app. Without it, or with another
    value than `python`, the host finds no function.

    Add `"FUNCTIONS_WORKER_RUNTIME": "python"` to `Values`.
    """
    mend = f'Add "{RUNTIME}": "python" to Values.'
    for file in project.settings.files:
        values = file.get("Values")
        if not isinstance(values, dict):
            continue
        names = [name for name in values if name.lower() == RUNTIME.lower()]
        if not names and not _is_partial(file):
            yield Problem(file.place("Values"), f"{file.path} has no {RUNTIME}.", mend)
        for name in names:
            value = values[name]
            if isinstance(value, str) and value.strip().lower() not in ("python", ""):
                sentence = f'{RUNTIME} is "{value[:40]}", and the app is in Python.'
                yield Problem(file.place("Values", name), sentence, 'Write "python".')


def _is_partial(file: JsonFile) -> bool:
    """Whether a file only shows what is to be added to another one."""
    return file.path != "local.settings.json" and STORAGE not in file.get("Values")


@rule("AF310", Severity.ERROR, "The host's storage account is missing")
def missing_storage(project: Project) -> Iterator[Problem]:
    """The host keeps locks, schedules, checkpoints and the state of orchestrations in the storage
    account of `AzureWebJobsStorage`. Without it these triggers do not start.

    Add `"AzureWebJobsStorage": "UseDevelopmentStorage=true"` for Azurite to the local settings, or the
    account's own connection.
    """
    if not project.settings.is_known:
        return
    known = {_canonical(name) for name in project.settings.names}
    storage = STORAGE.lower()
    if any(name == storage or name.startswith(f"{storage}:") for name in known):
        return
    file = project.settings.used[0]
    if _is_partial(file) and RUNTIME not in file.get("Values"):
        return
    needing = [f.label for f in certain_functions(project) if any(map(_needs_storage, f.bindings))]
    if needing:
        sentence = f"{file.path} has no {STORAGE}, which {needing[0]} needs."
        mend = f'Add "{STORAGE}": "UseDevelopmentStorage=true" to Values.'
        yield Problem(file.place("Values"), sentence, mend)


def _needs_storage(binding: Binding) -> bool:
    if binding.type in NEEDS_STORAGE:
        return True
    if binding.type not in TYPE_STORAGE:
        return False
    connection = binding.fields.get("connection", "")
    return connection in ("", None, STORAGE, "Storage")


@rule("AF311", Severity.ERROR, "The local settings are said to be encrypted")
def encrypted(project: Project) -> Iterator[Problem]:
    """With `"IsEncrypted": true`, or without this key, Core Tools decrypts the values; `func start` fails
    if they are plain.

    Write `"IsEncrypted": false`, or encrypt them with `func settings encrypt`.
    """
    for file in project.settings.files:
        values = file.get("Values")
        if not isinstance(values, dict) or values.get(RUNTIME) not in ("python",):
            continue
        is_encrypted = file.get("IsEncrypted")
        if is_encrypted is True or (is_encrypted is None and file.path == "local.settings.json"):
            how = "says that its values are encrypted" if is_encrypted else 'lacks "IsEncrypted"'
            sentence = f"{file.path} {how}, but they are plain: func start fails."
            yield Problem(file.place("IsEncrypted"), sentence, 'Write "IsEncrypted": false.')


@rule("AF312", Severity.WARNING, "A connection by identity is not complete")
def incomplete_identity(project: Project) -> Iterator[Problem]:
    """A connection by identity is a setting for each of its parts: `NAME__fullyQualifiedNamespace` for
    Service Bus and Event Hubs, `NAME__accountEndpoint` for Cosmos DB, `NAME__blobServiceUri` and, for a
    blob trigger, `NAME__queueServiceUri` too: it keeps its receipts there.

    Add the part that is missing.
    """
    if not project.settings.is_known:
        return
    for function in certain_functions(project):
        for binding, field, name in connections(function):
            parts = _parts(project, name)
            if not parts or binding.type.removesuffix("Trigger") not in IDENTITY or "%" in name:
                continue
            missing = _missing_part(binding, parts)
            if missing and f"{name}__{missing}".lower() not in project.mentioned:
                sentence = (
                    f'{function.label} connects by identity, and "{name}__{missing}" is missing.'
                )
                mend = f'Add "{name}__{missing}" to {_where(project)}.'
                yield Problem(binding.place_of(field), sentence, mend)


def _missing_part(binding: Binding, parts: set[str]) -> str | None:
    if binding.type == "blobTrigger":
        if "accountname" in parts or binding.fields.get("source") not in (
            None,
            "LogsAndContainerScan",
        ):
            return None
        if not parts & {"blobserviceuri", "serviceuri"}:
            return "blobServiceUri"
        return None if "queueserviceuri" in parts else "queueServiceUri"
    kind = binding.type.removesuffix("Trigger")
    return None if parts & IDENTITY[kind] else IDENTITY_NAMES[kind]


@rule("AF314", Severity.WARNING, "A setting that a function needs has no value")
def empty_setting(project: Project) -> Iterator[Problem]:
    """The host takes an empty setting for a missing one, and cannot connect with a placeholder: the
    function does not start. Only a `local.settings.json` that git ignores is judged; one that is
    committed is an example.

    Write the value.
    """
    ignored = project.ignore_file(".gitignore")
    file = project.settings.used[0] if project.settings.used else None
    if file is None or ignored is None or not ignored.ignored_at("local.settings.json"):
        return
    if file.path != "local.settings.json":
        return
    needed = {name.lower(): f for f in certain_functions(project) for _, _, name in _needed(f)}
    for name, value in file.get("Values").items():
        function = needed.get(name.lower())
        if function and isinstance(value, str) and re.fullmatch(r"\s*(?:<[^<>]*>)?\s*", value):
            sentence = f'The setting "{name}" has no value, and {function.label} needs it.'
            yield Problem(file.place("Values", name), sentence, "Write the value.")
