"""Kinds of storage and Cosmos DB against emulators: every invocation, through a real service.

The host's part is played by `emulators.extensions`: what invocations.yml says that a function reads is
put into the service and read from it, and what the function answers is written to it.
"""

import functools
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hooks.catalogue import Kind
from tests.support.catalogue import KINDS, SERVICES
from tests.support.emulators import servers
from tests.support.emulators.expressions import resolve_binding, values_of_event, values_of_request
from tests.support.emulators.extensions import (
    Cosmos,
    Deliver,
    Put,
    Storage,
    Store,
    deliveries,
    put,
    stores,
)
from tests.support.kind_events import emulated, function_name
from tests.support.text_files import read_json
from tests.worker.client import Invocation, check, run_project
from tests.worker.exchange import NOTHING, Binding, Call, HttpRequest, Result, TypedValue
from tests.worker.routing import find_route, read_routes

INVOCATIONS = [(kind, invocation) for kind in KINDS for invocation in emulated(kind)]


@dataclass(frozen=True)
class Services:
    """The running emulators, by the connections of services.yml, and the host's extensions."""

    connections: Mapping[str, str]
    deliver: Mapping[str, Deliver]
    store: Mapping[str, Store]
    put: Put


@pytest.fixture(scope="module")
def services(emulators: Path) -> Iterator[Services]:
    """Azurite and the Cosmos DB server."""
    with ExitStack() as running:
        # Every connection would read the certificates of the system, and none is verified.
        environment = running.enter_context(pytest.MonkeyPatch.context())
        for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            environment.setenv(name, os.devnull)
        storage = running.enter_context(servers.azurite(emulators))
        cosmos = running.enter_context(servers.cosmosdb_server(emulators))
        connections = {"storage": storage, "cosmosdb": cosmos}
        extensions = Storage(storage), Cosmos(cosmos)
        yield Services(
            connections,
            deliveries(*extensions),
            stores(*extensions),
            functools.partial(put, *extensions),
        )


@pytest.fixture(scope="module")
def app_of(
    render: Callable[..., Path], services: Services, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Kind], Path]:
    """Return an app with one function of a kind, whose settings lead to the emulators."""

    @functools.cache
    def make(kind: Kind) -> Path:
        project = tmp_path_factory.mktemp(kind.id) / "app"
        shutil.copytree(render({function_name(kind): kind.id}), project)
        servers.connect(
            project,
            {SERVICES[name].connection: value for name, value in services.connections.items()},
        )
        return project

    return make


@pytest.fixture(scope="module")
def index(worker_python: Path) -> Callable[[Path], Mapping[str, Sequence[Binding]]]:
    """Return the functions of an app and their bindings, as the worker finds them."""

    @functools.cache
    def functions(app: Path) -> Mapping[str, Sequence[Binding]]:
        return run_project(worker_python, app).functions

    return functions


@pytest.mark.parametrize(
    ("kind", "invocation"),
    INVOCATIONS,
    ids=[f"{kind.id}: {invocation.title}" for kind, invocation in INVOCATIONS],
)
def test_a_function_reads_and_writes_what_the_service_has(
    kind: Kind,
    invocation: Invocation,
    services: Services,
    app_of: Callable[[Kind], Path],
    index: Callable[[Path], Mapping[str, Sequence[Binding]]],
    worker_python: Path,
    reach: Callable[[Kind, str, bool], None],
) -> None:
    app = app_of(kind)
    bindings = resolve_bindings(invocation.request, app, index(app))
    services.put(invocation.stored, bindings, settings_of(app).get("COSMOSDB_DATABASE"))
    request = deliver(invocation.request, bindings, services)
    report = run_project(worker_python, app, [replace(invocation, request=request)])
    [result] = report.results
    difference = check(invocation, result)
    reach(kind, "emulator", difference is None)
    assert difference is None
    store(result, bindings, services)


def settings_of(app: Path) -> dict[str, str]:
    """Return the app settings of an app."""
    content = read_json(app / "local.settings.json")
    values: dict[str, str] = content["Values"]
    return values


def resolve_bindings(
    request: HttpRequest | Call, app: Path, functions: Mapping[str, Sequence[Binding]]
) -> list[Binding]:
    """Return the bindings of the function that gets the request, their expressions replaced."""
    settings = settings_of(app)
    if isinstance(request, Call):
        bindings, values = functions[request.function], values_of_event(request)
    else:
        path = urlsplit(request.url).path
        match = find_route(read_routes(functions, "api"), request.method, path)
        if match is None:
            return []
        bindings = functions[match.function]
        values = values_of_request(request, match.parameters)
    return [resolve_binding(binding, values, settings) for binding in bindings]


def deliver(
    request: HttpRequest | Call, bindings: Sequence[Binding], services: Services
) -> HttpRequest | Call:
    """Return the request with what its function reads taken from the services.

    A function that takes an SDK type reads it itself.
    """
    inputs: dict[str, TypedValue] = {}
    metadata: dict[str, TypedValue] = {}
    for binding in bindings:
        name, type = binding["name"], binding["type"]
        if binding.get("properties", {}).get("SupportsDeferredBinding"):
            inputs[name] = request.inputs[name]
        elif binding["direction"] == "IN" and type in services.deliver:
            delivered = services.deliver[type](binding, request.inputs.get(name, NOTHING))
            inputs[name] = delivered.value
            metadata |= delivered.metadata
    if isinstance(request, Call):
        return replace(request, inputs=inputs, metadata={**request.metadata, **metadata})
    return replace(request, inputs=inputs)


def store(result: Result, bindings: Sequence[Binding], services: Services) -> None:
    """Write what the function answered to the services; Different if they have something else."""
    answered = {**result.outputs, **({"$return": result.returned} if result.returned else {})}
    for binding in bindings:
        name, type = binding["name"], binding["type"]
        if binding["direction"] == "OUT" and type in services.store and name in answered:
            services.store[type](binding, answered[name])
