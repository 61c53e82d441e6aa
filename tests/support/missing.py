"""What a test does when something that it needs is not installed."""

import os
from typing import NoReturn

import pytest


def skip_or_fail(missing: str) -> NoReturn:
    """Skip the test for something that is not installed; in CI, which sets REQUIRE_EVERYTHING, fail."""
    if os.environ.get("REQUIRE_EVERYTHING"):
        pytest.fail(missing)
    pytest.skip(missing)
