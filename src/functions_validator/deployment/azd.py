"""Which service of azure.yaml an app is, and which parts of shared Bicep and Terraform files are for others."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from ..files.commented_file import Block, Source
from ..files.content import mapping
from ..files.repository import repository_of
from ..files.text_files import Unreadable
from ..files.yaml_file import read_yaml_mapping
from ..pattern import Pattern
from .deployment import Deployment
from .infrastructure import Expression, evaluated, outer_blocks

FILES = ("azure.yaml", "azure.yml")
# How a block says which service it is for: with azd's tag, or the parameter that templates usually have for it.
SERVICE = Pattern(
    r"""(?<![\w.-])(?:(?P<tag>azd-service-name)|(?:azd)?[sS]ervice_?[nN]ame)["']?\s*[:=](?!=)\s*"""
    r"""(?P<text>'[^'\n]*'|"[^"\n]*"|[\w.]+)"""
)


def read_services(folder: Path) -> Mapping[str, str]:
    """Return the services in the azure.yaml of a folder, with the folders of their projects."""
    for name in FILES:
        try:
            content = read_yaml_mapping(folder / name)
        except Unreadable:
            continue
        return dict(_with_folders(mapping(content.get("services"))))
    return {}


def _with_folders(services: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, service in services.items():
        project = mapping(service).get("project")
        if isinstance(project, str) and project:
            yield name, project.replace("\\", "/")


def without_others(root: Path, deployment: Deployment) -> Deployment:
    """Return the files of an app without the parts for other services in its azure.yaml."""
    repository = repository_of(root)
    services = read_services(repository)
    folder = PurePosixPath(root.relative_to(repository).as_posix())
    own = {name for name, project in services.items() if _overlap(PurePosixPath(project), folder)}
    others = set(services) - own
    if not own or not others:
        return deployment
    removed = _Others(deployment, own, others).blocks()
    sources = [_blanked(source, removed) for source in deployment.sources]
    return Deployment([source for source in sources if source.text.strip()], deployment.others)


def _overlap(project: PurePosixPath, folder: PurePosixPath) -> bool:
    """Whether a service and an app have the same folder, or one folder contains the other."""
    return project == folder or project in folder.parents or folder in project.parents


def _blanked(source: Source, removed: Sequence[Block]) -> Source:
    """Return a file with spaces instead of what is removed."""
    text = source.text
    for block in removed:
        if block.source is source:
            start = block.header.start()
            text = text[:start] + re.sub(r"[^\n]", " ", text[start : block.end]) + text[block.end :]
    return source._replace(text=text)


class _Others:
    """Finds the resources and modules of other services."""

    def __init__(self, deployment: Deployment, own: set[str], others: set[str]) -> None:
        self.deployment, self.own, self.others = deployment, own, others
        sources = (*deployment.bicep, *deployment.terraform)
        self.of_file = {source.path: list(outer_blocks(source)) for source in sources}
        self.services_of_file: dict[str, set[str] | None] = {}

    def blocks(self) -> list[Block]:
        """Return the blocks for other services, with the plans and others that only these refer to."""
        removed: list[Block] = []
        for source in (*self.deployment.bicep, *self.deployment.terraform):
            blocks = self.of_file[source.path]
            found = [block for block in blocks if self._is_other(block)]
            while more := [b for b in blocks if b not in found and _is_only_for(b, blocks, found)]:
                found += more
            removed += found
        return removed

    def _is_other(self, block: Block) -> bool:
        services = self._services(block)
        return bool(services and services <= self.others)

    def _services(self, block: Block) -> set[str] | None:
        """Return the services that a block is for; None if that cannot be read."""
        found: set[str] = set()
        for match in SERVICE.finditer(block.source.text, block.start, block.end):
            expression = Expression(block.source, match["text"], match.start("text"))
            values = evaluated(self.deployment, expression)
            if values is None and match["tag"]:
                return None
            found.update(value.text for value in values or ())
        found &= self.own | self.others
        if found:
            return found
        file = _module_file(self.deployment, block)
        return self._services_of(file) if file else found

    def _services_of(self, file: Source) -> set[str] | None:
        """Return the services that a file is for; none for one that includes itself."""
        if file.path not in self.services_of_file:
            self.services_of_file[file.path] = set()
            found: set[str] | None = set()
            for block in self.of_file[file.path]:
                services = self._services(block)
                found = None if found is None or services is None else found | services
            self.services_of_file[file.path] = found
        return self.services_of_file[file.path]


def _module_file(deployment: Deployment, block: Block) -> Source | None:
    """Return the file of a module, if it is one of the app's."""
    folder = posixpath.dirname(block.source.path)
    path = posixpath.normpath(posixpath.join(folder, block.header["type"]))
    return next((one for one in deployment.bicep if posixpath.normpath(one.path) == path), None)


def _is_only_for(block: Block, blocks: Sequence[Block], others: Sequence[Block]) -> bool:
    """Whether others refer to a block, and no other block does."""
    name = _reference(block)
    if name is None:
        return False
    using = [one for one in blocks if one is not block and re.search(name, one.text)]
    return bool(using) and all(one in others for one in using)


def _reference(block: Block) -> str | None:
    """Return a pattern for what refers to a block."""
    parts = block.header.groupdict()
    if symbol := parts.get("symbol"):
        return rf"(?<![\w.']){symbol}\b(?!\s*:)"
    kind, type_ = parts["kind"], parts["type"]
    if kind == "variable":
        return None
    whole = f"module.{type_}" if kind == "module" else f"{type_}.{parts['name']}"
    return rf"(?<![\w.]){re.escape(whole)}\b"
