"""How long `copier update` takes, beside that of a template of one file."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from tests.support.catalogue import one_of_each

from .projects import COPIER, commit, data, generate
from .timing import Measurement, run, shortest

# On which every kind runs but the one that streams HTTP, which cannot live beside the others.
VERSION = "3.12"


def empty_template(box: Path) -> Path:
    """Return a template that has the file of the answers alone, in a repository."""
    template = box / "empty"
    (template / "project").mkdir(parents=True)
    (template / "copier.yml").write_text(
        "_subdirectory: project\nfunctions: {type: yaml, default: '{}'}\n", encoding="utf-8"
    )
    answers = template / "project" / "{{ _copier_conf.answers_file }}.jinja"
    answers.write_text("{{ _copier_answers | to_nice_yaml }}", encoding="utf-8")
    commit(template)
    return template


def update(app: Path, functions: Mapping[str, str]) -> None:
    """Update an app as it was generated, at the price of two commands of git."""
    run(["git", "reset", "--quiet", "--hard"], app)
    run(["git", "clean", "--quiet", "--force", "-d"], app)
    command = [*COPIER[:3], "update", "--defaults", "--quiet", "--vcs-ref", ":current:"]
    run([*command, *data(functions)], app)


def measure_updating(box: Path, template: Path, rounds: int) -> Sequence[Measurement]:
    """Compare an update that adds a function to an app with every kind with that of an empty template."""
    functions = one_of_each(VERSION)
    answers = ["--data", f"python_version={VERSION}", *data(functions)]
    apps = [
        generate(template, box / "all-kinds", *answers),
        generate(empty_template(box), box / "empty-app", *data(functions)),
    ]
    for app in apps:
        commit(app)
    more = {**functions, "one_more": "http"}
    seconds, baseline = shortest(rounds, *(partial(update, app, more) for app in apps))
    kinds = len(functions)
    name = f"copier update, {kinds} kinds, one added / of an empty template"
    return [Measurement(name, seconds, 4, baseline)]
