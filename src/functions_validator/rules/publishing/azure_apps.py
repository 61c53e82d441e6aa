"""What keeps an app from running in Azure, in the files that create it and publish it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ...data import read_table
from ...deployment.commands import commands
from ...deployment.deployment import is_of_only_app
from ...deployment.infrastructure import WINDOWS_APP
from ...deployment.plan import FLEX
from ...deployment.runtimes import CREATE, CREATED_RUNTIME
from ...files.content import mapping
from ...files.placed_json import Text
from ...files.yaml_file import parts, read_yaml
from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule
from .hosting import infrastructure, may_be_of_other, settings_of_app
from .workflows import PUBLISHING, is_of_app, is_on_flex, texts_of

TABLE: dict[str, Any] = read_table("plans")
# The values of app settings with which no function runs.
UNUSABLE: dict[str, str] = TABLE["unusable_values"]
OLD_HOST = "older hosts do not know the v2 programming model."
FIXES = {
    "FUNCTIONS_EXTENSION_VERSION": f'Write "~4": {OLD_HOST}',
    # As Terraform has it.
    "functions_extension_version": f'Write "~4": {OLD_HOST}',
    "FUNCTIONS_WORKER_RUNTIME": 'Write "python".',
    "FUNCTIONS_WORKER_PROCESS_COUNT": "Write a number from 1 to 10.",
}
# The option of the command that creates an app.
OLD_VERSION = Pattern(r"--functions-version[\s=]+[\"']?([123])\b", parts=("--functions-version",))
WOKEN = {name.lower() for name in TABLE["woken_by_requests"]}
BY_EVENT_GRID = ("EventGrid", "EVENT_GRID")
PROFILE, SKU = "publish-profile", "sku"
# The task of Azure Pipelines, whose first version does not know the plan, and its input.
TASK, IS_FLEX = Pattern(r"AzureFunctionApp@[12]$", re.IGNORECASE), "isflexconsumption"
PUBLISHES_FLEX = Pattern(r"\bisFlexConsumption[\"']?\s*:(?!\s*[\"']?false)", re.IGNORECASE)
# What the files have that Azure may refuse.
REFUSED = Pattern(r"functionAppConfig|always_?on|FC1", re.IGNORECASE)


@rule("AF720", Severity.ERROR, "An app setting keeps the functions from running in Azure")
def unusable_values(project: Project) -> Iterator[Problem]:
    """Yield app settings in the infrastructure with which the host does not run the app."""
    if project.plan and project.plan.id == FLEX:
        return  # AF714 says to delete them.
    names = [name for name in UNUSABLE if any(name in one.text for one in infrastructure(project))]
    found = list(settings_of_app(project, names))
    for one in found:
        if one.value is None or not re.fullmatch(UNUSABLE[one.name], one.value, re.IGNORECASE):
            continue
        # Several apps may be of several languages.
        same = [other.value for other in found if other.name == one.name]
        if len({*same}) == 1 and not may_be_of_other(project, one.place):
            message = f"With {one.name}={one.value}, the host runs no function of this app."
            yield Problem(one.place, message, FIXES[one.name])
    yield from _old_hosts(project)


def _old_hosts(project: Project) -> Iterator[Problem]:
    """Yield commands that create an app in Python with an older host."""
    for source in project.deployment.workflows:
        for command in commands(source, CREATE) if OLD_VERSION.search(source.text) else ():
            old = OLD_VERSION.search(command.text)
            if old and CREATED_RUNTIME.search(command.text):
                message = f"This creates an app with version {old[1]} of the Functions host."
                yield Problem(command.place, message, f"Write --functions-version 4: {OLD_HOST}")


@rule("AF721", Severity.WARNING, "The app sleeps on its Dedicated plan")
def asleep(project: Project) -> Iterator[Problem]:
    """Yield a function app on a Dedicated plan that is not always on, although a trigger needs that."""
    if project.plan is None or project.plan.id != "dedicated":
        return
    # Imported here because few apps have such a plan.
    from ...deployment.always_on import sleeping

    needing = next((f for f in project.certain_functions if any(map(_polls, f.triggers))), None)
    place = sleeping(project.deployment) if needing else None
    if needing is None or place is None or not is_of_only_app(project.root, place):
        return
    message = (
        f"Without Always On, the app sleeps when it gets no requests, "
        f"and {_trigger(needing)} of {needing.label} does not run."
    )
    fix = (
        "Write alwaysOn: true in siteConfig, which needs a plan of the tier Basic or a higher one."
    )
    if place.path.endswith(".tf"):
        fix = fix.replace("alwaysOn: true in siteConfig", "always_on = true in site_config")
    yield Problem(place, message, fix)


def _polls(trigger: Binding) -> bool:
    """Whether no request from outside starts a function."""
    if trigger.type.lower() == "blobtrigger":
        return trigger.lacks("source")
    return trigger.type != "" and trigger.type.lower() not in WOKEN


def _trigger(function: Function) -> str:
    return f"the {next(t.type for t in function.triggers if _polls(t))}"


@rule("AF722", Severity.ERROR, "A step cannot publish to the Flex Consumption plan")
def without_sku(project: Project) -> Iterator[Problem]:
    """Yield steps that do not say that the app is on the Flex Consumption plan, although they have to."""
    for source in project.deployment.workflows:
        if not source.is_yaml or not PUBLISHING.search(source.text):
            continue
        if PUBLISHES_FLEX.search(source.text):
            continue  # The steps without the input may be for another app.
        for step in parts(read_yaml(source)):
            uses, given = mapping(step).get("uses", mapping(step).get("task")), list(texts_of(step))
            if not isinstance(uses, Text) or not PUBLISHING.match(uses):
                continue
            found = _as_for_others(uses, given)
            if found and is_on_flex(project, given) and is_of_app(project, source, given):
                yield Problem(uses.place, *found)


def _as_for_others(uses: str, given: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """Return why a step publishes as for other plans, and what to do; None if it does not, or may ask Azure."""
    names = {key for key, value in given if value}
    if TASK.match(uses):
        flags = {value.lower() for key, value in given if key == IS_FLEX}
        is_old = uses.endswith("@1")
        if flags - {"false"} and not is_old:
            return None
        message = "This task publishes as for other plans, which Flex Consumption refuses."
        written = "isFlexConsumption: true"
        fix = (
            f"Use AzureFunctionApp@2 with {written}." if is_old else f"Add {written} to its inputs."
        )
        return message, fix
    if PROFILE not in names or SKU in names:
        return None
    message = "With a publish profile, this step publishes as for other plans, which Flex Consumption refuses."
    return message, "Add sku: flexconsumption to its inputs."


@rule("AF723", Severity.ERROR, "The app cannot run on its plan")
def unfit_plans(project: Project) -> Iterator[Problem]:
    """Yield what is made for Windows, which does not run Python, and what a plan lacks or Azure refuses because of it."""
    yield from _refused(project)
    if not _may_be_unfit(project):
        return
    # Imported here because few apps have such a plan.
    from ...deployment.unfit_plans import (
        commands_for_windows,
        plans_for_windows,
        windows_plan,
        without_flex_config,
    )

    for place in without_flex_config(project.deployment):
        message = "An app on the Flex Consumption plan needs functionAppConfig, so Azure does not create this one."
        fix = "Add functionAppConfig with deployment.storage, runtime and scaleAndConcurrency, and delete linuxFxVersion."
        yield Problem(place, message, fix)
    for place in commands_for_windows(project.deployment):
        message = "This asks for an app on Windows, but Azure Functions runs Python on Linux only."
        yield Problem(place, message, "Add --os-type Linux: Windows is the default.")
    for place in plans_for_windows(project.deployment):
        message = "This makes a plan for Windows, but Azure Functions runs Python on Linux only."
        yield Problem(place, message, "Add --is-linux: Windows is the default.")
    windows = windows_plan(project.deployment)
    if windows and is_of_only_app(project.root, windows):
        message = "This makes a plan for Windows, but Azure Functions runs Python on Linux only."
        fix = "Write reserved: true in the properties of the plan."
        if windows.path.endswith(".tf"):
            message = "This makes an app on Windows, but Azure Functions runs Python on Linux only."
            fix = 'Use azurerm_linux_function_app, and a plan with os_type = "Linux".'
        yield Problem(windows, message, fix)


def _refused(project: Project) -> Iterator[Problem]:
    """Yield what Azure refuses in the files that create the only app of the repository."""
    if not any(REFUSED.search(source.text) for source in infrastructure(project)):
        return
    # Imported here because few apps have such an option.
    from ...deployment.refused_options import refused

    found = list(refused(project.deployment, project.plan))
    # Looking for other apps is slow.
    beside = next((one.place for one in found if not one.place.is_inside), None)
    is_only = beside is None or is_of_only_app(project.root, beside)
    yield from (Problem(*one) for one in found if is_only or one.place.is_inside)


def _may_be_unfit(project: Project) -> bool:
    """Whether the files may have a plan for Windows, a command for one, or an app without functionAppConfig."""
    for source in (*project.deployment.bicep, *project.deployment.templates):
        text = source.text
        if "serverfarms" in text.lower() and "reserved: true" not in text:
            return True
        if text.count("FC1") and text.count("functionAppConfig") < text.count("Web/sites@"):
            return True
    terraform = any(WINDOWS_APP in source.text for source in project.deployment.terraform)
    return terraform or any("functionapp create" in s.text for s in project.deployment.workflows)


RULES = (unusable_values, asleep, without_sku, unfit_plans)
