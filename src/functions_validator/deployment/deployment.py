"""The files that create an app in Azure and publish it: Bicep, templates in JSON, Terraform, workflows and scripts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from ..files.commented_file import BICEP, TERRAFORM, YAML, Source, without_comments
from ..files.repository import LARGEST, repository_files, repository_of
from ..files.text_files import Unreadable, read_text
from ..model import Place
from ..pattern import Pattern

PARAMETERS = ".parameters.json"
# Where templates of Azure Resource Manager are, and what they contain.
TEMPLATE = Pattern(
    r"(?:.*infra.*|(?:.*/)?(?:arm|deploy)[^/]*/.*|(?:.*/)?(?:main(?:\..*|Template)?|azuredeploy.*|.*template))\.json",
    re.IGNORECASE,
    ("infra", "arm", "deploy", "main", "template"),
)
# The end of the address of their schema, such as "/2019-04-01/deploymentTemplate.json#".
SCHEMA = Pattern(r"/\w*deploymentTemplate\.json\b", re.IGNORECASE)
WORKFLOWS = (*YAML, ".sh", ".ps1", "Makefile", "makefile", ".mk", "justfile")
# Folders of a repository, beside that of the app, that may create or publish it.
FOLDERS = Pattern(
    r"infra.*|arm.*|bicep|terraform|iac|deploy.*|pipelines?|scripts?|ops|\.github|\.azure.*|\.devops",
    re.IGNORECASE,
)
DOWNLOADED = {".terraform", "node_modules"}
# What may come before a path in the repository, and what takes a path: a key, an option or a command.
WORKSPACE = r"(?:\.{1,2}|\$[({\w. :-]*(?i:workspace|dir|pwd|root)[\w. :-]*[)} ]*)"
TAKES_PATH = (
    r"(?i:[\w.-]*(?:package|path|folder|dir|src|source|root|project|cwd|include)[\w.-]*[\"']?(?:[ \t]*[:=]|[ \t]))"
    r"|\b(?:cd|pushd|Set-Location|Push-Location)[ \t]|\b(?:zip|tar|cp|rsync|Compress-Archive)[ \t][^\n]*?[ \t]"
    r"|\s-[CcrR][ \t]"
)


class Deployment:
    """All files that create and publish an app.

    `others` has the workflows beside the app that do not name its folder.
    """

    def __init__(self, sources: Sequence[Source], others: Sequence[Source] = ()) -> None:
        self.sources, self.others = sources, others

    @cached_property
    def bicep(self) -> Sequence[Source]:
        """Return the Bicep files."""
        return self._ending(".bicep")

    @cached_property
    def parameters(self) -> Sequence[Source]:
        """Return the files with values of parameters for Bicep."""
        return self._ending((".bicepparam", PARAMETERS))

    @cached_property
    def templates(self) -> Sequence[Source]:
        """Return the templates of Azure Resource Manager in JSON."""
        return [source for source in self._ending(".json") if SCHEMA.search(source.text)]

    @cached_property
    def terraform(self) -> Sequence[Source]:
        """Return the Terraform files."""
        return self._ending(TERRAFORM)

    @cached_property
    def workflows(self) -> Sequence[Source]:
        """Return workflows, pipelines and scripts."""
        return self._ending(WORKFLOWS)

    def _ending(self, endings: str | tuple[str, ...]) -> Sequence[Source]:
        return [source for source in self.sources if source.path.endswith(endings)]


def read_deployment(root: Path, own: Sequence[str]) -> Deployment:
    """Return the files of an app, and those beside it in its repository; `own` has the paths in the app.

    Of the workflows beside the app, only those count that name its folder: others publish other apps.
    """
    repository = repository_of(root)
    names_app = _naming(root.relative_to(repository).parts)
    paths = [root / path for path in own if _is_wanted(path)]
    if repository != root:
        paths += [path for path in _beside(repository) if root not in path.parents]
    sources, others = [], []
    for path in paths:
        try:
            if path.stat().st_size <= LARGEST:
                relative = os.path.relpath(path, root).replace(os.sep, "/")
                text = read_text(path)
                source = Source(relative, without_comments(path.name, text), text)
                if source.is_inside or not relative.endswith(WORKFLOWS) or names_app(source.text):
                    sources.append(source)
                else:
                    others.append(source)
        except (OSError, Unreadable):
            continue
    return Deployment(sources, others)


def is_of_only_app(root: Path, place: Place) -> bool:
    """Whether a file is in the folder of an app, or beside it in a repository that has no other function app."""
    if place.is_inside:
        return True
    apps = repository_files(repository_of(root), lambda name: name == "host.json")
    return len({*apps}) == 1


def _naming(parts: Sequence[str]) -> Callable[[str], bool]:
    """Return a check of a text: whether a step in it gets the folder of the app, whose path has these parts."""
    if not parts:
        return lambda text: True
    *above, name = map(re.escape, parts)
    folder = "".join(rf"(?:{part}[\\/])?" for part in above) + name
    path = rf"(?<![\w./\\-])(?:{WORKSPACE}[\\/])*{folder}(?!-|\w|\.(?!zip\b))"
    given = Pattern(rf"{path}[\\/][\w*.]|(?:{TAKES_PATH})[ \t]*[\"']?{path}")
    item = Pattern(rf"(?:^[ \t]*-|[\[,])[ \t]*[\"']?{path}[\"']?[ \t]*(?:[\],]|\r?$)", re.MULTILINE)
    named = Pattern(rf"\b(\w+)[\"']?[ \t]*[:=][ \t]*[\"']?{path}[\"']?[ \t]*\r?$", re.MULTILINE)
    return lambda text: bool(
        parts[-1] in text
        and (
            given.search(text)
            or ("matrix" in text and item.search(text))
            or any(_takes_variable(text, found[1]) for found in named.finditer(text))
        )
    )


def _takes_variable(text: str, name: str) -> bool:
    """Whether a step takes its path from a variable: `$NAME`, `${NAME}`, `$env:NAME` or `${{ env.NAME }}`."""
    variable = rf"\$[({{ ]*(?:env[:.]|variables\.)?{name}\b"
    return re.search(rf"(?:{TAKES_PATH})[ \t]*[\"']?{variable}", text) is not None


def _beside(repository: Path) -> Iterator[Path]:
    for path in sorted(repository.iterdir()):
        if path.is_file() and _is_wanted(path.name):
            yield path
        elif path.is_dir() and FOLDERS.fullmatch(path.name):
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(set(folders) - DOWNLOADED)
                found = (Path(folder, name) for name in sorted(names))
                yield from (f for f in found if _is_wanted(f.relative_to(repository).as_posix()))


def _is_wanted(path: str) -> bool:
    if not DOWNLOADED.isdisjoint(path.split("/")):
        return False
    known = path.endswith((*BICEP, *TERRAFORM, *WORKFLOWS, PARAMETERS))
    return known or (path.endswith(".json") and TEMPLATE.fullmatch(path) is not None)
