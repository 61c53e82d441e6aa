"""Whether the files that create a function app put it on a plan that they create, too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..files.commented_file import Block, Source
from ..pattern import Pattern
from .deployment import Deployment
from .infrastructure import PLAN, RESOURCE, SITE, TERRAFORM_BLOCK, outer_blocks

TERRAFORM_PLAN = "azurerm_service_plan"
TERRAFORM_SITE = Pattern(r"azurerm_\w*(?:web|function)_app\w*")
# What names the plan of a site, if the same file creates it.
NAMED = Pattern(
    rf"serverFarmId\s*:\s*(\w+)\.id\b|service_plan_id\s*=\s*{TERRAFORM_PLAN}\.(\w+)\.id\b"
)
BY_NAME = Pattern(r"serverFarmId\s*:\s*resourceId\(", re.IGNORECASE)
EXISTING = Pattern(r"\bexisting\b")


def is_on_created_plan(deployment: Deployment, site: Block) -> bool:
    """Whether a site is on a plan that the files create: it names the plan, or other files give it to the only site."""
    own = [*_symbols(site.source, is_plan=True)]
    if named := NAMED.search(site.text):
        return (named[1] or named[2]) in own
    if own:
        return BY_NAME.search(site.text) is not None
    sources = (*deployment.bicep, *deployment.terraform)
    return sum(len([*_symbols(source, is_plan=False)]) for source in sources) == 1


def _symbols(source: Source, *, is_plan: bool) -> Iterator[str]:
    """Yield the names by which a file refers to the plans or to the sites that it creates."""
    for block in outer_blocks(source):
        header, type_ = block.header, block.header["type"].lower()
        if header.re is RESOURCE.compiled and not EXISTING.search(header[0]):
            if type_ == (PLAN if is_plan else SITE):
                yield header["symbol"]
        elif header.re is TERRAFORM_BLOCK.compiled and header["kind"] == "resource":
            is_site = TERRAFORM_SITE.fullmatch(type_) is not None
            if type_ == TERRAFORM_PLAN if is_plan else is_site:
                yield header["name"]
