"""What a test does when something that it needs is not installed."""

import os
from typing import NoReturn

import pytest


def skip_or_fail(missing: str, demanded_by: str = "REQUIRE_EVERYTHING") -> NoReturn:
    """Skip the test for something that is not installed; where an environment variable demands it, fail.

    CI sets REQUIRE_EVERYTHING.
    """
    if os.environ.get(demanded_by):
        pytest.fail(missing)
    pytest.skip(missing)
