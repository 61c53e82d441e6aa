"""What the worker makes of small apps; each case is a process, so there are few."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.worker.client import Report, WorkerCrashed, run_project
from tests.worker.exchange import (
    NOTHING,
    Call,
    HttpAnswer,
    HttpRequest,
    Result,
    TypedValue,
)
from tests.worker.faults import BEHAVIOR
from tests.worker.invocations import Expected, Invocation
from tests.worker.small_apps import HEAD, TEXT, write_project

FUNCTION = """
@app.route("f")
def f(req: func.HttpRequest) -> str: ...
"""

REJECTED = {
    "builtin generic": (
        HEAD
        + """
@app.event_hub_message_trigger("events", event_hub_name="h", connection="C", cardinality="many")
def f(events: list[func.EventHubEvent]) -> None: ...
""",
        "binding events has invalid non-type annotation",
    ),
    "missing argument": (
        HEAD
        + """
@app.queue_trigger("message", queue_name="q", connection="C")
def f() -> None: ...
""",
        "not present in Python: {'message'}",
    ),
    "argument without binding": (
        HEAD
        + """
@app.queue_trigger("message", queue_name="q", connection="C")
def f(message: func.QueueMessage, more: int = 1) -> None: ...
""",
        "{'more'}",
    ),
    "duplicate name": (
        HEAD
        + """
for path in ("a", "b"):
    @app.route(path)
    def f(req: func.HttpRequest) -> func.HttpResponse: ...
""",
        "ValueError: Function f does not have a unique function name",
    ),
    "import error": ("import no_such_module", "No module named 'no_such_module'"),
    "syntax error": ("app = = 1", "SyntaxError: invalid syntax"),
    "no app": ("", "Could not find top level function app instances in function_app.py"),
}

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


REQUESTS: Mapping[str, HttpRequest | Call] = {
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


@pytest.fixture(scope="module")
def report(worker_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    project = write_project(
        tmp_path_factory.mktemp("project"),
        {
            "function_app.py": APP,
            "host.json": HOST_JSON.replace("PREFIX", "v1"),
            "local.settings.json": '{"Values": {"SUFFIX": "!", "C": "c", '
            '"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT": "20"}}',
        },
    )
    items = [Invocation(title, request, Expected()) for title, request in REQUESTS.items()]
    return run_project(worker_python, project, items)


@pytest.fixture(scope="module")
def results(report: Report) -> Mapping[str, Result]:
    assert report.rejection is None
    return dict(zip(REQUESTS, report.results, strict=True))


@pytest.mark.parametrize(("code", "message"), REJECTED.values(), ids=REJECTED)
def test_rejected(worker_python: Path, tmp_path: Path, code: str, message: str) -> None:
    report = run_project(worker_python, write_project(tmp_path, {"function_app.py": code}))
    assert report.rejection is not None
    assert message in report.rejection.message
    assert "Traceback" in report.rejection.stack
    assert report.functions == {}


def test_blueprint_that_is_not_registered_has_no_functions(
    worker_python: Path, tmp_path: Path
) -> None:
    code = """
bp = func.Blueprint()
@bp.route("f")
def f(req: func.HttpRequest) -> func.HttpResponse: ...
"""
    report = run_project(worker_python, write_project(tmp_path, {"function_app.py": HEAD + code}))
    assert report == Report(functions={}, results=[])


def test_bindings(report: Report) -> None:
    [trigger, *outputs] = sorted(report.functions["copy"], key=lambda binding: binding["direction"])
    assert (trigger["type"], trigger["name"], trigger["queueName"]) == (
        "queueTrigger",
        "message",
        "q",
    )
    assert {(output["type"], output["name"]) for output in outputs} == {
        ("queue", "copy"),
        ("queue", "other"),
    }


def test_request_reaches_the_function(results: Mapping[str, Result]) -> None:
    answer = results["post"].answer
    assert answer is not None
    assert answer.status == 201
    assert answer.headers["x-seen"] == "yes"
    assert json.loads(answer.body) == {
        "url": "http://localhost:7071/v1/Items/5?a=1&a=2&b=&c=%20d",
        "method": "POST",
        "headers": {"x-a": "B"},
        "query": {"a": "1,2", "c": " d"},
        "parameters": {"thing": "Items", "id": "5"},
        "body": "{}",
    }


def test_request_without_optional_parts(results: Mapping[str, Result]) -> None:
    answer = results["get"].answer
    assert answer is not None
    seen = json.loads(answer.body)
    assert (seen["query"], seen["parameters"], seen["body"]) == ({}, {"thing": "items"}, "")


@pytest.mark.parametrize("title", ["other method", "other prefix"])
def test_request_that_no_route_takes(results: Mapping[str, Result], title: str) -> None:
    answer = results[title].answer
    assert answer is not None
    assert answer.status == 404


def test_text_is_an_answer(results: Mapping[str, Result]) -> None:
    answer = results["text"].answer
    assert answer is not None
    assert (answer.status, answer.body.decode()) == (200, "é")


def test_worker_can_set_cookies(results: Mapping[str, Result]) -> None:
    answer = results["cookies"].answer
    assert answer is not None
    assert (answer.status, results["cookies"].failure) == (200, None)


def test_failure_of_an_http_function_is_a_500(results: Mapping[str, Result]) -> None:
    failure, answer = results["nothing"].failure, results["nothing"].answer
    assert failure is not None
    assert answer is not None
    assert "unable to encode outgoing TypedData" in failure.message
    assert answer.status == 500


@pytest.mark.parametrize("title", ["none", "dict", "number", "unset"])
def test_what_is_no_answer_is_a_500(results: Mapping[str, Result], title: str) -> None:
    assert results[title].answer == HttpAnswer(500)


def test_a_body_over_the_limit_never_reaches_the_function(results: Mapping[str, Result]) -> None:
    assert BEHAVIOR["request_body_limit"] == 100 * 1024 * 1024
    answers = [results[title].answer for title in ("as large as may be", "too large")]
    assert [answer.status for answer in answers if answer] == [201, 500]
    assert answers[1] == HttpAnswer(500)


def test_functions_in_error(report: Report) -> None:
    assert report.in_error == {
        "z_same_route": [
            "The route specified conflicts with the route defined by function 'text'."
        ],
        "not_connected": [
            "Storage account connection string 'AzureWebJobsMissing' does not exist."
        ],
    }
    assert {"z_same_route", "not_connected"} < set(report.functions)


def test_the_admin_api(report: Report, results: Mapping[str, Result]) -> None:
    assert json_of(results["status of the host"]) == {"state": "Running"}
    names = [function["name"] for function in json_of(results["functions"])]
    assert names == list(report.functions)
    assert json_of(results["healthy"]) == {}
    assert json_of(results["in error"]) == {"errors": report.in_error["not_connected"]}
    titles = ("no such function", "unknown", "not played")
    assert [results[title].answer for title in titles] == list(map(HttpAnswer, (404, 404, 501)))


def json_of(result: Result) -> Any:
    assert result.answer is not None
    return json.loads(result.answer.body)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"host.json": "{}"}, "host.json has no version in its root."),
        ({"host.json": HOST_JSON.replace("PREFIX", "v1/")}, "creating the route with name 'f'"),
        (
            {"function_app.py": FUNCTION + FUNCTION.replace("def f", "def F")},
            "The functions f and F differ in case only.",
        ),
    ],
)
def test_what_stops_the_host(
    worker_python: Path, tmp_path: Path, files: Mapping[str, str], says: str
) -> None:
    code = HEAD + files.get("function_app.py", FUNCTION)
    project = write_project(tmp_path, {**files, "function_app.py": code})
    report = run_project(worker_python, project)
    assert report.stopped is not None
    assert says in report.stopped
    assert (report.functions, report.rejection) == ({}, None)


def test_a_function_in_error_cannot_be_called(worker_python: Path, tmp_path: Path) -> None:
    code = """
