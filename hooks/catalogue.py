"""Reads the template's data: kinds, services, options, Pythons and questions, each from its own file.

The hooks, the tests and the benchmarks use it; Copier reads template/data.jinja, which `template_data.py` makes of it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ConfigDict, ValidationError
from pydantic.dataclasses import dataclass

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "template"
RETIRED = "Retired"
# Of the name of a function that does not also name a resource in Azure.
ANY_LENGTH = (1, 127)

Data = TypeVar("Data")

STRICT = ConfigDict(extra="forbid", strict=True)


class CatalogueError(Exception):
    """A file of the template is wrong; the message is a sentence that names it."""


@dataclass(frozen=True, config=STRICT)
class Python:
    """A version of Python that Azure Functions runs or has run, such as "3.13"."""

    version: str
    end_of_support: str
    worker: str = ""
    preview: bool = False
    tested: bool = True

    @property
    def is_offered(self) -> bool:
        """Whether it can be chosen."""
        return bool(self.worker)

    @property
    def label(self) -> str:
        """Return what the prompt calls it."""
        year, month, _ = self.end_of_support.split("-")
        support = f"supported until {calendar.month_name[int(month)]} {year}"
        return f"{self.version} ({'preview in Azure, ' if self.preview else ''}{support})"

    @property
    def image(self) -> str:
        """Return the container image that Azure runs it in."""
        return f"mcr.microsoft.com/azure-functions/python:4-python{self.version}"

    @property
    def minor(self) -> int:
        """Return 13 for "3.13"."""
        return int(self.version.split(".")[1])


@dataclass(frozen=True, config=STRICT)
class Parameter:
    """A parameter of main.bicep, and the variable of azd with its value."""

    variable: str
    default: str | int
    description: str


@dataclass(frozen=True, config=STRICT)
class Bicep:
    """How main.bicep calls the module of a service."""

    prefix: str
    connection: str = ""
    own_roles: bool = False
    lists: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    private_endpoints: Mapping[str, str] = field(default_factory=dict)
    scripts: Sequence[str] = ()
    after_deploy: Sequence[str] = ()
    webhook: bool = False
    fixed_price: bool = False


@dataclass(frozen=True, config=STRICT)
class Service:
    """An Azure service that functions connect to. template/services.yml explains the keys."""

    name: str
    title: str
    connection: str
    emulator: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    identity: Sequence[str] = ()
    without_identity: str = ""
    access: str = ""
    resources: Sequence[str] = ()
    taken: str = ""
    containers: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    tools: Sequence[str] = ()
    beside: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    needs: Sequence[str] = ()
    if_only_needed: Mapping[str, str] = field(default_factory=dict)
    emulator_config: bool = False
    bicep: Bicep | None = None
    secrets: Sequence[str] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    deployer: Sequence[str] = ()
    host: Mapping[str, Any] = field(default_factory=dict)

    @property
    def local_settings(self) -> Mapping[str, str]:
        """Return the app settings that connect to it on a developer's machine."""
        return self.settings or {self.connection: self.emulator}


@dataclass(frozen=True, config=STRICT)
class Option:
    """A question whose choices add files to an app. template/options.yml explains the keys."""

    name: str
    before: str
    files: Mapping[str, Sequence[str]]
    published: bool = False
    ignored: Mapping[str, Sequence[str]] = field(default_factory=dict)
    installs: str = ""


@dataclass(frozen=True, config=STRICT)
class Complaint:
    """What can be wrong with an answer. template/complaints.yml explains the keys."""

    wrong: str
    do: str = ""
    must_match: str | Mapping[str, str] = ""
    must_not_match: str | Mapping[str, str] = ""


@dataclass(frozen=True, config=STRICT)
class Delivery:
    """How a message or an event reaches a function, and what happens to one that the function does not process."""

    guarantee: str
    then: str
    # 0 if the service decides it.
    attempts: int = 0
    # Empty if it is the same as after an exception.
    invalid: str = ""
    order: str = "none"
    batch: bool = False


@dataclass(frozen=True, eq=False, config=STRICT)
class Kind:
    """A kind of function: its folder, its group in the index, and its kind.yml. CONTRIBUTING.md explains the keys."""

    id: str
    folder: Path
    group: str
    title: str
    help: str
    summary: str
    source: str
    names: Sequence[str]
    functions: Sequence[str]
    # The versions that can be chosen and that it runs on, in the order of the prompt.
    python: Sequence[str]
    service: str = ""
    reads: Sequence[str] = ()
    writes: Sequence[str] = ()
    resources: Sequence[Mapping[str, str]] = ()
    roles: Sequence[str] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    local_settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Sequence[str] = ()
    variables: Sequence[str] = ()
    http: str = ""
    init_indexing: bool = False
    host: Mapping[str, Any] = field(default_factory=dict)
    requirements: Sequence[str] = ()
    shared: Sequence[str] = ()
    # Whether the folder has instructions.md, those of an agent.
    instructions: bool = False
    bundle: str = ""
    # What a user types. It is not called `try`, which is a keyword.
    command: str = ""
    by_hand: Mapping[str, str] = field(default_factory=dict)
    publish: str = ""
    health: str = ""
    signed: str = ""
    not_on_flex: str = ""
    always_ready: bool = False
    dapr: bool = False
    event_grid: str = ""
    # None if a caller gets an answer.
    delivery: Delivery | None = None
    name_length: Sequence[int] = ANY_LENGTH
    retired: str = ""

    @property
    def placeholder(self) -> str:
        """Return the function's name in the kind's sources."""
        return f"{self.id}_example"

    @property
    def table(self) -> str:
        """Return the table that has the name of the function, without underscores, or an empty text."""
        name = self.placeholder.title().replace("_", "")
        return name if name in " ".join([self.source, *self.reads, *self.writes]) else ""

    @property
    def streams(self) -> bool:
        """Whether its HTTP functions take the extension's Request."""
        return self.http == "stream"

    @property
    def endings(self) -> list[str]:
        """Return what its functions add to their name, such as "" and "_reset"."""
        names = (name for name in self.functions if name.startswith(self.placeholder))
        return ["", *(name.removeprefix(self.placeholder) for name in names)]

    def functions_of(self, name: str) -> list[str]:
        """Return the names of all functions that it defines for one of this name."""
        return [function.replace(self.placeholder, name) for function in self.functions]


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file. Raises CatalogueError if it has none."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}.") from error


