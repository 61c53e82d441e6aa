"""Tests for durable_example and the orchestration that it starts."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import azure.durable_functions as df
import azure.functions as func
import pytest
from durable_replay import run

from blueprints import durable_example as blueprint

ORDERS = [{"id": "A1", "quantity": 2}, {"id": "A2", "quantity": 1}]


def start(body: bytes, query: str = "") -> tuple[func.HttpResponse, Any]:
    """Return the response of durable_example, and its client."""
    req = func.HttpRequest(
        method="POST",
        url=f"/api/durable-example{query}",
        body=body,
    )
    client = AsyncMock(spec=df.DurableOrchestrationClient)
    client.start_new.return_value = "i-1"
    function = blueprint.durable_example.build().get_user_function()
    return asyncio.run(function.client_function(req, client)), client


def status_of(found: Any, instance: str = "i-1") -> tuple[int, dict[str, Any], Any]:
    """Return the status and content of the response of durable_example_status, and its client."""
    req = func.HttpRequest(
        method="GET",
        url="/api/durable-example/i-1",
        route_params={"instance": instance},
        body=b"",
    )
    client = AsyncMock(spec=df.DurableOrchestrationClient)
    client.get_status.return_value = found
    function = blueprint.durable_example_status.build().get_user_function()
    response = asyncio.run(function.client_function(req, client))
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body()), client


def orchestration(status: str, name: str = blueprint.ORCHESTRATOR, output: Any = None) -> Any:
    """What Durable Functions knows about an orchestration."""
    runtime_status = df.OrchestrationRuntimeStatus(status)
    return SimpleNamespace(name=name, runtime_status=runtime_status, output=output)


def test_starts_the_orchestration_for_the_orders() -> None:
    response, client = start(json.dumps(ORDERS).encode())
    assert (response.status_code, json.loads(response.get_body())) == (202, {"id": "i-1"})
    client.start_new.assert_awaited_once_with(
        "durable_example_orchestrator",
        client_input=ORDERS,
    )


@pytest.mark.parametrize("query", ["", "/", "?code=KEY", "/?code=KEY"])
def test_the_caller_gets_the_address_of_the_status_and_no_key(query: str) -> None:
    response, client = start(json.dumps(ORDERS).encode(), query)
    headers = {"Location": "/api/durable-example/i-1"}
    assert dict(response.headers) == headers
    # Its URLs have a key that can end and delete every orchestration of the app.
    client.create_check_status_response.assert_not_called()
    client.create_http_management_payload.assert_not_called()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[{id",
        pytest.param(b"[" * 100_000, id="deep"),
        b"7",
        b"[]",
        b"[7]",
        b'[{"id": "A1"}]',
        b'[{"id": "A1", "quantity": "2"}]',
        b'[{"id": "A1", "quantity": true}]',
        b'[{"id": null, "quantity": 2}]',
        b'[{"id": "", "quantity": 2}]',
        b'[{"id": "' + b"A" * 101 + b'", "quantity": 2}]',
        b'[{"id": "A\\n1", "quantity": 2}]',
        b'[{"id": "\\ud800", "quantity": 2}]',
        b'[{"id": "A1", "quantity": 0}]',
        b'[{"id": "A1", "quantity": 1001}]',
        b'[{"id": "A1", "quantity": 2}, {"id": "A2", "quantity": 1001}]',
        b'[{"id": "A1", "quantity": 1.5}]',
        b'[{"id": "A1", "quantity": Infinity}]',
        b"[" + b",".join([b'{"id": "A1", "quantity": 1}'] * 101) + b"]",
    ],
)
def test_refuses_an_invalid_list_and_starts_nothing(body: bytes) -> None:
    response, client = start(body)
    assert response.status_code == 400
    client.start_new.assert_not_awaited()
    assert json.loads(response.get_body())["error"].startswith(("Send", "The "))


SMALLEST = {"id": "A", "quantity": 1}
LARGEST = {"id": "A" * blueprint.LONGEST_ID, "quantity": blueprint.MAX_QUANTITY}


@pytest.mark.parametrize("orders", [[SMALLEST], [LARGEST] * blueprint.MAX_ORDERS])
def test_accepts_the_smallest_and_the_largest_orders(orders: list[dict[str, Any]]) -> None:
    response, _ = start(json.dumps(orders).encode())
    assert response.status_code == 202


def test_an_orchestration_that_runs_has_no_result_yet() -> None:
    status, content, client = status_of(orchestration("Running"))
    assert (status, content) == (200, {"status": "Running"})
    client.get_status.assert_awaited_once_with("i-1")


def test_returns_the_result_of_a_completed_orchestration() -> None:
    found = orchestration("Completed", output={"orders": 1, "bill": "5.00 euros"})
    expected = {"status": "Completed", "result": {"orders": 1, "bill": "5.00 euros"}}
    assert status_of(found)[:2] == (200, expected)


def test_does_not_tell_callers_the_error_of_a_failed_orchestration() -> None:
    found = orchestration("Failed", output="KeyError: 'quantity'")
    assert status_of(found)[:2] == (200, {"status": "Failed"})


def test_an_unknown_orchestration_is_not_found() -> None:
    assert status_of(None)[0] == 404


def test_an_orchestration_of_another_function_is_not_found() -> None:
    status, content, _ = status_of(orchestration("Completed", "payroll", {"salary": 7}))
    assert (status, content) == (404, {"error": "There are no orders with this id."})


@pytest.mark.parametrize("instance", ["i-1?op=x", "a/b", "../x", "a b", "a" * 51, ""])
def test_an_id_that_could_change_the_address_is_not_found(instance: str) -> None:
    status, _, client = status_of(orchestration("Completed"), instance)
    assert status == 404
    client.get_status.assert_not_awaited()


def run_orchestrator() -> Any:
    """Return the generator of the orchestrator; it yields the names and inputs of activities."""
    context = Mock(spec=df.DurableOrchestrationContext)
    context.get_input.return_value = ORDERS
    context.call_activity_with_retry.side_effect = lambda name, retry, value: (
        name,
        value,
        retry.max_number_of_attempts,
    )
    context.task_all.side_effect = list
    orchestrator = blueprint.durable_example_orchestrator
    return orchestrator.build().get_user_function().orchestrator_function(context)


def test_prices_all_orders_at_once_and_bills_the_sum() -> None:
    running = run_orchestrator()
    assert next(running) == [
        (
            "durable_example_price",
            order,
            3,
        )
        for order in ORDERS
    ]
    assert running.send([500, 250]) == (
        "durable_example_bill",
        750,
        3,
    )
    with pytest.raises(StopIteration) as end:
        running.send("7.50 euros")
    assert end.value.value == {"orders": 2, "bill": "7.50 euros"}


def test_sends_no_bill_if_a_price_fails() -> None:
    running = run_orchestrator()
    next(running)
    with pytest.raises(RuntimeError, match="no price"):
        running.throw(RuntimeError("no price"))


def test_fails_if_the_bill_fails() -> None:
    running = run_orchestrator()
    next(running)
    running.send([500, 250])
    with pytest.raises(RuntimeError, match="no bill"):
        running.throw(RuntimeError("no bill"))


def test_the_whole_orchestration_bills_the_orders() -> None:
    outcome = run(blueprint, blueprint.ORCHESTRATOR, ORDERS)
    assert outcome.output == {"orders": 2, "bill": "7.50 euros"}


@pytest.mark.parametrize("failures", [2, 3])
def test_the_whole_orchestration_tries_a_price_again(failures: int) -> None:
    tries = iter([OSError("no price")] * failures)

    def price(order: Any) -> int:
        if error := next(tries, None):
            raise error
        return 100

    name = "durable_example_price"
    outcome = run(blueprint, blueprint.ORCHESTRATOR, ORDERS[:1], instead={name: price})
    assert len(outcome.called(name)) == 3
    assert ("no price" in outcome.failure) == (failures == 3)
    assert len(outcome.called("durable_example_bill")) == (failures == 2)


def test_prices_an_order() -> None:
    price = blueprint.durable_example_price
    assert price({"id": "A1", "quantity": 2}) == 500


def test_writes_a_bill() -> None:
    assert blueprint.durable_example_bill(750) == "7.50 euros"
