"""The app settings that Bicep, templates in JSON and Terraform give to the function app."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from ..files.commented_file import STRINGS, Block, Source, open_braces
from ..model import Place
from ..pattern import Pattern
from . import arm
from .deployment import Deployment
from .infrastructure import MODULE, MODULE_SOURCE, RESOURCE, SITE, TERRAFORM_BLOCK, outer_blocks

# What may come at the top of a file, besides resources and modules.
TOP = Pattern(
    r"^(?:(?:var|param)\s+(?P<bicep>\w+)|(?P<locals>locals)\s*\{|variable\s+\"(?P<variable>[^\"]+)\""
    r"|(?:output|func|type|data|provider|terraform|moved|import|check)\b)",
    re.MULTILINE,
)
# Where a local value of Terraform gets its value, `name = ...`.
LOCAL = Pattern(r"^[ \t]*(?P<local>\w+)[ \t]*=(?!=)", re.MULTILINE)
NAMES_SITE = Pattern(r"microsoft\.web/sites\b", re.IGNORECASE)
# Such as `kind: 'functionapp,linux'`.
KIND = Pattern(r"""\bkind["']?\s*[:=]\s*["']([^"'$\n]*)["']""", re.IGNORECASE)
ON_FLEX = Pattern(r"\bfunctionAppConfig\b", re.IGNORECASE)
FLEX_RESOURCE, OTHER_RESOURCE = "azurerm_function_app_flex_consumption", "function_app"
FOR_FUNCTIONS = Pattern(r"func", re.IGNORECASE)
FOR_OTHERS = Pattern(
    r"container|static|web-?_?app|app-?_?service|\bweb\b(?!/)|frontend|kubernetes|aks|batch",
    re.IGNORECASE,
)
NOTHING = Pattern(r"""["']?\s*[:=]\s*null\b""")
# The value of a setting, after its key or after its name.
LITERAL = r"""(?:["'](?P<text>[^"'$\n]*)["']|(?P<number>\d+))[ \t]*(?=[,}\r\n]|$)"""
AFTER_KEY = Pattern(rf"""["']?\s*[:=]\s*{LITERAL}""")
AFTER_NAME = Pattern(rf"""["']\s*,?\s*value["']?\s*[:=]\s*{LITERAL}""")


class SiteSetting(NamedTuple):
    """A setting of the function app, and its value if the file shows it."""

    name: str
    place: Place
    value: str | None


def site_settings(deployment: Deployment, names: Sequence[str]) -> Iterator[SiteSetting]:
    """Yield the settings of some names that the files give to the function app, as far as they show it."""
    for setting, value in arm.settings(arm.resources(deployment)):
        if setting in names:
            yield SiteSetting(setting, setting.place, value)
    longest_first = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    # An object with a name, or a key.
    given = re.compile(
        rf"""(?<![\w.])(?:name["']?\s*[:=]\s*["'](?P<name>{longest_first})["']"""
        rf"""|["']?(?P<key>{longest_first})["']?\s*[:=](?!=))"""
    )
    for source in (*deployment.bicep, *deployment.terraform):
        found = list(given.finditer(source.text))
        texts = [m.span() for m in STRINGS.finditer(source.text)] if found else []
        for match in found:
            name = match["name"] or match["key"]
            start = match.start("name" if match["name"] else "key")
            if any(a < start < b and b - a > len(name) + 2 for a, b in texts):
                continue
            if match["key"] and NOTHING.match(source.text, match.end("key")):
                continue
            if _is_of_app(deployment, source, start):
                after = AFTER_KEY if match["key"] else AFTER_NAME
                found_value = after.match(source.text, start + len(name))
                value = (found_value["text"] or found_value["number"]) if found_value else None
                yield SiteSetting(name, source.place(match.start()), value)


def _is_of_app(deployment: Deployment, source: Source, offset: int) -> bool:
    """Whether a setting may be one of the function app, and not of another resource."""
    block = next((b for b in _blocks(source) if b.start <= offset < b.end), None)
    if block is not None:
        return _is_app(deployment, block)
    top = next(reversed(list(TOP.finditer(source.text, 0, offset))), None)
    in_locals = top is not None and top["locals"] is not None
    if open_braces(source.text, offset) <= in_locals:
        return False  # The name of a variable.
    word = _reference(source, top, offset) if top else None
    using = list(_using(deployment, source, word)) if word else []
    return not using or any(_is_app(deployment, one) for one in using)


