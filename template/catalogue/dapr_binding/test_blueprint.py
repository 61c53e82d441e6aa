"""Tests for the Dapr function dapr_binding_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import dapr_binding_example as blueprint


def send(content: Any) -> list[Any]:
    """Return the alarms that an event raises."""
    alarm = Mock(spec=func.Out)
    blueprint.dapr_binding_example(content, alarm)
    raised = [call.args[0] for call in alarm.set.call_args_list]
    assert all(isinstance(one, bytes) for one in raised)
    return [json.loads(one) for one in raised]


@pytest.mark.parametrize("celsius", [80.1, "90.5", 1000])
def test_raises_an_alarm_about_a_reading_that_is_too_hot(celsius: Any) -> None:
    [alarm] = send(json.dumps({"sensor": "s-1", "celsius": celsius}))
    assert alarm == {"data": {"sensor": "s-1", "celsius": float(celsius), "limit": 80.0}}


@pytest.mark.parametrize("celsius", [80, 21.5, -300, "0"])
def test_raises_no_alarm_about_other_readings(
    celsius: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assert send(json.dumps({"sensor": "s-1", "celsius": celsius})) == []
    assert caplog.messages == [f"s-1 measures {float(celsius)} degrees"]


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "secret",
        "[]",
        "{}",
        '{"sensor": "secret"}',
        '{"sensor": "secret", "celsius": "hot"}',
        '{"sensor": "secret", "celsius": null}',
        '{"sensor": "secret", "celsius": true}',
        '{"sensor": "secret", "celsius": NaN}',
        '{"sensor": "secret", "celsius": "inf"}',
        '{"sensor": "secret", "celsius": 1' + "0" * 400 + "}",
        '{"sensor": "", "celsius": 90.5}',
        r'{"sensor": "\ud83d", "celsius": 90.5}',
        '{"sensor": 7, "celsius": 90.5}',
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_drops_what_is_not_a_reading(content: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert send(content) == []
    [message] = caplog.messages
    assert message.startswith("Dropped an event: it")
    assert "secret" not in message
