"""What an attribute or an argument that does not exist should be called."""

from __future__ import annotations

from collections.abc import Sequence

from ..typos import similar_name

# What other libraries call it, with the first of these that an object has.
INSTEAD = {
    "json": ("get_json", "get_body"),
    "get_json": ("get_body",),
    "body": ("get_body",),
    "data": ("get_body", "get_json"),
    "text": ("get_body",),
    "content": ("get_body", "read"),
    "args": ("params",),
    "query": ("params",),
    "query_params": ("params",),
    "path_params": ("route_params",),
    "add": ("set",),
    "append": ("set",),
    "put": ("set",),
    "send": ("set",),
    "write": ("set",),
    "status": ("status_code",),
    "content_type": ("mimetype",),
    "media_type": ("mimetype",),
}


def instead(name: str, known: Sequence[str]) -> str:
    """Return a sentence with the name that is meant, or with all that there are."""
    other = next((one for one in INSTEAD.get(name, ()) if one in known), None)
    other = other or similar_name(name, dict.fromkeys(known, ""))
    return f"Use {other}." if other else f"It has {', '.join(known)}."
