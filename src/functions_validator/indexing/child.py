"""Indexes an app as the worker does, in the app's own interpreter, and writes JSON about it.

    python child.py ANSWER PROJECT ENTRY SECONDS

Of the app, only what its modules do when they are imported runs. They cannot use the network or write to the project.
Shortly before SECONDS are over, and if the app ends the process, it writes into a file beside ANSWER which line of the
app runs.
"""

from __future__ import annotations

import functools
import gc
import importlib
import importlib.util
import inspect
import json
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate"}
ALMOST = 0.9
FIRST_WITH_NEW_WORKER = 0x030D0000
# What ends the process, or replaces it with another program.
ENDING = {"os.exec", "os.kill", "os.killpg"}
CONNECTING = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
WATCHED = {"open", "sqlite3.connect", *CHANGING, *ENDING, *CONNECTING}


class Guard:
    """Refuses the use of the network, and changes to the project's files."""

    def __init__(self, root: str, ending: ModuleType, end: str) -> None:
        self.root = os.path.join(root, "")
        self.ending, self.end = ending, end
        self.connected = False
        self.written: list[tuple[str, str, int]] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raise OSError for what the app must not do while it is indexed."""
        if event not in WATCHED:
            return
        if event in CONNECTING:
            self.connected = True
            raise ConnectionRefusedError("there is no network while the app is indexed")
        if event in ENDING and (event != "os.kill" or self.ending.ends_itself(*arguments)):
            self.ending.write_stack(self.end)
        changes = event in CHANGING or event == "sqlite3.connect"
        if event == "open":
            changes = isinstance(arguments[2], int) and bool(arguments[2] & WRITING)
        if changes and isinstance(arguments[0], (str, os.PathLike)):
            path = os.path.abspath(os.fspath(arguments[0]))
            if path.startswith(self.root):
                file, line = self._writing()
                self.written.append((path[len(self.root) :].replace(os.sep, "/"), file, line))
                raise PermissionError(f"{path} cannot be written while the app is indexed")

    def _writing(self) -> tuple[str, int]:
        """Return the file, relative to the project, and the line that are about to change a file."""
        frame = sys._getframe(2)
        while frame.f_back and not self._is_own(frame.f_code.co_filename):
            frame = frame.f_back
        file = frame.f_code.co_filename
        if not self._is_own(file):
            return "", 1
        return os.path.abspath(file)[len(self.root) :].replace(os.sep, "/"), frame.f_lineno

    def _is_own(self, file: str) -> bool:
        is_file = not file.startswith("<")
        return is_file and os.path.abspath(file).startswith(self.root) and not is_installed(file)


class Recorder:
    """Records every app and blueprint that is made, and which of them are registered."""

    def __init__(self) -> None:
        self.containers: list[tuple[Any, str, int]] = []
        self.registered: set[int] = set()

    def watch(self, library: ModuleType) -> None:
        """Wrap the methods of azure.functions that make and register apps and blueprints."""
        decorators = sys.modules[library.FunctionApp.__module__]
        make, recorder = decorators.DecoratorApi.__init__, self
        register = decorators.FunctionRegister.register_functions

        def noted_make(container: Any, *arguments: Any, **options: Any) -> None:
            make(container, *arguments, **options)
            file, line = caller()
            recorder.containers.append((container, file, line))

        @functools.wraps(register)
        def noted_register(app: Any, *arguments: Any, **options: Any) -> None:
            register(app, *arguments, **options)
            recorder.registered.update(map(id, (*arguments, *options.values())))

        decorators.DecoratorApi.__init__ = noted_make
        decorators.FunctionRegister.register_functions = noted_register
        if hasattr(decorators.FunctionRegister, "register_blueprint"):
            decorators.FunctionRegister.register_blueprint = noted_register


def is_installed(path: str) -> bool:
    """Whether a file belongs to an installed package."""
    return not {"site-packages", "dist-packages"}.isdisjoint(path.replace(os.sep, "/").split("/"))


@functools.cache
def real_folder(path: str) -> str:
    """Return a folder without links; many modules are in the same one."""
    return os.path.realpath(path)


def real_path(path: str) -> str:
    """Return the path of a file without links."""
    folder, name = os.path.split(path)
    real = os.path.join(real_folder(folder), name)
    return os.path.realpath(real) if os.path.islink(real) else real


def durable_version() -> str:
    """Return the version of azure-functions-durable that the app imports, or ""."""
    if "azure.durable_functions" not in sys.modules:
        return ""
    # Imported here because it is slow to import, and few apps need it.
    from importlib import metadata

    try:
        return metadata.version("azure-functions-durable")
    except metadata.PackageNotFoundError:
        return ""


def is_of_durable(function: Any) -> bool:
    """Whether azure-functions-durable made a function, as it does for each of its apps and blueprints."""
    name = str(function.get_function_name())
    return name.startswith("BuiltIn__")


def first_line(function: Any) -> tuple[str, int]:
    """Return the file and the first line of a function or a class, decorators included."""
    code = getattr(function, "__code__", None)
    if code:
        return code.co_filename, code.co_firstlineno
    try:
        return inspect.getsourcefile(function) or "", inspect.getsourcelines(function)[1]
    except (OSError, TypeError):
        return "", 1


def unwrapped(function: Any) -> Any:
    """Return the function in wrappers; the function itself if it wraps itself."""
    try:
        return inspect.unwrap(function)
    except ValueError:
        return function


def is_environ(frame: traceback.FrameSummary) -> bool:
    """Whether a frame belongs to `os.environ[...]`."""
    return frame.name == "__getitem__" and frame.filename.endswith(("os.py", "<frozen os>"))


def not_found_before(error: BaseException) -> str:
    """Return the module that was not found and whose handler raised an error, or ""."""
    before = error.__cause__ or error.__context__
    while before and not isinstance(before, ModuleNotFoundError):
        before = before.__cause__ or before.__context__
    return getattr(before, "name", "") or ""


def caller() -> tuple[str, int]:
    """Return the file and line that make a container, outside of the libraries' constructors."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_code.co_name == "__init__":
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def load_beside(name: str) -> ModuleType:
    """Return a module in the folder of this file, without making it importable for the app."""
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"_validate_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Indexer:
    """Imports the app's entry point and describes what it made."""

    def __init__(self, root: str, entry: str, ending: ModuleType, end: str) -> None:
        self.root, self.entry = root, entry
        self.guard = Guard(root, ending, end)
        self.recorder = Recorder()

    def run(self) -> dict[str, Any]:
        """Return the description; `failure` says why there is no more of it."""
        answer: dict[str, Any] = {"python": ".".join(map(str, sys.version_info[:3]))}
        try:
            library = importlib.import_module("azure.functions")
        except Exception as error:  # noqa: BLE001, whatever a broken installation raises
            is_missing = getattr(error, "name", "") in ("azure", "azure.functions")
            why = "" if is_missing else type(error).__name__
            failure = {"kind": "no-library", "type": why, "message": "", "frames": []}
            return {**answer, "failure": failure}
        self.recorder.watch(library)
        packages = os.path.join(self.root, ".python_packages", "lib", "site-packages")
        sys.path[:0] = [packages] if os.path.isdir(packages) else []
        # The older worker puts the app's folder first, the newer one last.
        sys.path.insert(len(sys.path) if sys.hexversion >= FIRST_WITH_NEW_WORKER else 0, self.root)
        sys.addaudithook(self.guard)
        try:
            module = importlib.import_module(self.entry.removesuffix(".py"))
        except BaseException as error:  # noqa: BLE001, whatever the app raises
            answer["failure"] = self.failure(error)
            module = None
        answer["containers"] = [self.container(*noted) for noted in self.recorder.containers]
        answer["modules"] = sorted(filter(None, map(self.own_file, list(sys.modules.values()))))
        answer["written"] = self.guard.written
        answer["durable"] = durable_version()
        if module is not None:
            apps = [
                (name, getattr(module, name, None))
                for name in dir_in_order(module)
                if isinstance(getattr(module, name, None), library.FunctionRegister)
            ]
            answer["apps"] = [name for name, _ in apps]
            if apps:
                answer.update(self.functions(apps[0][1]))
        return answer

    def own_file(self, module: ModuleType) -> str | None:
        """Return a module's file, relative to the project, or None if it is elsewhere."""
        return self.relative(getattr(module, "__file__", None) or "")

    def relative(self, file: str) -> str | None:
        """Return a path relative to the project, with `/`, or None if it is elsewhere."""
        path = real_path(file) if file and not file.startswith("<") else ""
        if not path.startswith(self.guard.root) or is_installed(path):
            return None
        return path[len(self.guard.root) :].replace(os.sep, "/")

    def failure(self, error: BaseException) -> dict[str, Any]:
        """Return what an import raised, with the frames that are in the project."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [
            {"file": self.relative(frame.filename), "line": frame.lineno}
            for frame in frames
            if self.relative(frame.filename)
        ]
        last = frames[-1] if frames else None
        failure = {
            "kind": "import",
            "type": type(error).__name__,
            "message": str(error),
            "frames": own,
            "network": self.guard.connected,
            "raised_in": self.raised_in(frames),
            "lacks": not_found_before(error),
        }
        if isinstance(error, SyntaxError):
            file = self.relative(error.filename or "")
            if file:
                place = {"file": file, "line": error.lineno or 1, "column": error.offset or 1}
                failure["frames"] = [*own, place]
            failure["message"] = error.msg
        elif isinstance(error, ImportError):
            failure["module"] = error.name or ""
            failure["hidden_by"] = self.hidden_by((error.name or "").partition(".")[0])
        elif isinstance(error, SystemExit):
            failure["kind"] = "exit"
        elif isinstance(error, KeyError) and last and is_environ(last):
            failure.update(kind="setting", name=str(error.args[0]))
        return failure

    def hidden_by(self, name: str) -> str:
        """Return the distribution whose module hides one of the app's own, or ""."""
        loaded = sys.modules.get(name)
        path = os.path.join(self.root, name)
        if loaded is None or not (os.path.isdir(path) or os.path.isfile(f"{path}.py")):
            return ""
        if path in getattr(loaded, "__path__", []):
            return ""  # Both are parts of one namespace package.
        if not any(
            is_installed(file) for file in [loaded.__file__ or "", *getattr(loaded, "__path__", [])]
        ):
            return ""
        from importlib import metadata

        return next(iter(metadata.packages_distributions().get(name, [])), "")

    def raised_in(self, frames: Sequence[traceback.FrameSummary]) -> str:
        """Return what raised the error: "azure.functions", "a package", or "" for anything else."""
        called = next(
            (
                later.filename
                for frame, later in zip(reversed(frames[:-1]), reversed(frames[1:]), strict=True)
                if self.relative(frame.filename)
            ),
            "",
        )
        if not is_installed(called):
            return ""
        own = "/azure/functions/" in called.replace(os.sep, "/")
        return "azure.functions" if own else "a package"

    def container(self, container: Any, file: str, line: int) -> dict[str, Any]:
        """Return an app or blueprint, with those of its functions that no app has."""
        return {
            "is_app": hasattr(container, "get_functions"),
            "file": self.relative(file),
            "line": line,
            "missing": [self.described(b._function) for b in self.missing(container)],
            "is_registered": id(container) in self.recorder.registered,
        }

    def missing(self, container: Any) -> list[Any]:
        """Return the builders of a container's functions that no app has."""
        in_apps = {
            id(builder)
            for other, _, _ in self.recorder.containers
            if hasattr(other, "get_functions")
            for builder in other._function_builders
        }
        return [
            builder
            for builder in container._function_builders
            if id(builder) not in in_apps and not is_of_durable(builder._function)
        ]

    def described(self, function: Any) -> dict[str, Any]:
        """Return a function's name, and the place of its first line, decorators included."""
        user_function = function.get_user_function()
        for wrapper in ("orchestrator_function", "client_function", "entity_function"):
            user_function = getattr(user_function, wrapper, user_function)
        file, line = first_line(unwrapped(user_function))
        return {
            "name": function.get_function_name(),
            "file": self.relative(file),
            "line": line,
        }

    def functions(self, app: Any) -> dict[str, Any]:
        """Return the app's functions with their bindings, and what the worker rejects of each."""
        worker = load_beside("worker_signatures").Worker()
        found = []
        made = next(((file, line) for c, file, line in self.recorder.containers if c is app), None)
        own = made and self.relative(made[0])
        for builder in app._function_builders:
            described = self.described(builder._function)
            if described["file"] is None:
                # A library defines it, such as that of a web framework's app.
                described.update(file=own or self.entry, line=made[1] if made and own else 1)
            found.append(described)
            try:
                function = builder.build(app.auth_level)
                described["bindings"] = [json.loads(b) for b in function.get_raw_bindings()]
                described["rejections"] = worker.rejections_of(function)
            except Exception as error:  # noqa: BLE001, whatever the libraries raise
                kind = "no-trigger" if "does not have a trigger" in str(error) else "build"
                described["rejections"] = [{"kind": kind, "parameter": "", "message": str(error)}]
        return {"functions": found, "worker": worker.has_worker}


def dir_in_order(module: ModuleType) -> list[str]:
    """Return a module's names in the order in which the worker reads them."""
    return list(module.__dir__())


def main() -> None:
    """Index the app that the arguments name."""
    if sys.hexversion < 0x030A0000:
        sys.exit("too old")
    answer, root, entry, seconds = sys.argv[1:]
    # The process is short: to look for garbage would take more time than it frees memory.
    gc.disable()
    sys.path.pop(0)
    sys.dont_write_bytecode = True
    sys.argv[1:] = []
    leave, end, ending = os._exit, f"{answer}.end", load_beside("ending")
    with open(answer, "w", encoding="utf-8") as file, open(f"{answer}.crash", "w") as crash:
        ending.watch(float(seconds) * ALMOST, f"{answer}.stack")
        ending.watch_end(end, crash)
        os.chdir(root)
        file.write(json.dumps(Indexer(root, entry, ending, end).run(), default=str))
    # Neither waits for threads that the app started, nor runs its exit handlers.
    leave(0)


if __name__ == "__main__":
    main()
