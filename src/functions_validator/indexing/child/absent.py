"""Which modules the app looks for that Python does not find."""

from __future__ import annotations

import os
import sys

from .paths import is_installed

STANDARD_LIBRARY = os.path.join(os.path.dirname(os.path.abspath(os.__file__)), "")
IMPORTLIB = os.path.join(STANDARD_LIBRARY, "importlib", "")


class Absent:
    """The last finder on the path, which Python only asks for a module that no other one finds.

    It finds nothing either, and notes the names that neither a package nor Python itself asks for.
    """

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Note a module, if the app's own code asks for it."""
        frame = sys._getframe(1)
        while frame.f_back and _is_importlib(frame.f_code.co_filename):
            frame = frame.f_back
        file = frame.f_code.co_filename
        if not is_installed(file) and not file.startswith(("<", STANDARD_LIBRARY)):
            self.names.append(name)


def _is_importlib(file: str) -> bool:
    return file.startswith(("<frozen importlib", IMPORTLIB))
