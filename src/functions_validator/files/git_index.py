"""Which files git tracks, read from its index without running git."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# In bytes: the header of the index, and what an entry has before the name of its file.
HEADER, ENTRY = 12, 62
# The flag of entries that have two more bytes of flags.
EXTENDED = 0x4000
# The first version in which a name leaves out what it has in common with the start of the one before.
PREFIXED = 4
# In such repositories, entries are longer.
SHA256 = "objectformat = sha256"


def tracked_files(root: Path) -> frozenset[str]:
    """Return the paths that git tracks in a folder, relative, with `/`; none where that cannot be read."""
    for folder in (root, *root.parents):
        git = folder / ".git"
        if git.exists():
            inside = root.relative_to(folder).as_posix()
            start = "" if inside == "." else f"{inside}/"
            try:
                names = list(_names(_git_folder(git)))
            except (OSError, ValueError, IndexError):
                return frozenset()
            return frozenset(name[len(start) :] for name in names if name.startswith(start))
    return frozenset()


def _git_folder(git: Path) -> Path:
    """Return the folder with the index, which a file names in a worktree or a submodule."""
    if git.is_dir():
        return git
    _, _, named = git.read_text(encoding="utf-8").partition("gitdir:")
    return git.parent / named.strip()


def _names(git: Path) -> Iterator[str]:
    """Yield the names in an index of version 2, 3 or 4. Raises OSError, ValueError or IndexError."""
    content = (git / "index").read_bytes()
    if content[:4] != b"DIRC" or _uses_sha256(git):
        raise ValueError("The index cannot be read.")
    version, count = (int.from_bytes(content[at : at + 4], "big") for at in (4, 8))
    at, previous = HEADER, b""
    for _ in range(count):
        start = at + ENTRY
        flags = int.from_bytes(content[start - 2 : start], "big")
        if flags & EXTENDED:
            start += 2
        if version >= PREFIXED:
            dropped, start = _number(content, start)
            end = content.index(b"\0", start)
            previous = previous[: len(previous) - dropped] + content[start:end]
            at = end + 1
        else:
            end = content.index(b"\0", start)
            previous = content[start:end]
            # Entries are filled up with zeros to a multiple of eight, with at least one.
            at += (end - at) // 8 * 8 + 8
        yield os.fsdecode(previous)


def _number(content: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable length, and where it ends."""
    value = content[at] & 0x7F
    while content[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) | (content[at] & 0x7F)
    return value, at + 1


def _uses_sha256(git: Path) -> bool:
    config = git / "config"
    return config.is_file() and SHA256 in config.read_text(encoding="utf-8", errors="replace")
