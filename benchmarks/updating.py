"""How long `copier update` takes, beside that of a template of one file."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from catalogue import one_of_each

COPIER = [sys.executable, "-m", "copier"]


@dataclass(frozen=True)
class Updating:
    """An update in seconds, beside one of a template with nothing but the answers."""

    name: str
    seconds: float
    limit: float
    baseline: float

    def __str__(self) -> str:
        times = f"{self.seconds:6.2f} s / {self.baseline:5.2f} s"
        return f"{self.name:58} {times}          (at most {self.limit} s)"


def empty_template(box: Path, commit: Callable[[Path], None]) -> Path:
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


def measure_updating(
    box: Path,
    template: Path,
    rounds: int,
    medians: Callable[..., list[float]],
    run: Callable[..., None],
    commit: Callable[[Path], None],
) -> Updating:
    """Compare an update that adds a function to an app with every kind with that of an empty template."""
    version = "3.12"
    functions = one_of_each(version)

    def generate(source: Path, name: str, *arguments: str) -> Path:
        app = box / name
        command = [*COPIER, "copy", "--defaults", "--quiet", "--vcs-ref", "HEAD"]
        run([*command, *arguments, source, app], box)
        commit(app)
        return app

    def answer(functions: dict[str, str]) -> str:
        return (
            "functions={" + ", ".join(f"{name}: {kind}" for name, kind in functions.items()) + "}"
        )

    def update(app: Path, *arguments: str) -> None:
        """Update an app that has seen no update, at the price of two commands of git."""
        run(["git", "reset", "--quiet", "--hard"], app)
        run(["git", "clean", "--quiet", "--force", "-d"], app)
        command = [*COPIER, "update", "--defaults", "--quiet", "--vcs-ref", ":current:"]
        run([*command, *arguments], app)

    python = ["--data", f"python_version={version}"]
    all_kinds = generate(template, "all-kinds", *python, "--data", answer(functions))
    empty = generate(empty_template(box, commit), "empty-app", "--data", answer(functions))
    more = answer({**functions, "one_more": "http"})
    seconds, baseline = medians(
        rounds, *(partial(update, app, "--data", more) for app in (all_kinds, empty))
    )
    name = f"copier update, {len(functions)} kinds, one added / of an empty template"
    return Updating(name, seconds, 6, baseline)
