"""Index the app as Azure does and print what it finds, as JSON. tests/test_app.py runs this.

A process can index an app only once, and leaves its modules changed: hence a process of its own.
"""

import asyncio
import importlib
import importlib.util
import json
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import azure.functions as func
from azure.functions.decorators.function_app import FunctionBuilder

PROJECT = Path(__file__).parents[1]


class WorkerMessages:
    """Stands in for the protobuf messages in which the worker answers: plain objects do."""

    class StatusResult(SimpleNamespace):
        Failure, Success = 0, 1

    class BindingInfo(SimpleNamespace):
        out, inout = 1, 2

    def __getattr__(self, name: str) -> type:
        return SimpleNamespace


def index_with_worker() -> list[dict[str, Any]]:
    """Index with the Functions worker's own library, which rejects what Azure would reject."""
    import azure_functions_runtime as worker

    def request(**content: Any) -> SimpleNamespace:
        properties = {"host": "localhost", "protos": WorkerMessages()}
        return SimpleNamespace(request=SimpleNamespace(**content), properties=properties)

    start = SimpleNamespace(capabilities={}, function_app_directory=str(PROJECT))
    started = asyncio.run(worker.worker_init_request(request(worker_init_request=start)))
    if started.result.status != WorkerMessages.StatusResult.Success:
        sys.exit(started.result.exception.message)
    found = asyncio.run(worker.functions_metadata_request(request()))
    return [
        {"name": function.name, "bindings": [json.loads(b) for b in function.raw_bindings]}
        for function in found.function_metadata_results or []
    ]


def index_with_library() -> list[dict[str, Any]]:
    """Index with azure.functions, for Pythons that the worker's library does not support."""
    import function_app

    return [
        {"name": f.get_function_name(), "bindings": [json.loads(b) for b in f.get_raw_bindings()]}
        for f in function_app.app.get_functions()
    ]


def names_in_blueprints() -> Iterator[str | None]:
    """Yield the name of every function that the modules in blueprints/ define."""
    for module in pkgutil.walk_packages([str(PROJECT / "blueprints")], "blueprints."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, func.TriggerApi):
                alone = func.FunctionApp()
                alone.register_functions(value)
                yield from (f.get_function_name() for f in alone.get_functions())


def names_in_function_app() -> Iterator[str | None]:
    """Yield the name of every function that function_app.py defines itself, a web app included."""
    for value in vars(importlib.import_module("function_app")).values():
        if isinstance(value, FunctionBuilder):
            yield value.build().get_function_name()
        if isinstance(value, func.ExternalHttpFunctionApp):
            yield "http_app_func"


def main() -> None:
    sys.path.insert(0, str(PROJECT))
    has_worker = importlib.util.find_spec("azure_functions_runtime") is not None
    functions = index_with_worker() if has_worker else index_with_library()
    defined = [*names_in_blueprints(), *names_in_function_app()]
    print(json.dumps({"functions": functions, "defined": defined}))


if __name__ == "__main__":
    main()
