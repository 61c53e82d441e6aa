"""Tests for the Service Bus queue function servicebus_queue_example."""

from decimal import Decimal
from typing import Any

import pytest
from azure.functions.servicebus import ServiceBusMessage

from blueprints import servicebus_queue_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The payments that the function passes to `process`, by message id."""
    payments: dict[str, Any] = {}
    monkeypatch.setattr(blueprint, "process", payments.__setitem__)
    return payments


def send(body: bytes) -> None:
    message = ServiceBusMessage(
        body=body,
        message_id="m-1",
        delivery_count=1,
        application_properties={},
        user_properties={},
    )
    blueprint.servicebus_queue_example(message)


def test_books_a_valid_payment(processed: dict[str, Any]) -> None:
    send(b'{"invoice": "2026-17", "amount": "0.50"}')
    payment = processed["m-1"]
    assert (payment.invoice, payment.amount) == ("2026-17", Decimal("0.50"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xffsecret",
        pytest.param(b"[" * 100_000, id="deep"),
        b'["2026-17"]',
        b'{"invoice": "2026-17"}',
        b'{"invoice": null, "amount": 5}',
        b'{"invoice": 7, "amount": 5}',
        b'{"invoice": "", "amount": 5}',
        b'{"invoice": "2026-17", "amount": "much"}',
        b'{"invoice": "2026-17", "amount": "Infinity"}',
        b'{"invoice": "2026-17", "amount": 0}',
    ],
)
def test_raises_for_an_invalid_payment_so_that_it_is_dead_lettered(
    body: bytes, processed: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="m-1") as raised:
        send(body)
    assert processed == {}
    assert "secret" not in str(raised.value)


def test_logs_the_payment(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    send(b'{"invoice": "2026-17", "amount": 5}')
    assert caplog.messages == ["Message m-1, delivery 1", "Booked 5 on invoice 2026-17 (m-1)"]
