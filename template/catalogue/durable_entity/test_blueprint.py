"""Tests for the durable functions durable_entity_example and durable_entity_example_entity."""

import asyncio
import json
from typing import Any
from unittest.mock import AsyncMock, Mock
from unittest.mock import call as mock_call

import azure.durable_functions as df
import azure.functions as func
import pytest

from blueprints import durable_entity_example as blueprint


def call(
    client: Any, body: bytes = b"", key: str = "ada", method: str = ""
) -> tuple[int, dict[str, Any]]:
    """Return the status and JSON content of the response."""
    req = func.HttpRequest(
        method=method or ("POST" if body else "GET"),
        url="/api/durable-entity-example/key",
        route_params={"key": key},
        body=body,
    )
    function = blueprint.durable_entity_example.build().get_user_function()
    response = asyncio.run(function.client_function(req, client))
    assert response.mimetype == "application/json"
    return response.status_code, json.loads(response.get_body())


@pytest.fixture
def client() -> Any:
    """A client of Durable Functions that sends nothing."""
    return AsyncMock(spec=df.DurableOrchestrationClient)


def test_pays_into_the_account_of_the_route(client: Any) -> None:
    assert call(client, b'{"cents": 500}') == (202, {"accepted": 500})
    entity, operation, cents = client.signal_entity.await_args.args
    assert (entity.name, entity.key) == ("durable_entity_example_entity", "ada")
    assert (operation, cents) == ("pay", 500)


@pytest.mark.parametrize("cents", [1, 1_000_000])
def test_takes_the_smallest_and_the_largest_payment(cents: int, client: Any) -> None:
    assert call(client, b'{"cents": %d}' % cents) == (202, {"accepted": cents})


@pytest.mark.parametrize(
    "body",
    [
        b"{cents",
        pytest.param(b"[" * 100_000, id="deep"),
        b"[500]",
        b"{}",
        b'{"cents": "5"}',
        b'{"cents": true}',
        b'{"cents": 0}',
        b'{"cents": 1000001}',
    ],
)
def test_refuses_an_invalid_payment_and_sends_nothing(body: bytes, client: Any) -> None:
    status, content = call(client, body)
    assert status == 400
    assert content["error"].startswith(("Send a payment", "Pay 1"))
    client.signal_entity.assert_not_awaited()


@pytest.mark.parametrize("key", ["ada?op=close", "a/b", "a b", "a" * 51])
def test_refuses_a_key_that_could_change_the_address(key: str, client: Any) -> None:
    status, content = call(client, b'{"cents": 500}', key)
    assert (status, content) == (400, {"error": blueprint.KEY_RULE})
    client.signal_entity.assert_not_awaited()


def test_closes_the_account_of_the_route(client: Any) -> None:
    assert call(client, method="DELETE") == (202, {"accepted": "close"})
    entity, operation = client.signal_entity.await_args.args
    assert (entity.name, entity.key) == ("durable_entity_example_entity", "ada")
    assert operation == "close"


def test_returns_the_balance(client: Any) -> None:
    client.read_entity_state.return_value = Mock(entity_exists=True, entity_state=750)
    assert call(client) == (200, {"cents": 750})


def test_an_account_without_payments_is_not_found(client: Any) -> None:
    client.read_entity_state.return_value = Mock(entity_exists=False)
    assert call(client) == (404, {"error": "There is no such account."})


def operate(name: str, state: int, value: int | None = None) -> Any:
    """Return the context of an entity with this state after an operation."""
    context = Mock(spec=df.DurableEntityContext, operation_name=name)
    context.get_state.return_value = state
    context.get_input.return_value = value
    entity = blueprint.durable_entity_example_entity
    entity.build().get_user_function().entity_function(context)
    return context


def test_a_payment_adds_to_the_balance() -> None:
    context = operate("pay", 500, 250)
    context.set_state.assert_called_once_with(750)
    context.set_result.assert_called_once_with(750)


def test_closing_an_account_deletes_it_and_returns_its_last_balance() -> None:
    context = operate("close", 500)
    # The result comes first, because it would create the entity again.
    assert context.method_calls[-2:] == [mock_call.set_result(500), mock_call.destruct_on_exit()]


def test_a_caller_can_run_every_operation_of_the_entity(client: Any) -> None:
    call(client, b'{"cents": 500}')
    call(client, method="DELETE")
    for sent in client.signal_entity.await_args_list:
        operate(sent.args[1], 0, *sent.args[2:])
    assert [sent.args[1] for sent in client.signal_entity.await_args_list] == ["pay", "close"]


@pytest.mark.parametrize("name", ["rob", "get", ""])
def test_an_unknown_operation_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match=f"no operation {name}"):
        operate(name, 500)
