"""Sends requests to a worker that takes them itself, as the host does for apps that stream HTTP."""

import asyncio
import http.client
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from .exchange import HttpAnswer, HttpRequest

SECONDS_TO_START = 10
CHUNK = 2  # bytes: small, so that every body comes in several


async def send(origin: str, request: HttpRequest, invocation: str) -> HttpAnswer:
    """Send a request in chunks, marked with its invocation, and return the answer."""
    return await asyncio.to_thread(_send, origin, request, invocation)


def _send(origin: str, request: HttpRequest, invocation: str) -> HttpAnswer:
    connection = _connect(origin)
    try:
        connection.request(
            request.method,
            request.url,
            body=_chunks(request.body) if request.body else None,
            headers={**request.headers, "x-ms-invocation-id": invocation},
            encode_chunked=True,
        )
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return HttpAnswer(response.status, headers, response.read())
    finally:
        connection.close()


def _connect(origin: str) -> http.client.HTTPConnection:
    """Return a connection; the worker begins to listen only after it has said where."""
    address = urlsplit(origin)
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        connection = http.client.HTTPConnection(str(address.hostname), address.port)
        try:
            connection.connect()
            return connection
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), CHUNK):
        yield body[start : start + CHUNK]
