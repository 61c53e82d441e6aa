"""Reads a Dockerfile as far as it tells what the image holds."""

from __future__ import annotations

import json
import posixpath
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import NamedTuple

from ..pattern import Pattern

SCRIPT_ROOT = "AzureWebJobsScriptRoot"
# Where the host of a Functions image looks unless a variable names another folder.
DEFAULT_ROOT = "/home/site/wwwroot"
# Such as `mcr.microsoft.com/azure-functions/python:4-python3.13`.
IMAGE = Pattern(r"(?:^|[/\s])azure-functions/python:\d+(?:\.\d+)*-python(\d+\.\d+)", re.IGNORECASE)
FUNCTIONS_IMAGE = Pattern(r"(?:^|[/\s])azure-functions/python\b", re.IGNORECASE)
BACKSLASH = "\\"
OPTIONS = Pattern(r"^(?:--\S+\s+)+", parts=("--",))
# What begins a text of several lines, which ends at a line with this word alone.
HEREDOC = Pattern(r"""(?<!<)<<-?(["']?)([A-Za-z_]\w*)\1""", parts=("<<",))
# The stage that COPY or a mount of RUN takes files from.
FROM_STAGE = Pattern(r"\bfrom=([\w.-]+)", parts=("from=",))
# A variable in the name of an image, with its default.
REFERENCE = Pattern(r"\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})", parts=("$",))
# What ARG and ENV have: `NAME=value`, or `NAME="a value"`.
VARIABLE = Pattern(r"""([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)""")


class Instruction(NamedTuple):
    """An instruction with its line; continued lines are joined."""

    word: str
    rest: str
    line: int

    @property
    def arguments(self) -> str:
        """Return what follows its options, such as `--from=build`."""
        return OPTIONS.sub("", self.rest)

    @property
    def stage(self) -> tuple[str, str]:
        """Return the image or stage that a FROM names, and the name of its own stage, or "", in lower case."""
        words = self.arguments.lower().split()
        own = words[2] if len(words) == 3 and words[1] == "as" else ""
        return words[0] if words else "", own

    @property
    def paths(self) -> Sequence[str]:
        """Return the sources and the target of COPY or ADD."""
        if self.arguments.startswith("["):
            try:
                listed = json.loads(self.arguments)
            except ValueError:
                return []
            return [path for path in listed if isinstance(path, str)]
        return self.arguments.split()


class Dockerfile:
    """The instructions of a Dockerfile."""

    def __init__(self, instructions: Sequence[Instruction]) -> None:
        self.instructions = instructions

    @staticmethod
    def parse(text: str) -> Dockerfile:
        """Return the instructions of a text."""
        return Dockerfile(list(_with_defaults(_instructions(text))))

    @cached_property
    def _stages(self) -> Mapping[str, Sequence[Instruction]]:
        """Return the instructions of each stage, after those of the stage that it starts from.

        Their keys are their numbers and names. A stage begins with the FROM of the image that it is made from.
        """
        stages: dict[str, list[Instruction]] = {}
        current: list[Instruction] = []
        number = 0
        for instruction in self.instructions:
            if instruction.word != "FROM":
                current.append(instruction)
                continue
            source, name = instruction.stage
            current = list(stages.get(source, [instruction]))
            stages[str(number)] = current
            number += 1
            if name:
                stages[name] = current
        return stages

    @cached_property
    def image(self) -> Sequence[Instruction]:
        """Return the instructions that make the image: the last stage, and those that it starts from."""
        return list(self._stages.values())[-1] if self._stages else []

    @cached_property
    def used(self) -> Sequence[Instruction]:
        """Return the instructions of the image, and of the stages that it copies from."""
        found: dict[Instruction, None] = {}
        waiting = [self.image]
        while waiting:
            for instruction in waiting.pop():
                if instruction not in found:
                    found[instruction] = None
                    waiting += [
                        self._stages[name]
                        for name in map(str.lower, FROM_STAGE.findall(instruction.rest))
                        if name in self._stages
                    ]
        return list(found)

    @property
    def base(self) -> Instruction | None:
        """Return the FROM with the image that the last stage starts from."""
        return self.image[0] if self.image else None

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
        for instruction in self.image:
            if instruction.word == "ENV":
                # `ENV NAME value` sets one variable, and `ENV NAME=value OTHER=value` several.
                pair = instruction.rest.split(None, 1)
                plain = {pair[0]: pair[1]} if len(pair) == 2 else {}
                root = {**plain, **_variables(instruction)}.get(SCRIPT_ROOT, root)
        return posixpath.normpath(root)

    @cached_property
    def copies(self) -> Sequence[tuple[Instruction, str]]:
        """Return the COPY and ADD that make the image, with the full paths of their targets."""
        folder, found = "/", []
        for instruction in self.image:
            if instruction.word == "WORKDIR":
                folder = posixpath.join(folder, instruction.rest.strip().strip("\"'"))
            elif instruction.word in ("COPY", "ADD") and len(instruction.paths) > 1:
                target = posixpath.join(folder, instruction.paths[-1])
                found.append((instruction, posixpath.normpath(target)))
        return found


def _with_defaults(instructions: Iterator[Instruction]) -> Iterator[Instruction]:
    """Fill in the defaults of the arguments before the first FROM, which the names of images can have."""
    known: dict[str, str] = {}
    is_before = True
    for instruction in instructions:
        if instruction.word == "FROM":
            is_before = False
            rest = REFERENCE.sub(partial(_value, known), instruction.rest)
            yield instruction._replace(rest=rest)
            continue
        if instruction.word == "ARG" and is_before:
            known |= _variables(instruction)
        yield instruction


def _variables(instruction: Instruction) -> Mapping[str, str]:
    """Return what ARG or ENV sets with `NAME=value`, without quotation marks."""
    found = VARIABLE.findall(instruction.rest)
    return {name: value.strip("\"'") for name, value in found}


def _value(known: Mapping[str, str], found: re.Match[str]) -> str:
    return known.get(found[1] or found[2]) or found[3] or found[0]


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
