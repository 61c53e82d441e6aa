"""The functions that host.json lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...model import Place, Problem, Severity
from ...project.durable import all_is_known
from ...project.host_options import all_given, decided_elsewhere
from ...project.http_routes import web_app
from ...project.project import Project
from ...sources.import_graph import UNKNOWN
from ...typos import similar_name
from ..rule import rule

# How alike a name is to the name of a function that may be meant.
ALIKE = 0.5


@rule("AF515", Severity.WARNING, "host.json names a function that the app does not have")
def absent_functions(project: Project) -> Iterator[Problem]:
    """Yield a list of functions to run with names that no function has."""
    listed = _listed(project)
    names = _names(project) if listed else None
    if not names or decided_elsewhere(project, ("functions",)):
        return
    known = {name.lower() for name in names}
    for name, place in listed:
        if not isinstance(name, str) or name.lower() in known:
            continue
        message = (
            f'The host runs only the functions in this list, and the app has none called "{name}".'
        )
        example = similar_name(name, names, ALIKE) or names[0]
        fix = f"Write the names of functions, such as {example}, or delete the list."
        yield Problem(place, message, fix)


def _listed(project: Project) -> Sequence[tuple[object, Place]]:
    """Return the list with the places of its items, which settings such as `functions__0` replace or add.

    It is empty if it is not known.
    """
    found: dict[int, tuple[object, Place]] = {}
    for one in all_given(project):
        if one.lowered[0] != "functions":
            continue
        if len(one.keys) == 1 and isinstance(one.value, list):
            found.update((index, (name, one.place)) for index, name in enumerate(one.value))
        elif len(one.keys) == 2 and one.keys[1].isdecimal():
            found[int(one.keys[1])] = (one.value, one.place)
        else:
            return []
    return list(found.values())


def _names(project: Project) -> list[str] | None:
    """Return the names of all functions; None if only the running app knows one."""
    web = web_app(project)
    names = [function.name for function in project.functions]
    if web:
        names.append(web.http.name if web.http else UNKNOWN)
    known = [name for name in names if isinstance(name, str)]
    return known if len(known) == len(names) and all_is_known(project) else None


RULES = (absent_functions,)
