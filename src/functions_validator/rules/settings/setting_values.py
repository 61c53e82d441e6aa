"""Settings of the host and of its extensions whose values they cannot use."""

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


@rule("AF322", Severity.ERROR, "The host cannot use the value of a setting")
def unusable(project: Project) -> Iterator[Problem]:
    """Yield settings with values that are not the numbers or names that the host needs."""
    for setting in project.settings.all:
        limit, value = LIMITS.get(setting.name), setting.value
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
