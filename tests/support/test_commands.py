"""How the commands of hooks/ end in the process of the tests."""

import sys

import pytest

from tests.support.commands import run_command


def test_the_sentence_is_that_of_the_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_command(monkeypatch, lambda: sys.exit("Stopped.")) == "Stopped."
    assert run_command(monkeypatch, lambda: None) == ""


@pytest.mark.parametrize("code", [None, 0, 1])
def test_an_end_without_a_sentence_fails(code: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError):
        run_command(monkeypatch, lambda: sys.exit(code))