def _reference(source: Source, top: re.Match[str], offset: int) -> str | None:
    """Return a pattern for what refers to the variable around an offset."""
    if top["bicep"]:
        return rf"(?<![\w.]){top['bicep']}\b"
    if top["variable"]:
        return rf"\bvar\.{re.escape(top['variable'])}\b"
    if not top["locals"]:
        return None
    names = [
        found["local"]
        for found in LOCAL.finditer(source.text, top.end(), offset)
        if open_braces(source.text, found.start("local")) == 1
    ]
    return rf"\blocal\.{names[-1]}\b" if names else None


def _using(deployment: Deployment, source: Source, word: str) -> Iterator[Block]:
    """Yield the resources and modules of a folder that refer to a variable; none if others do, too."""
    is_bicep = source.path.endswith(".bicep")
    files = [source] if is_bicep else [f for f in deployment.terraform if f.folder == source.folder]
    blocks = [block for file in files for block in _blocks(file) if re.search(word, block.text)]
    uses = sum(len(re.findall(word, file.text)) for file in files) - is_bicep
    if uses == sum(len(re.findall(word, block.text)) for block in blocks):
        yield from blocks


def _blocks(source: Source) -> Iterator[Block]:
    """Yield the resources and modules of a file, without those within others."""
    for block in outer_blocks(source):
        if block.header.groupdict().get("kind") != "variable":
            yield block


def _is_app(deployment: Deployment, block: Block) -> bool:
    """Whether a resource or a module may be the function app on the Flex Consumption plan."""
    header = block.header
    if header.re is MODULE.compiled or header.groupdict().get("kind") == "module":
        return _is_module_of_app(block)
    if header.re is TERRAFORM_BLOCK.compiled:
        return _is_terraform_app(deployment, block)
    if not NAMES_SITE.search(header["type"]):
        return False
    parent = next(_parents(block), None)
    return _is_site(deployment, parent or block, is_known=parent is not None or _is_whole(block))


def _is_whole(block: Block) -> bool:
    """Whether a resource is a site, and not a part of one that is elsewhere."""
    return block.header["type"].lower() in (SITE, arm.SLOTS)


def _parents(block: Block) -> Iterator[Block]:
    """Yield the site whose settings a resource of its own has."""
    if _is_whole(block):
        return
    for other in block.source.blocks(RESOURCE):
        if _is_whole(other):
            named = rf"\b(?:parent\s*:\s*|name\s*:[^\n]*\b){other.header['symbol']}\b"
            if re.search(named, block.text):
                yield other


def _is_site(deployment: Deployment, block: Block, *, is_known: bool) -> bool:
    if not is_known or ON_FLEX.search(block.text):
        return True
    kind = KIND.search(block.text)
    if kind and not FOR_FUNCTIONS.search(kind[1]):
        return False
    return not any(
        ON_FLEX.search(other.text)
        for source in deployment.bicep
        for other in source.blocks(RESOURCE)
    )


def _is_module_of_app(block: Block) -> bool:
    """Whether a module may create the function app; nothing is known of most of them."""
    type_ = block.header["type"]
    if source := MODULE_SOURCE.search(block.text):
        type_ += f" {PurePosixPath(source[1]).name}"
    if ON_FLEX.search(block.text) or FOR_FUNCTIONS.search(type_):
        return True
    kind = KIND.search(block.text)
    return FOR_FUNCTIONS.search(kind[1]) is not None if kind else not FOR_OTHERS.search(type_)


def _is_terraform_app(deployment: Deployment, block: Block) -> bool:
    type_ = block.header["type"]
    if type_.startswith("azapi"):
        kind = KIND.search(block.text)
        is_other = kind is not None and not FOR_FUNCTIONS.search(kind[1])
        return NAMES_SITE.search(block.text) is not None and not is_other
    if OTHER_RESOURCE not in type_ or type_ == FLEX_RESOURCE:
        return type_ == FLEX_RESOURCE
    return not any(
        other.header["type"] == FLEX_RESOURCE
        for source in deployment.terraform
        for other in source.blocks(TERRAFORM_BLOCK)
    )
