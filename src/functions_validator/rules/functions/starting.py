"""What runs when the app starts."""

from __future__ import annotations

from collections.abc import Iterator

from ...functions.functions import Binding, Function, is_conditional
from ...model import Problem, Severity
from ...project.project import Project
from ..rule import rule


@rule("AF219", Severity.WARNING, "A warm-up function never runs")
def warm_up(project: Project) -> Iterator[Problem]:
    """Yield warm-up functions whose name is not `warmup`."""
    for function in project.functions:
        is_warm_up = any(binding.type.lower() == "warmuptrigger" for binding in function.triggers)
        if is_warm_up and isinstance(function.name, str) and function.name.lower() != "warmup":
            message = f'The host runs a warm-up function only if its name is "warmup", not {function.name!r}.'
            fix = 'Rename it, or add function_name("warmup").'
            yield Problem(function.place, message, fix)


@rule("AF220", Severity.WARNING, "A timer runs at each start")
def run_on_startup(project: Project) -> Iterator[Problem]:
    """Yield timers that also run whenever the app starts, on each instance."""
    for function in project.functions:
        # A condition may be one for a developer's machine.
        if is_conditional(function):
            continue
        for binding in function.triggers:
            value = _written(project, function, binding).fields.get("runOnStartup")
            if binding.type.lower() == "timertrigger" and str(value).lower() == "true":
                message = f"{function.label} also runs at every start, deployment and scale-out."
                fix = "Remove run_on_startup; to test it, start the function by hand."
                yield Problem(binding.place_of("runOnStartup"), message, fix)


def _written(project: Project, function: Function, binding: Binding) -> Binding:
    """Return a binding as the sources define it: what the index has may depend on the settings of this machine."""
    for written in project.written_functions:
        if function.definition and written.definition is function.definition:
            return next((one for one in written.triggers if one.name == binding.name), binding)
    return binding


RULES = (warm_up, run_on_startup)
