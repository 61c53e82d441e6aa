"""Generate a project, set it up and test it: what `make new DEST=... ARGS=...` runs.

    python hooks/new.py DEST [--data ANSWER=VALUE]... [--data-file FILE] [--defaults]

Asks Copier's questions at a terminal, and takes the defaults elsewhere.
"""

import argparse
import re
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn

import post_generation
import yaml
from copier import run_copy
from copier.errors import CopierError, DirtyLocalWarning
from jinja2.exceptions import FilterArgumentError

TEMPLATE = Path(__file__).resolve().parents[1]


class Refusal(Exception):
    """What was asked for cannot be done; the message is the sentence that the user reads."""


class Arguments(argparse.ArgumentParser):
    """The arguments of `make new`; what is wrong with them is a Refusal."""

    def __init__(self) -> None:
        super().__init__(prog="make new", description=__doc__)
        self.add_argument("destination")
        self.add_argument("-d", "--data", action="append", default=[])
        self.add_argument("--data-file", type=Path)
        self.add_argument("-l", "--defaults", action="store_true")

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments, instead of printing how they are used."""
        raise Refusal(f"ARGS: {message}.")


def refuse_to_overwrite(destination: Path) -> None:
    """Raise Refusal unless the destination is free or an empty folder."""
    if destination.exists() and not (destination.is_dir() and not any(destination.iterdir())):
        raise Refusal(f"{destination} is there already, and no empty folder: choose another DEST.")


def read_answers(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the answers that were given. Raises Refusal for one that no question asks for."""
    answers: dict[str, Any] = {}
    if arguments.data_file:
        try:
            answers |= yaml.safe_load(arguments.data_file.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError, TypeError) as error:
            raise Refusal(f"{arguments.data_file} is no YAML mapping of answers.") from error
    for answer in arguments.data:
        name, equals, value = answer.partition("=")
        if not equals:
            raise Refusal(f"ARGS: write --data NAME=VALUE, not --data {answer}.")
        answers[name] = value
    questions = [
        name
        for file in sorted(TEMPLATE.glob("template/questions/*.yml"))
        for name, question in yaml.safe_load(file.read_text(encoding="utf-8")).items()
        if question.get("when", True)
    ]
    for name in answers:
        if name not in questions:
            raise Refusal(f"There is no question {name}; choose one of {', '.join(questions)}.")
    return answers


def generate(destination: Path, answers: dict[str, Any], defaults: bool) -> None:
    """Copy the template as it is checked out. Raises Refusal, and writes nothing, if it cannot."""
    warnings.simplefilter("ignore", DirtyLocalWarning)
    try:
        run_copy(
            str(TEMPLATE), destination, data=answers, defaults=defaults, vcs_ref="HEAD", quiet=True
        )
    except (CopierError, ValueError, FilterArgumentError) as error:
        sentence = re.sub(r"^Validation error for question '(\w+)': ", r"\1: ", str(error))
        raise Refusal(sentence) from error
    except KeyboardInterrupt as stop:
        raise Refusal("Stopped; nothing was written.") from stop


def main() -> None:
    """Generate, then set up and test."""
    try:
        if len(sys.argv) < 2 or not sys.argv[1]:
            raise Refusal("Say where the app goes: make new DEST=../my-app")
        arguments = Arguments().parse_args()
        destination = Path(arguments.destination)
        refuse_to_overwrite(destination)
        answers = read_answers(arguments)
        print(f"Generating {destination} ...", flush=True)
        generate(destination, answers, arguments.defaults or not sys.stdin.isatty())
    except Refusal as refusal:
        sys.exit(str(refusal))
    post_generation.set_up(destination)


if __name__ == "__main__":
    main()
