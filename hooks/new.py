"""Generate a project, set it up and test it: what `make new DEST=... ARGS=...` runs.

    python -m hooks.new DEST [--data ANSWER=VALUE]... [--data-file FILE] [--defaults] [--vcs-ref REF]

At a terminal it asks Copier's questions; elsewhere it takes the defaults. Like `copier copy`, it takes
the newest release of the template, unless that does not take the answers, or REF says otherwise. Where
an earlier run was stopped after it had generated the project, it sets that project up.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import yaml
from copier import run_copy
from copier.errors import CopierAnswersInterrupt, CopierError, CopierWarning
from jinja2.exceptions import FilterArgumentError

from hooks import destinations, origin, output, post_generation, shell, workspaces
from hooks.destinations import Refusal

# The repository of the template.
ROOT = Path(__file__).resolve().parents[1]
ROOT_FILES = Path("tools", "root_files.py")


class RefusedAnswers(Refusal):
    """The template does not take the answers."""


class Arguments(argparse.ArgumentParser):
    """The arguments of `make new` after the destination; a wrong one raises Refusal."""

    def __init__(self) -> None:
        super().__init__(prog="make new", description=__doc__)
        self.add_argument("-d", "--data", action="append", default=[])
        self.add_argument("--data-file", type=Path)
        self.add_argument("-l", "--defaults", action="store_true")
        self.add_argument("-r", "--vcs-ref", default="")

    def error(self, message: str) -> NoReturn:
        """Raise Refusal instead of printing the usage."""
        raise Refusal(f"ARGS: {message}.")


class UniqueKeys(yaml.SafeLoader):
    """Reads YAML, but refuses a mapping that has a key twice, where YAML would keep only the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping. Raises ConstructorError for a name that is there twice."""
        mapping = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            names = [key.value for key, _ in node.value]
            for position, (key, _) in enumerate(node.value):
                # Others, such as on and yes, are equal only as YAML reads them; the template refuses those.
                if key.value in names[:position]:
                    problem = f"{key.value} is listed twice"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
        return mapping


def read_answers(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the answers that were given. Raises Refusal for one without a value, or with two."""
    given: dict[str, str] = {}
    for answer in arguments.data:
        name, equals, value = answer.partition("=")
        if not equals:
            raise Refusal(f"ARGS: Write --data NAME=VALUE, not --data {answer}.")
        if name in given:
            raise Refusal(f"ARGS: {name} is given twice.")
        given[name] = value
    return {**(read_answers_file(arguments.data_file) if arguments.data_file else {}), **given}


def read_answers_file(path: Path) -> dict[str, Any]:
    """Return the answers in a YAML file. Raises Refusal if it cannot be read, or has no mapping."""
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.load(text, UniqueKeys)
    except yaml.MarkedYAMLError as error:
        raise Refusal(_unreadable(path, text, error)) from error
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refusal(f"{path} is not in UTF-8. Save it in UTF-8.") from error
    except (ValueError, yaml.YAMLError) as error:
        raise Refusal(f"{path} is not a YAML mapping of answers.") from error
    if not isinstance(content, dict | None):
        raise Refusal(f"{path} is not a YAML mapping of answers.")
    for name in content or {}:
        if not isinstance(name, str):
            raise Refusal(f"{path} cannot be used: {name} is not the name of a question.")
    return content or {}


def _unreadable(path: Path, text: str, error: yaml.MarkedYAMLError) -> str:
    """Return in which line of a file YAML finds what it cannot read."""
    problem = str(error.problem)
    if problem.startswith("but "):
        problem = f"{error.context}, {problem}"
    if error.problem_mark is None:
        return f"{path} cannot be used: {problem}."
    # What is missing at the end is below the last line.
    line = min(error.problem_mark.line + 1, len(text.splitlines()))
    return f"Line {line} of {path} cannot be used: {problem}."


def generate_newest(destination: Path, answers: dict[str, Any], options: argparse.Namespace) -> str:
    """Generate from what was asked for, else from the newest release if it takes the answers; return which.

    Raises Refusal, and writes nothing, if it cannot.
    """
    defaults = options.defaults or not sys.stdin.isatty()
    release = "" if options.vcs_ref else origin.release_before_head(ROOT)
    if release:
        try:
            generate_from_release(destination, answers, release, defaults=defaults)
            return release
        except RefusedAnswers:
            print(
                f"Release {release} does not take these answers. Generating from the last commit.",
                flush=True,
            )
    ref = options.vcs_ref or origin.HEAD
    if ref == origin.HEAD:
        for line in origin.warnings_of(ROOT):
            print(line, flush=True)
    generate(destination, answers, ref, defaults=defaults)
    return ref


