"""The current date, which tests replace."""

from __future__ import annotations

import datetime


def today() -> datetime.date:
    """Return the date of today on this machine."""
    return datetime.date.today()
