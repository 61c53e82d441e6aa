"""Tests for the Redis function redis_example."""

import json

import azure.functions as func
import pytest

from blueprints import redis_example as blueprint


@pytest.fixture(autouse=True)
def _log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")


@pytest.mark.parametrize(
    ("job", "message"), [("resize", "Resizing a.png"), ("rotate", "Rotating a.png")]
)
def test_does_the_job_of_an_entry(job: str, message: str, caplog: pytest.LogCaptureFixture) -> None:
    blueprint.redis_example(json.dumps({"job": job, "file": "a.png"}))
    assert caplog.messages == [message]


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "resize",
        '["resize"]',
        '{"job": "resize"}',
        '{"job": "resize", "file": 7}',
        '{"job": "resize", "file": ""}',
        '{"job": ["resize"], "file": "a.png"}',
        '{"job": "crop", "file": "secret.png"}',
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_drops_an_entry_that_is_not_a_job(entry: str, caplog: pytest.LogCaptureFixture) -> None:
    blueprint.redis_example(entry)
    [message] = caplog.messages
    assert message.startswith("Dropped an entry")
    assert "secret" not in message


def test_raises_when_a_job_fails_and_names_the_entry_that_is_lost(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(file: str) -> None:
        raise OSError(f"no {file}")

    monkeypatch.setitem(blueprint.JOBS, "resize", fail)
    with pytest.raises(OSError, match=r"no a\.png"):
        blueprint.redis_example('{"job": "resize", "file": "a.png"}')
    assert caplog.messages == ["Lost the job resize of a.png"]


def test_writes_every_parameter_of_the_binding_as_the_host_takes_no_defaults() -> None:
    app = func.FunctionApp()
    app.register_functions(blueprint.bp)
    [function] = app.get_functions()
    [trigger] = function.get_bindings_dict()["bindings"]
    assert set(trigger) >= {
        "connection",
        "key",
        "pollingIntervalInMs",
        "maxBatchSize",
        "listDirection",
    }
