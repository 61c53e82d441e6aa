"""Tests for durable_approval_example and the orchestration that it starts."""

import asyncio
import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import azure.durable_functions as df
import pytest
from durable_replay import START, Outcome, call, run

from blueprints import durable_approval_example as blueprint

EXPENSE = {"purpose": "a desk", "cents": 20_000}


def orchestration(status: str, name: str = blueprint.ORCHESTRATOR) -> Any:
    """What Durable Functions knows about an orchestration."""
    runtime_status = df.OrchestrationRuntimeStatus(status)
    return SimpleNamespace(name=name, runtime_status=runtime_status, custom_status=None, output=7)


def answered(*answers: tuple[float, bool], **others: Any) -> Outcome:
    """Run the orchestration with answers that come after so many hours."""
    events = [(timedelta(hours=hours), blueprint.ANSWER, given) for hours, given in answers]
    return run(blueprint, blueprint.ORCHESTRATOR, EXPENSE, events=events, **others)


def test_starts_the_orchestration_for_the_expense() -> None:
    status, content, client = call(
        blueprint.durable_approval_example,
        json.dumps(EXPENSE).encode(),
    )
    assert (status, content) == (202, {"id": "i-1"})
    client.start_new.assert_awaited_once_with(
        "durable_approval_example_orchestrator",
        client_input=EXPENSE,
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        pytest.param(b"[" * 100_000, id="deep"),
        b'{"purpose": "a desk"}',
        b'{"purpose": "", "cents": 1}',
        b'{"purpose": "' + b"a" * 101 + b'", "cents": 1}',
        b'{"purpose": "a\\ndesk", "cents": 1}',
        b'{"purpose": 7, "cents": 1}',
        b'{"purpose": "a desk", "cents": true}',
        b'{"purpose": "a desk", "cents": 1.5}',
        b'{"purpose": "a desk", "cents": 0}',
        b'{"purpose": "a desk", "cents": 1000001}',
    ],
)
def test_refuses_an_invalid_expense_and_starts_nothing(body: bytes) -> None:
    status, content, client = call(blueprint.durable_approval_example, body)
    assert status == 400
    assert content["error"].startswith(("Send", "The "))
    client.start_new.assert_not_awaited()


@pytest.mark.parametrize(("purpose", "cents"), [("a", 1), ("a" * 100, blueprint.MAX_CENTS)])
def test_takes_the_smallest_and_the_largest_expense(purpose: str, cents: int) -> None:
    body = json.dumps({"purpose": purpose, "cents": cents}).encode()
    assert call(blueprint.durable_approval_example, body)[0] == 202


@pytest.mark.parametrize("runtime_status", ["Pending", "Running", "Suspended"])
def test_gives_the_answer_to_the_orchestration(runtime_status: str) -> None:
    status, content, client = call(
        blueprint.durable_approval_example_answer,
        b'{"approved": false}',
        orchestration(runtime_status),
    )
    assert (status, content) == (202, {"accepted": False})
    client.raise_event.assert_awaited_once_with("i-1", "answer", False)


@pytest.mark.parametrize(
    ("body", "found", "expected"),
    [
        (b"", orchestration("Running"), 400),
        (b'{"approved": "yes"}', orchestration("Running"), 400),
        (b"{}", orchestration("Running"), 400),
        (b"[]", orchestration("Running"), 400),
        (b"[" * 100_000, orchestration("Running"), 400),
        (b'{"approved": true}', None, 404),
        (b'{"approved": true}', orchestration("Running", "payroll"), 404),
        (b'{"approved": true}', orchestration("Completed"), 409),
        (b'{"approved": true}', orchestration("Failed"), 409),
        (b'{"approved": true}', orchestration("Canceled"), 409),
        (b'{"approved": true}', orchestration("Terminated"), 409),
    ],
)
def test_refuses_an_answer_that_comes_to_nothing(body: bytes, found: Any, expected: int) -> None:
    answer = blueprint.durable_approval_example_answer
    status, content, client = call(answer, body, found)
    assert status == expected
    assert content["error"]
    client.raise_event.assert_not_awaited()


def test_tells_what_became_of_the_expense() -> None:
    found = orchestration("Completed")
    status = call(blueprint.durable_approval_example_status, found=found)[:2]
    assert status == (200, {"status": "Completed", "result": 7})


@pytest.mark.parametrize("approved", [True, False])
def test_the_answer_of_the_manager_decides(approved: bool) -> None:
    outcome = answered((2, approved))
    assert outcome.output == {"approved": approved, "asked": "manager"}
    assert outcome.ended == START + timedelta(hours=2)
    assert [question["to"] for _, question in outcome.calls] == ["manager"]


def test_asks_the_director_after_a_day() -> None:
    outcome = answered((25, True))
    assert outcome.output == {"approved": True, "asked": "director"}
    assert outcome.statuses == ["waits for the manager", "waits for the director"]
    questions = outcome.called("durable_approval_example_notify")
    orchestrator = "durable_approval_example_orchestrator"
    assert questions == [
        {"to": person, "id": orchestrator, **EXPENSE} for person in ("manager", "director")
    ]


def test_refuses_without_an_answer() -> None:
    outcome = answered()
    assert outcome.output == {"approved": False, "asked": "nobody answered"}
    assert outcome.ended == START + 2 * blueprint.PATIENCE


def test_only_the_first_answer_counts() -> None:
    assert answered((1, False), (2, True)).output == {"approved": False, "asked": "manager"}


def test_an_answer_before_the_question_counts() -> None:
    """The first try to ask fails, and the answer comes before the second."""
    tries = iter([OSError("no mail"), None])

    def notify(question: Any) -> None:
        if error := next(tries):
            raise error

    outcome = answered((0.001, True), instead={blueprint.NOTIFY: notify})
    assert outcome.output == {"approved": True, "asked": "manager"}


def test_fails_if_nobody_can_be_asked() -> None:
    def notify(question: Any) -> None:
        raise OSError("no mail")

    outcome = answered(instead={blueprint.NOTIFY: notify})
    assert "no mail" in outcome.failure
    assert len(outcome.calls) == 3


def test_asks_a_person(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    notify = blueprint.durable_approval_example_notify
    asyncio.run(notify({"to": "manager", "id": "i-1", **EXPENSE}))
    assert "Asked the manager about 20000 cents" in caplog.text
