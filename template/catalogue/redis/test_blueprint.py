"""Tests for the Redis function redis_example."""

import json

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
        '{"job": "crop", "file": "a.png"}',
    ],
)
def test_leaves_out_an_entry_that_is_no_job(entry: str, caplog: pytest.LogCaptureFixture) -> None:
    blueprint.redis_example(entry)
    [message] = caplog.messages
    assert message.startswith("Skipped an entry")


def test_raises_when_a_job_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(file: str) -> None:
        raise OSError(f"no {file}")

    monkeypatch.setitem(blueprint.JOBS, "resize", fail)
    with pytest.raises(OSError, match=r"no a\.png"):
        blueprint.redis_example('{"job": "resize", "file": "a.png"}')
