"""What Azure refuses in the files that create a function app, because of its plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..files.commented_file import Block
from ..model import Place
from ..pattern import Pattern
from .deployment import WORKFLOWS, Deployment
from .infrastructure import (
    MODULE,
    OPEN,
    RESOURCE,
    SITE,
    TERRAFORM_BLOCK,
    TERRAFORM_SITE,
    is_open,
    makes_functions,
    outer_blocks,
    property_values,
    value_of_all,
)
from .plan import CONSUMPTION, FLEX, Plan
from .site_plans import is_on_created_plan

ALWAYS_ON = "(?i:always_?on)"
# A module of Azure that creates a site with the configuration that it gets.
SITE_MODULE = Pattern(r"\bavm/res/web/site:")
FLEX_CONFIG = Pattern(r"\bfunctionAppConfig\s*:\s*\{", parts=("functionAppConfig",))
SITE_CONFIG = Pattern(r"\bsiteConfig\s*:\s*\{", parts=("siteConfig",))
# What makes a resource of Terraform none, one or several.
MAY_BE_NONE = Pattern(r"^[ \t]*(?:count|for_each)[ \t]*=", re.MULTILINE)
STACK = Pattern(r"\blinuxFxVersion\s*:\s*'[^'\n]+'", parts=("linuxFxVersion",))


class Refused(NamedTuple):
    """Something that Azure refuses, why, and what to do."""

    place: Place
    message: str
    fix: str


def refused(deployment: Deployment, plan: Plan | None) -> Iterator[Refused]:
    """Yield what Azure refuses; the plan is that of the only app, unless a command makes it for another one."""
    if plan and plan.place.path.endswith(WORKFLOWS):
        plan = None
    for source in deployment.bicep:
        for block in outer_blocks(source):
            if _is_site(block) and not OPEN.search(block.header[0]):
                yield from _stack(block)
    yield from _of_templates(deployment, plan)
    if plan and plan.id == CONSUMPTION:
        for place in _always_on(deployment):
            yield _no_always_on(place)
    if plan and plan.id == FLEX:
        for block in _terraform_sites(deployment):
            yield _no_flex(block.source.place(block.header.start()))


def _is_site(block: Block) -> bool:
    type_ = block.header["type"]
    if block.header.re is MODULE.compiled:
        return SITE_MODULE.search(type_) is not None
    return type_.lower() == SITE


def _stack(block: Block) -> Iterator[Refused]:
    """Yield the linuxFxVersion of an app that is on the Flex Consumption plan, as its configuration says."""
    if not FLEX_CONFIG.search(block.text):
        return
    for inner in block.source.blocks(SITE_CONFIG):
        found = STACK.search(inner.text) if block.start < inner.start < block.end else None
        if found:
            yield _no_stack(block.source.place(inner.start + found.start()))


def _always_on(deployment: Deployment) -> Iterator[Place]:
    """Yield where function apps on a plan that the files create are always on."""
    for block in (*_bicep_sites(deployment), *_terraform_sites(deployment)):
        if found := value_of_all(deployment, block, ALWAYS_ON, "true"):
            yield found.place


def _bicep_sites(deployment: Deployment) -> Iterator[Block]:
    for source in deployment.bicep:
        for block in outer_blocks(source):
            is_site = block.header.re is RESOURCE.compiled and _is_site(block)
            if not is_site or is_open(block) or not is_on_created_plan(deployment, block):
                continue
            if makes_functions(property_values(deployment, block, "kind")):
                yield block


def _terraform_sites(deployment: Deployment) -> Sequence[Block]:
    return [
        block
        for source in deployment.terraform
        for block in source.blocks(TERRAFORM_BLOCK)
        if block.header["type"] == TERRAFORM_SITE and not MAY_BE_NONE.search(block.text)
        if is_on_created_plan(deployment, block)
    ]


def _of_templates(deployment: Deployment, plan: Plan | None) -> Iterator[Refused]:
    if not deployment.templates:
        return
    # Imported here because it is slow to import, and few apps have templates.
    from . import arm

    for resource in arm.resources(deployment):
        if not arm.is_function_app(resource) or not resource.is_certain:
            continue
        config = resource.get("properties", "siteConfig")
        on_flex = isinstance(resource.written("properties", "functionAppConfig"), dict)
        stack = resource.scope.get(config, "linuxFxVersion")
        if on_flex and stack:
            yield _no_stack(resource.place)
        is_on = resource.scope.get(config, "alwaysOn") is True
        if is_on and plan and plan.id == CONSUMPTION:
            yield _no_always_on(resource.place)


def _no_stack(place: Place) -> Refused:
    message = "Azure refuses linuxFxVersion for an app on the Flex Consumption plan."
    fix = "Delete it: functionAppConfig.runtime names the Python of the app."
    return Refused(place, message, fix)


def _no_always_on(place: Place) -> Refused:
    message = "Azure refuses Always On for an app on the Consumption plan."
    return Refused(place, message, f"Delete {_option(place)}, or set it to false.")


def _option(place: Place) -> str:
    return "always_on" if re.search(r"\.tf(?:vars)?$", place.path) else "alwaysOn"


def _no_flex(place: Place) -> Refused:
    message = f"{TERRAFORM_SITE} cannot create an app on the Flex Consumption plan."
    return Refused(place, message, "Use azurerm_function_app_flex_consumption.")
