"""Tests for the warmup function warmup_example."""

from collections.abc import Iterator

import azure.functions as func
import pytest
from azure.functions.warmup import WarmUpContext

from blueprints import warmup_example as blueprint


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Start every test as a new instance, and reset the cache after it."""
    blueprint.exchange_rates.cache_clear()
    yield
    blueprint.exchange_rates.cache_clear()


def test_the_first_request_finds_the_rates_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []

    def load() -> dict[str, float]:
        loads.append("loaded")
        return {"EUR": 1.0}

    monkeypatch.setattr(blueprint, "load_rates", load)
    blueprint.warmup_example(WarmUpContext())
    assert loads == ["loaded"]
    assert blueprint.exchange_rates() == {"EUR": 1.0}
    assert loads == ["loaded"]


@pytest.mark.parametrize("error", [ConnectionError, ValueError, KeyError, RuntimeError])
def test_an_error_goes_no_further(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> dict[str, float]:
        raise error("no rates")

    monkeypatch.setattr(blueprint, "load_rates", fail)
    blueprint.warmup_example(WarmUpContext())
    assert "Not ready" in caplog.text


def test_has_the_only_name_that_the_host_runs() -> None:
    app = func.FunctionApp()
    app.register_functions(blueprint.bp)
    assert [function.get_function_name() for function in app.get_functions()] == ["warmup"]


def test_has_the_rate_of_the_euro() -> None:
    assert blueprint.exchange_rates()["EUR"] == 1.0
