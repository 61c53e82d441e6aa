"""Tests for durable_example and the orchestration that it starts."""

import asyncio
import json
from typing import Any
from unittest.mock import AsyncMock, Mock

import azure.durable_functions as df
import azure.functions as func
import pytest

from blueprints import durable_example as blueprint

ORDERS = [{"id": "A1", "quantity": 2}, {"id": "A2", "quantity": 1}]


def start(body: bytes) -> tuple[func.HttpResponse, Any]:
    """Return the response of durable_example, and what it asked the client to start."""
    req = func.HttpRequest(
        method="POST",
        url="/api/durable-example",
        body=body,
    )
    client = AsyncMock(spec=df.DurableOrchestrationClient)
    client.create_check_status_response = Mock(return_value=func.HttpResponse(status_code=202))
    function = blueprint.durable_example.build().get_user_function()
    response = asyncio.run(function.client_function(req, client))
    return response, client.start_new.await_args


def test_starts_the_orchestration_for_the_orders() -> None:
    response, started = start(json.dumps(ORDERS).encode())
    assert response.status_code == 202
    assert started.args == ("durable_example_orchestrator",)
    assert started.kwargs == {"client_input": ORDERS}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[{id",
        b"7",
        b"[]",
        b"[7]",
        b'[{"id": "A1"}]',
        b'[{"id": "A1", "quantity": "2"}]',
        b'[{"id": "A1", "quantity": true}]',
        b'[{"id": null, "quantity": 2}]',
        b'[{"id": "A1", "quantity": 0}]',
        b'[{"id": "A1", "quantity": 1.5}]',
        b'[{"id": "A1", "quantity": Infinity}]',
        b"[" + b",".join([b'{"id": "A1", "quantity": 1}'] * 101) + b"]",
    ],
)
def test_refuses_an_invalid_list_and_starts_nothing(body: bytes) -> None:
    response, started = start(body)
    assert (response.status_code, started) == (400, None)
    assert json.loads(response.get_body())["error"].startswith(("Send", "The "))


def test_prices_all_orders_at_once_and_bills_the_sum() -> None:
    context = Mock(spec=df.DurableOrchestrationContext)
    context.get_input.return_value = ORDERS
    context.call_activity_with_retry.side_effect = lambda name, retry, order: (name, order)
    context.task_all.side_effect = list
    context.call_activity.side_effect = lambda name, cents: (name, cents)
    orchestrator = blueprint.durable_example_orchestrator
    orchestration = orchestrator.build().get_user_function().orchestrator_function(context)

    pricing = next(orchestration)
    assert [name for name, _ in pricing] == ["durable_example_price"] * 2
    assert [order for _, order in pricing] == ORDERS
    assert orchestration.send([500, 250]) == ("durable_example_bill", 750)
    with pytest.raises(StopIteration) as end:
        orchestration.send("7.50 euros")
    assert end.value.value == {"orders": 2, "bill": "7.50 euros"}


def test_prices_an_order() -> None:
    price = blueprint.durable_example_price
    assert price({"id": "A1", "quantity": 2}) == 500


def test_writes_a_bill() -> None:
    assert blueprint.durable_example_bill(750) == "7.50 euros"
