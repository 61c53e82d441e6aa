"""Spares Copier, in the tests' own processes, what takes most of its time and changes nothing that it writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, SimpleNamespace
from typing import Any

import copier._template
import jinja2
import pytest
import yaml
from copier._main import Worker


@contextmanager
def fast_rendering() -> Iterator[None]:
    """Render faster while it lasts."""
    with pytest.MonkeyPatch.context() as patch:
        # Each text of the template is compiled once a process.
        patch.setattr(jinja2.Environment, "compile", compiled_once(jinja2.Environment.compile))
        # The same YAML, read in C.
        in_c = SimpleNamespace(**{**vars(yaml), "SafeLoader": yaml.CSafeLoader})
        patch.setattr(copier._template, "yaml", in_c)
        # It asks Git about every file, only to hand on executable bits, which no file of the template has.
        patch.setattr(Worker, "_sync_git_index_executable_bit", lambda *_: None)
        yield


def compiled_once(compile: Callable[..., CodeType | str]) -> Callable[..., CodeType | str]:
    """Return a method that remembers the code of every text that is compiled with the same settings."""
    codes: dict[tuple[Any, ...], CodeType | str] = {}

    def remembered(
        self: jinja2.Environment,
        source: str,
        name: str | None = None,
        filename: str | None = None,
        *others: Any,
    ) -> CodeType | str:
        """Return the code of a text; a path with a yield tag is more than its code to Copier."""
        if "{% yield" in source:
            return compile(self, source, name, filename, *others)
        key = (source, name, others, self.undefined, *sorted(self.extensions))
        if key in codes:
            # Copier's extension forgets the last yield tag here.
            self.preprocess(source, name, filename)
        else:
            codes[key] = compile(self, source, name, filename, *others)
        return codes[key]

    return remembered
