"""Plays the Functions host for one project."""

import asyncio
import json
import logging
import os
import sys
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from functions_validator.routing.templates import parse_template

from . import binding_data, protos, streams
from .durable import DurableExtension
from .exchange import NOTHING, Binding, Call, Failure, HttpAnswer, HttpRequest, Result, TypedValue
from .faults import BEHAVIOR, Faults, find_faults, read_host_json
from .mcp import ArgumentsRefused, take_arguments
from .other_services import OtherServices
from .routing import Match, Routes, decode_path, find_route, read_routes
from .settlement import Settlement

ORIGIN = "http://localhost:7071"
WORKER_LOGGER = "azure.functions"

# An app setting that raises the limit of a request's body.
BODY_LIMIT_SETTING = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"
# What the host answers itself, before any function.
ENDPOINTS = [(method, parse_template(path)) for method, path in BEHAVIOR["endpoints"]]

# The outputs that hold what a function started and signalled, and what it did with messages of
# Service Bus; no argument is called so.
DURABLE = "$durable"
SETTLED = "$settled"


class WorkerRejected(Exception):
    """The worker does not take the app; `failure` has its message and stack trace."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class LogRecorder(logging.Handler):
    """Keeps the messages that the app logs, and not those of the worker itself."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message; arguments that do not fit it raise where the app logs."""
        if record.name != WORKER_LOGGER:
            self.messages.append(record.getMessage())


class Host:
    """One project and the worker that runs it: one per process, as the worker's state is global."""

    def __init__(self, project: Path) -> None:
        """Take the folder that holds function_app.py and host.json.

        Raises ImportError if azure-functions-runtime is not installed, as before Python 3.13.
        """
        import azure_functions_runtime

        self._worker: Any = azure_functions_runtime
        self.project = project
        self.functions: dict[str, list[Binding]] = {}
        self._ids: dict[str, str] = {}
        self.faults = Faults()
        self._routes = Routes.none()
        self._recorder = LogRecorder()
        # Where the worker takes the requests themselves, if the app streams HTTP.
        self._streams_to: str | None = None
        self._durable = DurableExtension()
        self._settlement = Settlement()
        self._others = OtherServices()

    async def start(self) -> None:
        """Index the app and load its functions.

        Raises WorkerRejected if the worker refuses the app, and HostStopped for what stops the host.
        """
        file = self.project / "host.json"
        content = read_host_json(file.read_text("utf-8") if file.exists() else None)
        os.environ.update(self._others.connect(self._settings()))
        sys.path.insert(0, str(self.project))
        logging.basicConfig(level=logging.INFO, handlers=[self._recorder], force=True)
        self._worker.start_threadpool_executor()
        start = protos.WorkerInitRequest(function_app_directory=str(self.project))
        started = _accept(await _send(self._worker.worker_init_request, worker_init_request=start))
        self._streams_to = started.capabilities.get("HttpUri")
        indexed = _accept(await _send(self._worker.functions_metadata_request))
        for function in indexed.function_metadata_results:
            load = protos.FunctionLoadRequest(function_id=function.function_id)
            _accept(await _send(self._worker.function_load_request, function_load_request=load))
            self._ids[function.name] = function.function_id
            self.functions[function.name] = [json.loads(raw) for raw in function.raw_bindings]
        if any(map(_takes_message_of_sdk, chain(*self.functions.values()))):
            self._settlement.start()
        self._routes = read_routes(self.functions, content.prefix)
        self.faults = find_faults(self.functions, self._routes, content, os.environ)
        healthy = {n: b for n, b in self.functions.items() if n not in self.faults.in_error}
        self._routes = read_routes(healthy, content.prefix)

    def stop(self) -> None:
        """End the worker's threads."""
        self._worker.stop_threadpool_executor()
        self._durable.stop()
        self._settlement.stop()
        self._others.stop()

    def bindings(self, name: str) -> list[Binding]:
        """Return the bindings of one function; LookupError if the worker has none of that name."""
        if name not in self.functions:
            known = ", ".join(self.functions) or "none"
            raise LookupError(f"The worker has no function {name!r}; it has: {known}")
        return self.functions[name]

    async def invoke(self, call: Call) -> Result:
        """Pass an event to a function; LookupError if there is none of that name, or it is in error.

        A tool of MCP is not called without the arguments that it requires: that is a failure.
        """
        bindings = self.bindings(call.function)
        if errors := self.faults.in_error.get(call.function):
            raise LookupError(f"The function {call.function} is in error: {errors[0]}")
        try:
            taken = take_arguments(bindings, call.inputs)
        except ArgumentsRefused as refused:
            return Result(failure=refused.failure)
        inputs, metadata = self._fill(taken), self._fill(call.metadata)
        return await self._invoke(call.function, inputs, metadata)

    async def http(self, request: HttpRequest) -> Result:
        """Pass a request to the function whose route takes it.

        The status is 404 if no route does, and 500 if the function raises or returns no answer, or
        if the body is too large, in which case the function is not called.
        """
        path = urlsplit(request.url).path
        if any(
            method in (None, request.method) and template.match(decode_path(path)) is not None
            for method, template in ENDPOINTS
        ):
            return Result(answer=self._own_answer(path))
        match = find_route(self._routes, request.method, path)
        if match is None:
            return Result(answer=HttpAnswer(404))
        limit = int(os.environ.get(BODY_LIMIT_SETTING, BEHAVIOR["request_body_limit"]))
        if len(request.body) > limit:
            return Result(answer=HttpAnswer(500))
        data = protos.TypedData(http=_to_rpc_http(request, match))
        # The worker tells the host to leave out an HTTP trigger's metadata.
        inputs = {match.argument: data, **self._fill(request.inputs)}
        invocation = str(uuid.uuid4())
        invoked = self._invoke(match.function, inputs, {}, invocation)
        if self._streams_to is None:
            result = await invoked
            return replace(result, answer=_complete_answer(result))
        sent = streams.send(self._streams_to, request, invocation)
        result, answer = await asyncio.gather(invoked, sent)
        return replace(result, answer=answer)

    def _own_answer(self, path: str) -> HttpAnswer:
        """Return what the admin API says; 501 where the host has an endpoint that is not played."""
        listed = [name for name in self.functions if name not in self.faults.unlisted]
        contents: dict[str, Any] = {
            "admin/host/status": {"state": "Running"},
            "admin/functions": [{"name": name} for name in listed],
        }
        for name in listed:
            errors = self.faults.in_error.get(name)
            contents[f"admin/functions/{name}/status"] = {"errors": errors} if errors else {}
        key = path.strip("/")
        if key not in contents:
            return HttpAnswer(404 if key.endswith("/status") else 501)
        headers = {"content-type": "application/json"}
        return HttpAnswer(200, headers, json.dumps(contents[key]).encode())

    def _settings(self) -> dict[str, str]:
        file = self.project / "local.settings.json"
        values: dict[str, str] = {}
        if file.exists():
            values.update(json.loads(file.read_text("utf-8")).get("Values", {}))
        return values

    def _fill(self, values: Mapping[str, TypedValue]) -> dict[str, Any]:
        return {
            name: _to_typed_data(
                self._durable.client(json.loads(str(value.value)))
                if value.kind == "durable_client"
                else value
            )
            for name, value in values.items()
        }

    async def _invoke(
        self,
        name: str,
        inputs: Mapping[str, Any],
        metadata: Mapping[str, Any],
        invocation: str | None = None,
    ) -> Result:
        request = protos.InvocationRequest(
            invocation_id=invocation or str(uuid.uuid4()),
            function_id=self._ids[name],
            input_data=[protos.ParameterBinding(name=n, data=d) for n, d in inputs.items()],
            trigger_metadata=metadata,
            trace_context=protos.RpcTraceContext(
                trace_parent=f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01"
            ),
            # The retry context stays unset, as on every first attempt.
        )
        self._recorder.messages, self._durable.requests = [], []
        self._settlement.settled = []
        response = await _send(self._worker.invocation_request, invocation_request=request)
        result = _read_result(response, self._recorder.messages)
        noted = {DURABLE: self._durable.requests, SETTLED: self._settlement.settled}
        outputs = {
            name: TypedValue("json", json.dumps(content))
            for name, content in noted.items()
            if content
        }
        return replace(result, outputs={**result.outputs, **outputs})


