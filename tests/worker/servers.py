"""Starts servers on this machine, each in a thread of its own."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer


def start(server: BaseServer) -> None:
    """Let a server answer until it is shut down, which then takes less than half a second."""
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    ).start()


class LazyServer:
    """A server on a free port, which is there as soon as somebody asks for the port."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._handler = handler
        self._server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int:
        """The port, at which it answers from now on."""
        if self._server is None:
            self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler)
            start(self._server)
        return self._server.server_port

    def stop(self) -> None:
        """End the server, if there is one."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
