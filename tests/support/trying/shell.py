"""Runs commands in a shell that has curl, played tools, and a host that notes what it is asked."""

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.run import run
from tests.support.scripts import write_script
from tests.worker.exchange import HttpRequest
from tests.worker.servers import start

from .noted import Message, Noted
from .tools import ToolFailed, Tools

SNIPPET = Path(__file__).with_name("snippet.py")
# The ports of the host, of RabbitMQ's API for management, and on which the host listens for Dapr.
PORTS = (7071, 15672, 3001)
PUBLISH = "/api/exchanges/%2F/amq.default/publish"
# Asks the test to play a tool, and ends as the tool does.
TOOL = """\
printf '%s\\0' "$@" | curl --fail-with-body --data-binary @- "$TOOLS/{name}"
"""


class Shell:
    """A shell in an app's folder, whose tools are in a folder of their own."""

    def __init__(self, folder: Path, app: Path, python: Path, azurite: str, port: int) -> None:
        """Take a new folder, the app, its Python, Azurite's connection string and the port of `listening`."""
        self.noted = Noted()
        self.tools = Tools(azurite, self.noted.messages)
        self._app = app
        for name in self.tools.play:
            write_script(folder / name, TOOL.format(name=name))
        command = shlex.join([str(python), str(SNIPPET)])
        write_script(folder / "python", f'exec {command} "$@"')
        lines = [f'connect-to = "localhost:{asked}:127.0.0.1:{port}"\n' for asked in PORTS]
        (folder / ".curlrc").write_text("".join(["silent\n", "show-error\n", *lines]), "utf-8")
        self._environment = {
            "PATH": f"{folder}:/usr/bin:/bin",
            "CURL_HOME": str(folder),
            "TOOLS": f"http://127.0.0.1:{port}/tool",
            "SENT": f"http://127.0.0.1:{port}/sent",
        }

    def run(self, command: str) -> Noted:
        """Run a command as printed, and return what it asked and sent; fail unless all of it ends well."""
        self.noted.requests.clear()
        self.noted.messages.clear()
        # `set -e` is not a part of what is printed, but nothing of it may fail.
        run("sh", "-c", f"set -e\n{command}", folder=self._app, environment=self._environment)
        return Noted([*self.noted.requests], [*self.noted.messages])

    def answer(self, request: HttpRequest) -> tuple[int, str]:
        """Note a request, or play a tool, and return a status and a text."""
        if request.url.startswith("/tool/"):
            arguments = request.body.decode().split("\0")[:-1]
            try:
                return 200, self.tools.play[request.url.removeprefix("/tool/")](arguments)
            except ToolFailed as failure:
                return 400, f"{failure}\n"
        if request.url == "/sent":
            self.noted.messages.append(Message(**json.loads(request.body)))
        elif request.url == PUBLISH:
            content = json.loads(request.body)
            self.noted.messages.append(Message(content["routing_key"], content["payload"], {}))
        elif request.headers.get("host", "").endswith(":3001"):
            to = request.url.removeprefix("/")
            self.noted.messages.append(Message(to, request.body.decode(), {}))
        else:
            self.noted.requests.append(request)
        return 202, ""


class Listener(ThreadingHTTPServer):
    """Passes requests to a shell."""

    shell: Shell


class _Handler(BaseHTTPRequestHandler):
    server: Listener
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, text = self.server.shell.answer(HttpRequest(self.command, self.path, headers, body))
        self.send_response(status)
        self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def log_message(self, format: str, *arguments: object) -> None:
        """Write nothing to stderr."""


@contextmanager
def shell_in(app: Path, python: Path, azurite: str, folder: Path) -> Iterator[Shell]:
    """Yield a shell in an app, and listen for it on a free port of this machine."""
    listener = Listener(("127.0.0.1", 0), _Handler)
    listener.shell = Shell(folder, app, python, azurite, listener.server_port)
    start(listener)
    try:
        yield listener.shell
    finally:
        listener.shutdown()
        listener.server_close()
