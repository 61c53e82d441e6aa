"""Time commands in turn, and say how their shortest times compare."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True)
class Measurement:
    """A command in seconds, beside a baseline in seconds if their ratio counts."""

    name: str
    seconds: float
    limit: float
    baseline: float | None = None

    def __str__(self) -> str:
        if self.baseline is None:
            return f"{self.name:62} {self.seconds:6.2f} s   (at most {self.limit} s)"
        ratio = self.seconds / self.baseline
        times = f"{self.seconds:6.2f} s / {self.baseline:5.2f} s"
        return f"{self.name:62} {times} = {ratio:.2f}   (at most {self.limit})"


@dataclass(frozen=True)
class Difference:
    """How many more seconds a command takes than a baseline; without a limit, any difference passes."""

    name: str
    seconds: float
    baseline: float
    limit: float | None

    def __str__(self) -> str:
        more = (self.seconds - self.baseline) * 1000
        limit = f"at most {self.limit * 1000:.0f} ms" if self.limit else "its binding needs it"
        return f"{self.name:62} {more:+6.0f} ms             ({limit})"


def processor_seconds() -> float:
    """Return the processor time of all processes that ended: other work on the machine hardly changes it."""
    if sys.platform == "win32":
        times = os.times()
        return times.children_user + times.children_system
    # os.times() counts hundredths of a second, which is too coarse for a limit of 15 ms.
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def shortest(
    rounds: int,
    *commands: Callable[[], object],
    clock: Callable[[], float] = processor_seconds,
) -> list[float]:
    """Return the shortest time of each command in seconds; they take turns, and the first turn does not count.

    Whatever else the machine does makes a command longer, never shorter.
    """
    seconds: list[list[float]] = [[] for _ in commands]
    for turn in range(rounds + 1):
        for command, measured in zip(commands, seconds, strict=True):
            started = clock()
            command()
            if turn:
                measured.append(clock() - started)
    return [min(measured) for measured in seconds]


def run(
    command: Sequence[str | Path],
    folder: Path,
    text: str = "",
    variables: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Run a command that reads a text, and hide its output; exit with the output if it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"`{command[0]} {command[1]}` failed:\n{done.stdout}")
