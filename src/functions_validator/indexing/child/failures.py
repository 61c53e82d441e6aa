"""Why an app cannot be imported."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from .paths import is_installed, relative_path


def library_failure(error: Exception) -> dict[str, Any]:
    """Return what azure.functions raised; nothing if it is not installed."""
    is_missing = getattr(error, "name", "") in ("azure", "azure.functions")
    why = "" if is_missing else type(error).__name__
    return {"kind": "no-library", "type": why, "message": "", "frames": []}


def import_failure(error: BaseException, root: str) -> dict[str, Any]:
    """Return what an import raised, with the frames that are in the project."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        {"file": file, "line": frame.lineno}
        for frame in frames
        if (file := relative_path(root, frame.filename))
    ]
    last = frames[-1] if frames else None
    failure = {
        "kind": "import",
        "type": type(error).__name__,
        "message": str(error),
        "frames": own,
        "raised_in": _raised_in(frames, root),
        "lacks": _not_found_before(error),
    }
    if isinstance(error, SyntaxError):
        file = relative_path(root, error.filename or "")
        if file:
            place = {"file": file, "line": error.lineno or 1, "column": error.offset or 1}
            failure["frames"] = [*own, place]
        failure["message"] = error.msg
    elif isinstance(error, ImportError):
        failure["module"] = error.name or ""
        failure["hidden_by"] = _hidden_by((error.name or "").partition(".")[0], root)
    elif isinstance(error, SystemExit):
        failure["kind"] = "exit"
    elif isinstance(error, KeyError) and last and _is_environ(last):
        failure.update(kind="setting", name=str(error.args[0]))
    return failure


def _raised_in(frames: Sequence[traceback.FrameSummary], root: str) -> str:
    """Return what raised the error: "azure.functions", "a package", or "" for anything else."""
    called = next(
        (
            later.filename
            for frame, later in zip(reversed(frames[:-1]), reversed(frames[1:]), strict=True)
            if relative_path(root, frame.filename)
        ),
        "",
    )
    if not is_installed(called):
        return ""
    own = "/azure/functions/" in called.replace(os.sep, "/")
    return "azure.functions" if own else "a package"


def _not_found_before(error: BaseException) -> str:
    """Return the module that was not found and whose handler raised an error, or ""."""
    before = error.__cause__ or error.__context__
    while before and not isinstance(before, ModuleNotFoundError):
        before = before.__cause__ or before.__context__
    return getattr(before, "name", "") or ""


def _hidden_by(name: str, root: str) -> str:
    """Return the distribution whose module hides one of the app's own, or ""."""
    loaded = sys.modules.get(name)
    path = os.path.join(root, name)
    if loaded is None or not (os.path.isdir(path) or os.path.isfile(f"{path}.py")):
        return ""
    if path in getattr(loaded, "__path__", []):
        return ""  # Both are parts of one namespace package.
    files = [loaded.__file__ or "", *getattr(loaded, "__path__", [])]
    if not any(map(is_installed, files)):
        return ""
    # Imported here because it is slow to import, and few apps need it.
    from importlib import metadata

    return next(iter(metadata.packages_distributions().get(name, [])), "")


def _is_environ(frame: traceback.FrameSummary) -> bool:
    """Whether a frame belongs to `os.environ[...]`."""
    return frame.name == "__getitem__" and frame.filename.endswith(("os.py", "<frozen os>"))
