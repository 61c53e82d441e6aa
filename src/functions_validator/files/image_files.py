"""Where the instructions of a Dockerfile put the files of an app."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Sequence
from functools import cached_property

from ..pattern import Pattern
from .dockerfile import Dockerfile, Instruction

# Commands that may write a file of the app.
WRITES = Pattern(
    r"\b(?:cp|mv|ln|tee|rsync|git|curl|wget|tar|unzip|make)\b|\.(?:py|sh)\b|>\s*[\w./$]"
)


class ImageFiles:
    """The files of an app in an image, if only COPY and ADD put them there, from the folder of the app.

    A file can also come from another stage, a command or a volume.
    """

    def __init__(self, docker: Dockerfile, files: Sequence[str]) -> None:
        self.docker = docker
        self.root = docker.script_root
        self._files = frozenset(files)
        self._names = {path.partition("/")[0] for path in files}

    @cached_property
    def copies(self) -> Sequence[tuple[Instruction, str]]:
        """Return the instructions that copy files of the app to where the host looks; none if others may do so."""
        commands = [found for found in self.docker.image if found.word in ("RUN", "VOLUME")]
        if any(found.word == "VOLUME" or WRITES.search(found.rest) for found in commands):
            return []
        found = []
        for instruction, target in self.docker.copies:
            if "$" in target or "$" in instruction.rest:
                return []
            if not f"{target}/".startswith(f"{self.root}/"):
                if f"{self.root}/".startswith(f"{target.rstrip('/')}/") and target != "/":
                    return []
                continue
            if "--from" in instruction.rest or not all(map(self._is_known, instruction.paths[:-1])):
                return []
            found.append((instruction, target))
        return found

    def _is_known(self, source: str) -> bool:
        """Whether a source begins with the name of a file or folder beside function_app.py."""
        name = posixpath.normpath(source).lstrip("/").partition("/")[0]
        return name == "." or any(fnmatch.fnmatchcase(known, name) for known in self._names)

    def places(self, path: str) -> Sequence[str]:
        """Return where in the app's folder of the image a file is, as relative paths."""
        found = [
            place
            for instruction, target in self.copies
            for source in instruction.paths[:-1]
            if (place := _target(instruction, source, target, path))
        ]
        return [place.removeprefix(f"{self.root}/") for place in found]

    def has(self, path: str) -> bool:
        """Whether a file is where the app has it, because an instruction copies it."""
        return path in self.places(path)

    def may_have(self, path: str) -> bool:
        """Whether an instruction may put another file or folder at the place of a file."""
        place = posixpath.join(self.root, path)
        for instruction, target in self.copies:
            if place == target:
                return True
            if place.startswith(f"{target}/") and target != self.root:
                sources = map(posixpath.normpath, instruction.paths[:-1])
                if not self._files.issuperset(sources):
                    return True
        return False


def _target(instruction: Instruction, source: str, target: str, path: str) -> str | None:
    """Return where an instruction puts a file; None if it does not copy it."""
    start = posixpath.normpath(source).lstrip("/")
    if start == ".":
        return posixpath.join(target, path)
    parts, wanted = path.split("/"), start.split("/")
    if len(parts) < len(wanted) or not all(map(fnmatch.fnmatchcase, parts, wanted)):
        return None
    rest = parts[len(wanted) :]
    if rest:
        # Of a folder, the content is copied, and not the folder itself.
        return posixpath.join(target, *rest)
    is_name = len(instruction.paths) == 2 and not instruction.paths[-1].endswith("/")
    if is_name and "." in posixpath.basename(target):
        return target
    return posixpath.join(target, parts[-1])
