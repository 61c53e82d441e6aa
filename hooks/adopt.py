"""Bring an existing function app under the template: what `make adopt DEST=... ARGS=...` runs.

    python -m hooks.adopt DEST [--data ANSWER=VALUE]... [--python PYTHON | --no-index] [--apply]

It proposes answers, generates the template's files in a temporary folder, and shows how they differ from the app's. With
--apply, it adds the files that the app lacks, and the answers file. It changes no file of the app.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hooks import destinations, new, origin, output, post_generation, shell
from hooks.adoption import existing_app, files, report
from hooks.adoption.plan import Plan, answers_of
from hooks.adoption.proposals import propose
from hooks.destinations import Refusal

ENTRY_STAYS = "function_app.py stays as it is. Leave this answer out."
FUNCTIONS_STAY = "The app's functions stay as they are. `copier update` can add others later."
# The answers that adopting decides itself.
DECIDED = {
    "functions": FUNCTIONS_STAY,
    "triggers": FUNCTIONS_STAY,
    "kept_files": "The files of the app stay as they are. Leave this answer out.",
    "web_framework": ENTRY_STAYS,
    # function_app.py would have to start it.
    "telemetry": ENTRY_STAYS,
}


def make_plan(folder: Path, options: argparse.Namespace, place: Path) -> Plan:
    """Read an app and generate the template's files in a place. Raises Refusal if it cannot be adopted."""
    given = new.read_answers(options)
    refuse_decided(given)
    index = None if options.no_index else existing_app.index_options(folder, options.python)
    app = existing_app.read(folder, index)
    proposals = propose(app)
    preview = place / folder.resolve().name
    ref = version_for(options)
    new.generate(preview, answers_of(app, proposals, given), ref)
    if (preview / files.EXAMPLE).exists():
        files.add_settings(app, preview / files.EXAMPLE)
    sorted_files = files.sort_files(app, preview)
    files.refuse_without_tools(app, sorted_files)
    files.refuse_without_requirements(sorted_files)
    found = files.check_files(app, sorted_files, preview)
    return Plan(app, proposals, given, found, preview, ref)


def version_for(options: argparse.Namespace) -> str:
    """Return the version of the template that was asked for, else the newest that can adopt apps."""
    release = origin.release_before_head(new.ROOT)
    adopts = release and "kept_files" in origin.questions(new.ROOT, release)
    return options.vcs_ref or (release if adopts else origin.HEAD)


def refuse_decided(given: Mapping[str, Any]) -> None:
    """Raise Refusal for an answer that adopting does not leave open."""
    for answer in given:
        if answer in DECIDED and given[answer] != "none":
            raise Refusal(f"{answer}: {DECIDED[answer]}")


def apply(plan: Plan) -> list[str]:
    """Add the files that the app lacks; return their paths. Raises Refusal, and adds nothing, if it cannot."""
    folder = plan.app.folder
    with tempfile.TemporaryDirectory() as place:
        rendered = Path(place, plan.preview.name)
        new.generate(rendered, plan.answers, plan.ref)
        if files.EXAMPLE in plan.files.added:
            files.add_settings(plan.app, rendered / files.EXAMPLE)
        origin.record(new.ROOT, rendered, plan.ref)
        added = [*plan.files.added, post_generation.ANSWERS]
        with removed_on_failure(folder, added):
            files.copy_files(rendered, added, folder)
    return added


@contextlib.contextmanager
def removed_on_failure(folder: Path, paths: Sequence[str]) -> Iterator[None]:
    """Remove files that were added if the block fails or is stopped."""
    parents = {folder / parent for path in paths for parent in Path(path).parents}
    missing = sorted((parent for parent in parents if not parent.exists()), reverse=True)
    try:
        yield
    except BaseException as failure:
        for path in paths:
            (folder / path).unlink(missing_ok=True)
        for parent in filter(Path.exists, missing):
            parent.rmdir()
        if isinstance(failure, OSError):
            raise Refusal(f"{failure.filename} cannot be written: {failure.strerror}.") from failure
        raise


def adopt(folder: Path, options: argparse.Namespace, command: str) -> None:
    """Show what adopting an app would do, or do it. Raises Refusal."""
    destinations.refuse_inside(folder, new.ROOT)
    existing_app.refuse_other_folders(folder)
    existing_app.refuse_without_git(folder)
    if options.apply:
        existing_app.refuse_changes(folder)
    place = Path(tempfile.mkdtemp(prefix="adopt-"))
    keep = False
    try:
        plan = make_plan(folder, options, place)
        if options.apply:
            warnings = origin.warnings_of(new.ROOT) if plan.ref == origin.HEAD else ()
            lines = [*warnings, *report.after(plan, apply(plan))]
        else:
            lines = [*report.before(plan, command)]
            keep = True
    finally:
        if not keep:
            shutil.rmtree(place, ignore_errors=True)
    show(lines)


def show(lines: Sequence[str]) -> None:
    """Print lines."""
    with output.written("The report"):
        print(*lines, sep="\n")


def command_to_apply(folder: str, arguments: Sequence[str]) -> str:
    """Return the command that does what was shown."""
    words = [*arguments, "--apply"]
    if shell.IS_WINDOWS:
        return shell.python_module("hooks.adopt", folder, words)
    return f"make adopt DEST={shlex.quote(folder)} ARGS={shlex.quote(shlex.join(words))}"


def main() -> None:
    """Show or adopt."""
    output.show_every_character()
    parser = new.Arguments()
    importing = parser.add_mutually_exclusive_group()
    importing.add_argument("--python")
    importing.add_argument("--no-index", action="store_true")
    parser.add_argument("--apply", action="store_true")
    try:
        folder = destinations.from_arguments(
            "Name the folder of the app: make adopt DEST=../old-app"
        )
        options = parser.parse_args(sys.argv[2:])
        command = command_to_apply(folder, sys.argv[2:])
        adopt(Path(os.path.expanduser(folder)), options, command)
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit("Stopped; nothing was written.")


if __name__ == "__main__":
    main()
