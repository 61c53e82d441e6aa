"""How long `copier update` takes, compared with a template of one file."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from tests.support.catalogue import one_of_each

from .projects import COPIER, commit, generate, one_file_template, with_functions
from .timing import Measurement, run, shortest

# Every kind runs on it but the one that streams HTTP, which an app cannot have beside the others.
VERSION = "3.12"
# How many kinds there were when the limit was set.
MANY = 48
# The file that Copier needs for updates, the only one of an empty template.
ANSWERS_FILE = (
    "{{ _copier_conf.answers_file }}.jinja",
    "{{ _copier_answers | to_nice_yaml }}",
)


def update(app: Path, functions: Mapping[str, str]) -> None:
    """Update an app as it was generated, at the price of two commands of git."""
    run(["git", "reset", "--quiet", "--hard"], app)
    run(["git", "clean", "--quiet", "--force", "-d"], app)
    command = [*COPIER[:3], "update", "--defaults", "--quiet", "--vcs-ref", ":current:"]
    run([*command, *with_functions(functions)], app)


def measure_updating(box: Path, template: Path, rounds: int) -> Sequence[Measurement]:
    """Compare updates that add a function to an app with many kinds, or all, with those of an empty template."""
    every_kind = one_of_each(VERSION)
    many = dict(list(every_kind.items())[:MANY])
    question = "functions: {type: yaml, default: '{}'}"
    empty = one_file_template(box / "empty", question, *ANSWERS_FILE)
    updates = []
    for functions in (many, every_kind):
        number = len(functions)
        answers = ["--data", f"python_version={VERSION}", *with_functions(functions)]
        apps = [
            generate(template, box / f"{number}-kinds", *answers),
            generate(empty, box / f"{number}-in-empty", *with_functions(functions)),
        ]
        for app in apps:
            commit(app)
            updates.append(partial(update, app, {**functions, "one_more": "http"}))
    many_kinds, beside_many, all_kinds, beside_all = shortest(rounds, *updates)
    name = "copier update, {} kinds, one added / of an empty template"
    return [
        Measurement(name.format(MANY), many_kinds, 4, beside_many),
        Measurement(name.format(f"all {len(every_kind)}"), all_kinds, 4, beside_all),
    ]
