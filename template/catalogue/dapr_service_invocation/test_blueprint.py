"""Tests for the Dapr function dapr_service_invocation_example."""

import json
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import dapr_service_invocation_example as blueprint


@pytest.fixture
def state() -> Any:
    """The binding to the state store."""
    return Mock(spec=func.Out)


def test_keeps_the_parcel(state: Any) -> None:
    blueprint.dapr_service_invocation_example('{"parcel": "P-1", "weight": "2.5"}', state)
    [call] = state.set.call_args_list
    assert json.loads(call.args[0]) == {"value": {"parcel": "P-1", "weight": 2.5}}


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "no json",
        '["P-1", 2.5]',
        '{"parcel": "P-1"}',
        '{"parcel": "P-1", "weight": "heavy"}',
        '{"parcel": "P-1", "weight": 0}',
        '{"parcel": "P-1", "weight": 31}',
        '{"parcel": "P-1", "weight": NaN}',
        '{"parcel": "P-1", "weight": 1' + "0" * 400 + "}",
        '{"parcel": "", "weight": 2.5}',
        '{"parcel": 1, "weight": 2.5}',
    ],
)
def test_refuses_an_invalid_parcel_and_keeps_nothing(payload: str, state: Any) -> None:
    with pytest.raises(ValueError, match=r"is not a parcel|must weigh up to 30 kg"):
        blueprint.dapr_service_invocation_example(payload, state)
    state.set.assert_not_called()
