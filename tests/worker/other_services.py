"""Plays services that functions call themselves over HTTP: a language model, and one for exchange rates."""

import json
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any

from .servers import LazyServer

# How the app settings of a developer's machine begin that lead to these services.
ADDRESSES = ("https://api.frankfurter.dev/", "https://RESOURCE.openai.azure.com/")
RATES = {"USD": 1.0825}
BUSY = {"retry-after": "7", "x-should-retry": "false"}
FILTERED = {"error": {"code": "content_filter", "message": "refused"}}
USAGE = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}

Message = Mapping[str, Any]


class OtherServices(LazyServer):
    """A server on a free port of this machine, for apps whose settings lead to one of them."""

    def __init__(self) -> None:
        super().__init__(_Handler)

    def connect(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Return the settings with the address of the server, which is started if it is needed."""
        return {name: self._connect(value) for name, value in settings.items()}

    def _connect(self, value: str) -> str:
        for address in ADDRESSES:
            if value.startswith(address):
                return value.replace(address, f"http://127.0.0.1:{self.port}/")
        return value


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer with a rate, if there is one, as frankfurter.dev does."""
        path, _, query = self.path.partition("?")
        wanted = dict(item.split("=") for item in query.split("&"))
        currency = wanted["symbols"]
        if path != "/v1/latest" or currency not in RATES:
            self._answer(500 if currency == "ERR" else 404, {"message": "not found"})
            return
        rates = {currency: RATES[currency]}
        self._answer(
            200, {"amount": 1, "base": wanted["base"], "date": "2026-11-25", "rates": rates}
        )

    def do_POST(self) -> None:
        """Answer the last message as it says, such as "Say: tea", with the API of OpenAI."""
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        messages = request["messages"]
        said = str(messages[-1]["content"])
        if self.path != "/openai/v1/chat/completions":
            self._answer(404, {"error": {"message": "no such API"}})
        elif said == "Busy":
            self._answer(429, {"error": {"message": "busy"}}, BUSY)
        elif said == "Filter":
            self._answer(400, FILTERED)
        elif request.get("stream"):
            self._start(200, {"content-type": "text/event-stream"})
            for line in _stream(said):
                self.wfile.write(f"data: {line}\n\n".encode())
        else:
            choice = {"index": 0, "finish_reason": "stop", "message": _reply(messages)}
            self._answer(200, {**_head("chat.completion"), "choices": [choice], "usage": USAGE})

    def _answer(self, status: int, content: object, headers: Mapping[str, str] = {}) -> None:
        self._start(status, {"content-type": "application/json", **headers})
        self.wfile.write(json.dumps(content).encode())

    def _start(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def _head(kind: str) -> dict[str, Any]:
    return {"id": "1", "object": kind, "created": 1, "model": "chat"}


def _reply(messages: Sequence[Message]) -> Message:
    """Return the model's message: what a tool returned, a call of a tool, or a text."""
    last = messages[-1]
    verb, _, rest = str(last["content"]).partition(": ")
    if verb == "Call" and last["role"] == "user":
        name, _, arguments = rest.partition(" ")
        function = {"name": name, "arguments": arguments}
        call = {"id": "1", "type": "function", "function": function}
        return {"role": "assistant", "content": None, "tool_calls": [call]}
    if verb == "Repeat":
        rest = " ".join(_text(each) for each in messages if each["role"] in ("user", "assistant"))
    return {"role": "assistant", "content": last["content"] if last["role"] == "tool" else rest}


def _text(message: Message) -> str:
    content = message["content"]
    parts = [part["text"] for part in content] if isinstance(content, list) else [content]
    return "".join(parts)


def _stream(said: str) -> Iterator[str]:
    """Yield the pieces of an answer: word by word, or the first one only for "Break: words"."""
    verb, _, rest = said.partition(": ")
    # The first piece is about the message and has no choices.
    yield json.dumps({**_head("chat.completion.chunk"), "choices": []})
    for word in rest.split():
        yield _piece({"content": f"{word} "}, None)
        if verb == "Break":
            return
    yield _piece({}, "stop")
    yield "[DONE]"


def _piece(delta: Mapping[str, str], reason: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return json.dumps({**_head("chat.completion.chunk"), "choices": [choice]})
