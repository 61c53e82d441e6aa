"""Generate a project, set it up and test it: what `make new DEST=... ARGS=...` runs.

    python -m hooks.new DEST [--data ANSWER=VALUE]... [--data-file FILE] [--defaults]

At a terminal it asks Copier's questions; elsewhere it takes the defaults.
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
    """The request cannot be carried out; the message is the sentence that the user reads."""


class Arguments(argparse.ArgumentParser):
    """The arguments of `make new`; a wrong one raises Refusal."""

    def __init__(self) -> None:
        super().__init__(prog="make new", description=__doc__)
        self.add_argument("destination")
        self.add_argument("-d", "--data", action="append", default=[])
        self.add_argument("--data-file", type=Path)
        self.add_argument("-l", "--defaults", action="store_true")

    def error(self, message: str) -> NoReturn:
        """Raise Refusal instead of printing the usage."""
        raise Refusal(f"ARGS: {message}.")


class UniqueKeys(yaml.SafeLoader):
    """Reads YAML, but refuses a mapping with a duplicate key, of which YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping; raise ConstructorError for the second of two equal keys."""
        mapping = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            names = [key.value for key, _ in node.value]
            twice = next(name for name in names if names.count(name) > 1)
            raise yaml.constructor.ConstructorError(None, None, f"{twice} is listed twice")
        return mapping


def refuse_destination(destination: Path) -> None:
    """Raise Refusal unless the destination is outside of the template and free or an empty folder."""
    if TEMPLATE in [destination.resolve(), *destination.resolve().parents]:
        raise Refusal(
            f"{destination} is inside the template. Choose another DEST, such as ../my-app."
        )
    try:
        taken = destination.is_symlink() or destination.exists()
        if taken and not (destination.is_dir() and not any(destination.iterdir())):
            raise Refusal(f"{destination} already exists and is not empty. Choose another DEST.")
    except OSError as error:
        raise Refusal(f"{destination} cannot be written: {error.strerror}.") from error


def read_answers(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the answers that were given. Raises Refusal for one without a value."""
    answers = read_file(arguments.data_file) if arguments.data_file else {}
    for answer in arguments.data:
        name, equals, value = answer.partition("=")
        if not equals:
            raise Refusal(f"ARGS: Write --data NAME=VALUE, not --data {answer}.")
        answers[name] = value
    return answers


def read_file(path: Path) -> dict[str, Any]:
    """Return the answers in a YAML file. Raises Refusal if it has no mapping."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), UniqueKeys)
    except yaml.constructor.ConstructorError as error:
        raise Refusal(f"{path} cannot be used: {error.problem}.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise Refusal(f"{path} is not a YAML mapping of answers.") from error
    if not isinstance(content, dict | None):
        raise Refusal(f"{path} is not a YAML mapping of answers.")
    return content or {}


def warn_of_changes() -> None:
    """Print a warning if the template has uncommitted changes, since updates start from a commit."""
    try:
        status = subprocess.run(
            ["git", "status", "--porcelain"], cwd=TEMPLATE, capture_output=True, check=False
        )
    except OSError:
        return
    if status.stdout:
        print(
            "The template has uncommitted changes. Commit them first if you want to update the app"
        )
        print("with `copier update` later.")


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
            raise Refusal("Name a folder for the app: make new DEST=../my-app")
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
