"""Tests for the Service Bus function servicebus_sdk_example."""

import re
from typing import Any
from unittest.mock import Mock, call, create_autospec

import pytest
from azure.servicebus import ServiceBusReceivedMessage
from azurefunctions.extensions.bindings.servicebus import ServiceBusMessageActions

from blueprints import servicebus_sdk_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The shipments that the function passes to `process`."""
    shipments: list[Any] = []
    monkeypatch.setattr(blueprint, "process", shipments.append)
    return shipments


@pytest.fixture
def actions() -> Mock:
    """Message actions that record their calls."""
    actions: Mock = create_autospec(ServiceBusMessageActions, instance=True)
    return actions


@pytest.fixture
def message() -> Mock:
    """A message; the tests set its body."""
    return Mock(spec=ServiceBusReceivedMessage, message_id="m-1")


def test_completes_a_message_after_its_shipment(
    message: Mock, actions: Mock, processed: list[Any]
) -> None:
    message.body = iter([b'{"order": "A1", ', b'"parcels": 2}'])
    blueprint.servicebus_sdk_example(message, actions)
    [shipment] = processed
    assert (shipment.order, shipment.parcels) == ("A1", 2)
    assert actions.mock_calls == [call.complete(message)]


def test_takes_a_shipment_of_one_parcel(message: Mock, actions: Mock, processed: list[Any]) -> None:
    message.body = iter([b'{"order": "A1", "parcels": 1}'])
    blueprint.servicebus_sdk_example(message, actions)
    assert [shipment.parcels for shipment in processed] == [1]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xffsecret",
        pytest.param(b"[" * 100_000, id="deep"),
        b'["A1"]',
        b'{"order": "A1"}',
        b'{"order": null, "parcels": 2}',
        b'{"order": 7, "parcels": 2}',
        b'{"order": "", "parcels": 2}',
        rb'{"order": "\ud83d", "parcels": 2}',
        b'{"order": "A1", "parcels": "many"}',
        b'{"order": "A1", "parcels": 0}',
        b'{"order": "A1", "parcels": 1.5}',
        b'{"order": "A1", "parcels": true}',
    ],
)
def test_dead_letters_a_message_without_a_valid_shipment(
    body: bytes, message: Mock, actions: Mock, processed: list[Any]
) -> None:
    message.body = iter([body])
    blueprint.servicebus_sdk_example(message, actions)
    assert processed == []
    [(name, arguments, options)] = actions.mock_calls
    assert (name, arguments) == ("deadletter", (message,))
    assert options["deadletter_reason"] == "InvalidShipment"
    assert options["deadletter_error_description"].startswith("It contains")
    assert not re.search("secret|A1", options["deadletter_error_description"])


def test_settles_nothing_when_processing_fails_so_that_the_host_abandons_the_message(
    message: Mock, actions: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(shipment: Any) -> None:
        raise ConnectionError(f"no carrier for {shipment}")

    monkeypatch.setattr(blueprint, "process", fail)
    message.body = iter([b'{"order": "A1", "parcels": 2}'])
    with pytest.raises(ConnectionError):
        blueprint.servicebus_sdk_example(message, actions)
    assert actions.mock_calls == []


def test_logs_the_shipment(message: Mock, actions: Mock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    message.body = iter([b'{"order": "A1", "parcels": 2}'])
    blueprint.servicebus_sdk_example(message, actions)
    assert caplog.messages == ["Order A1 goes out in 2 parcels"]
