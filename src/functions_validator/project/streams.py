"""Whether an app has HTTP streams: the import of their extension turns them on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..functions.functions import Binding, Function
from ..functions.stream_objects import STREAMS
from ..sources.imports import Import
from ..sources.python_source import WEB_APPS
from .project import Project

STREAM, REQUEST = f"{STREAMS}.Request", "azure.functions.HttpRequest"


def beside_streams(project: Project) -> Iterator[tuple[Function, str]]:
    """Yield the functions that take HttpRequest in an app with HTTP streams, with one that has streams."""
    kinds: dict[str, list[Function]] = {STREAM: [], REQUEST: []}
    for function in project.written_functions:
        for binding in function.triggers:
            kind = _request_type(function, binding)
            if kind in kinds and function.is_fully_known and binding.type.lower() == "httptrigger":
                kinds[kind].append(function)
    if kinds[STREAM]:
        yield from ((function, kinds[STREAM][0].label) for function in kinds[REQUEST])


def _request_type(function: Function, binding: Binding) -> str | None:
    annotation = function.annotation(binding)
    return function.module.dotted(annotation) if function.module and annotation else None


def imports_streams(imported: Import) -> bool:
    """Whether an import loads the extension."""
    above, _, last = STREAMS.rpartition(".")
    is_above = imported.name == above and last in imported.names
    return is_above or f"{imported.name}.".startswith(f"{STREAMS}.")


def web_app_beside_streams(project: Project) -> tuple[Import, str] | None:
    """Return the import that turns HTTP streams on, and the class of a web framework's app beside it.

    Only an import that runs whenever the app is imported is certain to do so.
    """
    sources = project.sources
    certain = (one for one in sources.imports if one.is_certain)
    imported = next(filter(imports_streams, certain), None)
    if imported is None:
        return None
    for module in sources.modules.values():
        for node in module.all(ast.Call):
            if (name := module.dotted(node.func)) in WEB_APPS:
                return imported, name.rpartition(".")[2]
    return None
