"""The extension bundle that host.json names."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ..data import read_table
from ..model import Problem, Severity
from ..project.host_options import BUNDLE_KEY, bundle_of, host_object
from ..project.project import Project
from ..project.typos import meant
from ..project.version_ranges import majors
from .rule import rule

TABLE = read_table("host_json")["bundles"]
BUNDLE = TABLE["ids"][0]
RANGE = "[4.*, 5.0.0)"


@rule("AF508", Severity.ERROR, "The extension bundle does not exist")
def no_bundle(project: Project) -> Iterator[Problem]:
    """Yield the id or the version of a bundle that does not exist."""
    host = host_object(project)
    bundle = bundle_of(host)
    if host is None or bundle is None:
        return
    key, content = bundle
    ids = {name.lower(): name for name in ("id", "version")}
    fields = {ids[k.lower()]: (k, v) for k, v in content.items() if k.lower() in ids}
    written, name = fields.get("id", ("", None))
    if not isinstance(name, str) or name.lower() not in [known.lower() for known in TABLE["ids"]]:
        missing = f'There is no extension bundle with the id "{name}".'
        message = missing if name else "The extensionBundle has no id."
        yield Problem(host.place(key, written), message, f'Set "id": "{BUNDLE}".')
        return
    written, version = fields.get("version", ("", None))
    if majors(version, TABLE["newest"]) is None and name.lower() != TABLE["ids"][-1].lower():
        missing = f'There is no extension bundle in the range "{version}".'
        message = missing if version else "The extensionBundle has no version."
        yield Problem(host.place(key, written), message, f'Set "version": "{RANGE}".')


def today() -> datetime.date:
    """Return the current date; tests replace this function."""
    return datetime.date.today()


@rule("AF509", Severity.WARNING, "The extension bundle is no longer supported")
def old_bundle(project: Project) -> Iterator[Problem]:
    """Yield the version of a bundle whose support has ended."""
    host = host_object(project)
    bundle = bundle_of(host)
    if host is None or bundle is None:
        return
    key, content = bundle
    for name, version in content.items():
        allowed = majors(version, TABLE["newest"]) if name.lower() == "version" else None
        end = TABLE["ends"].get(str(allowed[1])) if allowed else None
        if allowed and end and today() > datetime.date.fromisoformat(end):
            message = f"Support for version {allowed[1]} of the extension bundle ended on {end}."
            yield Problem(host.place(key, name), message, f'Set "version": "{RANGE}".')


@rule("AF510", Severity.ERROR, "host.json has no extension bundle")
def needs_bundle(project: Project) -> Iterator[Problem]:
    """Yield a problem if a binding needs a bundle and host.json has none."""
    host = host_object(project)
    if host is None or any(key.lower() == "extensionbundle" for key in host.value):
        return
    if any(name.startswith("extensions.") for name in _names_beside(project)):
        return
    for function in project.certain_functions:
        for binding in function.bindings:
            if binding.type and binding.type not in TABLE["without"]:
                message = f"The {binding.type} of {function.label} needs an extension bundle."
                fix = f'Add an extensionBundle with the id "{BUNDLE}" and the version "{RANGE}".'
                close = meant(BUNDLE_KEY, host.value) or ""
                yield Problem(host.place(close), message, fix)
                return


def _names_beside(project: Project) -> list[str]:
    """Return the files that show extensions installed without a bundle."""
    folders = (project.root, project.root / "bin")
    return [path.name for folder in folders for path in folder.glob("extensions.*")]


@rule("AF511", Severity.ERROR, "A binding needs the preview bundle")
def needs_preview(project: Project) -> Iterator[Problem]:
    """Yield a problem if a binding needs the preview bundle and host.json has the other."""
    host = host_object(project)
    bundle = bundle_of(host)
    if host is None or bundle is None or bundle[1].get("id") != BUNDLE:
        return
    for function in project.certain_functions:
        for binding in function.bindings:
            if binding.type.startswith(tuple(TABLE["preview"])):
                message = f"The {binding.type} of {function.label} is only in the preview bundle."
                fix = f'Set "id": "{BUNDLE}.Preview".'
                yield Problem(host.place(bundle[0], "id"), message, fix)
                return


RULES = (no_bundle, old_bundle, needs_bundle, needs_preview)
