"""Whether the files that create a function app keep it awake on a Dedicated plan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..files.commented_file import Block
from ..model import Place
from ..pattern import Pattern
from .deployment import Deployment
from .infrastructure import (
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
from .refused_options import ALWAYS_ON as OPTION
from .site_plans import is_on_created_plan

ALWAYS_ON = Pattern(r"always[_-]?on", re.IGNORECASE)
# The name of a resource with the configuration of a site.
CONFIGURATION = Pattern(r"\bname\s*:\s*'(?:[^'\n]*/)?web'")


def sleeping(deployment: Deployment) -> Place | None:
    """Return where the only function app is left asleep; None if it is not, or that is not certain."""
    apps = [*_of_bicep(deployment), *_of_terraform(deployment), *_of_templates(deployment)]
    if len(apps) != 1:
        return None
    [(site, off)] = apps
    if off is not None:
        return off
    # Anything else may set it: another resource, a command, or a policy of a module.
    is_named = any(ALWAYS_ON.search(source.text) for source in deployment.sources)
    return None if is_named or _is_set_elsewhere(deployment) else site


def _is_set_elsewhere(deployment: Deployment) -> bool:
    """Whether a resource has the configuration of a site, and does not show what that is."""
    return any(
        CONFIGURATION.search(block.text) and is_open(block)
        for source in deployment.bicep
        for block in source.blocks(RESOURCE)
    )


def _of_bicep(deployment: Deployment) -> Iterator[tuple[Place | None, Place | None]]:
    """Yield the function apps of Bicep, and where they say that they are not always on."""
    for source in deployment.bicep:
        for block in outer_blocks(source):
            if block.header.re is not RESOURCE.compiled or block.header["type"].lower() != SITE:
                continue
            kinds = property_values(deployment, block, "kind")
            if kinds is None or any(makes_functions([kind]) for kind in kinds):
                is_known = kinds and not is_open(block) and is_on_created_plan(deployment, block)
                off = _off(deployment, block) if is_known else None
                yield _place(block) if is_known else None, off


def _of_terraform(deployment: Deployment) -> Iterator[tuple[Place | None, Place | None]]:
    """Yield the function apps of Terraform, which may set it by itself if nothing says that they are not always on."""
    for source in deployment.terraform:
        for block in source.blocks(TERRAFORM_BLOCK):
            if block.header["type"] == TERRAFORM_SITE:
                is_known = is_on_created_plan(deployment, block)
                yield None, _off(deployment, block) if is_known else None


def _of_templates(deployment: Deployment) -> Iterator[tuple[Place | None, Place | None]]:
    if not deployment.templates:
        return
    # Imported here because it is slow to import, and few apps have templates.
    from . import arm

    for resource in arm.resources(deployment):
        if resource.type == SITE and arm.is_function_app(resource):
            config = resource.get("properties", "siteConfig")
            is_shown = isinstance(resource.get("properties"), dict) and (
                isinstance(config, dict) or resource.written("properties", "siteConfig") is None
            )
            place = resource.place if is_shown and resource.is_certain else None
            is_off = resource.get("properties", "siteConfig", "alwaysOn") is False
            yield place, place if is_off else None


def _place(block: Block) -> Place:
    return block.source.place(block.header.start())


def _off(deployment: Deployment, block: Block) -> Place | None:
    found = value_of_all(deployment, block, OPTION, "false")
    return found.place if found else None
