"""Files that the app opens."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...project.project import Project
from ...sources.opened_files import written_paths
from ..rule import rule


@rule("AF717", Severity.ERROR, "A file is opened in another letter case")
def other_letter_case(project: Project) -> Iterator[Problem]:
    """Yield paths that the app reads, and that only Windows and macOS find."""
    wrong = [
        (one, found) for one in project.read_paths if (found := project.written_otherwise(one.path))
    ]
    # It takes time to look for what the app writes, and few apps have such a path.
    made = written_paths(project.sources) if wrong else ()
    written = {one.path.lower() for one in made}
    for one, found in wrong:
        if one.path.lower() not in written:
            message = f"The app opens {one.path}, but the file is {found}."
            fix = f"Write the path as {found}: letter case matters in Azure."
            yield Problem(one.place, message, fix)


RULES = (other_letter_case,)
