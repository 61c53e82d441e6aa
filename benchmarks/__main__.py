"""Time whole processes, side by side in turns, and print medians and ratios.

    python -m benchmarks [--rounds N]

The machine's own noise touches both sides of a ratio alike; a limit is what the ratio must not pass.
"""

import argparse
import functools
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "hooks"), str(ROOT / "tests")]

import environments

from benchmarks.updating import measure_updating

WORKER_VERSION = "3.13"
NINE = {
    f"my_{kind}": kind
    for kind in (
        [
            "http",
            "timer",
            "queue",
            "blob",
            "eventgrid",
            "eventhub",
            "servicebus_queue",
            "servicebus_topic",
            "cosmosdb",
        ]
    )
}
GIT = ["git", "-c", "user.name=benchmark", "-c", "user.email=benchmark@example.com"]


@dataclass(frozen=True)
class Measurement:
    """A command in seconds, beside a baseline in seconds if it is judged by their ratio."""

    name: str
    seconds: float
    limit: float
    baseline: float | None = None

    def __str__(self) -> str:
        if self.baseline is None:
            return f"{self.name:58} {self.seconds:6.2f} s   (at most {self.limit} s)"
        ratio = self.seconds / self.baseline
        times = f"{self.seconds:6.2f} s / {self.baseline:5.2f} s"
        return f"{self.name:58} {times} = {ratio:.2f}   (at most {self.limit})"


@dataclass(frozen=True)
class Difference:
    """How many seconds a command takes more than a baseline; without a limit, it is what it is."""

    name: str
    seconds: float
    baseline: float
    limit: float | None

    def __str__(self) -> str:
        more = (self.seconds - self.baseline) * 1000
        limit = f"at most {self.limit * 1000:.0f} ms" if self.limit else "its binding needs it"
        return f"{self.name:58} {more:+6.0f} ms             ({limit})"


def medians(rounds: int, *commands: Callable[[], object]) -> list[float]:
    """Return the median seconds of each command; they take turns, the first of which is left out."""
    seconds: list[list[float]] = [[] for _ in commands]
    for turn in range(rounds + 1):
        for command, measured in zip(commands, seconds, strict=True):
            started = time.perf_counter()
            command()
            if turn:
                measured.append(time.perf_counter() - started)
    return [statistics.median(measured) for measured in seconds]


