"""Bring local.settings.json up to date: python -m tools.settings

Creates the file if it is missing, such as in a fresh clone, and adds settings
that only local.settings.example.json has. It never changes a value.
"""

import json
import sys
from pathlib import Path
from typing import Any

EXAMPLE = Path("local.settings.example.json")
LOCAL = Path("local.settings.json")


def read(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; exit with a message if invalid."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        sys.exit(f"{path} cannot be read ({error}). Fix it and try again.")
    if not isinstance(content, dict):
        sys.exit(f"{path} is not a JSON object. Fix it and try again.")
    return content


def add_missing(example: dict[str, Any], local: dict[str, Any]) -> list[str]:
    """Add to `local`, at every depth, the keys that only `example` has.

    Returns the names of the settings that were added.
    """
    added = []
    for key, value in example.items():
        if key not in local:
            local[key] = value
            added += list(value) if isinstance(value, dict) else [key]
        elif isinstance(value, dict) and isinstance(local[key], dict):
            added += add_missing(value, local[key])
    return added


def main() -> None:
    local = read(LOCAL) if LOCAL.exists() else {}
    added = add_missing(read(EXAMPLE), local)
    if added:
        LOCAL.write_text(json.dumps(local, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{LOCAL}: added {', '.join(added)}")
    else:
        print(f"{LOCAL} has every setting")


if __name__ == "__main__":
    main()
