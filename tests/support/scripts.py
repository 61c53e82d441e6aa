"""Shell scripts that tests run in place of other programs."""

from pathlib import Path


def write_script(path: Path, text: str) -> Path:
    """Write a script for sh, which can be run by its path; return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path