def _takes_message_of_sdk(binding: Binding) -> bool:
    deferred: bool = binding.get("properties", {}).get("SupportsDeferredBinding", False)
    return deferred and binding["type"] == "serviceBusTrigger"


async def _send(verb: Callable[[Any], Awaitable[Any]], **content: Any) -> Any:
    properties = {"host": "127.0.0.1", "protos": protos}
    return await verb(SimpleNamespace(request=SimpleNamespace(**content), properties=properties))


def _read_failure(response: Any) -> Failure | None:
    if response.result.status == protos.StatusResult.Success:
        return None
    exception = response.result.exception
    return Failure(exception.message, exception.stack_trace)


def _accept(response: Any) -> Any:
    failure = _read_failure(response)
    if failure:
        raise WorkerRejected(failure)
    return response


def _to_typed_data(value: TypedValue) -> Any:
    if value == NOTHING:
        return protos.TypedData()
    content: Any = value.value
    if value.kind == "collection_string":
        content = protos.CollectionString(string=content)
    elif value.kind == "collection_bytes":
        content = protos.CollectionBytes(bytes=content)
    elif value.kind == "collection_sint64":
        content = protos.CollectionSInt64(sint64=content)
    elif value.kind == "model_binding_data":
        content = binding_data.encode(content)
    elif value.kind == "collection_model_binding_data":
        content = protos.CollectionModelBindingData(
            model_binding_data=[binding_data.encode(data) for data in content]
        )
    return protos.TypedData(**{value.kind: content})


def _to_rpc_http(request: HttpRequest, match: Match) -> Any:
    # As the host does: no empty values in the query, several values of one name joined.
    query = parse_qs(urlsplit(request.url).query)
    return protos.RpcHttp(
        method=request.method,
        url=ORIGIN + request.url,
        headers=request.headers,
        query={name: ",".join(values) for name, values in query.items()},
        params=match.parameters,
        body=protos.TypedData(bytes=request.body) if request.body else None,
    )


def _read_result(response: Any, logs: Sequence[str]) -> Result:
    outputs = {output.name: output.data for output in response.output_data}
    answer, typed = None, {}
    for name, data in {**outputs, "$return": response.return_value}.items():
        kind = data.WhichOneof("data")
        if kind == "http":
            answer = _read_answer(data.http)
        elif kind:
            typed[name] = TypedValue(kind, getattr(data, kind))
    returned = typed.pop("$return", None)
    return Result(answer, returned, typed, logs, _read_failure(response))


def _read_answer(http: Any) -> HttpAnswer:
    headers = {name.lower(): value for name, value in http.headers.items()}
    return HttpAnswer(int(http.status_code), headers, http.body.bytes)


def _complete_answer(result: Result) -> HttpAnswer:
    if result.failure:
        return HttpAnswer(500)
    if result.answer:
        return result.answer
    if result.returned and isinstance(result.returned.value, str):
        headers = {"content-type": "text/plain; charset=utf-8"}
        return HttpAnswer(200, headers, result.returned.value.encode())
    # None, a dict, a number: the host cannot make an answer of it.
    return HttpAnswer(500)
