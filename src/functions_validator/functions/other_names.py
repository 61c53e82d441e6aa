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

# What to name of an object that has more than fit in a message.
USUAL = ("get_body", "read", "name", "length", "uri", "message_id", "metadata")
MOST = 10


def instead(name: str, known: Sequence[str]) -> str:
    """Return a sentence with the name that is meant, or with those that there are."""
    other = next((one for one in INSTEAD.get(name, ()) if one in known), None)
    other = other or similar_name(name, dict.fromkeys(known, ""))
    if other:
        return f"Use {other}."
    if len(known) > MOST:
        return f"It has {', '.join(one for one in USUAL if one in known)} and others."
    return f"It has {', '.join(known)}."
