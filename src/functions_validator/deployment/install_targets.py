"""Steps that install packages into another folder than the one that is published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..files.commented_file import Source
from ..files.placed_json import Text
from ..model import Place
from ..pattern import Pattern
from .jobs import PACKAGES, Job, jobs_of
from .known_steps import SCRIPTS, places_nothing
from .published import TOP, path_in_repository, published

# Such as `pip install -r requirements.txt --target api/.python_packages/lib/site-packages`, with the folder `api`.
TARGET = Pattern(
    r"\binstall\b(?:[^\n]|\\\n)*?\s(?:-t|--target)[ =]*[\"']?([^\"'\n]*?)/?\.python_packages/",
    parts=(PACKAGES,),
)


class Target(NamedTuple):
    """The folder of the repository into which a command installs packages; None if it is not known."""

    folder: str | None
    place: Place


def outside(source: Source, publishing: Sequence[object], app: str) -> Iterator[Place]:
    """Yield commands that install packages outside of the folder of the app, if a job then publishes that folder.

    `publishing` has the steps that publish it as it is.
    """
    jobs = list(jobs_of(source))
    for job in jobs:
        found = [one for one in published(job) if one.is_published(jobs)]
        archives = publishing and any(one.archive for one in found)
        if not (archives or job.has_any_of(publishing)):
            continue
        folders = {one.folder for one in found if not str(one.folder).endswith(".zip")}
        targets = list(_targets(job))
        installed = {target.folder for target in targets}
        # Another mention of the packages may move them.
        is_known = source.text.count(PACKAGES) == len(targets) and None not in installed
        is_outside = folders - {None} == {app} and targets and app not in installed
        if is_known and is_outside and places_nothing(job, source):
            yield targets[0].place


def _targets(job: Job) -> Iterator[Target]:
    for step in job.steps:
        for script in (step.get(key) for key in SCRIPTS):
            if isinstance(script, Text):
                yield from _in_script(job, script, job.folder_of(step))


def _in_script(job: Job, script: Text, here: str) -> Iterator[Target]:
    """Yield the targets of the commands in a script, which starts in a folder."""
    for match in TARGET.finditer(script):
        path = match[1] if TOP.match(match[1]) else f"{here}/{match[1]}"
        start = script.source.text.find(match[0], script.offset, script.end)
        yield Target(
            path_in_repository(job, path), script.place if start < 0 else script.source.place(start)
        )
