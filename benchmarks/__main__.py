"""Measure the processor time of commands, side by side in turns, and print the shortest times and ratios.

    python -m benchmarks [--rounds N] [--only THEME]

For `make new`, the elapsed time is measured. No ratio, time or difference may exceed its limit.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.support.scratch import write_to_memory

from .copying import measure_copying, measure_make_new
from .indexing import measure_imports, measure_indexing
from .projects import copy_of_this_template
from .requests import measure_requests
from .updating import measure_updating
from .validating import measure_validating

# The functions that measure each theme, in a given folder, for a template, in a number of rounds.
THEMES: dict[str, Callable[[Path, Path, int], Sequence[object]]] = {
    "copying": measure_copying,
    "new": measure_make_new,
    "indexing": measure_indexing,
    "imports": measure_imports,
    "requests": measure_requests,
    "updating": measure_updating,
    "validating": measure_validating,
}


def main() -> None:
    """Measure everything, or one theme, and print a line each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="of which the shortest is taken")
    parser.add_argument("--only", choices=THEMES, help="the one theme to measure")
    options = parser.parse_args()
    write_to_memory()
    with tempfile.TemporaryDirectory() as folder:
        template = copy_of_this_template(Path(folder))
        for name, measure in THEMES.items():
            if options.only in (None, name):
                box = Path(folder, name)
                box.mkdir()
                for line in measure(box, template, options.rounds):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
