"""How long the validator takes: without an index, and how much longer with it than the import of the app."""

import json
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from .projects import NINE, generate, install, with_functions
from .timing import Difference, Measurement, run, shortest

FUNCTIONS = {f"{name}_{number}": kind for number in range(6) for name, kind in NINE.items()}


def measure_validating(
    box: Path, template: Path, rounds: int
) -> Sequence[Measurement | Difference]:
    """Time the validator on an app of more than fifty functions."""
    app = generate(template, box / "app", *with_functions(FUNCTIONS))
    python = install(box / "environment", app)
    settings = json.loads((app / "local.settings.json").read_text(encoding="utf-8"))
    os.environ.update(settings["Values"])
    validate: list[str | Path] = [python, "tools/validate.pyz"]
    sources, indexed, imported = shortest(
        rounds,
        partial(run, [*validate, "--no-index"], app),
        partial(run, validate, app),
        partial(run, [str(python), "-c", "import function_app"], app),
    )
    number = len(FUNCTIONS)
    return [
        Measurement(f"validating {number} functions by their sources", sources, 0.2),
        Difference(
            f"validating {number} functions with their index, beside their import",
            indexed,
            imported,
            0.3,
        ),
    ]
