"""Imports an app, and describes its functions."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import logging
import os
import sys
from types import ModuleType
from typing import Any

from .absent import Absent
from .failures import import_failure, library_failure
from .guard import Guard
from .paths import relative_path
from .recorder import Made, Recorder

FIRST_WITH_NEW_WORKER = 0x030D0000


class Indexer:
    """Imports the entry point of the app in a folder, and describes what it made.

    `end` is the file that says where the app ends the process.
    """

    def __init__(self, folder: str, entry: str, end: str) -> None:
        self.folder, self.entry = folder, entry
        self.root = os.path.join(folder, "")
        self.guard = Guard(self.root, end)
        self.recorder = Recorder()
        self.absent = Absent()
        self.module: ModuleType | None = None
        self.failure: dict[str, Any] | None = None

    def run(self) -> dict[str, Any]:
        """Return the description; `failure` says why it is incomplete."""
        answer: dict[str, Any] = {"python": ".".join(map(str, sys.version_info[:3]))}
        try:
            library = importlib.import_module("azure.functions")
        except Exception as error:  # noqa: BLE001, whatever a broken installation raises
            return {**answer, "failure": library_failure(error)}
        self.recorder.watch(library)
        self._extend_path()
        sys.meta_path.append(self.absent)
        # The worker's own, with which logging.basicConfig does nothing.
        logging.getLogger().addHandler(logging.NullHandler())
        # Made before the guard is there, since on Windows a loop connects to itself.
        loop = asyncio.new_event_loop()
        sys.addaudithook(self.guard)
        loop.call_soon(loop.create_task, self._import(loop))
        loop.run_forever()
        if self.failure:
            answer["failure"] = {**self.failure, "network": self.guard.connected}
        files = [getattr(one, "__file__", None) or "" for one in list(sys.modules.values())]
        answer["containers"] = [self._container(made) for made in self.recorder.made]
        answer["modules"] = sorted(filter(None, map(self._relative, files)))
        answer["written"] = self.guard.written
        answer["absent"] = self.absent.names
        answer["durable"] = _durable_version()
        return answer if self.module is None else {**answer, **self._apps(self.module, library)}

    async def _import(self, loop: asyncio.AbstractEventLoop) -> None:
        """Import the entry point in a loop that runs, as the worker does, and stop before any task that it starts."""
        try:
            self.module = importlib.import_module(self.entry.removesuffix(".py"))
        except BaseException as error:  # noqa: BLE001, whatever the app raises
            self.failure = import_failure(error, self.root)
        loop.stop()

    def _extend_path(self) -> None:
        """Add the app's folders to the path: the older worker puts the app's own first, the newer one last."""
        packages = os.path.join(self.folder, ".python_packages", "lib", "site-packages")
        sys.path[:0] = [packages] if os.path.isdir(packages) else []
        sys.path.insert(
            len(sys.path) if sys.hexversion >= FIRST_WITH_NEW_WORKER else 0, self.folder
        )

    def _relative(self, file: str) -> str | None:
        return relative_path(self.root, file)

    def _apps(self, module: ModuleType, library: ModuleType) -> dict[str, Any]:
        """Return the names of the apps in the entry point, and the functions of the first, which the worker takes."""
        apps = [
            (name, getattr(module, name, None))
            for name in _dir_in_order(module)
            if isinstance(getattr(module, name, None), library.FunctionRegister)
        ]
        functions = self._functions(apps[0][1]) if apps else {}
        return {"apps": [name for name, _ in apps], **functions}

    def _functions(self, app: Any) -> dict[str, Any]:
        """Return the app's functions with their bindings, and what the worker rejects of each."""
        # Imported here because most apps that cannot be imported do not need it.
        from .worker_signatures import Worker

        worker = Worker()
        found = []
        made = next((made for made in self.recorder.made if made.container is app), None)
        own = made and self._relative(made.file)
        for builder in app._function_builders:
            described = self._described(builder._function)
            if described["file"] is None:
                # A library defines it, such as the function of a web framework's app.
                described.update(file=own or self.entry, line=made.line if made and own else 1)
            found.append(described)
            try:
                function = builder.build(app.auth_level)
                described["bindings"] = [json.loads(b) for b in function.get_raw_bindings()]
                described["rejections"] = worker.rejections_of(function)
            except Exception as error:  # noqa: BLE001, whatever the libraries raise
                kind = "no-trigger" if "does not have a trigger" in str(error) else "build"
                described["rejections"] = [{"kind": kind, "parameter": "", "message": str(error)}]
        return {"functions": found, "worker": worker.has_worker}

    def _container(self, made: Made) -> dict[str, Any]:
        """Return an app or blueprint, with those of its functions that no app has."""
        missing = self.recorder.missing(made.container)
        return {
            "is_app": made.is_app,
            "file": self._relative(made.file),
            "line": made.line,
            "missing": [self._described(builder._function) for builder in missing],
            "is_registered": self.recorder.is_registered(made.container),
        }

    def _described(self, function: Any) -> dict[str, Any]:
        """Return a function's name, and the place of its first line, decorators included."""
        user_function = function.get_user_function()
        for wrapper in ("orchestrator_function", "client_function", "entity_function"):
            user_function = getattr(user_function, wrapper, user_function)
        file, line = _first_line(_unwrapped(user_function))
        return {"name": function.get_function_name(), "file": self._relative(file), "line": line}


def _dir_in_order(module: ModuleType) -> list[str]:
    """Return a module's names in the order in which the worker reads them."""
    return list(module.__dir__())


def _durable_version() -> str:
    """Return the version of azure-functions-durable that the app imports, or ""."""
    if "azure.durable_functions" not in sys.modules:
        return ""
    # Imported here because it is slow to import, and few apps need it.
    from importlib import metadata

    try:
        return metadata.version("azure-functions-durable")
    except metadata.PackageNotFoundError:
        return ""


def _first_line(function: Any) -> tuple[str, int]:
    """Return the file and the first line of a function or a class, decorators included."""
    code = getattr(function, "__code__", None)
    if code:
        return code.co_filename, code.co_firstlineno
    try:
        return inspect.getsourcefile(function) or "", inspect.getsourcelines(function)[1]
    except (OSError, TypeError):
        return "", 1


def _unwrapped(function: Any) -> Any:
    """Return the function in wrappers; the function itself if it wraps itself."""
    try:
        return inspect.unwrap(function)
    except ValueError:
        return function
