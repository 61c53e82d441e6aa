"""Plays the Durable Functions extension for clients: they start and signal over HTTP on this machine."""

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from .exchange import TypedValue
from .servers import LazyServer

INSTANCE = "0123456789abcdef"


class DurableExtension(LazyServer):
    """An endpoint on a free port that knows the states of entities and orchestrations, and notes what it is sent."""

    def __init__(self) -> None:
        super().__init__(type("Handler", (_Handler,), {"extension": self}))
        self.requests: list[dict[str, Any]] = []
        self.entities: Mapping[str, Any] = {}

    def client(self, entities: Mapping[str, Any]) -> TypedValue:
        """Return the value of a durableClient binding; the states are those of entities by key."""
        self.entities = entities
        origin = f"http://127.0.0.1:{self.port}"
        management = f"{origin}/runtime/webhooks/durabletask/instances/INSTANCEID"
        content = {
            "taskHubName": "TestHub",
            "creationUrls": {},
            "managementUrls": {
                "id": "INSTANCEID",
                "statusQueryGetUri": management,
                "sendEventPostUri": f"{management}/raiseEvent/{{eventName}}",
                "terminatePostUri": f"{management}/terminate",
                "purgeHistoryDeleteUri": management,
            },
            "baseUrl": f"{origin}/runtime/webhooks/durabletask",
            "requiredQueryStringParameters": "code=KEY",
            "rpcBaseUrl": f"{origin}/durabletask/",
        }
        return TypedValue("string", json.dumps(content))


class _Handler(BaseHTTPRequestHandler):
    extension: ClassVar[DurableExtension]

    def do_POST(self) -> None:
        """Accept an orchestration to start, an event for one or a signal to an entity."""
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        # The client sends text that is JSON, as JSON.
        text = json.loads(content) if content else None
        asked = self.path.removeprefix("/durabletask/")
        self.extension.requests.append({asked: json.loads(text) if text else None})
        kind, _, *chosen = asked.split("/")
        self._answer(202, {"id": [*chosen, INSTANCE][0]} if kind == "orchestrators" else None)

    def do_DELETE(self) -> None:
        """Delete the history of orchestrations with some statuses: always of three."""
        statuses = parse_qs(urlsplit(self.path).query)["runtimeStatus"][0].split(",")
        self.extension.requests.append({"deleted": statuses})
        self._answer(200, {"instancesDeleted": 3})

    def do_GET(self) -> None:
        """Return the state of an entity."""
        key = urlsplit(self.path).path.rpartition("/")[2]
        if key in self.extension.entities:
            self._answer(200, self.extension.entities[key])
        else:
            self._answer(404, None)

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing to stderr."""
