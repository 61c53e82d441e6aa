"""How long it takes to copy the template, and to set up and test the app."""

import functools
import sys
import tempfile
import time
from pathlib import Path

from .projects import NINE, generate, one_file_template, with_functions
from .timing import Measurement, run, shortest


def measure_copying(box: Path, template: Path, rounds: int) -> list[Measurement]:
    """Compare `copier copy` of this template with a copy of a one-file template."""

    def copy(source: Path, *arguments: str) -> None:
        with tempfile.TemporaryDirectory(dir=box) as folder:
            generate(source, Path(folder, "app"), *arguments)

    question = "name: {type: str, default: app}"
    one_file = one_file_template(box / "one-file", question, "README.md.jinja", "# {{ name }}\n")
    baseline, defaults, nine = shortest(
        rounds,
        functools.partial(copy, one_file),
        functools.partial(copy, template),
        functools.partial(copy, template, *with_functions(NINE)),
    )
    return [
        Measurement("copier copy --defaults / of a one-file template", defaults, 1.9, baseline),
        Measurement("copier copy, nine kinds / of a one-file template", nine, 2.3, baseline),
    ]


def measure_make_new(box: Path, template: Path, rounds: int) -> list[Measurement]:
    """Time `make new` with the default answers and warm caches."""

    def make() -> None:
        with tempfile.TemporaryDirectory(dir=box) as folder:
            command = ["make", "new", "ARGS=", f"DEST={folder}/app", f"PYTHON={sys.executable}"]
            run(command, template)

    # Much of it waits for the disk.
    [seconds] = shortest(rounds, make, clock=time.perf_counter)
    return [Measurement("make new, from nothing to green tests", seconds, 5)]
