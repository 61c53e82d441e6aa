"""Plans with which a function app in Python cannot run, in the files that create both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..files.commented_file import Block
from ..model import Place
from ..pattern import Pattern
from .commands import commands
from .deployment import Deployment
from .infrastructure import (
    OPEN,
    PLAN,
    RESOURCE,
    SITE,
    TERRAFORM_BLOCK,
    WINDOWS_APP,
    is_open,
    outer_blocks,
)
from .runtimes import CREATE, CREATED_RUNTIME
from .site_plans import is_on_created_plan

# The language of an app, and not a part of a name.
PYTHON = Pattern(r"""["']python(?:\|[^"']*)?["']""", re.IGNORECASE)
RESERVED = Pattern(r"\breserved\b(?P<off>\s*:\s*false\b)?")
# The plans for functions and web apps; on the Flex Consumption plan, there is only Linux.
NAMES = r"(?:Y1|EP[123]|[BDFSP]\d\w*)"
SKU = Pattern(rf"\bname\s*:\s*'{NAMES}'", re.IGNORECASE)
FLEX_SKU = Pattern(r"\bname\s*:\s*'FC1'", re.IGNORECASE)
FLEX_CONFIG = Pattern(r"functionAppConfig", re.IGNORECASE)
ON_CONSUMPTION = Pattern(r"--consumption-plan-location\b|(?<!\S)-c\s")
# A plan that is made for the app, and what makes it one for Linux.
NEW_PLAN = Pattern(
    r"\baz[ \t]+(?:functionapp|appservice)[ \t]+plan[ \t]+create\b", parts=("create",)
)
# The name of a plan, for the command that makes it and for the one that makes the app. Options can be cut short.
IS_LINUX = "--is-"
NEW_NAME = Pattern(r"(?<!\S)(?:--name|-n)[\s=]+(\S+)")
ON_PLAN = Pattern(r"(?<!\S)(?:--plan|-p)[\s=]+(\S+)")
# A variable that may have options, since none is before it.
OPTIONS = Pattern(r"(?<!\S)(?!-)\S+\s+[\"']?[$@][\w{(]")
OS_TYPE, ON_WINDOWS = "os-type", Pattern(r"--os-type[\s=]+[\"']?windows\b", re.IGNORECASE)


class _Found(NamedTuple):
    """What the files create: the plans, each with the place that says that it runs Windows, and the sites.

    A site is true if it is certainly in Python, and does not say that it is on Linux.
    """

    plans: list[Place | None]
    sites: list[bool]


def windows_plan(deployment: Deployment) -> Place | None:
    """Return the place of the only plan, if it certainly runs Windows, and all sites on it are in Python."""
    found = _Found([], [])
    for source in deployment.bicep:
        for block in outer_blocks(source):
            if block.header.re is RESOURCE.compiled:
                _add(found, deployment, block)
    _add_templates(found, deployment)
    if found.plans or found.sites:
        is_sure = len(found.plans) == 1 and found.sites and all(found.sites)
        return found.plans[0] if is_sure else None
    return next(_of_terraform(deployment), None)


def _add(found: _Found, deployment: Deployment, block: Block) -> None:
    kind = block.header["type"].lower()
    if kind == SITE and not OPEN.search(block.header[0]):
        is_python = PYTHON.search(block.text) is not None
        # Nothing says what Azure makes of an app for Linux on a plan for Windows.
        is_linux = "reserved: true" in block.text
        found.sites.append(is_python and not is_linux and is_on_created_plan(deployment, block))
    elif kind == PLAN:
        found.plans.append(_windows(block))


def _add_templates(found: _Found, deployment: Deployment) -> None:
    if not deployment.templates:
        return
    # Imported here because it is slow to import, and few apps have templates.
    from . import arm

    for resource in arm.resources(deployment):
        if resource.type == SITE:
            found.sites.append(PYTHON.search(str(resource.body)) is not None)
        elif resource.type == PLAN:
            is_known = re.fullmatch(NAMES, str(resource.get("sku", "name")), re.IGNORECASE)
            properties = resource.written("properties")
            is_shown = properties is None or isinstance(properties, dict)
            is_off = not resource.written("properties", "reserved")
            is_sure = is_known and is_shown and is_off and resource.is_certain
            found.plans.append(resource.place if is_sure else None)


def _windows(block: Block) -> Place | None:
    """Return where a plan is made for Windows; None if it is for Linux, or that is not certain."""
    if is_open(block) or not SKU.search(block.text):
        return None
    reserved = RESERVED.search(block.source.text, block.start)
    if reserved is None or reserved.start() > block.end:
        return block.source.place(block.header.start())
    return block.source.place(reserved.start()) if reserved["off"] else None


def _of_terraform(deployment: Deployment) -> Iterator[Place]:
    """Yield the only function app of Terraform if it is one on Windows."""
    apps = [
        block
        for source in deployment.terraform
        for block in source.blocks(TERRAFORM_BLOCK)
        if "function_app" in block.header["type"]
    ]
    if len(apps) == 1 and apps[0].header["type"] == WINDOWS_APP and PYTHON.search(apps[0].text):
        yield apps[0].source.place(apps[0].header.start())


def without_flex_config(deployment: Deployment) -> Iterator[Place]:
    """Yield the function apps of Bicep on a Flex Consumption plan that lack what this plan needs."""
    for source in deployment.bicep:
        blocks = [one for one in outer_blocks(source) if one.header.re is RESOURCE.compiled]
        plans = [
            one.header["symbol"]
            for one in blocks
            if one.header["type"].lower() == PLAN and FLEX_SKU.search(one.text)
        ]
        for block in blocks:
            if block.header["type"].lower() != SITE or is_open(block):
                continue
            on_flex = any(
                re.search(rf"serverFarmId\s*:\s*{one}\.id\b", block.text) for one in plans
            )
            if on_flex and not FLEX_CONFIG.search(block.text):
                yield source.place(block.header.start())


def plans_for_windows(deployment: Deployment) -> Iterator[Place]:
    """Yield the commands that create a plan, which is for Windows by default, for an app in Python."""
    for source in deployment.workflows:
        if IS_LINUX in source.text or not NEW_PLAN.search(source.text):
            continue
        plans, apps = list(commands(source, NEW_PLAN)), list(commands(source, CREATE))
        if len(plans) != 1 or not apps or OPTIONS.search(plans[0].text):
            continue
        name = NEW_NAME.search(plans[0].text)
        on_plan = [CREATED_RUNTIME.search(app.text) and ON_PLAN.search(app.text) for app in apps]
        if name and all(plan and plan[1] == name[1] for plan in on_plan):
            yield plans[0].place


def commands_for_windows(deployment: Deployment) -> Iterator[Place]:
    """Yield the commands that create an app in Python on the Consumption plan, where Windows is the default."""
    for source in deployment.workflows:
        # Reading YAML is slow.
        if not CREATE.search(source.text) or not ON_CONSUMPTION.search(source.text):
            continue
        for command in commands(source, CREATE):
            if not CREATED_RUNTIME.search(command.text) or not ON_CONSUMPTION.search(command.text):
                continue
            # What the command does not show may be in a variable.
            if ON_WINDOWS.search(command.text) or OS_TYPE not in source.text.lower():
                yield command.place
