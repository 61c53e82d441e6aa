"""The extension bundle that host.json names."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from ... import clock
from ...files.json_file import JsonFile
from ...model import Problem, Severity
from ...project.bundle import PREVIEW, STABLE, TABLE, WORKFLOWS, Bundle, bundle_of
from ...project.host_options import BUNDLE_KEY, host_object
from ...project.host_values import shown
from ...project.project import Project
from ...typos import misspelled
from ..rule import rule

RANGE = "[4.*, 5.0.0)"


@rule("AF508", Severity.ERROR, "The extension bundle does not exist")
def no_bundle(project: Project) -> Iterator[Problem]:
    """Yield the id or the version of a bundle that does not exist."""
    bundle = bundle_of(project)
    if bundle is None:
        return
    name, version = bundle.get("id"), bundle.get("version")
    if bundle.id is None:
        missing = f"There is no extension bundle with the id {shown(name)}."
        message = missing if name else "The extensionBundle has no id."
        yield _wrong(bundle, "id", message, STABLE)
    elif bundle.newest is None and bundle.id != WORKFLOWS:
        missing = f"There is no extension bundle in the range {shown(version)}."
        message = missing if version else "The extensionBundle has no version."
        yield _wrong(bundle, "version", message, RANGE)


def _wrong(bundle: Bundle, name: str, message: str, right: str) -> Problem:
    """Return a problem with the id or the version of a bundle, whose name may be misspelled."""
    other = misspelled(name, bundle.content) if bundle.get(name) is None else None
    fix = f'Change "{other}" to' if other and other.lower() != name else "Set"
    return Problem(bundle.place(other or name), message, f'{fix} "{name}": "{right}".')


@rule("AF509", Severity.WARNING, "The extension bundle is no longer supported")
def old_bundle(project: Project) -> Iterator[Problem]:
    """Yield the version of a bundle whose support has ended."""
    bundle = bundle_of(project)
    end = TABLE["ends"].get(str(bundle.newest)) if bundle else None
    if bundle and end and clock.today() > datetime.date.fromisoformat(end):
        message = f"Support for version {bundle.newest} of the extension bundle ended on {end}."
        yield Problem(bundle.place("version"), message, f'Set "version": "{RANGE}".')


@rule("AF510", Severity.ERROR, "host.json has no extension bundle")
def needs_bundle(project: Project) -> Iterator[Problem]:
    """Yield a problem if a binding needs a bundle and host.json has none."""
    host = host_object(project)
    if host is None or any(key.lower() == BUNDLE_KEY.lower() for key in host.value):
        return
    if any(name.startswith("extensions.") for name in _names_beside(project)):
        return
    for function in project.certain_functions:
        for binding in function.bindings:
            if binding.type and binding.type not in TABLE["without"]:
                message = f"The {binding.type} of {function.label} needs an extension bundle."
                fix = f'Add an extensionBundle with the id "{STABLE}" and the version "{RANGE}".'
                if other := _misnamed(host):
                    what = f"Move {other[-1]} from {other[0]} to the root"
                    fix = f"{what}." if other[1:] else f'Change "{other[0]}" to "{BUNDLE_KEY}".'
                yield Problem(host.place(*other), message, fix)
                return


def _misnamed(host: JsonFile) -> Sequence[str]:
    """Return the keys of a bundle that has another name, or that is among the extensions."""
    for key, content in host.value.items():
        if isinstance(content, dict):
            if str(content.get("id")).lower().startswith(STABLE.lower()):
                return (key,)
            below = [one for one in content if one.lower() == BUNDLE_KEY.lower()]
            if below:
                return key, below[0]
    close = misspelled(BUNDLE_KEY, host.value)
    return (close,) if close else ()


def _names_beside(project: Project) -> list[str]:
    """Return the files that show extensions installed without a bundle."""
    folders = (project.root, project.root / "bin")
    return [path.name for folder in folders for path in folder.glob("extensions.*")]


@rule("AF511", Severity.ERROR, "A binding needs the preview bundle")
def needs_preview(project: Project) -> Iterator[Problem]:
    """Yield a problem if a binding needs the preview bundle and host.json has the other."""
    bundle = bundle_of(project)
    if bundle is None or bundle.id != STABLE:
        return
    for function in project.certain_functions:
        for binding in function.bindings:
            if binding.type.startswith(tuple(TABLE["preview"])):
                message = f"The {binding.type} of {function.label} is only in the preview bundle."
                yield Problem(bundle.place("id"), message, f'Set "id": "{PREVIEW}".')
                return


RULES = (no_bundle, old_bundle, needs_bundle, needs_preview)
