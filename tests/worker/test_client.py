"""What the client says of a result that is not as expected, and of a worker that gives none."""

from pathlib import Path

import pytest

from tests.worker.client import WorkerCrashed, check, run_project
from tests.worker.exchange import Call, Failure, HttpAnswer, HttpRequest, Result, TypedValue
from tests.worker.invocations import Answer, Expected, Invocation

TEXT = TypedValue("string", "a")
OTHER = TypedValue("string", "b")
FAILURE = Failure("ValueError: no order", "Traceback ...")


def invocation(expected: Expected) -> Invocation:
    return Invocation("a title", Call("f", {}), expected)


def answered(status: int = 200, headers: dict[str, str] | None = None, body: str = "") -> Result:
    return Result(answer=HttpAnswer(status, headers or {}, body.encode()))


ALIKE = [
    (Expected(), Result()),
    (Expected(Answer(404)), answered(404)),
    (Expected(Answer(200, json='{"a": 1, "b": 2}')), answered(body='{"b":2,"a":1}')),
    (Expected(Answer(200, json="null")), answered(body="null")),
    (Expected(Answer(200, text="")), answered()),
    (Expected(Answer(200, headers={"x": "1"})), answered(headers={"x": "1", "y": "2"})),
    (Expected(returned=TEXT), Result(returned=TEXT)),
    (
        Expected(returned=TypedValue("json", "[1, 2]")),
        Result(returned=TypedValue("json", "[1,2]")),
    ),
    (Expected(outputs={"x": TEXT}), Result(outputs={"x": TEXT})),
    (
        Expected(returned=TypedValue("partial_json", '{"a": [{"b": 1}]}')),
        Result(returned=TypedValue("json", '{"a": [{"b": 1, "c": 2}], "d": 3}')),
    ),
    (Expected(outputs={}), Result()),
    (Expected(raised="ValueError"), Result(failure=FAILURE)),
    (Expected(Answer(500), raised="order"), Result(HttpAnswer(500), failure=FAILURE)),
    (Expected(logged=["b", "done"]), Result(logs=["abc", "done"])),
]
DIFFERENT = [
    (Expected(), Result(failure=FAILURE), "raised ValueError: no order\nTraceback"),
    (Expected(Answer(404)), answered(200, body="hi"), "status is 200, not 404; body: 'hi'"),
    (Expected(Answer(200)), Result(), "status is 0, not 200"),
    (Expected(Answer(200, json='{"a": 1}')), answered(body='{"a": 2}'), "not the JSON"),
    (Expected(Answer(200, json="1")), answered(body="true"), "not the JSON"),
    (Expected(Answer(200, json="1")), answered(body="no JSON"), "not the JSON"),
    (Expected(Answer(200, json="null")), answered(body="no JSON"), "not the JSON"),
    (Expected(Answer(200, text="a")), answered(body="ab"), "body is 'ab', not 'a'"),
    (Expected(Answer(200, text="")), answered(body="a"), "body is 'a', not ''"),
    (Expected(Answer(200, headers={"x": "1"})), answered(headers={"x": "2"}), "header x is '2'"),
    (Expected(Answer(200, headers={"x": "1"})), answered(), "header x is None"),
    (Expected(returned=TEXT), Result(returned=OTHER), "returned TypedValue"),
    (Expected(returned=TEXT), Result(returned=TypedValue("json", "a")), "returned TypedValue"),
    (Expected(returned=TEXT), Result(), "returned None"),
    (
        Expected(returned=TypedValue("json", "[1]")),
        Result(returned=TypedValue("json", "[2]")),
        "returned TypedValue",
    ),
    *(
        (
            Expected(returned=TypedValue("partial_json", '{"a": [{"b": 1}]}')),
            Result(returned=TypedValue("json", text)),
            "returned TypedValue",
        )
        for text in ('{"a": [{"b": true}]}', '{"a": [{"b": 1}, {}]}', '{"a": [{}]}', "[]")
    ),
    (Expected(outputs={"x": TEXT}), Result(outputs={"x": OTHER}), "output x is TypedValue"),
    (Expected(outputs={"x": TEXT}), Result(), "output x is None"),
    (Expected(outputs={}), Result(outputs={"x": TEXT}), "output x is TypedValue"),
    (Expected(raised="ValueError"), Result(), "raised nothing, not ValueError"),
    (Expected(raised="KeyError"), Result(failure=FAILURE), "raised ValueError: no order, not"),
    (Expected(raised="nothing"), Result(), "raised nothing, not nothing"),
    (Expected(logged=["abc", "x"]), Result(logs=["abc"]), "no log message has 'x': ['abc']"),
    (Expected(logged=["a"]), Result(logs=["a", "Request headers: b"]), "an SDK logged 'Request"),
]


@pytest.mark.parametrize(("expected", "result"), ALIKE)
def test_a_result_that_is_as_expected_passes(expected: Expected, result: Result) -> None:
    assert check(invocation(expected), result) is None


@pytest.mark.parametrize(("expected", "result", "difference"), DIFFERENT)
def test_a_difference_is_reported(expected: Expected, result: Result, difference: str) -> None:
    message = check(invocation(expected), result)
    assert message is not None
    assert message.startswith("a title:\n")
    assert difference in message


def test_every_difference_is_reported() -> None:
    message = check(invocation(Expected(Answer(200, text="a"), logged=["b"])), answered(201))
    assert message is not None
    assert len(message.splitlines()) == 4


CRASHES = [
    pytest.param("raise SystemExit('broken')", 60, "Exit code 1.\nbroken", id="exit"),
    pytest.param("import time; time.sleep(60)", 1, "No answer within 1 seconds", id="endless"),
    pytest.param(
        "import azure.functions as func; app = func.FunctionApp()",
        60,
        "The worker has no function 'orders'; it has: none",
        id="unknown function",
    ),
]


@pytest.mark.parametrize(("code", "seconds", "message"), CRASHES)
def test_a_worker_that_ends_or_hangs_is_an_error(
    worker_python: Path, tmp_path: Path, code: str, seconds: float, message: str
) -> None:
    (tmp_path / "function_app.py").write_text(code, encoding="utf-8")
    call = Invocation("t", Call("orders", {}), Expected())
    with pytest.raises(WorkerCrashed) as crash:
        run_project(worker_python, tmp_path, [call], seconds)
    assert message in str(crash.value)


def test_results_come_in_order(worker_python: Path, tmp_path: Path) -> None:
    code = """
import azure.functions as func
app = func.FunctionApp()
@app.route("echo")
def echo(req: func.HttpRequest) -> str:
    print("not an answer", end="")
    return req.get_body().decode()
"""
    (tmp_path / "function_app.py").write_text(code, encoding="utf-8")
    requests = [HttpRequest("POST", "/api/echo", body=text.encode()) for text in ("a", "é", "c")]
    items = [Invocation("t", request, Expected()) for request in requests]
    report = run_project(worker_python, tmp_path, items)
    assert [result.answer and result.answer.body for result in report.results] == [
        request.body for request in requests
    ]
