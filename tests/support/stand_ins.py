"""Programs that stand in for az, azd, func and others: they note what they are asked, and answer what a script needs."""

import json
import os
import re
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.run import run

# An answer names the question: the id of a topic is id-of-TOPIC.
PROGRAM = """#!{python} -IS
import json, os, sys
program, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]
with open({record!r}, "a", encoding="utf-8") as record:
    environment = {{name: os.environ[name] for name in {variables!r} if name in os.environ}}
    record.write(json.dumps([program, arguments, environment]) + "\\n")
options = dict(zip(arguments, arguments[1:]))
if "--query" in options:
    thing = options.get("--name") or options.get("--topic-name") or arguments[0]
    print(options["--query"] + "-of-" + thing)
"""


@dataclass(frozen=True)
class Call:
    """What a program was asked, and the environment variables of interest."""

    program: str
    arguments: Sequence[str]
    environment: Mapping[str, str]

    @property
    def line(self) -> str:
        """Return the command, without quotes."""
        return " ".join([self.program, *self.arguments])

    @property
    def command(self) -> str:
        """Return the words before the first option, such as `az storage account create`."""
        return re.split(r" -", self.line)[0]

    def option(self, name: str) -> str:
        """Return the value of an option such as --name, or nothing."""
        words = [*self.arguments, ""]
        return words[words.index(name) + 1] if name in words else ""

    def values(self, name: str) -> list[str]:
        """Return all values of an option that takes several."""
        if name not in self.arguments:
            return []
        rest = self.arguments[self.arguments.index(name) + 1 :]
        ends = [place for place, word in enumerate(rest) if word.startswith("--")]
        return list(rest[: ends[0] if ends else len(rest)])


class StandIns:
    """A folder of programs, to be found before the real ones."""

    def __init__(self, folder: Path, *programs: str, variables: Sequence[str] = ()) -> None:
        """Write the programs; they note these environment variables."""
        self.folder = folder
        self.record = folder.with_suffix(".jsonl")
        folder.mkdir(parents=True)
        for name in programs:
            text = PROGRAM.format(
                python=sys.executable, record=str(self.record), variables=list(variables)
            )
            program = folder / name
            program.write_text(text, encoding="utf-8")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def run(
        self,
        script: str,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        shell: str = "sh",
    ) -> list[Call]:
        """Run a script, which must succeed, and return what it asked of the programs."""
        path = f"{self.folder}{os.pathsep}/usr/bin{os.pathsep}/bin"
        self.record.write_text("", encoding="utf-8")
        run(
            shell,
            "-eu",
            "-c",
            script,
            folder=folder,
            environment={**(environment or {}), "PATH": path},
        )
        lines = self.record.read_text(encoding="utf-8").splitlines()
        return [Call(program, words, seen) for program, words, seen in map(json.loads, lines)]
