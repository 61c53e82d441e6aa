"""Steps of GitHub workflows that lose .python_packages, since its name begins with a dot."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..files.commented_file import Source
from ..files.content import mapping
from ..files.placed_json import Text
from ..model import Place
from ..pattern import Pattern
from .commands import commands
from .jobs import DOWNLOAD, PACKAGES, UPLOAD, Job, jobs_of

# Since version 4.4, hidden files are not uploaded by default.
UPLOAD_VERSION = Pattern(rf"{UPLOAD}v(\d+)(?:\.(\d+)(?:\.\d+)?)?")
ARCHIVES = (".zip", ".tar", ".gz", ".tgz")
# A command that packs files, at the start of a line or after another one.
ZIP = Pattern(r"(?:^|&&|;)[ \t]*zip(?=\s)", re.MULTILINE, ("zip",))
STAR = Pattern(r"(?:.*/)?\*", parts=("*",))


class Loss(NamedTuple):
    """Where packages are left out, and how to keep them."""

    place: Place
    fix: str


def losses(source: Source, publishing: Sequence[object]) -> Iterator[Loss]:
    """Yield the steps that keep the packages from a step that publishes the app."""
    if PACKAGES not in source.text or "dotglob" in source.text:
        return
    jobs = list(jobs_of(source))
    with_packages = [job for job in jobs if job.has_packages]
    for job in jobs:
        if not job.has_any_of(publishing):
            continue
        if job.has_packages:
            yield from _zips(source)
            continue
        for download in job.using(DOWNLOAD):
            name = mapping(download.get("with")).get("name")
            yield from _uploads(with_packages, name)
            yield from _zips(source)


def _uploads(jobs: Sequence[Job], name: object) -> Iterator[Loss]:
    """Yield uploads of folders without their hidden files; `name` is the artifact's name, if it is known."""
    for job in jobs:
        for step in job.using(UPLOAD):
            uses, given = step["uses"], mapping(step.get("with"))
            if name is not None and given.get("name") != name:
                continue
            if not isinstance(uses, Text) or not _leaves_out_hidden(uses, given):
                continue
            lines = map(str.strip, job.value(str(given.get("path"))).split("\n"))
            paths = [line for line in lines if not line.startswith("!")]
            if not any("${" in path or path.endswith(ARCHIVES) for path in paths):
                yield Loss(uses.place, "Add include-hidden-files: true to its inputs.")


def _leaves_out_hidden(uses: str, given: Mapping[str, object]) -> bool:
    found = UPLOAD_VERSION.fullmatch(uses.partition(" ")[0])
    if found is None or str(given.get("include-hidden-files", "false")).lower() != "false":
        return False
    return (int(found[1]), int(found[2] or 99)) >= (4, 4)


def _zips(source: Source) -> Iterator[Loss]:
    """Yield the only command that makes a package, if it packs only what `*` stands for in a shell."""
    found = list(commands(source, ZIP))
    if len(found) != 1:
        return
    try:
        words = shlex.split(found[0].text.partition("zip")[2].partition("&&")[0])
    except ValueError:
        return
    named = [word for word in _before_exclusions(words) if not word.startswith("-")]
    stars = [one for one in named[1:] if STAR.fullmatch(one)]
    if stars and stars == named[1:]:
        folders = " ".join(one.removesuffix("*").rstrip("/") or "." for one in stars)
        fix = f"Write zip -r {named[0]} {folders}, since a shell leaves hidden files out of *."
        yield Loss(found[0].place, fix)


def _before_exclusions(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        if word in ("-x", "--exclude", "-i", "--include"):
            return
        yield word
