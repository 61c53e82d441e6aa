"""An app that shows what the stand-in for the host does, and the requests and calls that the tests send it."""

import json
from collections.abc import Mapping

from tests.worker.exchange import NOTHING, Call, HttpRequest, TypedValue
from tests.worker.small_apps import HEAD, TEXT

APP = (
    HEAD
    + """
import asyncio
import json
import logging
import os
from typing import List

logger = logging.getLogger(__name__)


@app.route("{thing}/{id:int?}", methods=["GET", "POST"])
def describe(req: func.HttpRequest) -> func.HttpResponse:
    print("printed")
    seen = {
        "url": req.url,
        "method": req.method,
        "headers": dict(req.headers),
        "query": dict(req.params),
        "parameters": dict(req.route_params),
        "body": req.get_body().decode(),
    }
    return func.HttpResponse(json.dumps(seen), status_code=201, headers={"X-Seen": "yes"})


@app.route("text/a/b")
async def text(req: func.HttpRequest) -> str:
    await asyncio.sleep(0)
    return "é"


@app.route("cookies/a/b")
def cookies(req: func.HttpRequest) -> func.HttpResponse:
    cookie = "a=b; Path=/; Secure; Max-Age=5; SameSite=Lax; Expires=Thu, 01 Jan 2026 00:00:00 GMT"
    return func.HttpResponse(headers={"Set-Cookie": cookie})


@app.route("nothing/a/b")
def nothing(req: func.HttpRequest) -> func.HttpResponse:
    return None


@app.route("nothing_declared/a/b")
def nothing_declared(req):
    return {"none": None, "dict": {}, "number": 1}[req.params["what"]]


@app.route("unset/a/b", binding_arg_name="answer")
def unset(req: func.HttpRequest, answer: func.Out[func.HttpResponse]) -> None: ...


@app.route("Text/a/b/")
def z_same_route(req: func.HttpRequest) -> str:
    return ""


@app.queue_trigger("message", queue_name="q", connection="Missing")
def not_connected(message: func.QueueMessage) -> None: ...


@app.queue_trigger("message", queue_name="q", connection="C")
@app.queue_output("copy", queue_name="c", connection="C")
@app.queue_output("other", queue_name="o", connection="C")
def copy(message: func.QueueMessage, copy: func.Out[str], other: func.Out[str]) -> None:
    logger.debug("hidden")
    logger.info("got %s, attempt %s", message.id, message.dequeue_count)
    logging.getLogger("azure.storage").warning("from a library")
    copy.set(message.get_body().decode() + os.environ["SUFFIX"])


@app.service_bus_queue_trigger("message", queue_name="q", connection="C")
@app.event_hub_output("$return", event_hub_name="h", connection="C")
async def forward(message: func.ServiceBusMessage) -> bytes:
    return message.get_body() + b"!"


@app.event_hub_message_trigger("events", event_hub_name="h", connection="C", cardinality="many")
def batch(events: List[func.EventHubEvent]) -> None:
    logger.info("%s", [event.get_body() for event in events])


@app.generic_trigger("data", type="rabbitMQTrigger")
def raw(data) -> None:
    logger.info("%r", data)


@app.queue_trigger("message", queue_name="q", connection="C")
@app.retry("fixed_delay", max_retry_count="2", delay_interval="00:00:01")
def fail(message: func.QueueMessage, context: func.Context) -> None:
    logger.info("trace %s", context.trace_context.trace_parent)
    logger.info("attempt %d", context.retry_context.retry_count)
    raise ValueError("no order")


@app.mcp_tool()
@app.mcp_tool_property("most")
async def find(words: str, most: int = 5, after: int = 0) -> str:
    return json.dumps([words, most, after])


@app.queue_trigger("message", queue_name="q", connection="C")
def log_badly(message: func.QueueMessage) -> None:
    logger.info("%d", "text")
"""
)
HOST_JSON = """
{
  "version": "2.0",
  "extensions": {"http": {"routePrefix": "PREFIX"}},
  "extensionBundle": {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"}
}
"""
QUEUE_METADATA = {"Id": TypedValue("string", "7"), "DequeueCount": TypedValue("json", "2")}
BATCH_METADATA = {"SystemPropertiesArray": TypedValue("json", "[{}, {}]")}


def tool_call(arguments: Mapping[str, object]) -> Call:
    """Return a call of the tool `find` by an assistant."""
    content = json.dumps({"name": "find", "arguments": arguments})
    return Call("find", {"context": TypedValue("json", content)})


CALLS: Mapping[str, HttpRequest | Call] = {
    "post": HttpRequest("POST", "/v1/Items/5?a=1&a=2&b=&c=%20d", {"X-A": "B"}, b"{}"),
    "get": HttpRequest("GET", "/v1/items"),
    "other method": HttpRequest("DELETE", "/v1/items"),
    "other prefix": HttpRequest("GET", "/api/items"),
    "text": HttpRequest("GET", "/v1/text/a/b"),
    "cookies": HttpRequest("GET", "/v1/cookies/a/b"),
    "nothing": HttpRequest("GET", "/v1/nothing/a/b"),
    "none": HttpRequest("GET", "/v1/nothing_declared/a/b?what=none"),
    "dict": HttpRequest("GET", "/v1/nothing_declared/a/b?what=dict"),
    "number": HttpRequest("GET", "/v1/nothing_declared/a/b?what=number"),
    "unset": HttpRequest("GET", "/v1/unset/a/b"),
    "as large as may be": HttpRequest("POST", "/v1/items", body=b"x" * 20),
    "too large": HttpRequest("POST", "/v1/items", body=b"x" * 21),
    "status of the host": HttpRequest("GET", "/admin/host/status"),
    "functions": HttpRequest("GET", "/admin/functions"),
    "healthy": HttpRequest("GET", "/admin/functions/copy/status"),
    "in error": HttpRequest("GET", "/admin/functions/not_connected/status"),
    "no such function": HttpRequest("GET", "/admin/functions/other/status"),
    "not played": HttpRequest("POST", "/runtime/webhooks/eventgrid?functionName=f"),
    "unknown": HttpRequest("GET", "/admin/unknown"),
    "copy": Call("copy", TEXT, QUEUE_METADATA),
    "copy once more": Call("copy", TEXT, {}),
    "forward": Call("forward", TEXT, {"UserProperties": TypedValue("json", "{}")}),
    "fail": Call("fail", TEXT),
    "tool": tool_call({"words": 7, "most": [1], "page": 2}),
    "tool without a value": tool_call({"most": 1}),
    "tool with null": tool_call({"words": None, "most": 1, "after": 2}),
    "tool without what has a default": tool_call({"words": "tea"}),
    "tool without arguments": tool_call({}),
    "tool with null for what is optional": tool_call({"words": "", "most": 1, "after": None}),
    "log badly": Call("log_badly", TEXT),
    "wrong argument": Call("copy", {"text": TypedValue("string", "hello")}),
    "bytes": Call("raw", {"data": TypedValue("bytes", b"\xff")}),
    "json": Call("raw", {"data": TypedValue("json", "[1]")}),
    "no value": Call("raw", {"data": NOTHING}),
    "texts": Call("batch", {"events": TypedValue("collection_string", ["a", "b"])}, BATCH_METADATA),
    "bytes of a batch": Call(
        "batch", {"events": TypedValue("collection_bytes", [b"a", b"\xff"])}, BATCH_METADATA
    ),
}