def read_kinds(template: Path = TEMPLATE) -> list[Kind]:
    """Return every kind in the order of the prompt. Raises CatalogueError for a wrong one."""
    path = template / "catalogue" / "index.yml"
    index = read_yaml(path)
    for group in index:
        if group != RETIRED and not all(parts_of_group(group)):
            raise CatalogueError(f"{path}: write {group} as Theme (what belongs to it).")
    pythons = [python for python in read_pythons(template) if python.is_offered]
    return [
        _kind(template / "catalogue" / id / "kind.yml", id, group, pythons)
        for group, ids in index.items()
        for id in ids
    ]


def _kind(path: Path, id: str, group: str, pythons: Sequence[Python]) -> Kind:
    content = {"functions": [f"{id}_example"], **read_yaml(path)}
    if "try" in content:
        content["command"] = content.pop("try")
    if "delivery" in content:
        content["delivery"] = _make(Delivery, path, **content["delivery"])
    versions, worker = content.pop("python", None), content.pop("worker", None)
    content["instructions"] = (path.parent / "instructions.md").is_file()
    content["python"] = [
        python.version
        for python in pythons
        if versions is None or python.version in versions
        if worker is None or python.worker == worker
    ]
    kind = _make(Kind, path, id=id, group=group, folder=path.parent, **content)
    if bool(kind.retired) != (group == RETIRED):
        raise CatalogueError(f"{path}: a kind is in {RETIRED} if it says what to use instead.")
    return kind


def offered_groups(kinds: Iterable[Kind]) -> dict[str, list[Kind]]:
    """Return the kinds that new apps can have, by their groups, in the order of the prompt."""
    groups: dict[str, list[Kind]] = {}
    for kind in kinds:
        if kind.group != RETIRED:
            groups.setdefault(kind.group, []).append(kind)
    return groups


def parts_of_group(group: str) -> tuple[str, str]:
    """Return "Storage" and "blobs, queues, tables" for "Storage (blobs, queues, tables)"."""
    theme, _, about = group.removesuffix(")").partition(" (")
    return theme, about


def read_services(template: Path = TEMPLATE) -> dict[str, Service]:
    """Return the services by their names. Raises CatalogueError for a wrong one."""
    path = template / "services.yml"
    return {name: _service(path, name, content) for name, content in read_yaml(path).items()}


def _service(path: Path, name: str, content: dict[str, Any]) -> Service:
    bicep = _bicep(path, **content["bicep"]) if "bicep" in content else None
    return _make(Service, path, name=name, **{**content, "bicep": bicep})


def _bicep(path: Path, parameters: Mapping[str, Any] | None = None, **content: Any) -> Bicep:
    made = {name: _make(Parameter, path, **each) for name, each in (parameters or {}).items()}
    return _make(Bicep, path, parameters=made, **content)


def read_pythons(template: Path = TEMPLATE) -> list[Python]:
    """Return the versions of Python, those that can be chosen first, in the order of the prompt."""
    path = template / "pythons.yml"
    pythons = []
    for version, content in read_yaml(path).items():
        # YAML reads it as a date.
        if "end_of_support" in content:
            content["end_of_support"] = str(content["end_of_support"])
        pythons.append(_make(Python, path, version=version, **content))
    return pythons


def read_options(template: Path = TEMPLATE) -> dict[str, Option]:
    """Return the options that add files, by their names. Raises CatalogueError for a wrong one."""
    path = template / "options.yml"
    return {
        name: _make(Option, path, name=name, **content) for name, content in read_yaml(path).items()
    }


def read_complaints(template: Path = TEMPLATE) -> dict[str, dict[str, Complaint]]:
    """Return the complaints by what they are about and their names. Raises CatalogueError for a wrong one."""
    path = template / "complaints.yml"
    return {
        group: {name: _make(Complaint, path, **content) for name, content in members.items()}
        for group, members in read_yaml(path).items()
    }


def _make(kind: type[Data], path: Path, **content: Any) -> Data:
    """Return the data of an entry. Raises CatalogueError, with the path, for a wrong key or value."""
    try:
        return kind(**content)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise CatalogueError(
            f"{path}: {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}."
        ) from error


def read_questions(template: Path = TEMPLATE) -> dict[str, dict[str, Any]]:
    """Return the questions that are asked, in their order, by their names."""
    text = (template.parent / "copier.yml").read_text(encoding="utf-8")
    files = [line.split()[1] for line in text.splitlines() if line.startswith("!include ")]
    return {
        name: question
        for file in files
        for name, question in read_yaml(template.parent / file).items()
        if question.get("when") is not False
    }
