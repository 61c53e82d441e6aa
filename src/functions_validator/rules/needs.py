"""What the app needs and does not get: AF415 and AF417 to AF420."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..files import Unreadable, read_text
from ..findings import Place, Problem, Severity, rule
from ..project import Project
from ..requirements import canonical
from ..sources import Import
from ..stated import stated_python

DURABLE = {"activitytrigger", "durableclient", "entitytrigger", "orchestrationtrigger"}
# Modules of well-known packages that are not named as the package is.
MODULES = {
    "beautifulsoup4": "bs4",
    "pillow": "PIL",
    "pyjwt": "jwt",
    "python-dateutil": "dateutil",
    "python-dotenv": "dotenv",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
}
# Files besides requirements.txt that may say what the app needs.
DEPENDENCY_FILES = (
    ".python_packages",
    "*requirements*",
    "Dockerfile*",
    "Pipfile",
    "environment.y*ml",
    "poetry.lock",
    "pyproject.toml",
    "setup.*",
    "uv.lock",
)
DEPENDENCIES = re.compile(
    r"^\s*(?:dependencies\s*=|dynamic\b.*dependencies|\[.*dependencies)", re.MULTILINE
)
CONSTRAINTS = re.compile(r"(?:-c|--constraint)[\s=]+([^\s#]+)")

# Modules and names of Python's library, with the minor versions from which on they are there, or are gone.
_ADDED = """
11: tomllib wsgiref.types asyncio.Runner asyncio.TaskGroup asyncio.timeout asyncio.timeout_at contextlib.chdir
  datetime.UTC enum.EnumCheck enum.FlagBoundary enum.ReprEnum enum.StrEnum enum.global_enum enum.member
  enum.nonmember enum.property enum.verify hashlib.file_digest http.HTTPMethod typing.LiteralString typing.Never
  typing.NotRequired typing.Required typing.Self typing.TypeVarTuple typing.Unpack typing.assert_never
  typing.assert_type typing.clear_overloads typing.dataclass_transform typing.get_overloads typing.reveal_type
12: collections.abc.Buffer itertools.batched typing.TypeAliasType typing.override
13: copy.replace pathlib.UnsupportedOperation queue.ShutDown typing.NoDefault typing.ReadOnly typing.TypeIs
  warnings.deprecated
14: annotationlib compression concurrent.interpreters string.templatelib uuid.uuid7
"""
_REMOVED = """
11: asyncio.coroutine binhex inspect.formatargspec inspect.getargspec
12: asynchat asyncore distutils imp pkgutil.ImpImporter smtpd
13: aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd
  sunau telnetlib uu xdrlib
