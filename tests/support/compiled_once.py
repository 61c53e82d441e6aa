"""Lets Jinja compile each text of the template once a process: most of what rendering in tests takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

import jinja2
import pytest


@contextmanager
def compiled_once() -> Iterator[None]:
    """While it lasts, remember the code of every text that is compiled with the same settings."""
    compile = jinja2.Environment.compile
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
            return compile(self, source, name, filename, *others)  # type: ignore[no-any-return]
        key = (source, name, others, self.undefined, *sorted(self.extensions))
        if key in codes:
            # Copier's extension forgets the last yield tag here.
            self.preprocess(source, name, filename)
        else:
            codes[key] = compile(self, source, name, filename, *others)
        return codes[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", remembered)
        yield
