"""What the Functions host makes of what a command asked and sent: requests and events for the app's functions.

Of an event that comes without the metadata of its service, the kind's first invocation has them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hooks.catalogue import Kind
from tests.support.emulators.expressions import resolve_binding, values_of_request
from tests.support.emulators.extensions import Cosmos, Storage
from tests.support.kind_events import function_name, invocations
from tests.worker.exchange import (
    NOTHING,
    AmqpMessage,
    Binding,
    BindingData,
    Call,
    HttpRequest,
    TypedValue,
)
from tests.worker.routing import find_route, read_routes

from .noted import Message, Noted

Functions = Mapping[str, Sequence[Binding]]
# Where a trigger has the name that a client of MCP asks for.
NAME_OF = {"tools/call": "toolName", "prompts/get": "promptName"}
# Properties of a message that are metadata of a trigger.
OF_SERVICE_BUS = {"subject": "Subject", "session_id": "SessionId"}


class NotPlayed(AssertionError):
    """The host would refuse it, or the tests do not play what it would do."""


@dataclass(frozen=True)
class Played:
    """An app in the host, with the services that run here."""

    functions: Functions
    settings: Mapping[str, str]
    storage: Storage
    cosmos: Cosmos

    def events(self, kind: Kind, noted: Noted) -> Iterator[HttpRequest | Call]:
        """Yield what the host passes to functions, in the order in which it notices."""
        for request in noted.requests:
            yield from self._of_request(kind, request)
        for message in noted.messages:
            yield self._of_message(kind, message)
        yield from self._polled(kind)

    def _of_request(self, kind: Kind, request: HttpRequest) -> Iterator[HttpRequest | Call]:
        url = urlsplit(request.url)
        first, *rest = url.path.strip("/").split("/")
        if first == "admin":
            yield self._by_hand(kind, request, rest)
        elif first == "runtime":
            endpoint = rest[-1].lower()
            if endpoint == "mcp":
                yield self._of_mcp(request)
            else:
                [name] = parse_qs(url.query)["functionName"]
                if request.headers.get("aeg-event-type") != "Notification":
                    raise NotPlayed("an event without its header")
                events = json.loads(request.body)
                read = {"eventgrid": self._of_event, "blobs": self._of_announced_blob}[endpoint]
                for event in events:
                    yield read(kind, name, event)
        else:
            yield self._with_inputs(kind, request)

    def _by_hand(self, kind: Kind, request: HttpRequest, path: Sequence[str]) -> Call:
        """Return the call of GET /admin/warmup or POST /admin/functions/NAME."""
        if (request.method, path) == ("GET", ["warmup"]):
            return _first_call(kind, "warmup")
        if request.method != "POST" or request.headers.get("content-type") != "application/json":
            raise NotPlayed(f"{request.method} {request.url}")
        [_, name] = path
        call = _first_call(kind, name)
        trigger = self._trigger(name)
        given = json.loads(request.body).get("input", "")
        if not isinstance(given, str):
            raise NotPlayed("an input that is not a string: the host answers 400")
        if trigger["type"] == "queueTrigger":
            return _with_body(call, trigger["name"], given, {})
        if trigger["type"] == "timerTrigger":
            return call
        raise NotPlayed(f"a {trigger['type']} by hand")

    def _of_event(self, kind: Kind, name: str, event: Mapping[str, Any]) -> Call:
        value = TypedValue("json", json.dumps(event))
        return Call(name, {self._trigger(name)["name"]: value})

    def _of_announced_blob(self, kind: Kind, name: str, event: Mapping[str, Any]) -> Call:
        """Return the call for an event of a new blob, which must have the ETag that the blob has."""
        name = name.removeprefix("Host.Functions.")
        container, blob = urlsplit(event["data"]["url"]).path.split("/", 3)[2:]
        found = self.storage.blobs.get_blob_client(container, blob).get_blob_properties()
        if found.etag.strip('"') != event["data"]["eTag"]:
            raise NotPlayed("the host ignores the event: the blob has another ETag")
        return self._of_blob(kind, name, f"{container}/{blob}")

    def _of_mcp(self, request: HttpRequest) -> Call:
        """Return the call for a tool, a prompt or a resource; the client must take both types of answers."""
        accepted = request.headers["accept"]
        if "application/json" not in accepted or "text/event-stream" not in accepted:
            raise NotPlayed("the host answers 406")
        asked = json.loads(request.body)
        params = asked["params"]
        for name in self.functions:
            trigger = self._trigger(name)
            named = NAME_OF.get(asked["method"], "")
            if named and trigger.get(named) == params.get("name"):
                content = {**params, "sessionid": "s-1"}
            elif asked["method"] == "resources/read" and _fits(trigger, params["uri"]):
                content = {"uri": params["uri"], "sessionid": "s-1"}
            else:
                continue
            return Call(name, {trigger["name"]: TypedValue("json", json.dumps(content))})
        raise NotPlayed(f"no function for {asked}")

    def _with_inputs(self, kind: Kind, request: HttpRequest) -> HttpRequest:
        """Return a request with what the input bindings of its function read."""
        path = urlsplit(request.url).path
        match = find_route(read_routes(self.functions, "api"), request.method, path)
        if match is None:
            raise NotPlayed(f"no function for {request.method} {request.url}: the host answers 404")
        values = values_of_request(request, match.parameters)
        inputs = dict(_first_request(kind, match.function, self.functions).inputs)
        for raw in self.functions[match.function]:
            binding = resolve_binding(raw, values, self.settings)
            if binding["direction"] == "IN" and not _is_deferred(binding):
                inputs |= self._input(binding)
        return replace(request, inputs=inputs)

    def _input(self, binding: Binding) -> Mapping[str, TypedValue]:
        name = binding["name"]
        match binding["type"]:
            case "blob":
                container, _, blob = binding["path"].partition("/")
                client = self.storage.blobs.get_blob_client(container, blob)
                if not client.exists():
                    return {name: NOTHING}
                return {name: TypedValue("bytes", client.download_blob().readall())}
            case "table":
                return {name: self.storage.read_entities(binding)}
            case "cosmosDB":
                database = self.cosmos.client.get_database_client(binding["databaseName"])
                container = database.get_container_client(binding["containerName"])
                found = self.cosmos.read_documents(binding, container)
                return {name: TypedValue("json", json.dumps(found))}
        return {}

    def _of_message(self, kind: Kind, message: Message) -> Call:
        """Return the call of the function whose trigger names where the message went."""
        for name in self.functions:
            trigger = self._trigger(name)
            if message.to in trigger.values():
                call = _first_call(kind, name)
                return _with_body(call, trigger["name"], message.body, message.properties)
        raise NotPlayed(f"no function takes what goes to {message.to}")

    def _polled(self, kind: Kind) -> Iterator[Call]:
        """Yield the calls for the blobs and documents that a function of the kind finds itself."""
        for name in kind.functions_of(function_name(kind)):
            trigger = self._trigger(name)
            if trigger["type"] == "blobTrigger" and trigger.get("source") != "EventGrid":
                container = trigger["path"].partition("/")[0]
                for blob in self.storage.blobs.get_container_client(container).list_blobs():
                    yield self._of_blob(kind, name, f"{container}/{blob.name}")
            if trigger["type"] == "cosmosDBTrigger":
                database = self.cosmos.client.get_database_client(
                    self.settings["COSMOSDB_DATABASE"]
                )
                container = database.get_container_client(trigger["containerName"])
                changes = list(container.query_items_change_feed(start_time="Beginning"))
                if trigger.get("changeFeedMode") == "AllVersionsAndDeletes":
                    metadata = {"operationType": "create", "lsn": 7, "crts": 1767225600}
                    changes = [{"current": item, "metadata": metadata} for item in changes]
                value = TypedValue("json", json.dumps(changes))
                yield Call(name, {trigger["name"]: value})

    def _of_blob(self, kind: Kind, name: str, path: str) -> Call:
        trigger = self._trigger(name)
        container, _, blob = path.partition("/")
        if _is_deferred(trigger):
            content = {"Connection": trigger["connection"], "ContainerName": container}
            data = BindingData("AzureStorageBlobs", json.dumps({**content, "BlobName": blob}))
            value = TypedValue("model_binding_data", data)
            metadata: Mapping[str, TypedValue] = _first_call(kind, name).metadata
        else:
            delivered = self.storage.deliver_blob({"path": path}, TypedValue("nothing", ""))
            value, metadata = delivered.value, delivered.metadata
        named = {"BlobTrigger": TypedValue("string", path), "name": TypedValue("string", blob)}
        return Call(name, {trigger["name"]: value}, {**metadata, **named})

    def _trigger(self, name: str) -> Binding:
        [trigger] = [b for b in self.functions[name] if b["type"].lower().endswith("trigger")]
        return trigger


def _fits(trigger: Binding, uri: str) -> bool:
    """Whether a resource has this URI, or a template with one parameter at its end."""
    known = str(trigger.get("uri", ""))
    if "{" not in known:
        return known == uri
    beginning = known.partition("{")[0]
    return uri.startswith(beginning) and "/" not in uri.removeprefix(beginning)


def _is_deferred(binding: Binding) -> bool:
    return bool(binding.get("properties", {}).get("SupportsDeferredBinding"))


def _first_call(kind: Kind, name: str) -> Call:
    requests = [invocation.request for invocation in invocations(kind)]
    return next(call for call in requests if isinstance(call, Call) and call.function == name)


def _first_request(kind: Kind, name: str, functions: Functions) -> HttpRequest:
    """Return the first request of invocations.yml that this function takes."""
    routes = read_routes(functions, "api")
    for invocation in invocations(kind):
        request = invocation.request
        if isinstance(request, HttpRequest):
            match = find_route(routes, request.method, urlsplit(request.url).path)
            if match and match.function == name:
                return request
    raise NotPlayed(f"invocations.yml has no request for {name}")


def _with_body(call: Call, argument: str, body: str, properties: Mapping[str, Any]) -> Call:
    """Return the call with one message of this content in place of the first one that it has."""
    content = _of_body(call.inputs[argument], body, properties)
    metadata = {name: _one(old) for name, old in call.metadata.items()}
    for name, named in OF_SERVICE_BUS.items():
        if value := properties.get(name):
            metadata[named] = TypedValue("string", str(value))
        elif named in metadata:
            del metadata[named]
    return Call(call.function, {argument: content}, metadata)


def _of_body(old: TypedValue, body: str, properties: Mapping[str, Any]) -> TypedValue:
    content: Any = old.value
    match old.kind:
        case "string":
            return TypedValue("string", body)
        case "json":
            parsed = json.loads(content)
            # An event of Dapr is a CloudEvent around what was published; a call is just that.
            is_event = "specversion" in parsed
            sent = json.loads(body)
            return TypedValue("json", json.dumps({**parsed, "data": sent} if is_event else sent))
        case "collection_bytes":
            return TypedValue("collection_bytes", [body.encode()])
        case "collection_string":
            return TypedValue(
                "collection_string", [json.dumps({**json.loads(content[0]), "Value": body})]
            )
        case "model_binding_data":
            return TypedValue("model_binding_data", _of_amqp(content, body, properties))
        case "collection_model_binding_data":
            return TypedValue(old.kind, [_of_amqp(content[0], body, properties)])
    raise NotPlayed(f"a value of type {old.kind}")


def _of_amqp(old: BindingData, body: str, properties: Mapping[str, Any]) -> BindingData:
    assert isinstance(old.content, AmqpMessage)
    application = {name: value for name, value in properties.items() if name not in OF_SERVICE_BUS}
    message = replace(old.content, body=body.encode(), application_properties=application)
    return replace(old, content=message)


def _one(value: TypedValue) -> TypedValue:
    """Return metadata of one event, of those of a batch."""
    content: Any = value.value
    if value.kind.startswith("collection_"):
        return replace(value, value=content[:1])
    if value.kind == "json" and isinstance(parsed := json.loads(content), list):
        return replace(value, value=json.dumps(parsed[:1]))
    return value
