"""Reads Bicep modules."""

import functools
from typing import Any, cast

from pycep import BicepParser


@functools.cache
def parse(text: str) -> dict[str, Any]:
    """Return what a module declares; apps share most of their modules, so don't change it.

    For a text that is not Bicep, the parser's own error is raised.
    """
    return cast(dict[str, Any], BicepParser().parse(text=text))
