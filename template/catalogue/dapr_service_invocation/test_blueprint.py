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


def call(payload: Any, state: Any) -> Any:
    """Return the JSON that the caller gets."""
    return json.loads(blueprint.dapr_service_invocation_example(payload, state))


def test_stores_each_parcel_under_its_own_key_and_answers(state: Any) -> None:
    assert call('{"parcel": "P-1", "weight": "0.5"}', state) == {"parcel": "P-1", "weight": 0.5}
    assert call('{"parcel": "P-2", "weight": 30}', state) == {"parcel": "P-2", "weight": 30.0}
    assert [json.loads(stored.args[0]) for stored in state.set.call_args_list] == [
        {"key": "P-1", "value": {"parcel": "P-1", "weight": 0.5}},
        {"key": "P-2", "value": {"parcel": "P-2", "weight": 30.0}},
    ]


@pytest.mark.parametrize("name", ["P", "p_1.b-2", "\u00c4-7", "P" * 100])
def test_takes_a_name_of_letters_digits_and_a_few_signs(name: str, state: Any) -> None:
    parcel = {"parcel": name, "weight": 2.5}
    assert call(json.dumps(parcel), state) == parcel
    [stored] = state.set.call_args_list
    assert json.loads(stored.args[0]) == {"key": name, "value": parcel}


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "",
        "no json",
        '["P-1", 2.5]',
        '{"parcel": "P-1"}',
        '{"parcel": "P-1", "weight": "heavy"}',
        '{"parcel": "P-1", "weight": 0}',
        '{"parcel": "P-1", "weight": 31}',
        '{"parcel": "P-1", "weight": true}',
        '{"parcel": "P-1", "weight": NaN}',
        '{"parcel": "P-1", "weight": 1' + "0" * 400 + "}",
        '{"parcel": "", "weight": 2.5}',
        '{"parcel": 1, "weight": 2.5}',
        '{"parcel": "P||1", "weight": 2.5}',
        '{"parcel": "P 1", "weight": 2.5}',
        '{"parcel": "P-1\\n", "weight": 2.5}',
        '{"parcel": "\\ud800", "weight": 2.5}',
        '{"parcel": "' + "P" * 101 + '", "weight": 2.5}',
        '{"parcel": "P-1", "weight": "secret"}',
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_answers_what_is_wrong_with_an_invalid_parcel_and_stores_nothing(
    payload: Any, state: Any, caplog: pytest.LogCaptureFixture
) -> None:
    [(name, error)] = call(payload, state).items()
    assert name == "error"
    assert "parcel" in error
    state.set.assert_not_called()
    assert caplog.messages == [f"Refused a parcel: {error}"]
    assert "secret" not in error
