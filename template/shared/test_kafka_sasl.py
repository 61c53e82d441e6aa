"""Tests for how the host signs in to the Kafka brokers."""

from typing import Any

import azure.functions as func
import pytest

from shared import kafka_sasl


def trigger() -> dict[str, Any]:
    """Return the trigger of a function that signs in, as the host gets it."""
    app = func.FunctionApp()
    app.kafka_trigger(arg_name="e", topic="t", broker_list="b", **kafka_sasl.arguments())(
        lambda e: None
    )
    [function] = app.get_functions()
    [binding] = function.get_bindings_dict()["bindings"]
    return dict(binding)


@pytest.mark.parametrize(
    ("setting", "mode"),
    [
        ("", "PLAIN"),
        ("Plain", "PLAIN"),
        ("PLAIN", "PLAIN"),
        ("ScramSha256", "SCRAMSHA256"),
        ("ScramSha512", "SCRAMSHA512"),
        ("SCRAM-SHA-256", "SCRAMSHA256"),
        ("SCRAM-SHA-512", "SCRAMSHA512"),
    ],
)
def test_signs_in_if_the_settings_name_a_user(
    setting: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA_USERNAME", "ada")
    monkeypatch.setenv("KAFKA_PASSWORD", "secret")
    monkeypatch.setenv("KAFKA_SASL_MECHANISM", setting)
    binding = trigger()
    assert str(binding["protocol"]).upper() == "SASLSSL"
    assert str(binding["authenticationMode"]).upper() == mode
    # The host reads both settings, so that neither is in the trigger.
    assert binding["username"] == "%KAFKA_USERNAME%"
    assert binding["password"] == "%KAFKA_PASSWORD%"


@pytest.mark.parametrize("username", ["", None])
def test_does_not_sign_in_without_a_user(
    username: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAFKA_USERNAME", raising=False)
    if username is not None:
        monkeypatch.setenv("KAFKA_USERNAME", username)
    assert kafka_sasl.arguments() == {}
    assert not {"username", "password"} & set(trigger())
