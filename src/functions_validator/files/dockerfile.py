"""Reads a Dockerfile as far as it tells what the image holds."""

from __future__ import annotations

import json
import posixpath
import re
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ..pattern import Pattern

SCRIPT_ROOT = "AzureWebJobsScriptRoot"
# Where the host of a Functions image looks unless a variable names another folder.
DEFAULT_ROOT = "/home/site/wwwroot"
IMAGE = Pattern(r"(?:^|[/\s])azure-functions/python:\d+(?:\.\d+)*-python(\d+\.\d+)", re.IGNORECASE)
FUNCTIONS_IMAGE = Pattern(r"(?:^|[/\s])azure-functions/python\b", re.IGNORECASE)
# Commands that may write a file of the app.
WRITES = Pattern(
    r"\b(?:cp|mv|ln|tee|rsync|git|curl|wget|tar|unzip|make)\b|\.(?:py|sh)\b|>\s*[\w./$]"
)
BACKSLASH = "\\"
# What begins a text of several lines, which ends at a line with this word alone.
HEREDOC = Pattern(r"""(?<!<)<<-?(["']?)([A-Za-z_]\w*)\1""", parts=("<<",))
VARIABLE = Pattern(r"""([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)""")


class Instruction(NamedTuple):
    """An instruction with its line; continued lines are joined."""

    word: str
    rest: str
    line: int

    @property
    def paths(self) -> Sequence[str]:
        """Return the sources and the target of COPY or ADD."""
        rest = re.sub(r"^(?:--\S+\s+)+", "", self.rest)
        if rest.startswith("["):
            try:
                listed = json.loads(rest)
            except ValueError:
                return []
            return [path for path in listed if isinstance(path, str)]
        return rest.split()


class Dockerfile:
    """The instructions of a Dockerfile."""

    def __init__(self, instructions: Sequence[Instruction]) -> None:
        self.instructions = instructions

    @staticmethod
    def parse(text: str) -> Dockerfile:
        """Return the instructions of a text."""
        return Dockerfile(list(_instructions(text)))

    @cached_property
    def last_stage(self) -> Sequence[Instruction]:
        """Return the instructions that make the image, from the last FROM on."""
        starts = [i for i, found in enumerate(self.instructions) if found.word == "FROM"]
        return self.instructions[starts[-1] :] if starts else []

    @cached_property
    def base(self) -> Instruction | None:
        """Return the FROM with the image that the last stage starts from."""
        stages: dict[str, Instruction] = {}
        found = None
        for instruction in self.instructions:
            if instruction.word == "FROM":
                words = re.sub(r"^(?:--\S+\s+)+", "", instruction.rest).split()
                found = stages.get(words[0].lower(), instruction) if words else None
                if found and len(words) == 3 and words[1].lower() == "as":
                    stages[words[2].lower()] = found
        return found

    @property
    def has_host(self) -> bool:
        """Whether the image is made from one of Azure Functions for Python."""
        return bool(self.base and FUNCTIONS_IMAGE.search(self.base.rest))

    @property
    def python(self) -> str | None:
        """Return the Python of the Functions image, as "3.13"."""
        match = IMAGE.search(self.base.rest) if self.base else None
        return match[1] if match else None

    @cached_property
    def script_root(self) -> str:
        """Return the folder in which the host looks for the app."""
        root = DEFAULT_ROOT
        for instruction in self.last_stage:
            if instruction.word == "ENV":
                pair = instruction.rest.split(None, 1)
                if len(pair) == 2 and pair[0] == SCRIPT_ROOT:
                    root = pair[1]
                for name, value in VARIABLE.findall(instruction.rest):
                    root = value.strip("\"'") if name == SCRIPT_ROOT else root
        return posixpath.normpath(root)

    @cached_property
    def copies(self) -> Sequence[tuple[Instruction, str]]:
        """Return the COPY and ADD of the last stage, with the full paths of their targets."""
        folder, found = "/", []
        for instruction in self.last_stage:
            if instruction.word == "WORKDIR":
                folder = posixpath.join(folder, instruction.rest.strip().strip("\"'"))
            elif instruction.word in ("COPY", "ADD") and len(instruction.paths) > 1:
                target = posixpath.join(folder, instruction.paths[-1])
                found.append((instruction, posixpath.normpath(target)))
        return found

    def is_copied(self, path: str) -> bool:
        """Whether the app has a file in the image because an instruction of the last stage copies it, and only so.

        A file can also come from another stage, a command or a volume.
        """
        if any(found.word == "VOLUME" or WRITES.search(found.rest) for found in self._commands):
            return False
        sources: list[str] = []
        for instruction, target in self.copies:
            if "--from" in instruction.rest or "$" in target:
                return False
            if target == self.script_root:
                sources += instruction.paths[:-1]
        return any(source in (".", "./", path, f"./{path}") for source in sources)

    @property
    def _commands(self) -> Iterator[Instruction]:
        return (found for found in self.last_stage if found.word in ("RUN", "VOLUME"))


def _instructions(text: str) -> Iterator[Instruction]:
    whole, start = "", 0
    lines = deque(enumerate(map(str.strip, text.splitlines()), start=1))
    while lines:
        number, bare = lines.popleft()
        if not bare or bare.startswith("#"):
            continue
        start = start or number
        whole = f"{whole} {bare.removesuffix(BACKSLASH).rstrip()}".strip()
        if bare.endswith(BACKSLASH):
            continue
        yield _instruction(" ".join([whole, *_heredocs(whole, lines)]), start)
        whole, start = "", 0
    if whole:
        yield _instruction(whole, start)


def _heredocs(whole: str, lines: deque[tuple[int, str]]) -> Iterator[str]:
    """Take away the lines of the texts that an instruction begins, and yield those that it runs."""
    for _, end in HEREDOC.findall(whole):
        if end not in (line for _, line in lines):
            continue
        while (line := lines.popleft()[1]) != end:
            if whole.upper().startswith("RUN"):
                yield line


def _instruction(whole: str, line: int) -> Instruction:
    word, _, rest = whole.strip().partition(" ")
    return Instruction(word.upper(), rest.strip(), line)
