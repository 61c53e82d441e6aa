"""Files that the app opens."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...project.project import Project
from ...sources.opened_files import Opened, paths_of_other_machines, written_paths
from ..rule import rule


@rule("AF717", Severity.ERROR, "A file is opened by a path that Azure does not find")
def other_path(project: Project) -> Iterator[Problem]:
    """Yield paths that the app reads, and that only Windows and macOS find, or only one machine has."""
    for one in paths_of_other_machines(project.sources):
        message = f"The app opens {one.path}, a path of one machine."
        fix = (
            "Put the file into the app, and open it beside the module, with Path(__file__).parent."
        )
        yield Problem(one.place, message, fix)
    wrong = [
        (one, found) for one in project.read_paths if (found := _as_linux_has_it(project, one))
    ]
    # It takes time to look for what the app writes, and few apps have such a path.
    made = written_paths(project.sources) if wrong else ()
    written = {one.path.lower() for one in made}
    for one, found in wrong:
        if one.path.lower() in written:
            continue
        if one.as_on_windows:
            message = (
                f"The app opens {found} with backslashes in its path, which only Windows finds."
            )
            yield Problem(one.place, message, f"Write the path with slashes, as {found}.")
        else:
            message = f"The app opens {one.path}, but the file is {found}."
            fix = f"Write the path as {found}: letter case matters in Azure."
            yield Problem(one.place, message, fix)


def _as_linux_has_it(project: Project, one: Opened) -> str | None:
    """Return the file that is meant by a path which Linux does not find; None if it finds it, or there is none."""
    found = project.written_otherwise(one.path)
    if one.as_on_windows and found is None and one.path in project.files:
        return one.path
    return found


RULES = (other_path,)