def run(command: Sequence[str | Path], folder: Path) -> None:
    """Run a command without output; exit with what it printed if it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"`{command[0]} {command[1]}` failed:\n{done.stdout}")


def commit(folder: Path) -> None:
    """Make a git repository of a folder, its objects packed as in a clone."""
    for command in ("init", "add --all", "commit --message All", "gc"):
        run([*GIT, *command.split()], folder)


def copy_of_this_template(box: Path) -> Path:
    """Return a clean repository with the template as it is now."""
    clone = box / "copier-azure-functions"
    ignored = shutil.ignore_patterns(".git", ".venv", ".*cache", "__pycache__")
    shutil.copytree(ROOT, clone, ignore=ignored)
    commit(clone)
    return clone


def one_file_template(box: Path) -> Path:
    """Return a template that has one file, in a repository."""
    template = box / "one-file"
    (template / "project").mkdir(parents=True)
    (template / "copier.yml").write_text(
        "_subdirectory: project\nname: {type: str, default: app}\n", encoding="utf-8"
    )
    (template / "project" / "README.md.jinja").write_text("# {{ name }}\n", encoding="utf-8")
    commit(template)
    return template


def measure_copying(box: Path, template: Path, rounds: int) -> list[Measurement]:
    """Compare `copier copy` of this template with that of a one-file template."""

    def copier(source: Path, *arguments: str) -> Callable[[], None]:
        def copy() -> None:
            command = [sys.executable, "-m", "copier", "copy", "--defaults", "--quiet"]
            with tempfile.TemporaryDirectory(dir=box) as folder:
                run([*command, "--vcs-ref", "HEAD", *arguments, source, Path(folder, "app")], box)

        return copy

    functions = "{" + ", ".join(f"{name}: {kind}" for name, kind in NINE.items()) + "}"
    baseline, defaults, nine = medians(
        rounds,
        copier(one_file_template(box)),
        copier(template),
        copier(template, "--data", f"functions={functions}"),
    )
    return [
        Measurement("copier copy --defaults / of a one-file template", defaults, 1.7, baseline),
        Measurement("copier copy, nine kinds / of a one-file template", nine, 2.1, baseline),
    ]


def measure_make_new(box: Path, template: Path, rounds: int) -> Measurement:
    """Time `make new` with the default answers, the caches warm."""

    def make() -> None:
        with tempfile.TemporaryDirectory(dir=box) as folder:
            command = ["make", "new", "ARGS=", f"DEST={folder}/app", f"PYTHON={sys.executable}"]
            run(command, template)

    [seconds] = medians(rounds, make)
    return Measurement("make new, from nothing to green tests", seconds, 5)


def measure_indexing(box: Path, template: Path, rounds: int) -> Measurement:
    """Compare indexing an app of nine blueprints with one hand-written file of nine functions."""
    found = environments.find_python(WORKER_VERSION)
    if found is None:
        sys.exit(f"Indexing is measured with Python {WORKER_VERSION}, which is not here.")
    app = box / "app"
    functions = "{" + ", ".join(f"{name}: {kind}" for name, kind in NINE.items()) + "}"
    copy = [sys.executable, "-m", "copier", "copy", "--defaults", "--quiet", "--vcs-ref", "HEAD"]
    run([*copy, "--data", f"functions={functions}", template, app], box)
    requirements = ["--requirement", "requirements-dev.txt"]
    python = environments.make_environment(box / "environment", found, requirements, app)
    by_hand = box / "by-hand"
    (by_hand / "blueprints").mkdir(parents=True)
    shutil.copytree(app / "tests", by_hand / "tests")
    shutil.copy(Path(__file__).with_name("by_hand.py"), by_hand / "function_app.py")
    index: list[str | Path] = [python, "tests/index_app.py"]
    generated, baseline = medians(rounds, lambda: run(index, app), lambda: run(index, by_hand))
    name = "indexing nine blueprints / one file with nine functions"
    return Measurement(name, generated, 1.2, baseline)


# What is chosen besides one HTTP function, and how many seconds indexing may take more for it.
CHOICES: dict[str, tuple[list[str], float | None]] = {
    "telemetry=opentelemetry": (["--data", "telemetry=opentelemetry"], 0.015),
    "blob_sdk": (["--data", "functions={hello: http, files: blob_sdk}"], None),
    "servicebus_sdk": (["--data", "functions={hello: http, messages: servicebus_sdk}"], None),
    "web_framework=fastapi": (["--data", "web_framework=fastapi"], None),
}


def measure_imports(box: Path, template: Path, rounds: int) -> list[Difference]:
    """Compare indexing an app of one HTTP function with the same app and something chosen besides."""
    found = environments.find_python(WORKER_VERSION)
    if found is None:
        sys.exit(f"Indexing is measured with Python {WORKER_VERSION}, which is not here.")
    copy = [sys.executable, "-m", "copier", "copy", "--defaults", "--quiet", "--vcs-ref", "HEAD"]
    projects = [box / f"choice-{place}" for place in range(len(CHOICES) + 1)]
    chosen: list[list[str]] = [["--data", "functions={hello: http}"]]
    chosen += [arguments for arguments, _ in CHOICES.values()]
    for project, arguments in zip(projects, chosen, strict=True):
        run([*copy, *arguments, template, project], box)
    files = [str(project / "requirements-dev.txt") for project in projects]
    requirements = [text for file in files for text in ("--requirement", file)]
    python = environments.make_environment(box / "environment-of-choices", found, requirements, box)
    index: list[str | Path] = [python, "tests/index_app.py"]
    baseline, *others = medians(
        rounds, *(functools.partial(run, index, project) for project in projects)
    )
    return [
        Difference(f"indexing with {name}, beside without", seconds, baseline, limit)
        for (name, (_, limit)), seconds in zip(CHOICES.items(), others, strict=True)
    ]


def main() -> None:
    """Measure everything and print a line each."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="of which the median is taken")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        box = Path(folder)
        template = copy_of_this_template(box)
        for measurement in measure_copying(box, template, rounds):
            print(measurement, flush=True)
        print(measure_updating(box, template, rounds, medians, run, commit), flush=True)
        print(measure_make_new(box, template, rounds), flush=True)
        print(measure_indexing(box, template, rounds), flush=True)
        for difference in measure_imports(box, template, rounds):
            print(difference, flush=True)


if __name__ == "__main__":
    main()
