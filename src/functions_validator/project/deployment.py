"""The files that create an app in Azure and publish it: Bicep, templates in JSON, Terraform, workflows and scripts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ..model import Place
from ..pattern import Pattern
from .mentions import repository_of
from .text_files import Unreadable, place_at, read_text

BICEP, TERRAFORM = (".bicep", ".bicepparam"), (".tf", ".tfvars")
PARAMETERS = ".parameters.json"
# Where templates of Azure Resource Manager are, and what they contain.
TEMPLATE = Pattern(
    r"(?:.*infra.*|(?:.*/)?(?:arm|deploy)[^/]*/.*|(?:.*/)?(?:main(?:\..*|Template)?|azuredeploy.*|.*template))\.json",
    re.IGNORECASE,
    ("infra", "arm", "deploy", "main", "template"),
)
SCHEMA = Pattern(r"/\w*deploymentTemplate\.json\b", re.IGNORECASE)
YAML = (".yml", ".yaml")
WORKFLOWS = (*YAML, ".sh", ".ps1")
# Folders of a repository, beside that of the app, that may create or publish it.
FOLDERS = Pattern(
    r"infra.*|arm.*|bicep|terraform|iac|deploy.*|pipelines?|scripts?|ops|\.github|\.azure.*|\.devops",
    re.IGNORECASE,
)
DOWNLOADED = {".terraform", "node_modules"}
LARGEST = 500_000
# Strings, which stay, and comments, which do not count.
COMMENTS = {
    "bicep": Pattern(r"'''.*?'''|'(?:\\.|[^'\\\n])*'|(//[^\n]*|/\*.*?\*/)", re.DOTALL),
    "terraform": Pattern(r'"(?:\\.|[^"\\\n])*"|(#[^\n]*|//[^\n]*|/\*.*?\*/)', re.DOTALL),
    "json": Pattern(r'"(?:\\.|[^"\\\n])*"|(//[^\n]*|/\*.*?\*/)', re.DOTALL),
    "script": Pattern(r"(?m)(?<!\S)(#[^\n]*)"),
}
# What may come before a path in the repository, and what takes a path: a key, an option or a command.
WORKSPACE = r"(?:\.{1,2}|\$[({\w. :-]*(?i:workspace|dir|pwd|root)[\w. :-]*[)} ]*)"
TAKES_PATH = (
    r"(?i:[\w.-]*(?:package|path|folder|dir|src|source|root|project|cwd|include)[\w.-]*[\"']?(?:[ \t]*[:=]|[ \t]))"
    r"|\b(?:cd|pushd|Set-Location|Push-Location)[ \t]|\b(?:zip|tar|cp|rsync|Compress-Archive)[ \t][^\n]*?[ \t]"
    r"|\s-[CcrR][ \t]"
)
# Strings of Bicep and Terraform, of one or several lines.
STRINGS = Pattern(
    r"<<[-~]?(?P<end>\w+)[ \t]*\r?\n.*?\n[ \t]*(?P=end)\b"
    r"|'''.*?'''|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"",
    re.DOTALL,
)
BRACES = Pattern(rf"{STRINGS.pattern}|[{{}}]", re.DOTALL)
STEPS = {"{": 1, "}": -1}


class Source(NamedTuple):
    """A file, whose comments are replaced with spaces; the path is relative to the app, as `../infra/main.bicep`.

    `written` is its text with the comments.
    """

    path: str
    text: str
    written: str

    def place(self, offset: int) -> Place:
        """Return the place of an offset."""
        return place_at(self.path, self.text, offset)

    @property
    def is_inside(self) -> bool:
        """Whether the file is in the folder of the app, and not beside it in the repository."""
        return Place(self.path).is_inside

    @property
    def is_yaml(self) -> bool:
        """Whether the file is a workflow or a pipeline, and not a script."""
        return self.path.endswith(YAML)

    @property
    def folder(self) -> str:
        """Return the folder of the file."""
        return str(PurePosixPath(self.path).parent)

    def blocks(self, header: Pattern) -> Iterator[Block]:
        """Yield the text between the braces after a header, which ends with the opening one."""
        for match in header.finditer(self.text):
            yield Block(self, match, match.end(), _closing(self.text, match.end()))


class Block(NamedTuple):
    """A part of a file, between braces."""

    source: Source
    header: re.Match[str]
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the text between the braces."""
        return self.source.text[self.start : self.end]


class Deployment:
    """All files that create and publish an app."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources

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
    sources = []
    for path in paths:
        try:
            if path.stat().st_size <= LARGEST:
                relative = os.path.relpath(path, root).replace(os.sep, "/")
                text = read_text(path)
                source = Source(relative, without_comments(path.name, text), text)
                if source.is_inside or not relative.endswith(WORKFLOWS) or names_app(source.text):
                    sources.append(source)
        except (OSError, Unreadable):
            continue
    return Deployment(sources)


def _naming(parts: Sequence[str]) -> Callable[[str], bool]:
    """Return whether a text gives the folder of an app, whose path in the repository has the parts, to a step."""
    if not parts:
        return lambda text: True
    *above, name = map(re.escape, parts)
    folder = "".join(rf"(?:{part}[\\/])?" for part in above) + name
    path = rf"(?<![\w./\\-])(?:{WORKSPACE}[\\/])*{folder}(?!-|\w|\.(?!zip\b))"
    given = Pattern(rf"{path}[\\/][\w*.]|(?:{TAKES_PATH})[ \t]*[\"']?{path}")
    item = Pattern(rf"(?:^[ \t]*-|[\[,])[ \t]*[\"']?{path}[\"']?[ \t]*(?:[\],]|$)", re.MULTILINE)
    named = Pattern(rf"\b(\w+)[\"']?[ \t]*[:=][ \t]*[\"']?{path}[\"']?[ \t]*$", re.MULTILINE)
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


def without_comments(name: str, text: str) -> str:
    """Return the text of a file with spaces instead of its comments."""
    kinds: dict[str, str | tuple[str, ...]]
    kinds = {"bicep": BICEP, "terraform": TERRAFORM, "json": ".json"}
    kind = next((kind for kind, endings in kinds.items() if name.endswith(endings)), "script")
    return COMMENTS[kind].sub(lambda found: _blank(found[0]) if found[1] else found[0], text)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _closing(text: str, start: int) -> int:
    """Return where the brace closes that opened before a place."""
    depth = 1
    for found in BRACES.finditer(text, start):
        depth += STEPS.get(found[0], 0)
        if depth == 0:
            return found.start()
    return len(text)


def open_braces(text: str, end: int) -> int:
    """Return how many braces are open at a place."""
    return sum(STEPS.get(found[0], 0) for found in BRACES.finditer(text, 0, end))
