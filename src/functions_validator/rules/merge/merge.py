"""What a merge left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...files.text_files import place_at
from ...model import Place, Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule

TEXT_SUFFIXES = (
    ".bicep",
    ".bicepparam",
    ".cfg",
    ".ini",
    ".json",
    ".lock",
    ".md",
    ".ps1",
    ".py",
    ".sh",
    ".tf",
    ".tfvars",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
)
TEXT_NAMES = {"Dockerfile", "Makefile", ".funcignore", ".gitignore", ".dockerignore"}
CONFLICT = Pattern(r"^<{7} .*\n(?:.*\n)*?={7}\r?\n(?:.*\n)*?>{7} ", re.MULTILINE)
LARGEST = 1_000_000


@rule("AF601", Severity.ERROR, "A merge is not finished")
def conflicts(project: Project) -> Iterator[Problem]:
    """Yield conflicts that are not resolved, and changes that could not be applied."""
    for path in project.files:
        name = path.rpartition("/")[2]
        if path.endswith(".rej"):
            message = f"{path} holds changes that could not be applied."
            yield Problem(Place(path), message, "Apply them by hand, and delete the file.")
        elif name in TEXT_NAMES or path.endswith(TEXT_SUFFIXES):
            if project.size(path) > LARGEST:
                continue
            text = project.text(path) or ""
            if "<<<<<<< " in text and (conflict := CONFLICT.search(text)):
                message = "A conflict is not resolved."
                fix = "Choose the lines to keep, and delete the markers."
                yield Problem(place_at(path, text, conflict.start()), message, fix)


RULES = (conflicts,)
