"""The hosting plan that the files which create or publish an app choose for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..data import read_table
from ..files.commented_file import Block, Source
from ..files.content import mapping
from ..files.placed_json import Text
from ..files.yaml_file import parts, read_yaml
from ..model import Place
from ..pattern import Pattern
from .commands import GAP, commands
from .deployment import Deployment
from .infrastructure import MODULE, RESOURCE, SITE, TERRAFORM_BLOCK, property_values

PLANS: dict[str, Any] = read_table("plans")["plans"]
FLEX, CONSUMPTION, CONTAINER_APPS = "flex", "consumption", "container_apps"
# Types of resources and modules that are plans, in Bicep and Terraform.
PLAN = Pattern(
    r"microsoft\.web/serverfarms$|serverfarm|app-?_?service-?_?plan|hosting-?_?plan|azurerm_service_plan",
    re.IGNORECASE,
)
# How the block with a SKU begins: `sku: {`, or `sku {` in Terraform.
SKU = Pattern(r"(?<![\w.])sku[\"']?\s*[:=]?\s*\{", re.IGNORECASE)
SKU_NAMES = ("name", "tier", "size")
SKU_PROPERTIES = ("sku", "skuName", "sku_name", "skuTier", "skuSize")
SERVERFARM = Pattern(r"Microsoft\.Web/serverfarms", re.IGNORECASE)
# Such as `az functionapp plan create ... --sku EP1`.
CREATED = Pattern(rf"\baz{GAP}(?:functionapp|appservice){GAP}plan{GAP}create\b")
GIVEN_SKU = Pattern(r"--sku[\s=]+[\"']?([\w$({]+)")
# The inputs of actions and tasks that name a plan; each contains the word below.
PLAN_OF_INPUT = {("sku", "flexconsumption"): FLEX, ("isflexconsumption", "true"): FLEX}
INPUT = "flexconsumption"
TERRAFORM_CONTAINER = "azurerm_container_app"
CONTAINER_APP = "microsoft.app/containerapps"
FUNCTIONS_IN_CONTAINER = Pattern(r"kind\s*:\s*'functionapp", re.IGNORECASE)


class Plan(NamedTuple):
    """A kind of plan, with the words for a sentence and the place that chooses it."""

    id: str
    title: str
    place: Place


class _Unknown(Exception):
    """A file chooses a plan that only Azure knows."""


def read_plan(deployment: Deployment) -> Plan | None:
    """Return the app's plan; None if nothing says which, if that cannot be read, or if files differ.

    Files in the app's own folder win over those beside it in the repository.
    """
    inside = Deployment([s for s in deployment.sources if s.is_inside])
    for files in (inside, deployment):
        try:
            found = list(_plans(files)) or list(_containers(files))
        except _Unknown:
            return None
        if found:
            return found[0] if len({plan.id for plan in found}) == 1 else None
    return None


def _plans(deployment: Deployment) -> Iterator[Plan]:
    for source in deployment.bicep:
        yield from _of_bicep(deployment, source)
    yield from _of_templates(deployment)
    for source in deployment.terraform:
        for block in source.blocks(TERRAFORM_BLOCK):
            yield from _of_terraform(deployment, block)
    for source in deployment.workflows:
        yield from _of_commands(source)
        yield from _of_inputs(source)


def _containers(deployment: Deployment) -> Iterator[Plan]:
    """Yield container apps of Terraform, which do not say whether they hold functions."""
    for source in deployment.terraform:
        for block in source.blocks(TERRAFORM_BLOCK):
            if block.header["type"] == TERRAFORM_CONTAINER:
                yield _plan(CONTAINER_APPS, source.place(block.header.start()))


def _of_bicep(deployment: Deployment, source: Source) -> Iterator[Plan]:
    for block in (*source.blocks(RESOURCE), *source.blocks(MODULE)):
        kind = block.header["type"].lower()
        if PLAN.search(kind):
            yield from _of_sku(deployment, block)
        in_container = kind == SITE and "managedEnvironmentId" in block.text
        if in_container or (kind == CONTAINER_APP and FUNCTIONS_IN_CONTAINER.search(block.text)):
            yield _plan(CONTAINER_APPS, source.place(block.header.start()))


def _of_templates(deployment: Deployment) -> Iterator[Plan]:
    if not deployment.templates:
        return
    # Imported here because it is slow to import, and few apps have templates.
    from . import arm

    found = arm.resources(deployment)
    for resource in arm.plans(found):
        for name in SKU_NAMES:
            written = resource.get("sku", name)
            if isinstance(written, Text):
                yield _of_name(written, written.place)
            elif resource.may_have("sku", name):
                raise _Unknown
    for resource in found:
        environment = resource.written("properties", "managedEnvironmentId")
        in_container = resource.type == SITE and environment is not None
        kind = str(resource.get("kind")).lower()
        if in_container or (resource.type == CONTAINER_APP and arm.FUNCTION_APP in kind):
            yield _plan(CONTAINER_APPS, resource.place)


def _of_terraform(deployment: Deployment, block: Block) -> Iterator[Plan]:
    kind, type_ = block.header["kind"], block.header["type"]
    place = block.source.place(block.header.start())
    if kind == "variable":
        return
    for id_, plan in PLANS.items():
        if type_ in plan["terraform"]:
            yield _plan(id_, place)
    is_plan = PLAN.search(type_) or (kind == "module" and PLAN.search(block.text))
    if is_plan or (type_ == "azapi_resource" and SERVERFARM.search(block.text)):
        yield from _of_sku(deployment, block)


def _of_sku(deployment: Deployment, block: Block) -> Iterator[Plan]:
    inner = SKU.search(block.text)
    if inner:
        parts = [part for part in block.source.blocks(SKU) if block.start < part.start < block.end]
        wanted = [(part, name) for part in parts for name in SKU_NAMES]
    else:
        wanted = [(block, name) for name in SKU_PROPERTIES]
    for part, name in wanted:
        values = property_values(deployment, part, name)
        if values is None:
            raise _Unknown
        for value in values:
            yield _of_name(value.text, value.place)


def _of_name(sku: str, place: Place) -> Plan:
    """Return the plan of a SKU or a tier. Raises _Unknown."""
    for id_, plan in PLANS.items():
        if plan["sku"] and re.fullmatch(plan["sku"], sku, re.IGNORECASE):
            return _plan(id_, place)
    raise _Unknown


def _of_commands(source: Source) -> Iterator[Plan]:
    for id_, plan in PLANS.items():
        option = plan["option"]
        if option and option in source.text.lower():
            for command in commands(source, Pattern(rf"{option}\b", re.IGNORECASE)):
                yield _plan(id_, command.place)
    for command in commands(source, CREATED) if "--sku" in source.text else ():
        if sku := GIVEN_SKU.search(command.text):
            yield _of_name(sku[1], command.place)


def _of_inputs(source: Source) -> Iterator[Plan]:
    """Yield the plan that an input of an action or a task names."""
    if not source.is_yaml or INPUT not in source.text.lower():
        return
    for part in parts(read_yaml(source)):
        for key, value in mapping(part).items():
            if not isinstance(key, Text) or not isinstance(value, str):
                continue
            if id_ := PLAN_OF_INPUT.get((key.lower(), value.lower())):
                yield _plan(id_, key.place)


def _plan(id_: str, place: Place) -> Plan:
    return Plan(id_, PLANS[id_]["title"], place)
