"""Plays the service of the host with which functions settle the messages of Service Bus."""

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

ACTIONS = ("Complete", "Abandon", "Deadletter", "Defer")
LONGEST_MESSAGE = 4 * 1024 * 1024


class Settlement:
    """A gRPC service on a free port of this machine, which notes what functions ask of it."""

    def __init__(self) -> None:
        # Only an app that can settle messages needs a server.
        self.settled: list[dict[str, str]] = []
        self._server: Any = None

    def start(self) -> None:
        """Listen, and tell the worker where, as the host does: in the arguments of the process."""
        import grpc
        from azurefunctions.extensions.bindings.protos import settlement_pb2
        from google.protobuf.empty_pb2 import Empty

        def answer(action: str, request: Any, context: Any) -> Any:
            self.settled.append(_describe(action, request))
            return Empty()

        handlers = {
            action: grpc.unary_unary_rpc_method_handler(
                partial(answer, action),
                request_deserializer=getattr(settlement_pb2, f"{action}Request").FromString,
                response_serializer=Empty.SerializeToString,
            )
            for action in ACTIONS
        }
        self._server = grpc.server(ThreadPoolExecutor(max_workers=1))
        service = grpc.method_handlers_generic_handler("Settlement", handlers)
        self._server.add_generic_rpc_handlers([service])
        port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        sys.argv += ["--host", "127.0.0.1", "--port", str(port)]
        sys.argv += ["--functions-grpc-max-message-length", str(LONGEST_MESSAGE)]

    def stop(self) -> None:
        """End the server, if there is one."""
        if self._server:
            self._server.stop(None).wait()


def _describe(action: str, request: Any) -> dict[str, str]:
    described = {action.lower(): request.locktoken}
    if action == "Deadletter":
        described["reason"] = request.deadletterReason.value
        described["description"] = request.deadletterErrorDescription.value
    return described
