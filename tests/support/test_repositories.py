"""What tests set for git is what every git sees."""

import pytest
from copier._vcs import get_git

from tests.support.repositories import configure_git


def test_settings_are_those_of_copiers_git_too(monkeypatch: pytest.MonkeyPatch) -> None:
    configure_git(monkeypatch, {"core.autocrlf": "input"})
    assert get_git()("config", "core.autocrlf") == "input\n"
