"""The versions of Python on which Bicep, templates, Terraform, workflows and scripts have function apps run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import starmap

from ..files.commented_file import Block, Source
from ..pattern import Pattern
from . import jobs
from .deployment import Deployment
from .infrastructure import (
    EXPRESSION,
    TERRAFORM_BLOCK,
    TERRAFORM_SITE,
    Value,
    evaluated,
    makes_functions,
    matches,
    outer_blocks,
    property_values,
)

# The stack of Python, as the setting of a site, of a parameter or of a command.
PYTHON = r"python\\?\|(\d+\.\d+)"
STACK = Pattern(
    rf"""linux[_-]?fx[_-]?version["']?(?:\s*[:=]\s*|[ \t]+)["']?{PYTHON}""",
    re.IGNORECASE,
    ("fx",),
)
# The same property, and its value, where Bicep names or puts together what is given to it.
BICEP_STACK = "linuxFxVersion"
PYTHON_STACK = Pattern(PYTHON, re.IGNORECASE)
# The command that creates a function app.
CREATE = Pattern(r"\baz[ \t]+functionapp[ \t]+create\b", parts=("functionapp",))
VERSION_OPTION = "--runtime-version"
# Its options, such as `--runtime python --runtime-version 3.13`.
CREATED_VERSION = Pattern(r"--runtime-version[ \t=]+[\"']?(3\.\d+)(?!\S*\$)")
CREATED_RUNTIME = Pattern(r"--runtime[ \t=]+[\"']?python\b", re.IGNORECASE)
CONDITION = Pattern(r"=\s*if\b")
RUNTIME = Pattern(r"\bruntime\s*:\s*\{")
VERSION = Pattern(r"3\.\d+")
# Where Terraform names the version of Python, by the type of the resource.
TERRAFORM_VERSIONS = {
    "azurerm_function_app_flex_consumption": ("runtime_name", "runtime_version"),
    TERRAFORM_SITE: (None, "python_version"),
}


def runtime_versions(deployment: Deployment) -> Iterator[Value]:
    """Yield the versions of Python that function apps run on, such as "3.13"."""
    for source in deployment.bicep:
        for block in source.blocks(RUNTIME):
            yield from _versions(deployment, block, "name", "version")
    for source in deployment.terraform:
        for block in source.blocks(TERRAFORM_BLOCK):
            if names := TERRAFORM_VERSIONS.get(block.header["type"]):
                yield from _versions(deployment, block, *names)
    yield from _of_templates(deployment)
    for source in deployment.workflows:
        if VERSION_OPTION in source.text:
            yield from _created(source)
        if jobs.STACK in source.text and source.is_yaml:
            yield from starmap(Value, jobs.published_pythons(source))
    yield from _stacks(deployment)


def _of_templates(deployment: Deployment) -> Iterator[Value]:
    """Yield the versions in templates of Azure Resource Manager."""
    if not deployment.templates:
        return
    # Imported here because it is slow to import, and few apps have templates.
    from . import arm

    for runtime, number in arm.runtimes(arm.resources(deployment)):
        if runtime == "python" and VERSION.fullmatch(number):
            yield Value(number, number.place)


def _stacks(deployment: Deployment) -> Iterator[Value]:
    """Yield the versions in the stacks of sites, parameters and commands."""
    read = _read_templates(deployment)
    lines: set[tuple[str, int]] = set()
    for source in deployment.sources:
        if source.path in read:
            continue
        for match in STACK.finditer(source.text):
            if source.path.endswith(".bicep") and _is_web_app(deployment, source, match.start()):
                continue
            place = source.place(match.start())
            lines.add(place.path_and_line)
            yield Value(match[1], place)
    for source in deployment.bicep:
        for value in _named_stacks(deployment, source):
            if value.place.path_and_line not in lines:
                yield value


def _read_templates(deployment: Deployment) -> set[str]:
    """Return the paths of the templates whose resources are read on their own."""
    if not deployment.templates:
        return set()
    from . import arm

    return {template.path for template in deployment.templates if arm.read(template)}


def _named_stacks(deployment: Deployment, source: Source) -> Iterator[Value]:
    """Yield the versions of a Bicep file that a parameter or a variable has."""
    if BICEP_STACK not in source.text:
        return
    pattern = Pattern(rf"\b{BICEP_STACK}\s*:\s*{EXPRESSION}")
    for block in outer_blocks(source):
        if not _is_function_app(deployment, block):
            continue
        for expression in matches(source, pattern, block.start, block.end):
            # Nothing says to which app each of several versions belongs.
            match evaluated(deployment, expression):
                case [value] if stack := PYTHON_STACK.fullmatch(value.text):
                    yield Value(stack[1], value.place)


def _is_web_app(deployment: Deployment, source: Source, offset: int) -> bool:
    """Whether what is at an offset belongs to an app that certainly is not a function app."""
    blocks = (block for block in outer_blocks(source) if block.start <= offset < block.end)
    kinds = [property_values(deployment, block, "kind") for block in blocks]
    return any(found and not any(makes_functions([kind]) for kind in found) for found in kinds)


def _is_function_app(deployment: Deployment, block: Block) -> bool:
    """Whether a resource or module certainly makes a function app, without a condition, and no other app."""
    is_one = makes_functions(property_values(deployment, block, "kind"))
    return is_one and not CONDITION.search(block.header[0])


def _created(source: Source) -> Iterator[Value]:
    """Yield the Python of the commands that create a function app."""
    # Imported here because few scripts create an app.
    from .commands import commands

    for command in commands(source, CREATE):
        version = CREATED_VERSION.search(command.text)
        if version and CREATED_RUNTIME.search(command.text):
            yield Value(version[1], command.place)


def _versions(
    deployment: Deployment, block: Block, language: str | None, version: str
) -> Iterator[Value]:
    if language:
        languages = property_values(deployment, block, language) or []
        if {value.text for value in languages} != {"python"}:
            return
    for value in property_values(deployment, block, version) or []:
        if VERSION.fullmatch(value.text):
            yield value
