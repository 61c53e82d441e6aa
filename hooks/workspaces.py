"""The workspaces of uv that a project in a folder would be a member of."""

import posixpath
import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import Any

from hooks import post_generation
from hooks.destinations import Refusal


def workspace_of(folder: Path) -> Path | None:
    """Return the folder of the workspace that would count a project in a folder as a member, or None."""
    folder = folder.resolve()
    for parent in folder.parents:
        # uv looks no further up.
        if (parent / "pyproject.toml").is_file():
            workspace, path = _read(parent), folder.relative_to(parent)
            is_member = any(_match(path.parts, _parts(p)) for p in _list(workspace.get("members")))
            is_excluded = any(_excludes(p, path) for p in _list(workspace.get("exclude")))
            return parent if is_member and not is_excluded else None
    return None


def refuse_a_member_without_uv(project: Path, workspace: Path) -> None:
    """Raise Refusal if a generated project would break the workspace that it is in."""
    if post_generation.read_answers(project).get("package_manager") != "uv":
        raise Refusal(
            f"{project} would be a member of the uv workspace in {workspace}, so it needs "
            "package_manager=uv. Choose that, or exclude the folder in [tool.uv.workspace]."
        )


def _read(folder: Path) -> dict[str, Any]:
    """Return the table of the workspace in a folder, which is empty if there is none."""
    try:
        content: Any = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
        for key in ("tool", "uv", "workspace"):
            content = content[key]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return content if isinstance(content, dict) else {}


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, Iterable) else []


def _parts(pattern: str) -> tuple[str, ...]:
    return PurePath(posixpath.normpath(pattern)).parts


def _excludes(pattern: str, path: PurePath) -> bool:
    """Whether a pattern of `exclude` matches a path: in these, uv also takes `*` for several parts."""
    parts = _parts(pattern)
    return _match(path.parts, parts) or fnmatchcase(path.as_posix(), "/".join(parts))


def _match(parts: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    """Whether parts of a path match those of a pattern: `*` stands for one, and `**` for several."""
    if patterns == ("**",):
        return bool(parts)
    if not parts or not patterns:
        return not parts and not patterns
    if patterns[0] == "**":
        return _match(parts, patterns[1:]) or _match(parts[1:], patterns)
    return fnmatchcase(parts[0], patterns[0]) and _match(parts[1:], patterns[1:])
