"""The functions that host.json lists."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Problem, Severity
from ..project.durable import all_is_known
from ..project.host_options import all_given
from ..project.http_routes import web_app
from ..project.import_graph import UNKNOWN
from ..project.project import Project
from ..project.typos import meant
from .rule import rule

# How alike a name is to that of a function which may be meant.
ALIKE = 0.5


@rule("AF515", Severity.WARNING, "host.json names a function that the app does not have")
def absent_functions(project: Project) -> Iterator[Problem]:
    """Yield a list of functions to run with names that no function has."""
    given = [one for one in all_given(project) if one.lowered[0] == "functions"]
    listed = given[0].value if len(given) == 1 else None
    names = _names(project) if isinstance(listed, list) else None
    if not names or not isinstance(listed, list):
        return
    known = {name.lower() for name in names}
    for name in listed:
        if not isinstance(name, str) or name.lower() in known:
            continue
        message = (
            f'The host runs only the functions in this list, and the app has none called "{name}".'
        )
        example = meant(name, names, ALIKE) or names[0]
        fix = f"Write the names of functions, such as {example}, or delete the list."
        yield Problem(given[0].place, message, fix)


def _names(project: Project) -> list[str] | None:
    """Return the names of all functions; None if only the running app knows one."""
    web = web_app(project)
    names = [function.name for function in project.functions]
    if web:
        names.append(web.http.name if web.http else UNKNOWN)
    known = [name for name in names if isinstance(name, str)]
    return known if len(known) == len(names) and all_is_known(project) else None


RULES = (absent_functions,)
