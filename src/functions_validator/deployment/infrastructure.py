"""What Bicep and Terraform files give to a property, as far as it can be read without running them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import PurePosixPath
from typing import NamedTuple

from ..files.commented_file import Block, Source
from ..model import Place
from ..pattern import Pattern
from .deployment import PARAMETERS, Deployment

# The types of a plan and of a function app or web app, as Bicep and ARM templates have them, in lower case, and of
# function apps for Windows and for Linux in Terraform.
PLAN, SITE = "microsoft.web/serverfarms", "microsoft.web/sites"
WINDOWS_APP = "azurerm_windows_function_app"
TERRAFORM_SITE = "azurerm_linux_function_app"
# How blocks begin: `resource app 'Microsoft.Web/sites@2024-04-01' = {`, `module app './app.bicep' = {`, and in Terraform
# `resource "azurerm_service_plan" "main" {`.
RESOURCE = Pattern(r"\bresource\s+(?P<symbol>\w+)\s+'(?P<type>[^'@]+)[^']*'\s*=[^{\n]*\{")
MODULE = Pattern(r"\bmodule\s+(?P<symbol>\w+)\s+'(?P<type>[^']+)'\s*=[^{\n]*\{")
TERRAFORM_BLOCK = Pattern(
    r'^[ \t]*(?P<kind>resource|module|variable)\s+"(?P<type>[^"]+)"(?:\s+"(?P<name>[^"]*)")?\s*\{',
    re.MULTILINE,
)
# What may give a resource more than the file shows: a condition, one that exists, a loop, or an object from elsewhere.
OPEN = Pattern(r"\bexisting\b|=\s*if\b")
OPEN_BODY = Pattern(r"\.\.\.|\b(?:properties|siteConfig)\s*:\s*[^{\s]")
# A text such as '3.13', and one of Bicep with names, such as 'python|${version}'.
LITERAL = Pattern(r"""(['"])([^'"$]*)\1""")
# The same without quotes, with the end of an object that is on one line.
TRUTH = Pattern(r"(true|false)[\s})\]]*")
INTERPOLATED = Pattern(r"'([^'\\\n]*)'")
INSERTED = r"\$\{(\w+)\}"
NAME = Pattern(r"[A-Za-z_]\w*")
# What Terraform calls a variable and a local value, such as `var.version`, and where these have their values.
VARIABLE = Pattern(r"(?:var|local)\.(\w+)")
LOCALS = Pattern(r"^[ \t]*locals\s*\{", re.MULTILINE)
MODULE_SOURCE = Pattern(r'\bsource\s*=\s*"([^"]+)"')
# A quoted text, or any other value.
EXPRESSION = r"""('[^'\n]*'(?=\s*(?:[,\n}]|$))|"[^"\n]*"(?=\s*(?:[,\n}]|$))|[^\n,]+)"""
# The longest chain of values that refer to each other.
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


def is_open(block: Block) -> bool:
    """Whether a resource of Bicep may not be there, or have more than the file shows."""
    return any((OPEN.search(block.header[0]), OPEN_BODY.search(block.text)))


def outer_blocks(source: Source) -> Iterator[Block]:
    """Yield the resources, modules and variables of a file, without those within others, in their order."""
    end = -1
    headers = (RESOURCE, MODULE) if source.path.endswith(".bicep") else (TERRAFORM_BLOCK,)
    found = [block for header in headers for block in source.blocks(header)]
    for block in sorted(found, key=lambda block: block.start):
        if block.start > end:
            end = block.end
            yield block


def makes_functions(kinds: Sequence[Value] | None) -> bool:
    """Whether each kind that a site may have is one of a function app, in any letter case; false if there is none."""
    return bool(kinds) and all("functionapp" in kind.text.lower() for kind in kinds or ())


def property_values(deployment: Deployment, block: Block, name: str) -> list[Value] | None:
    """Return the texts that a property of a block may have: none if it is not there; None if that is unknown."""
    pattern = Pattern(rf"""(?<![\w.]){name}["']?\s*[:=]\s*(?![=\s]){EXPRESSION}""")
    return _all_values(deployment, matches(block.source, pattern, block.start, block.end))


def value_of_all(deployment: Deployment, block: Block, name: str, text: str) -> Value | None:
    """Return the first value of a property if each that it may have is a text."""
    values = property_values(deployment, block, name) or []
    return values[0] if values and all(value.text == text for value in values) else None


def evaluated(deployment: Deployment, expression: Expression, depth: int = 0) -> list[Value] | None:
    """Return the texts that an expression may have as its value; None if that is unknown."""
    source, text, offset = expression
    if literal := LITERAL.fullmatch(text):
        return [Value(literal[2], source.place(offset))]
    if truth := TRUTH.fullmatch(text):
        return [Value(truth[1], source.place(offset))]
    if text.startswith("{"):
        return []  # An object, whose parts are read on their own.
    if depth > DEEPEST:
        return None
    if source.path.endswith(".tf"):
        named = VARIABLE.fullmatch(text)
        given = _of_variable(deployment, source, named[1]) if named else []
    elif "${" in text and (whole := INTERPOLATED.fullmatch(text)):
        return _put_together(deployment, source, whole[1], offset, depth + 1)
    else:
        given = _of_parameter(deployment, source, text) if NAME.fullmatch(text) else []
    return _all_values(deployment, given, depth + 1) if given else None


def _all_values(
    deployment: Deployment, expressions: Iterable[Expression], depth: int = 0
) -> list[Value] | None:
    """Return the texts that one of several expressions may have as its value; None if one is unknown."""
    found: list[Value] = []
    for expression in expressions:
        values = evaluated(deployment, expression, depth)
        if values is None:
            return None
        found += values
    return found


def _put_together(
    deployment: Deployment, source: Source, text: str, offset: int, depth: int
) -> list[Value] | None:
    """Return the texts that a text of Bicep with names, as in '${name}', may be; None if that is unknown."""
    written = re.split(INSERTED, text)
    plain, names = written[::2], written[1::2]
    if any("${" in part for part in plain):
        return None
    values = [evaluated(deployment, Expression(source, name, offset), depth) for name in names]
    known = [one for one in values if one is not None]
    if len(known) < len(names) or sum(len(one) > 1 for one in known) > 1:
        return None  # Nothing says which of several values belong together.
    found = []
    for chosen in product(*known):
        parts = zip(chosen, plain[1:], strict=True)
        whole = plain[0] + "".join(value.text + after for value, after in parts)
        found.append(Value(whole, chosen[-1].place))
    return found


def _of_parameter(deployment: Deployment, source: Source, name: str) -> Sequence[Expression]:
    """Return what is given to a parameter or a variable of a Bicep file; else its default."""
    given = [*_passed(deployment, source, name), *_in_parameter_files(deployment, source, name)]
    if _is_overridden(deployment, name):
        return []
    if given:
        return given
    default = Pattern(rf"^[ \t]*(?:param|var)\s+{name}\b[^=\n]*=[ \t]*{EXPRESSION}", re.MULTILINE)
    return list(matches(source, default))


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
                yield from matches(other, pattern, block.start, block.end)


def _in_parameter_files(deployment: Deployment, source: Source, name: str) -> Iterator[Expression]:
    stem = PurePosixPath(source.path).name.removesuffix(".bicep")
    pattern = Pattern(rf"^[ \t]*param\s+{name}\s*=[ \t]*{EXPRESSION}", re.MULTILINE)
    for other in deployment.parameters:
        if other.folder != source.folder and stem != "main":
            continue
        if not other.path.endswith(PARAMETERS):
            yield from matches(other, pattern)
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
    on_command_line = Pattern(rf"(?:TF_VAR_|-var[\s=]+[\"']?){name}\b")
    if any(on_command_line.search(script.text) for script in deployment.workflows):
        return []
    pattern = Pattern(rf"^[ \t]*{name}[ \t]*=[ \t]*{EXPRESSION}", re.MULTILINE)
    files = [file for file in deployment.terraform if file.path.endswith(".tfvars")]
    given = [found for file in files for found in matches(file, pattern)]
    for file in deployment.terraform:
        for block in file.blocks(TERRAFORM_BLOCK):
            used = MODULE_SOURCE.search(block.text)
            if used and PurePosixPath(used[1]).name == PurePosixPath(source.folder).name:
                given += matches(file, pattern, block.start, block.end)
    return given or _default_of_variable(deployment, source, name, pattern)


def _default_of_variable(
    deployment: Deployment, source: Source, name: str, pattern: Pattern
) -> Sequence[Expression]:
    """Return the default of a variable, or what the pattern finds in the local values of its folder."""
    beside = [file for file in deployment.terraform if file.folder == source.folder]
    default = Pattern(rf"\bdefault[ \t]*=[ \t]*{EXPRESSION}")
    for file in beside:
        for block in file.blocks(TERRAFORM_BLOCK):
            if (block.header["kind"], block.header["type"]) == ("variable", name):
                return list(matches(file, default, block.start, block.end))
    return [
        found
        for file in beside
        for block in file.blocks(LOCALS)
        for found in matches(file, pattern, block.start, block.end)
    ]


def matches(
    source: Source, pattern: Pattern, start: int = 0, end: int | None = None
) -> Iterator[Expression]:
    """Yield the expressions that the first group of a pattern finds in a part of a file."""
    last = len(source.text) if end is None else end
    for match in pattern.finditer(source.text, start, last):
        yield Expression(source, match[1].strip(" \t\r,"), match.start(1))