def generate_from_release(
    destination: Path, answers: dict[str, Any], release: str, *, defaults: bool
) -> None:
    """Generate from a release that is older than the last commit. Raises Refusal, and writes nothing, if it cannot."""
    print(
        f"Generating from the newest release, {release}. To use the last commit, which is ahead of it,"
    )
    print("add `--vcs-ref HEAD` to ARGS.", flush=True)
    # The first release ignores answers to questions that it does not have.
    needed = {*answers}
    if workspaces.workspace_of(destination):
        needed.add("package_manager")
    if not needed <= origin.questions(ROOT, release):
        raise RefusedAnswers
    generate(destination, answers, release, defaults=defaults)


def generate(
    destination: Path, answers: Mapping[str, Any], ref: str, *, defaults: bool = True
) -> None:
    """Copy a version of the template, and ask nothing by default. Raises Refusal, and writes nothing, if it cannot."""
    warnings.simplefilter("ignore", CopierWarning)
    workspace = workspaces.workspace_of(destination)
    try:
        with destinations.restored_on_failure(destination):
            run_copy(
                str(ROOT),
                destination,
                data=dict(answers),
                defaults=defaults,
                overwrite=destination.exists(),
                vcs_ref=ref,
                quiet=True,
                user_defaults={"package_manager": "uv"} if workspace else {},
            )
            if workspace:
                workspaces.refuse_a_member_without_uv(destination, workspace)
    except (KeyboardInterrupt, CopierAnswersInterrupt) as stop:
        raise Refusal("Stopped; nothing was written.") from stop
    except (CopierError, ValueError, TypeError, yaml.YAMLError, FilterArgumentError) as error:
        raise RefusedAnswers(one_sentence(str(error))) from error
    except OSError as error:
        raise Refusal(f"{destination} cannot be written: {error.strerror}.") from error


def one_sentence(error: str) -> str:
    """Return an error of Copier on one line: the whole reason for an answer, else its first line."""
    reason = re.match(r"Validation error for question '(\w+)': (?:Choose again\.\n)?", error)
    if reason is None:
        return error.partition("\n")[0]
    return f"{reason[1]}: {' '.join(error[reason.end() :].splitlines())}"


def make(destination: Path, options: argparse.Namespace) -> bool:
    """Generate a project unless an earlier run did; return whether it is new. Raises Refusal."""
    answers = read_answers(options)
    if destinations.is_unfinished(destination):
        refuse_other_answers(destination, answers)
        print(f"{destination} is already generated. Setting it up ...", flush=True)
        return False
    replaced = destinations.replaceable(destination, ROOT)
    if folder := destinations.folder_in_repository(destination):
        answers.setdefault("app_folder", folder)
    ref = generate_newest(destination, answers, options)
    print(f"Generated {destination}.", flush=True)
    if changed := destinations.changed(destination, replaced):
        print(f"Replaced {', '.join(changed)}: `git diff` shows what was there.", flush=True)
    origin.record(ROOT, destination, ref)
    if (destination / ROOT_FILES).exists():
        write_root_files(destination)
    return True


def write_root_files(destination: Path) -> None:
    """Write what belongs to the root of the repository around a project, and say so."""
    print("In the root of its repository:", flush=True)
    subprocess.run([sys.executable, destination / ROOT_FILES], check=False)


def refuse_other_answers(destination: Path, answers: Mapping[str, Any]) -> None:
    """Raise Refusal if a project was generated with other answers than those that are given now."""
    saved = post_generation.read_answers(destination)
    for name, answer in answers.items():
        value = yaml.safe_load(answer) if isinstance(answer, str) else answer
        if name in saved and saved[name] not in (answer, value):
            raise Refusal(
                f"{destination} is already generated with another {name}. Choose another DEST, or "
                f"delete that folder."
            )


def main() -> None:
    """Generate, then set up and test."""
    output.show_every_character()
    with output.written("A file, or what is printed,"):
        generate_and_set_up()


def generate_and_set_up() -> None:
    """Do what the arguments of the process say. Exits with a sentence if it cannot."""
    try:
        folder = destinations.from_arguments("Name a folder for the app: make new DEST=../my-app")
        options = Arguments().parse_args(sys.argv[2:])
        # Path.expanduser() raises an error for a user that does not exist.
        destination = Path(os.path.expanduser(folder))
        if not destination.parent.exists():
            # Copier would also create the folder new in new/../app.
            whole = destination.resolve()
            destination = whole if destination.is_absolute() else Path(os.path.relpath(whole))
        is_new = make(destination, options)
    except Refusal as refusal:
        sys.exit(str(refusal))
    try:
        post_generation.set_up(destination, is_new=is_new)
    except KeyboardInterrupt:
        sys.exit(f"Stopped. {how_to_go_on(folder)}")
    except SystemExit as failure:
        sys.exit(f"{failure}\n\n{how_to_go_on(folder)}")


def how_to_go_on(destination: str) -> str:
    """Return what to do with a project that is generated, but not set up."""
    command = f"make new DEST={shlex.quote(destination)}"
    if shell.IS_WINDOWS:
        command = shell.python_module("hooks.new", destination)
    return f"The app is generated, but not set up and tested. To continue, run: {command}"


if __name__ == "__main__":
    main()
