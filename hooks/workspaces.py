"""The workspaces of uv that a project in a folder would be a member of."""

import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import Any

from hooks import post_generation
from hooks.destinations import Refusal


def workspace_of(folder: Path) -> Path | None:
    """Return the folder of the workspace that takes a project in a folder for a member, or None."""
    folder = folder.resolve()
    for parent in folder.parents:
        # uv looks no further up.
        if (parent / "pyproject.toml").is_file():
            workspace, path = _read(parent), folder.relative_to(parent)
            is_member = _matches(path, workspace.get("members"))
            return parent if is_member and not _matches(path, workspace.get("exclude")) else None
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


def _matches(path: PurePath, patterns: object) -> bool:
    """Whether a path matches one of the patterns, in which `*` stands for a part of a path and `**` for several."""
    if not isinstance(patterns, Iterable):
        return False
    return any(_match(path.parts, PurePath(str(pattern)).parts) for pattern in patterns)


def _match(parts: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    if patterns == ("**",):
        return bool(parts)
    if not parts or not patterns:
        return not parts and not patterns
    if patterns[0] == "**":
        return _match(parts, patterns[1:]) or _match(parts[1:], patterns)
    return fnmatchcase(parts[0], patterns[0]) and _match(parts[1:], patterns[1:])
