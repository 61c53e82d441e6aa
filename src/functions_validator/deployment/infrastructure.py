"""What Bicep and Terraform files give to a property, as far as it can be read without running them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import product, starmap
from pathlib import PurePosixPath
from typing import NamedTuple

from ..files.commented_file import Block, Source
from ..model import Place
from ..pattern import Pattern
from . import jobs
from .deployment import PARAMETERS, Deployment

RESOURCE = Pattern(r"\bresource\s+\w+\s+'(?P<type>[^'@]+)[^']*'\s*=[^{\n]*\{")
MODULE = Pattern(r"\bmodule\s+\w+\s+'(?P<type>[^']+)'\s*=[^{\n]*\{")
TERRAFORM_BLOCK = Pattern(
    r'^[ \t]*(?P<kind>resource|module|variable)\s+"(?P<type>[^"]+)"(?:\s+"[^"]*")?\s*\{',
    re.MULTILINE,
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
CREATED_VERSION = Pattern(r"--runtime-version[ \t=]+[\"']?(3\.\d+)(?!\S*\$)")
CREATED_RUNTIME = Pattern(r"--runtime[ \t=]+[\"']?python\b", re.IGNORECASE)
CONDITION = Pattern(r"=\s*if\b")
RUNTIME = Pattern(r"\bruntime\s*:\s*\{")
VERSION = Pattern(r"3\.\d+")
# Where Terraform names the version of Python, by the type of the resource.
TERRAFORM_VERSIONS = {
    "azurerm_function_app_flex_consumption": ("runtime_name", "runtime_version"),
    "azurerm_linux_function_app": (None, "python_version"),
}
LITERAL = Pattern(r"""(['"])([^'"$]*)\1""")
INTERPOLATED = Pattern(r"'([^'\\\n]*)'")
INSERTED = r"\$\{(\w+)\}"
NAME = Pattern(r"[A-Za-z_]\w*")
VARIABLE = Pattern(r"(?:var|local)\.(\w+)")
MODULE_SOURCE = Pattern(r'\bsource\s*=\s*"([^"]+)"')
# A quoted text, or any other value.
EXPRESSION = r"""('[^'\n]*'(?=\s*(?:[,\n}]|$))|"[^"\n]*"(?=\s*(?:[,\n}]|$))|[^\n,]+)"""
DEEPEST = 6


class Value(NamedTuple):
    """A text, with the place where it is written."""

    text: str
    place: Place


class Expression(NamedTuple):
    """An expression as a file writes it, and its offset there."""

    source: Source
    text: str
    offset: int


def outer_blocks(source: Source) -> Iterator[Block]:
    """Yield the resources, modules and variables of a file, without those within others, in their order."""
    end = -1
    headers = (RESOURCE, MODULE) if source.path.endswith(".bicep") else (TERRAFORM_BLOCK,)
    found = [block for header in headers for block in source.blocks(header)]
    for block in sorted(found, key=lambda block: block.start):
        if block.start > end:
            end = block.end
            yield block


def runtime_versions(deployment: Deployment) -> Iterator[Value]:
    """Yield the versions of Python that function apps run on, such as "3.13"."""
    for source in deployment.bicep:
        for block in source.blocks(RUNTIME):
            yield from _versions(deployment, block, "name", "version")
    for source in deployment.terraform:
        for block in source.blocks(TERRAFORM_BLOCK):
            if names := TERRAFORM_VERSIONS.get(block.header["type"]):
                yield from _versions(deployment, block, *names)
    read: set[str] = set()
    if deployment.templates:
        # Imported here because it is slow to import, and few apps have templates.
        from . import arm

        for runtime, number in arm.runtimes(arm.resources(deployment)):
            if runtime == "python" and VERSION.fullmatch(number):
                yield Value(number, number.place)
        read.update(template.path for template in deployment.templates if arm.read(template))
    for source in deployment.workflows:
        if VERSION_OPTION in source.text:
            yield from _created(source)
        if jobs.STACK in source.text and source.is_yaml:
            yield from starmap(Value, jobs.published_pythons(source))
    lines: set[tuple[str, int]] = set()
    for source in deployment.sources:
        if source.path in read:
            continue
        for match in STACK.finditer(source.text):
            if source.path.endswith(".bicep") and _is_web_app(deployment, source, match.start()):
                continue
            place = source.place(match.start())
            lines.add((place.path, place.line))
            yield Value(match[1], place)
    for source in deployment.bicep:
        for value in _named_stacks(deployment, source):
            if (value.place.path, value.place.line) not in lines:
                yield value


def _named_stacks(deployment: Deployment, source: Source) -> Iterator[Value]:
    """Yield the versions of a Bicep file that a parameter or a variable has."""
    if BICEP_STACK not in source.text:
        return
    pattern = Pattern(rf"\b{BICEP_STACK}\s*:\s*{EXPRESSION}")
    for block in outer_blocks(source):
        if not _is_function_app(deployment, block):
            continue
        for expression in _matches(source, pattern, block.start, block.end):
            # Nothing says to which app each of several versions belongs.
            match evaluated(deployment, expression):
                case [value] if stack := PYTHON_STACK.fullmatch(value.text):
                    yield Value(stack[1], value.place)


def _is_web_app(deployment: Deployment, source: Source, offset: int) -> bool:
    """Whether what is at an offset belongs to an app that certainly is no function app."""
    blocks = (block for block in outer_blocks(source) if block.start <= offset < block.end)
    kinds = [property_values(deployment, block, "kind") for block in blocks]
    return any(found and not any("functionapp" in kind.text for kind in found) for found in kinds)


def _is_function_app(deployment: Deployment, block: Block) -> bool:
    """Whether a resource or module certainly makes a function app, and no other app, on no condition."""
    kinds = property_values(deployment, block, "kind") or []
    is_one = kinds != [] and all("functionapp" in kind.text for kind in kinds)
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


def property_values(deployment: Deployment, block: Block, name: str) -> list[Value] | None:
    """Return the texts that a property of a block may have: none if it is not there; None if that is unknown."""
    pattern = Pattern(rf"""(?<![\w.]){name}["']?\s*[:=]\s*(?![=\s]){EXPRESSION}""")
    found: list[Value] = []
    for match in pattern.finditer(block.source.text, block.start, block.end):
        values = evaluated(deployment, _expression(block.source, match))
        if values is None:
            return None
        found += values
    return found


def evaluated(deployment: Deployment, expression: Expression, depth: int = 0) -> list[Value] | None:
    """Return the texts that an expression may have as its value; None if that is unknown."""
    source, text, offset = expression
    if literal := LITERAL.fullmatch(text):
        return [Value(literal[2], source.place(offset))]
    if text.startswith("{"):
        return []  # An object, whose parts are read on their own.
    if depth > DEEPEST:
        return None
    if source.path.endswith((".tf", ".tfvars")):
        named = VARIABLE.fullmatch(text)
        given = _of_variable(deployment, source, named[1]) if named else []
    elif "${" in text and (whole := INTERPOLATED.fullmatch(text)):
        return _put_together(deployment, source, whole[1], offset, depth + 1)
    else:
        given = _of_parameter(deployment, source, text) if NAME.fullmatch(text) else []
    found: list[Value] = []
    for one in given:
        values = evaluated(deployment, one, depth + 1)
        if values is None:
            return None
        found += values
    return found if given else None


def _put_together(
    deployment: Deployment, source: Source, text: str, offset: int, depth: int
) -> list[Value] | None:
    """Return the texts that a text of Bicep with names, as in '${name}', may be; None if that is unknown."""
    written = re.split(INSERTED, text)
    if any("${" in plain for plain in written[::2]):
        return None
    found: list[list[Value]] = []
    for index, part in enumerate(written):
        named = Expression(source, part, offset)
        values = (
            evaluated(deployment, named, depth)
            if index % 2
            else [Value(part, source.place(offset))]
        )
        if values is None:
            return None
        found.append(values)
    if sum(len(values) > 1 for values in found) > 1:
        return None  # Nothing says which of them belong together.
    return [
        Value("".join(part.text for part in parts), parts[-2].place) for parts in product(*found)
    ]


def _of_parameter(deployment: Deployment, source: Source, name: str) -> Sequence[Expression]:
    """Return what is given to a parameter or a variable of a Bicep file; else its default."""
    given = [*_passed(deployment, source, name), *_in_parameter_files(deployment, source, name)]
    if _is_overridden(deployment, name):
        return []
    if given:
        return given
    default = Pattern(rf"^[ \t]*(?:param|var)\s+{name}\b[^=\n]*=[ \t]*{EXPRESSION}", re.MULTILINE)
    return list(_matches(source, default))


def _is_overridden(deployment: Deployment, name: str) -> bool:
    """Whether a command may give a parameter another value, as `-p version=3.13` does."""
    given = Pattern(rf"(?<![\w$-])(?:{name}[ \t]*=|-{name}[ \t])")
    scripts = (source.text for source in deployment.workflows)
    return any("deploy" in text.lower() and given.search(text) for text in scripts)


def _passed(deployment: Deployment, source: Source, name: str) -> Iterator[Expression]:
    """Yield what other files pass to a file that they use as a module."""
    file = PurePosixPath(source.path).name
    pattern = Pattern(rf"(?<![\w.]){name}\s*:[ \t]*{EXPRESSION}")
    for other in deployment.bicep:
        for block in other.blocks(MODULE):
            if other is not source and PurePosixPath(block.header["type"]).name == file:
                yield from _matches(other, pattern, block.start, block.end)


def _in_parameter_files(deployment: Deployment, source: Source, name: str) -> Iterator[Expression]:
    stem = PurePosixPath(source.path).name.removesuffix(".bicep")
    pattern = Pattern(rf"^[ \t]*param\s+{name}\s*=[ \t]*{EXPRESSION}", re.MULTILINE)
    for other in deployment.parameters:
        if other.folder != source.folder and stem != "main":
            continue
        if not other.path.endswith(PARAMETERS):
            yield from _matches(other, pattern)
            continue
        try:
            values = json.loads(other.text)["parameters"]
            if name in values:
                offset = max(other.text.find(f'"{name}"'), 0)
                yield Expression(other, f"'{values[name]['value']}'", offset)
        except (ValueError, KeyError, TypeError):
            continue


def _of_variable(deployment: Deployment, source: Source, name: str) -> Sequence[Expression]:
    """Return what is given to a variable of Terraform, or to a local value; else the default."""
    pattern = Pattern(rf"^[ \t]*{name}[ \t]*=[ \t]*{EXPRESSION}", re.MULTILINE)
    files = [file for file in deployment.terraform if file.path.endswith(".tfvars")]
    given = [found for file in files for found in _matches(file, pattern)]
    for file in deployment.terraform:
        for block in file.blocks(TERRAFORM_BLOCK):
            used = MODULE_SOURCE.search(block.text) if block.header["kind"] == "module" else None
            if used and PurePosixPath(used[1]).name == PurePosixPath(source.folder).name:
                given += _matches(file, pattern, block.start, block.end)
    if given:
        return given
    beside = [file for file in deployment.terraform if file.folder == source.folder]
    default = Pattern(rf"\bdefault[ \t]*=[ \t]*{EXPRESSION}")
    for file in beside:
        for block in file.blocks(TERRAFORM_BLOCK):
            if (block.header["kind"], block.header["type"]) == ("variable", name):
                return list(_matches(file, default, block.start, block.end))
    local = Pattern(r"^[ \t]*locals\s*\{", re.MULTILINE)
    return [
        found
        for file in beside
        for block in file.blocks(local)
        for found in _matches(file, pattern, block.start, block.end)
    ]


def _matches(
    source: Source, pattern: Pattern, start: int = 0, end: int | None = None
) -> Iterator[Expression]:
    last = len(source.text) if end is None else end
    for match in pattern.finditer(source.text, start, last):
        yield _expression(source, match)


def _expression(source: Source, match: re.Match[str]) -> Expression:
    """Return what the first group of a match found."""
    return Expression(source, match[1].strip(" \t\r,"), match.start(1))
