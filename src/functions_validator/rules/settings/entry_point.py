"""The setting that names another file than function_app.py."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...project.project import ENTRY_NAME, ENTRY_SETTING, Project
from ...project.settings import PLACEHOLDER
from ..rule import rule


@rule("AF321", Severity.ERROR, "The worker refuses the file that a setting names")
def refused_entry(project: Project) -> Iterator[Problem]:
    """Yield names for another file than function_app.py that the worker does not take."""
    for setting in project.settings.all:
        if setting.name != ENTRY_SETTING or not isinstance(setting.value, str):
            continue
        value = setting.value.strip()
        if ENTRY_NAME.fullmatch(setting.value) or PLACEHOLDER.fullmatch(value):
            continue
        folder, _, name = value.replace("\\", "/").rpartition("/")
        message = (
            f'The worker refuses "{value}": {ENTRY_SETTING} must be the name of a .py file '
            "beside host.json, made of letters, digits, _ and -."
        )
        fix = f'Put the file beside host.json, and write "{name}".'
        if not folder:
            fix = "Write the name with .py." if "." not in value else "Rename the file."
        yield Problem(setting.place, message, fix)


RULES = (refused_entry,)
