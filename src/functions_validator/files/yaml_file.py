"""Reads YAML whose keys and texts know where they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from pathlib import Path

from .commented_file import Source
from .content import mapping
from .repository import LARGEST
from .text_files import read_text

# The keys with which GitHub and Azure Pipelines turn off a step, a job or a stage, and those that each of these has one of.
OFF = ("if", "condition", "enabled")
STEPS = {
    *("uses", "run", "task", "script", "bash", "powershell", "pwsh", "template"),
    *("checkout", "download", "publish", "steps", "jobs", "job", "stage", "deployment"),
}


@lru_cache(maxsize=64)
def read_yaml(source: Source) -> object:
    """Return the first document of a file as dict, list and Text; None if there is none, or it is not valid.

    Don't change it.
    """
    # Imported here because it is slow to import, and few apps need it.
    from .yaml_loader import first_document

    return first_document(source)


def read_yaml_mapping(path: Path) -> Mapping[str, object]:
    """Return the mapping that a file has, or an empty one, also for a very large file. Raises Unreadable."""
    text = read_text(path)
    return mapping(read_yaml(Source(path.name, text, text))) if len(text) <= LARGEST else {}


def is_off(content: object) -> bool:
    """Whether a value is a step, a job or a stage of a workflow or a pipeline that never runs."""
    part = mapping(content)
    return not STEPS.isdisjoint(part) and any(_is_false(part.get(key)) for key in OFF)


def _is_false(value: object) -> bool:
    """Whether a value is false, also as an expression."""
    return str(value).replace("${{", "").replace("}}", "").strip().lower() == "false"


def parts(content: object, *, also_off: bool = False) -> Iterator[object]:
    """Yield a value and all that is in it, in order; steps and jobs that never run only if asked for.

    Each part comes only once, even if aliases repeat it.
    """
    waiting, seen = [content], set()
    while waiting:
        part = waiting.pop()
        if id(part) in seen or (is_off(part) and not also_off):
            continue
        seen.add(id(part))
        yield part
        if isinstance(part, dict):
            waiting += reversed(list(chain(*part.items())))
        elif isinstance(part, list):
            waiting += reversed(part)
