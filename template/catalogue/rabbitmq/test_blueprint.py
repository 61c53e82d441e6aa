"""Tests for the RabbitMQ function rabbitmq_example."""

from typing import Any

import pytest

from blueprints import rabbitmq_example as blueprint

NOTICE = '{"text": "Closed today", "readers": ["ada", "bob"]}'


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The notices that the function passes to `process`."""
    notices: list[Any] = []
    monkeypatch.setattr(blueprint, "process", notices.append)
    return notices


def test_hands_on_a_notice(processed: list[Any]) -> None:
    blueprint.rabbitmq_example(NOTICE)
    [notice] = processed
    assert (notice.text, notice.readers) == ("Closed today", ("ada", "bob"))


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Closed today",
        pytest.param("[" * 100_000, id="deep"),
        '["Closed today"]',
        '{"text": "Closed today"}',
        '{"text": "", "readers": ["ada"]}',
        '{"text": 7, "readers": ["ada"]}',
        '{"text": "Closed today", "readers": []}',
        '{"text": "Closed today", "readers": "ada"}',
        '{"text": "Closed today", "readers": ["ada", ""]}',
        '{"text": "Closed today", "readers": ["ada", 7]}',
    ],
)
def test_raises_for_an_invalid_notice_so_that_it_is_tried_again(
    message: str, processed: list[Any]
) -> None:
    with pytest.raises(ValueError, match="notice") as raised:
        blueprint.rabbitmq_example(message)
    assert processed == []
    assert "Closed today" not in str(raised.value)


def test_tells_every_reader(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    blueprint.rabbitmq_example(NOTICE)
    assert caplog.messages[-2:] == ["To ada: 12 characters", "To bob: 12 characters"]
