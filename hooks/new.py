"""Generate a project, set it up and test it: what `make new DEST=... ARGS=...` runs.

    python -m hooks.new DEST [--data ANSWER=VALUE]... [--data-file FILE] [--defaults]

Asks Copier's questions at a terminal, and takes the defaults elsewhere.
"""

import argparse
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn

import yaml
from copier import run_copy
from copier.errors import CopierError, CopierWarning
from jinja2.exceptions import FilterArgumentError

from hooks import post_generation

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


class UniqueKeys(yaml.SafeLoader):
    """Reads YAML, but refuses a mapping that has a key twice, of which YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping; raise ConstructorError for the second of two equal keys."""
        mapping = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            names = [key.value for key, _ in node.value]
            twice = next(name for name in names if names.count(name) > 1)
            raise yaml.constructor.ConstructorError(None, None, f"{twice} stands there twice")
        return mapping


def refuse_destination(destination: Path) -> None:
    """Raise Refusal unless the destination, outside of the template, is free or an empty folder."""
    if TEMPLATE in [destination.resolve(), *destination.resolve().parents]:
        raise Refusal(f"{destination} is inside the template: choose another DEST, as ../my-app.")
    try:
        taken = destination.is_symlink() or destination.exists()
        if taken and not (destination.is_dir() and not any(destination.iterdir())):
            raise Refusal(
                f"{destination} is there already, and no empty folder: choose another DEST."
            )
    except OSError as error:
        raise Refusal(f"{destination} cannot be written: {error.strerror}.") from error


def read_answers(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the answers that were given. Raises Refusal for one that no question asks for."""
    answers = read_file(arguments.data_file) if arguments.data_file else {}
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


def read_file(path: Path) -> dict[str, Any]:
    """Return the answers in a YAML file. Raises Refusal if it holds no mapping."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), UniqueKeys)
    except yaml.constructor.ConstructorError as error:
        raise Refusal(f"{path} cannot be used: {error.problem}.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise Refusal(f"{path} is no YAML mapping of answers.") from error
    if not isinstance(content, dict | None):
        raise Refusal(f"{path} is no YAML mapping of answers.")
    return content or {}


def warn_of_changes() -> None:
    """Say so if the template has changes that no commit holds, since updates start from a commit."""
    try:
        status = subprocess.run(
            ["git", "status", "--porcelain"], cwd=TEMPLATE, capture_output=True, check=False
        )
    except OSError:
        return
    if status.stdout:
        print("The template has changes that are not committed: commit them first if the app is to")
        print("be brought up to date with `copier update` later.")


def generate(destination: Path, answers: dict[str, Any], defaults: bool) -> None:
    """Copy the template as it is checked out. Raises Refusal, and writes nothing, if it cannot."""
    warnings.simplefilter("ignore", CopierWarning)
    try:
        run_copy(
            str(TEMPLATE), destination, data=answers, defaults=defaults, vcs_ref="HEAD", quiet=True
        )
    except (CopierError, ValueError, TypeError, yaml.YAMLError, FilterArgumentError) as error:
        sentence = re.sub(r"^Validation error for question '(\w+)': ", r"\1: ", str(error))
        raise Refusal(sentence.partition("\n")[0]) from error
    except OSError as error:
        raise Refusal(f"{destination} cannot be written: {error.strerror}.") from error
    except KeyboardInterrupt as stop:
        raise Refusal("Stopped; nothing was written.") from stop


def main() -> None:
    """Generate, then set up and test."""
    try:
        if len(sys.argv) < 2 or not sys.argv[1]:
            raise Refusal("Say where the app goes: make new DEST=../my-app")
        arguments = Arguments().parse_args()
        destination = Path(arguments.destination).expanduser()
        refuse_destination(destination)
        answers = read_answers(arguments)
        warn_of_changes()
        print(f"Generating {destination} ...", flush=True)
        generate(destination, answers, arguments.defaults or not sys.stdin.isatty())
    except Refusal as refusal:
        sys.exit(str(refusal))
    post_generation.set_up(destination, is_new=True)


if __name__ == "__main__":
    main()
