"""Runs a script in processes that have imported the worker's libraries, a fork for each message on a socket.

    python -B server.py SOCKET SCRIPT

It imports nothing that the script would not import for every app, and the libraries of Durable Functions.
"""

import json
import os
import signal
import socket
import sys
from importlib import import_module
from types import CodeType, ModuleType
from typing import Any, NoReturn

LIBRARIES = (
    "azure.functions",
    "azure_functions_runtime.bindings.meta",
    "azure_functions_runtime.functions",
    # Those of Durable Functions.
    "aiohttp",
    "dateutil.parser",
)
LONGEST_MESSAGE = 2**20


def serve(messages: socket.socket, script: str) -> None:
    """Fork for each message until the tests end."""
    for library in LIBRARIES:
        import_module(library)
    with open(script, encoding="utf-8") as file:
        code = compile(file.read(), script, "exec")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, [*status], _, _ = socket.recv_fds(messages, LONGEST_MESSAGE, 1)
        if not message:
            return
        if os.fork() == 0:
            messages.close()
            supervise(code, json.loads(message), status[0])
        os.close(status[0])


def supervise(code: CodeType, order: dict[str, Any], status: int) -> NoReturn:
    """Run the script in a process of its own; write the id of it, and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    process = os.fork()
    if process == 0:
        os.setsid()
        os.write(status, f"{os.getpid()}\n".encode())
        os.close(status)
        run(code, order)
    _, ended = os.waitpid(process, 0)
    os.write(status, f"{os.waitstatus_to_exitcode(ended)}\n".encode())
    os._exit(0)


def run(code: CodeType, order: dict[str, Any]) -> NoReturn:
    """Run the script as if this process had started with it."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    os.close(nothing)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv[:] = [code.co_filename, *order["arguments"]]
    sys.path[0] = os.path.dirname(code.co_filename)
    main = sys.modules["__main__"] = ModuleType("__main__")
    main.__file__ = code.co_filename
    try:
        exec(code, vars(main))  # noqa: S102
    finally:
        os._exit(1)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
