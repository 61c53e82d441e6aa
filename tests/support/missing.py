"""What a test does when something that it needs is not installed."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def skip_or_fail(missing: str, demanded_by: str = "REQUIRE_EVERYTHING") -> NoReturn:
    """Skip the test for something that is not installed; where an environment variable demands it, fail.

    CI sets REQUIRE_EVERYTHING.
    """
    if os.environ.get(demanded_by):
        pytest.fail(missing)
    pytest.skip(missing)


def old_python(version: str) -> str | Path:
    """Return an interpreter of a version that is too old for the template and the validator. Skips or fails where there is none."""
    homes = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    python = next(homes.glob(f"{version}.*/bin/python"), None) or shutil.which(f"python{version}")
    return python or skip_or_fail(f"Python {version} is not installed")
