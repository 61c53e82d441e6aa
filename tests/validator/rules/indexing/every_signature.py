"""Checks triggers and bindings with many annotations. Runs in a Python that has azure.functions.

    python every_signature.py SIGNATURES_PY

Prints JSON: for each case why we reject it, or null, and whether the worker does, null without it.
"""

import importlib.util
import json
import sys
import typing
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import azure.functions as func

TYPES: dict[str, Any] = {
    "str": str,
    "bytes": bytes,
    "bytearray": bytearray,
    "dict": dict,
    "list": list,
    "int": int,
    "None": None,
    "Any": typing.Any,
    "typing.List": typing.List,  # noqa: UP006
    "list[str]": list[str],
    "List[str]": typing.List[str],  # noqa: UP006
    "Optional[str]": typing.Optional[str],  # noqa: UP045
    "str | None": str | None,
    "Union[str, bytes]": typing.Union[str, bytes],  # noqa: UP007
    "Dict[str, Any]": typing.Dict[str, typing.Any],  # noqa: UP006
    "Tuple[str, str]": typing.Tuple[str, str],  # noqa: UP006
    "a name that is not there": "no_such_name",
}
OWN_TYPES = [
    "HttpRequest",
    "HttpResponse",
    "TimerRequest",
    "QueueMessage",
    "InputStream",
    "EventGridEvent",
    "EventHubEvent",
    "ServiceBusMessage",
    "DocumentList",
    "Document",
    "KafkaEvent",
    "SqlRow",
    "SqlRowList",
    "Context",
]
for name in OWN_TYPES:
    own: Any = getattr(func, name)
    TYPES[name] = own
    TYPES[f"List[{name}]"] = typing.List[own]  # noqa: UP006
    TYPES[f"list[{name}]"] = list[own]
    TYPES[f"Optional[{name}]"] = typing.Optional[own]  # noqa: UP045
TYPES.update({f"Out[{name}]": func.Out[item] for name, item in list(TYPES.items()) if item})
TYPES["Out"] = func.Out

STORE = {"connection": "C"}
DATABASE = {**STORE, "database_name": "d", "container_name": "c"}
SQL = {"connection_string_setting": "C", "command_text": "select 1"}
TRIGGERS: dict[str, dict[str, Any]] = {
    "timer_trigger": {"schedule": "0 0 * * * *"},
    "queue_trigger": {**STORE, "queue_name": "q"},
    "blob_trigger": {**STORE, "path": "a/{b}"},
    "event_grid_trigger": {},
    "event_hub_message_trigger": {**STORE, "event_hub_name": "e"},
    "service_bus_queue_trigger": {**STORE, "queue_name": "q"},
    "cosmos_db_trigger": DATABASE,
    "kafka_trigger": {"topic": "t", "broker_list": "B"},
    "sql_trigger": {"table_name": "t", "connection_string_setting": "C"},
    "warm_up_trigger": {},
    "generic_trigger": {"type": "rabbitMQTrigger"},
    "dapr_topic_trigger": {"pub_sub_name": "p", "topic": "t"},
    "activity_trigger": {},
}
BINDINGS: dict[str, dict[str, Any]] = {
    "queue_output": {**STORE, "queue_name": "q"},
    "blob_output": {**STORE, "path": "a/b"},
    "blob_input": {**STORE, "path": "a/b"},
    "table_input": {**STORE, "table_name": "t"},
    "table_output": {**STORE, "table_name": "t"},
    "cosmos_db_input": DATABASE,
    "cosmos_db_output": DATABASE,
    "event_hub_output": {**STORE, "event_hub_name": "e"},
    "event_grid_output": STORE,
    "service_bus_queue_output": {**STORE, "queue_name": "q"},
    "sql_input": SQL,
    "sql_output": SQL,
    "kafka_output": {"topic": "t", "broker_list": "B"},
    "generic_input_binding": {"type": "signalRConnectionInfo"},
    "generic_output_binding": {"type": "signalR"},
    "durable_client_input": {},
}