@app.queue_trigger("message", queue_name="q", connection="Missing")
def f(message: func.QueueMessage) -> None: ...
"""
    project = write_project(tmp_path, {"function_app.py": HEAD + code})
    call = Invocation("a message", Call("f", TEXT), Expected())
    with pytest.raises(WorkerCrashed, match="The function f is in error: Storage account"):
        run_project(worker_python, project, [call])


def test_queue_output(results: Mapping[str, Result]) -> None:
    assert results["copy"].failure is None
    assert results["copy"].outputs == {"copy": TypedValue("string", "hello!")}


def test_logs_are_those_of_the_app_and_the_invocation(results: Mapping[str, Result]) -> None:
    assert results["copy"].logs == ["got 7, attempt 2", "from a library"]
    assert results["copy once more"].logs == ["got None, attempt None", "from a library"]
    assert results["forward"].logs == []


def test_return_value(results: Mapping[str, Result]) -> None:
    assert results["forward"].failure is None
    assert results["forward"].returned == TypedValue("bytes", b"hello!")


def test_failure_has_message_stack_and_logs(results: Mapping[str, Result]) -> None:
    failure, logs = results["fail"].failure, results["fail"].logs
    assert failure is not None
    assert failure.message == "ValueError: no order"
    assert 'raise ValueError("no order")' in failure.stack
    assert logs[0].startswith("trace 00-")
    assert logs[1] == "attempt 0"


def test_log_message_that_cannot_be_formatted_is_a_failure(results: Mapping[str, Result]) -> None:
    failure = results["log badly"].failure
    assert failure is not None
    assert "%d format" in failure.message


def test_argument_that_does_not_exist_is_a_failure(results: Mapping[str, Result]) -> None:
    failure = results["wrong argument"].failure
    assert failure is not None
    assert failure.message == "KeyError: 'text'"


def test_a_tool_gets_the_arguments_that_it_has_whatever_their_types(
    results: Mapping[str, Result],
) -> None:
    returned = [
        results[title].returned
        for title in REQUESTS
        if title in ("tool", "tool with null for what is optional")
    ]
    assert returned == [TypedValue("string", "[7, [1], 0]"), TypedValue("string", '["", 1, null]')]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("tool without a value", "words"),
        ("tool with null", "words"),
        # The decorator of the property requires it, though the parameter has a default.
        ("tool without what has a default", "most"),
        ("tool without arguments", "words, most"),
    ],
)
def test_a_tool_is_not_called_without_what_it_requires(
    results: Mapping[str, Result], title: str, names: str
) -> None:
    failure = results[title].failure
    assert failure is not None
    assert failure.message.endswith(f"Please provide: {names}")
    assert (results[title].returned, results[title].logs) == (None, [])


def test_kinds_of_inputs(results: Mapping[str, Result]) -> None:
    assert results["bytes"].logs == [r"b'\xff'"]
    assert results["json"].logs == ["'[1]'"]
    assert results["no value"].logs == ["None"]
    assert results["texts"].logs == ["[b'a', b'b']"]
    assert results["bytes of a batch"].logs == [r"[b'a', b'\xff']"]
