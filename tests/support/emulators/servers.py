"""Starts Azurite and the Cosmos DB server on free ports of 127.0.0.1."""

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from tests.support import packages
from tests.support.text_files import read_json

PACKAGE = Path(__file__).with_name("package.json")
SECONDS_TO_START = 60

# The well-known keys of the emulators, which open nothing else.
STORAGE_ACCOUNT = "devstoreaccount1"
STORAGE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
COSMOS_KEY = (
    "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=="
)


class EmulatorFailure(Exception):
    """An emulator did not start; the message has its output."""


def install() -> Path:
    """Install the emulators, if they are not yet, and return the folder of their packages."""
    return packages.install("emulators", PACKAGE)


def connect(project: Path, connections: Mapping[str, str]) -> None:
    """Set app settings of a project, by their names, so that it connects to emulators."""
    file = project / "local.settings.json"
    content = read_json(file)
    content["Values"].update(connections)
    file.write_text(json.dumps(content), encoding="utf-8")


@contextmanager
def azurite(packages: Path) -> Iterator[str]:
    """Run Azurite, with nothing on disk, and yield its connection string."""
    script = packages / "azurite" / "dist" / "src" / "azurite.js"
    options = ["--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck"]
    ports = [text for name in ("blob", "queue", "table") for text in (f"--{name}Port", "0")]
    listening = r"Azurite (\w+) service is successfully listening at (\S+)"
    with _running([script, *options, *ports], listening, count=3) as found:
        endpoints = "".join(f"{service}Endpoint={url}/{STORAGE_ACCOUNT};" for service, url in found)
        yield (
            f"DefaultEndpointsProtocol=http;AccountName={STORAGE_ACCOUNT};"
            f"AccountKey={STORAGE_KEY};{endpoints}"
        )


@contextmanager
def cosmosdb_server(packages: Path) -> Iterator[str]:
    """Run the Cosmos DB server, which is in memory, and yield its connection string."""
    script = packages / "@vercel" / "cosmosdb-server" / "lib" / "cli.js"
    options = ["--host", "127.0.0.1", "--port", "0"]
    with _running([script, *options], r"connections at 127.0.0.1:(\d+)", count=1) as found:
        [port] = found
        yield f"AccountEndpoint=https://127.0.0.1:{port}/;AccountKey={COSMOS_KEY};"


@contextmanager
def _running(command: Sequence[str | Path], pattern: str, count: int) -> Iterator[list[Any]]:
    """Run a server until it has printed so many matches of the pattern, yield them, and stop it."""
    server = subprocess.Popen(
        [packages.find_node() or "node", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
    )
    lines: Queue[str | None] = Queue()
    reader = threading.Thread(target=_read, args=(server, lines), daemon=True)
    reader.start()
    try:
        yield _wait_for(pattern, count, lines)
    finally:
        server.terminate()
        server.wait(timeout=SECONDS_TO_START)
        reader.join()


def _read(server: "subprocess.Popen[str]", lines: "Queue[str | None]") -> None:
    """Pass on each line, so that the server never waits for a reader."""
    for line in server.stdout or ():
        lines.put(line)
    lines.put(None)


def _wait_for(pattern: str, count: int, lines: "Queue[str | None]") -> list[Any]:
    output = ""
    while len(found := re.findall(pattern, output)) < count:
        try:
            line = lines.get(timeout=SECONDS_TO_START)
        except Empty:
            line = None
        if line is None:
            raise EmulatorFailure(f"The emulator did not start:\n{output}")
        output += line
    return found
