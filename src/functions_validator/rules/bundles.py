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


@rule("AF508", Severity.ERROR, "There is no such extension bundle")
def no_bundle(project: Project) -> Iterator[Problem]:
    """The bundle has the extensions of all triggers but HTTP and timer. The host does not start, or finds
    no trigger, if the bundle's id or version range is wrong. A range is `[4.*, 5.0.0)`: from the
    first, and below the second.

    Write the id and the range of the documentation.
    """
    host = host_object(project)
    bundle = bundle_of(host)
    if host is None or bundle is None:
        return
    key, content = bundle
    ids = {name.lower(): name for name in ("id", "version")}
    fields = {ids[k.lower()]: (k, v) for k, v in content.items() if k.lower() in ids}
    written, name = fields.get("id", ("", None))
    if not isinstance(name, str) or name.lower() not in [known.lower() for known in TABLE["ids"]]:
        message = f'There is no bundle "{name}".' if name else "The bundle has no id."
        yield Problem(host.place(key, written), message, f'Write "id": "{BUNDLE}".')
        return
    written, version = fields.get("version", ("", None))
    if majors(version, TABLE["newest"]) is None and name.lower() != TABLE["ids"][-1].lower():
        message = f'No bundle is in the range "{version}".' if version else "It has no version."
        yield Problem(host.place(key, written), message, 'Write "version": "[4.*, 5.0.0)".')


def today() -> datetime.date:
    """Return the day, which tests set."""
    return datetime.date.today()


@rule("AF509", Severity.WARNING, "The extension bundle is no longer supported")
def old_bundle(project: Project) -> Iterator[Problem]:
    """Microsoft mends nothing in a bundle after its end of support, and the current worker is not tested
    with it.

    Write `"version": "[4.*, 5.0.0)"`, and read the breaking changes of the extensions that you use.
    """
    host = host_object(project)
    bundle = bundle_of(host)
    if host is None or bundle is None:
        return
    key, content = bundle
    for name, version in content.items():
        allowed = majors(version, TABLE["newest"]) if name.lower() == "version" else None
        end = TABLE["ends"].get(str(allowed[1])) if allowed else None
        if allowed and end and today() > datetime.date.fromisoformat(end):
            message = f"The support of bundle {allowed[1]} ended on {end}."
            yield Problem(host.place(key, name), message, 'Write "version": "[4.*, 5.0.0)".')


@rule("AF510", Severity.ERROR, "host.json has no extension bundle")
def needs_bundle(project: Project) -> Iterator[Problem]:
    """The host itself has HTTP and timer triggers only. The extensions of all others come with the bundle;
    without it the host says that their type is not registered, and the functions do not start.

    Add the `extensionBundle` to `host.json`.
    """
    host = host_object(project)
    if host is None or any(key.lower() == "extensionbundle" for key in host.value):
        return
    if any(name.startswith("extensions.") for name in _names_beside(project)):
        return
    for function in project.certain_functions:
        for binding in function.bindings:
            if binding.type and binding.type not in TABLE["without"]:
                message = f"host.json has no extensionBundle, which {function.label} needs for its "
                fix = f'Add extensionBundle, with the id "{BUNDLE}".'
                close = meant(BUNDLE_KEY, host.value) or ""
                yield Problem(host.place(close), f"{message}{binding.type}.", fix)
                return


def _names_beside(project: Project) -> list[str]:
    """Return the files with extensions that are installed without a bundle."""
    folders = (project.root, project.root / "bin")
    return [path.name for folder in folders for path in folder.glob("extensions.*")]


@rule("AF511", Severity.ERROR, "A binding is in the preview bundle only")
def needs_preview(project: Project) -> Iterator[Problem]:
    """The extensions for Azure OpenAI, connectors, Kusto and MongoDB are in the bundle
    `Microsoft.Azure.Functions.ExtensionBundle.Preview` only: with the other, the host says that their type
    is not registered.

    Name the preview bundle in `host.json`.
    """
    host = host_object(project)
    bundle = bundle_of(host)
    if host is None or bundle is None or bundle[1].get("id") != BUNDLE:
        return
    for function in project.certain_functions:
        for binding in function.bindings:
            if binding.type.startswith(tuple(TABLE["preview"])):
                message = f"{function.label} needs {binding.type}, which the bundle does not have."
                fix = f'Write "id": "{BUNDLE}.Preview".'
                yield Problem(host.place(bundle[0], "id"), message, fix)
                return


RULES = (no_bundle, old_bundle, needs_bundle, needs_preview)