def cases() -> dict[str, Callable[[], Any]]:
    """Return builders of functions, by a title."""
    found: dict[str, Callable[[], Any]] = {}
    for name, annotation in TYPES.items():
        for decorator, arguments in TRIGGERS.items():
            found[f"{decorator}: {name}"] = triggered(decorator, arguments, annotation)
        for decorator, arguments in BINDINGS.items():
            found[f"{decorator}: {name}"] = bound(decorator, arguments, annotation)
        found[f"route: {name}"] = requested(annotation)
        found[f"route returns {name}"] = answered(annotation)
        found[f"context: {name}"] = with_context(annotation)
        found[f"no binding: {name}"] = unbound(annotation)
    return found


def triggered(decorator: str, arguments: dict[str, Any], annotation: Any) -> Callable[[], Any]:
    def build() -> Any:
        def function(x):  # type: ignore[no-untyped-def]
            pass

        function.__annotations__["x"] = annotation
        first = {"activity_trigger": "input_name"}.get(decorator, "arg_name")
        return getattr(func.Blueprint(), decorator)(**{first: "x"}, **arguments)(function)

    return build


def bound(decorator: str, arguments: dict[str, Any], annotation: Any) -> Callable[[], Any]:
    def build() -> Any:
        async def function(req, x):  # type: ignore[no-untyped-def]
            pass

        function.__annotations__["x"] = annotation
        first = {"durable_client_input": "client_name"}.get(decorator, "arg_name")
        app = func.Blueprint()
        bind = getattr(app, decorator)(**{first: "x"}, **arguments)
        return app.route(route="r")(bind(function))

    return build


def requested(annotation: Any) -> Callable[[], Any]:
    def build() -> Any:
        def function(req):  # type: ignore[no-untyped-def]
            pass

        function.__annotations__["req"] = annotation
        return func.Blueprint().route(route="r")(function)

    return build


def answered(annotation: Any) -> Callable[[], Any]:
    def build() -> Any:
        def function(req):  # type: ignore[no-untyped-def]
            pass

        function.__annotations__["return"] = annotation
        return func.Blueprint().route(route="r")(function)

    return build


def with_context(annotation: Any) -> Callable[[], Any]:
    def build() -> Any:
        def function(req, context):  # type: ignore[no-untyped-def]
            pass

        function.__annotations__["context"] = annotation
        return func.Blueprint().route(route="r")(function)

    return build


def unbound(annotation: Any) -> Callable[[], Any]:
    def build() -> Any:
        def function(req, more=None):  # type: ignore[no-untyped-def]
            pass

        function.__annotations__["more"] = annotation
        return func.Blueprint().route(route="r")(function)

    return build


def worker() -> Callable[[Any], bool] | None:
    """Return a function that says whether the worker rejects a function; None without the worker."""
    try:
        from azure_functions_runtime.bindings.meta import load_binding_registry
        from azure_functions_runtime.functions import Registry
    except ImportError:
        return None
    load_binding_registry()
    protos = SimpleNamespace(BindingInfo=SimpleNamespace(out=1, inout=2, undefined=0))

    def rejects(function: Any) -> bool:
        try:
            Registry().add_indexed_function(function=function, protos=protos)
        except Exception:  # noqa: BLE001, as the worker's caller does
            return True
        return False

    return rejects


def main() -> None:
    spec = importlib.util.spec_from_file_location("signatures", sys.argv[1])
    assert spec is not None
    assert spec.loader is not None
    signatures = importlib.util.module_from_spec(spec)
    sys.modules["signatures"] = signatures
    spec.loader.exec_module(signatures)
    rejects = worker()
    results = {}
    for title, build in cases().items():
        function = build().build(func.AuthLevel.FUNCTION)
        ours = next(signatures.rejections_of(function), None)
        results[title] = [ours and ours.message, rejects(function) if rejects else None]
    print(json.dumps(results))


if __name__ == "__main__":
    main()
