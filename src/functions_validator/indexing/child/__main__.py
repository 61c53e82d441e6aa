"""Indexes an app as the worker does, in the app's own interpreter, and writes JSON about it.

    python __main__.py ANSWER PROJECT ENTRY SECONDS

Only what the app's modules do when they are imported runs. They cannot use the network or write to the project.
Shortly before SECONDS are over, and if the app ends the process, it writes into a file beside ANSWER which line of the
app runs.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
import sys
from types import ModuleType

ALMOST = 0.9
# Like those with which the host starts the worker: a parser of the app reads them, too.
OPTIONS = [
    *("--host", "127.0.0.1", "--port", "50000", "--grpcMaxMessageLength", "2147483647"),
    *("--workerId", "0", "--requestId", "0", "--functions-uri", "http://127.0.0.1:50000/"),
    *("--functions-worker-id", "0", "--functions-request-id", "0"),
    *("--functions-grpc-max-message-length", "2147483647"),
]
# The name of this package here, which no app has.
PACKAGE = "_functions_validator_child"


def main() -> None:
    """Index the app that the arguments name."""
    if sys.hexversion < 0x030A0000:
        sys.exit("too old")
    answer, root, entry, seconds = sys.argv[1:]
    # The process is short: collecting garbage would take more time than it is worth.
    gc.disable()
    sys.path.pop(0)
    sys.dont_write_bytecode = True
    sys.argv[1:] = OPTIONS
    _add_package(os.path.dirname(os.path.abspath(__file__)))
    ending, indexer = _module("ending"), _module("indexer")
    leave, end = os._exit, f"{answer}.end"
    with open(answer, "w", encoding="utf-8") as file, open(f"{answer}.crash", "w") as crash:
        ending.watch(float(seconds) * ALMOST, f"{answer}.stack")
        ending.watch_end(end, crash)
        os.chdir(root)
        file.write(json.dumps(indexer.Indexer(root, entry, end).run(), default=str))
    # Neither waits for threads that the app started, nor runs its exit handlers.
    leave(0)


def _add_package(folder: str) -> None:
    """Make this package importable, but nothing beside it, which may have a name of one of the app's modules."""
    file = os.path.join(folder, "__init__.py")
    spec = importlib.util.spec_from_file_location(
        PACKAGE, file, submodule_search_locations=[folder]
    )
    assert spec is not None
    sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{PACKAGE}.{name}")


if __name__ == "__main__":
    main()
