"""Settings that the host cannot use: those whose names are its own, and those with other values than it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...data import read_table
from ...model import Problem, Severity
from ...project.project import Project
from ...project.settings import PLACEHOLDER
from ...values.placeholders import INSTEAD_OF_VALUES, OPEN
from ..rule import rule

LIMITS: Mapping[str, Mapping[str, Any]] = read_table("settings")["limits"]
# What the host takes each name for, and another name.
RESERVED: Mapping[str, tuple[str, str]] = read_table("settings")["reserved"]


@rule("AF322", Severity.ERROR, "The host cannot use a setting")
def unusable(project: Project) -> Iterator[Problem]:
    """Yield settings with a name of the host's own, or with values that are not the numbers or names that it needs."""
    for setting in project.settings.all:
        limit, value = LIMITS.get(setting.name), setting.value
        if setting.name in RESERVED and value != "":
            meaning, other = RESERVED[setting.name]
            message = (
                f"The host reads {setting.name} as {meaning}, so it may end or find no functions."
            )
            fix = f'Give it another name, such as "{other}", also where it is read.'
            yield Problem(setting.place, message, fix)
        if limit is None or not isinstance(value, str) or not value.strip():
            continue
        if PLACEHOLDER.fullmatch(value) or OPEN.search(value) or INSTEAD_OF_VALUES.search(value):
            continue
        if wanted := _misfit(limit, value.strip()):
            message = f"{setting.name} is {value!r}, so {limit['harm']}."
            yield Problem(setting.place, message, f"Write {wanted}.")


def _misfit(limit: Mapping[str, Any], value: str) -> str | None:
    """Return what a value must be, if it is not that."""
    if names := limit.get("names"):
        return None if value in names or value.isdecimal() else " or ".join(map(repr, names))
    least, most = limit.get("least"), limit.get("most")
    is_whole = re.fullmatch(r"[+-]?[0-9]{1,9}", value)
    if is_whole and (least is None or int(value) >= least) and (most is None or int(value) <= most):
        return None
    bounds = [f"at least {least}"] if least is not None else []
    bounds += [f"at most {most}"] if most is not None else []
    return f"a whole number of {' and '.join(bounds)}"


RULES = (unusable,)