"""


def _parse(table: str) -> Mapping[str, int]:
    lines = (line.split(": ") for line in table.replace("\n  ", " ").strip().splitlines())
    return {name: int(minor) for minor, names in lines for name in names.split()}


ADDED, REMOVED = _parse(_ADDED), _parse(_REMOVED)


@rule("AF415", Severity.ERROR, "Durable functions need azure-functions-durable")
def durable_library(project: Project) -> Iterator[Problem]:
    """The decorators of orchestrations, activities, entities and durable clients import
    azure.durable_functions, which azure-functions does not bring. Without it, importing the app fails, and
    the host shows no function at all.

    Add `azure-functions-durable` to the requirements.
    """
    requirements = project.requirements
    if not requirements.is_complete or not requirements.all:
        return
    if any(_may_bring_durable(requirement.name) for requirement in requirements.all):
        return
    if any(found.name.startswith("azure.durable") for found in _imports(project)):
        return  # The import itself has no requirement.
    for function in project.functions:
        types = [binding.type.lower() for binding in function.bindings]
        if function.certain and DURABLE & set(types):
            sentence = (
                f"{function.label} is durable, but no requirement is azure-functions-durable."
            )
            yield Problem(function.place, sentence, "Add azure-functions-durable.")
            return


def _may_bring_durable(name: str) -> bool:
    return any(word in canonical(name) for word in ("durable", "agent", "azurefunctions"))


def _imports(project: Project) -> Iterator[Import]:
    for module in project.sources.modules.values():
        yield from module.imports


@rule("AF417", Severity.ERROR, "A module of the app hides a package that it requires")
def hides_package(project: Project) -> Iterator[Problem]:
    """The app's folder comes first where Python looks for modules: with a file `openai.py` beside
    `function_app.py`, `import openai` imports this file, also in the file itself.

    Give the file another name.
    """
    imported = {found.name.partition(".")[0] for found in _imports(project)}
    failure = project.index.failure if project.index else None
    told = {place.path for place in failure.places} if failure else set()
    for requirement in project.requirements.all:
        name = canonical(requirement.name)
        module = MODULES.get(name, name.replace("-", "_"))
        path = f"{module}.py"
        if module in imported and path in project.files and path not in told | {project.entry}:
            sentence = f"{path} hides the package {requirement.name}."
            yield Problem(Place(path), sentence, "Give the file another name.")


@rule("AF418", Severity.ERROR, "The app's Python does not have this module")
def other_standard_library(project: Project) -> Iterator[Problem]:
    """Python's own library changes with its versions: `tomllib` and `datetime.UTC` came with 3.11,
    `distutils` went with 3.12 and `cgi` with 3.13. The Dockerfile, `.python-version` or the infrastructure
    says which Python runs the app.

    Import what this version has, or choose another version.
    """
    minor = stated_python(project)
    if minor is None:
        return
    asked = {canonical(requirement.name) for requirement in project.requirements.all}
    for imported in _imports(project):
        if imported.guarded or project.sources.is_local(imported.name):
            continue
        for name in _whole_names(imported):
            brought = any(name.partition(".")[0] in other.split("-") for other in asked)
            if name == "distutils":
                brought = "setuptools" in asked
            if brought or not (minor < ADDED.get(name, 0) or minor >= REMOVED.get(name, 99)):
                continue
            how = f"came with 3.{ADDED[name]}" if name in ADDED else f"went with 3.{REMOVED[name]}"
            sentence = f"The app runs on Python 3.{minor}, but {name} {how}."
            yield Problem(imported.place, sentence, "Import what this Python has.")


def _whole_names(imported: Import) -> Iterator[str]:
    """Yield the modules above an import, itself, and the names that it takes."""
    parts = imported.name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])
    for name in imported.names:
        yield f"{imported.name}.{name}"


@rule("AF419", Severity.ERROR, "The app has no requirements")
def no_requirements(project: Project) -> Iterator[Problem]:
    """`func azure functionapp publish` stops without `requirements.txt`, and the build in Azure installs
    nothing.

    Add a `requirements.txt` with the line `azure-functions`, and what else the app imports.
    """
    if project.sources.entry is None or project.requirements.all or project.host is None:
        return
    if (project.root / "requirements.txt").exists():
        return
    folder = project.root
    for _ in range(4):
        if any(_says_needs(path) for pattern in DEPENDENCY_FILES for path in folder.glob(pattern)):
            return
        if (folder / ".git").exists():
            break
        folder = folder.parent
    sentence = "Nothing says what the app needs: there is no requirements.txt."
    yield Problem(Place(project.entry), sentence, "Add one with the line azure-functions.")


def _says_needs(path: Path) -> bool:
    """Whether a file may say what the app needs by itself, without a requirements.txt beside it."""
    if not path.is_file():
        return True
    try:
        text = read_text(path)
    except Unreadable:
        return True
    if path.name == "pyproject.toml":
        return bool(DEPENDENCIES.search(text))
    beside = (path.parent / "requirements.txt").exists()
    return path.name == "requirements.txt" or beside or "requirements.txt" not in text


@rule("AF420", Severity.ERROR, "A file of constraints is not there")
def missing_constraints(project: Project) -> Iterator[Problem]:
    """pip stops where `-c` names a file that is not there, and so does the build in Azure.

    Add the file, or delete the line.
    """
    for path in dict.fromkeys(["requirements.txt", *_requirement_files(project)]):
        for number, line in enumerate((project.text(path) or "").splitlines(), start=1):
            named = CONSTRAINTS.match(line.strip())
            if not named or re.search(r"://|\$\{", named[1]):
                continue
            if not (project.root / path).parent.joinpath(named[1]).exists():
                sentence = "The file of constraints that this line names is not there."
                yield Problem(Place(path, number), sentence, "Add the file, or delete the line.")


def _requirement_files(project: Project) -> Iterator[str]:
    for requirement in project.requirements.all:
        if requirement.place.path.endswith(".txt"):
            yield requirement.place.path
