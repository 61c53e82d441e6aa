"""Programs that stand in for az, azd, func and others: they note what they are asked, and answer what a script needs."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.run import run
from tests.support.scripts import write_script
from tests.support.text_files import read, read_json

# Separates the parts of a call in the record: words, variables and calls.
WORD, PART, CALL = "\x1f", "\x1e", "\x1d"
# An answer names the question: the id of a topic is id-of-TOPIC.
PROGRAM = """{
    printf '%s\\037' "${0##*/}" "$@"
    printf '\\036'
    env | grep -E '^(VARIABLES)='
    printf '\\035'
} >> 'RECORD'
query= name=$1 last=
for word; do
    case "$last" in
    --query | --jq) query=$word ;;
    --name) name=$word ;;
    esac
    last=$word
done
test -z "$query" || printf '%s-of-%s\\n' "$query" "$name"
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


# Of every command.
GLOBAL = {"--output", "--query", "--subscription"}


def unknown(calls: Iterable[Call]) -> list[str]:
    """Return what the Azure CLI does not know of the calls to it: commands, and options of commands."""
    return [fault for call in calls if call.program == "az" for fault in _unknown(call)]


def _unknown(call: Call) -> list[str]:
    command = call.command.removeprefix("az ")
    if command == "login":
        return []
    known = read_json(Path(__file__).with_name("az_options.json"))["commands"]
    if command not in known:
        return [command]
    options = {word for word in call.arguments if word.startswith("--")} - GLOBAL
    return [f"{command} {option}" for option in sorted(options - {*known[command]})]


class StandIns:
    """A folder of programs, to be found before the real ones."""

    def __init__(self, folder: Path, *programs: str, variables: Sequence[str] = ()) -> None:
        """Write the programs; they note these environment variables."""
        self.folder = folder
        self.record = folder.with_suffix(".calls")
        text = PROGRAM.replace("VARIABLES", "|".join(variables) or "-")
        for name in programs:
            write_script(folder / name, text.replace("RECORD", str(self.record)))

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
        seen = {**(environment or {}), "PATH": path}
        run(shell, "-eu", "-c", script, folder=folder, environment=seen)
        record = read(self.record)
        return [_read(call) for call in record.split(CALL)[:-1]]


def run_in_place_of(command: Path, program: Path) -> None:
    """Write a command that runs a program: by a link to it, Python would not know its environment."""
    write_script(command, f"exec '{program}' \"$@\"")


def _read(record: str) -> Call:
    words, variables = record.split(PART)
    program, *arguments = words.split(WORD)[:-1]
    pairs = [line.split("=", 1) for line in variables.splitlines()]
    return Call(program, arguments, dict(pairs))
