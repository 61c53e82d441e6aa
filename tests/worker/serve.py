"""`python -m worker.serve PROJECT PORT`: the host as a server, like `func start`.

Prints what stops the host or the worker and exits with 1 if it does not start.
"""

import asyncio
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from .exchange import HttpRequest
from .faults import HostStopped
from .host import Host, WorkerRejected
from .servers import start


class Server(ThreadingHTTPServer):
    """Passes requests to a host, whose worker runs in a loop of its own."""

    def __init__(self, port: int, host: Host, loop: asyncio.AbstractEventLoop) -> None:
        """Listen on a port of this machine."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.host, self.loop = host, loop


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        request = HttpRequest(self.command, self.path, dict(self.headers), body)
        passed = asyncio.run_coroutine_threadsafe(self.server.host.http(request), self.server.loop)
        answer = passed.result().answer
        assert answer is not None
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer


async def serve(project: Path, port: int) -> None:
    """Start the host and answer until the process is ended."""
    host = Host(project)
    await host.start()
    start(Server(port, host, asyncio.get_running_loop()))
    await asyncio.Event().wait()


def main() -> None:
    """Serve the project that the arguments name."""
    # Ctrl+C ends it at once, without waiting for threads.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    project, port = Path(sys.argv[1]).resolve(), int(sys.argv[2])
    try:
        asyncio.run(serve(project, port))
    except HostStopped as why:
        sys.exit(f"The host does not start: {why}")
    except WorkerRejected as rejection:
        sys.exit(f"Worker failed to index functions: {rejection}")


if __name__ == "__main__":
    main()
