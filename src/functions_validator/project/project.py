"""What a project's files say, read once and on demand."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ..deployment.deployment import Deployment, read_deployment
from ..deployment.infrastructure import Value
from ..deployment.plan import Plan, read_plan
from ..deployment.runtimes import runtime_versions
from ..files.docker_ignore import DockerIgnore
from ..files.dockerfile import Dockerfile
from ..files.git_index import tracked_files
from ..files.ignore_file import IgnoreFile
from ..files.json_file import JsonFile
from ..files.letter_case import only_found_here, written_otherwise
from ..files.mentions import mentioned_names
from ..files.repository import files_below
from ..files.scripts import Copied, copied, functions_images
from ..files.text_files import Unreadable, read_text, why_no_file
from ..files.toml_file import TomlFile
from ..functions.functions import Binding, Function, FunctionReader, is_conditional
from ..model import Fault, Place
from ..packages.distributions import is_package
from ..packages.requirements import Requirements, read_requirements
from ..pattern import Pattern
from ..sources.elsewhere import in_repository, own_elsewhere
from ..sources.environment_reads import Read, read_all
from ..sources.import_graph import Sources
from ..sources.opened_files import Opened, read_paths
from ..sources.python_source import Container, Module
from .settings import LOCAL_SETTINGS, Setting, Settings, readable

if TYPE_CHECKING:
    from ..indexing.index import Index, IndexOptions
    from ..indexing.runner import Indexing

DEFAULT_ENTRY = "function_app.py"
# The setting that names another one.
ENTRY_SETTING = "PYTHON_SCRIPT_FILE_NAME"
# What the worker takes as its value.
ENTRY_NAME = Pattern(r"[A-Za-z0-9_][A-Za-z0-9_-]*\.py")


class Project:
    """A folder with a function app of the v2 programming model.

    `notes` has sentences about what could not be checked; each is printed once. `broken` has the files that cannot be
    read, of those that were asked for.
    """

    def __init__(self, root: Path, options: IndexOptions | None = None) -> None:
        self.root = root.resolve()
        self.options = options
        self.notes: list[str] = []
        self.broken: list[Fault] = []
        self._texts: dict[str, str | None] = {}
        self._functions_in: dict[str, list[Function]] = {}

    def note(self, sentence: str) -> None:
        """Note something that could not be checked, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    @cached_property
    def files(self) -> list[str]:
        """Return the paths of the project's own files, relative, with `/`."""
        return sorted(files_below(os.fspath(self.root)))

    def size(self, relative: str) -> int:
        """Return how many bytes a file has."""
        return os.path.getsize(os.path.join(self.root, relative))

    def text(self, relative: str) -> str | None:
        """Return a file's text; None if Linux does not find it, or it cannot be read, which is noted once."""
        if relative not in self._texts:
            self._texts[relative] = self._read(relative)
        return self._texts[relative]

    def _read(self, relative: str) -> str | None:
        path = os.path.join(self.root, relative)
        if only_found_here(self.root, relative):
            return None
        if not os.path.isfile(path):
            # Also a link that leads nowhere.
            if os.path.lexists(path):
                self.broken.append(Fault(why_no_file(path), Place(relative)))
            return None
        # The host and Core Tools replace what is not UTF-8 in their files, which are all JSON.
        errors = "replace" if ".json" in relative else "strict"
        try:
            return read_text(path, errors)
        except Unreadable as why:
            self.broken.append(Fault(str(why), Place(relative, why.line)))
            return None

    def json(self, relative: str) -> JsonFile | None:
        """Return a JSON file; None if it is not there or cannot be read."""
        text = self.text(relative)
        return None if text is None else JsonFile(relative, text)

    def written_otherwise(self, relative: str) -> str | None:
        """Return the file whose path differs in its letter case only, if there is none as written."""
        return written_otherwise(relative, self._files_by_lowercase.get(relative.lower(), ()))

    @cached_property
    def _files_by_lowercase(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for path in self.files:
            found.setdefault(path.lower(), []).append(path)
        return found

    @cached_property
    def host(self) -> JsonFile | None:
        """Return host.json."""
        return self.json("host.json")

    @cached_property
    def pyproject(self) -> TomlFile | None:
        """Return pyproject.toml."""
        text = self.text("pyproject.toml")
        return None if text is None else TomlFile("pyproject.toml", text)

    @cached_property
    def dockerfile(self) -> Dockerfile:
        """Return the Dockerfile, without instructions if there is none."""
        return Dockerfile.parse(self.text("Dockerfile") or "")

    @property
    def functions_image(self) -> Dockerfile | None:
        """Return the Dockerfile if its image has the host, which images of one's own may have elsewhere."""
        return self.dockerfile if self.dockerfile.has_host else None

    @cached_property
    def images(self) -> Sequence[Dockerfile]:
        """Return the files for images with the host, in all of the repository."""
        return list(functions_images(self.root))

    @cached_property
    def copied(self) -> Copied:
        """Return what scripts of the repository copy."""
        return copied(self.root)

    @cached_property
    def settings(self) -> Settings:
        """Return the settings of local.settings.json and of others beside it, as an example."""
        # Those that end in .json come first, and the one that Core Tools reads before all others.
        names = sorted(filter(_has_settings, os.listdir(self.root)))
        names.sort(key=lambda name: (name != LOCAL_SETTINGS, not name.endswith(".json")))
        files = [file for name in names if (file := self.json(name))]
        read = [file for file in files if isinstance(file.get("Values"), dict)]
        found = [
            Setting(name, readable(file, value), file)
            for file in read
            for name, value in file.get("Values").items()
        ]
        return Settings(found, files, is_known=bool(read))

    @cached_property
    def mentioned(self) -> set[str]:
        """Return the words, in lower case, of the files that deploy or document the app."""
        return mentioned_names(self.root)

    @cached_property
    def entry(self) -> str:
        """Return the file that the worker imports."""
        name = self.settings.values.get(ENTRY_SETTING, DEFAULT_ENTRY)
        return name if isinstance(name, str) and name.endswith(".py") else DEFAULT_ENTRY

    @property
    def entry_place(self) -> Place:
        """Return the start of that file."""
        return Place(self.entry)

    @cached_property
    def sources(self) -> Sources:
        """Return the Python files that the app imports."""
        return Sources(self.root, self.entry)

    @cached_property
    def requirements(self) -> Requirements:
        """Return what the app installs in Azure."""
        return read_requirements(self.text, self.pyproject)

    def ignore_file(self, name: str) -> IgnoreFile | None:
        """Return the patterns of .funcignore or .gitignore."""
        text = self.text(name)
        return None if text is None else IgnoreFile.parse(name, text)

    @cached_property
    def docker_ignore(self) -> DockerIgnore | None:
        """Return what is not copied into an image: Docker prefers the file that has the Dockerfile's name."""
        for name in ("Dockerfile.dockerignore", ".dockerignore"):
            text = self.text(name)
            if text is not None:
                return DockerIgnore(name, text)
        return None

    def is_own(self, name: str) -> bool:
        """Whether a module is one of the app's own, by the first part of its name.

        Python prefers an installed package to a folder of the same name without `__init__.py`.
        """
        if not self.sources.is_local(name):
            return False
        is_folder = self.sources.find(name.partition(".")[0]) is None
        return not is_folder or not is_package(name, self.requirements.keys)

    @cached_property
    def own_elsewhere(self) -> Mapping[str, Sequence[str]]:
        """Return the names of modules that the app imports from where Python does not look, with their files."""
        return own_elsewhere(self.sources, self.files)

    @cached_property
    def repository_modules(self) -> Mapping[str, Sequence[str]]:
        """Return the modules in the whole repository by the names of their files and folders."""
        return in_repository(self.root)

    @cached_property
    def read_paths(self) -> Sequence[Opened]:
        """Return the paths that the app opens to read, as far as its code shows them."""
        return list(read_paths(self.sources))

    @cached_property
    def deployment(self) -> Deployment:
        """Return the files that create the app in Azure and publish it."""
        found = read_deployment(self.root, self.files)
        if not (found.bicep or found.terraform):
            return found
        # Imported here because it is slow to import, and only such files are for several services.
        from ..deployment.azd import without_others

        return without_others(self.root, found)

    @cached_property
    def plan(self) -> Plan | None:
        """Return the hosting plan; None if it is not known for certain."""
        return read_plan(self.deployment)

    @cached_property
    def runtime_versions(self) -> Sequence[Value]:
        """Return the versions of Python that the infrastructure gives to function apps."""
        return list(dict.fromkeys(runtime_versions(self.deployment)))

    @cached_property
    def tracked(self) -> frozenset[str]:
        """Return the files that git tracks, also where .gitignore names them."""
        return tracked_files(self.root)

    @cached_property
    def indexing(self) -> Indexing | None:
        """Start to index the app, if it is to be indexed; close what this returns. Raises CannotRun."""
        if self.options is None or self.sources.entry is None:
            return None
        if not ENTRY_NAME.fullmatch(self.entry):
            return None  # The worker refuses it, as a rule reports.
        settings = {
            name: value for name, value in self.settings.values.items() if isinstance(value, str)
        }
        # Imported here because it is slow to import, and the sources may be enough.
        from ..indexing.runner import Indexing

        return Indexing(self.root, self.entry, settings, self.options)

    @cached_property
    def index(self) -> Index | None:
        """Return what the app is when it runs; None if it was not indexed. Raises CannotRun."""
        return self.indexing.result() if self.indexing else None

    @property
    def is_indexed(self) -> bool:
        """Whether the app was imported. Raises CannotRun."""
        return self.index is not None and self.index.failure is None

    @cached_property
    def written_functions(self) -> list[Function]:
        """Return the functions of all modules that the app imports, as their decorators define them."""
        return list(chain.from_iterable(map(self.functions_in, self.sources.modules.values())))

    def functions_in(self, module: Module) -> list[Function]:
        """Return the functions of a module, as their decorators define them."""
        if module.relative not in self._functions_in:
            reader = FunctionReader(self.sources, module)
            self._functions_in[module.relative] = list(reader.functions())
        return self._functions_in[module.relative]

    def functions_of(self, module: Module, container: Container) -> list[Function]:
        """Return the functions of a module that an app or a blueprint certainly has."""
        at_top = set(module.tree.body)
        return [
            function
            for function in self.functions_in(module)
            if any(decoration.container == container for decoration in function.decorations)
            if function.is_fully_known or function.definition in at_top
            if function not in self.mixed_functions
        ]

    @cached_property
    def mixed_functions(self) -> list[Function]:
        """Return the functions that have decorators of two apps or blueprints."""
        return [
            function
            for function in self.written_functions
            if len({decoration.container for decoration in function.decorations}) > 1
        ]

    def is_mixed(self, path: str) -> bool:
        """Whether a file has decorators of two apps or blueprints on one function.

        Then azure.functions gives the bindings of one function to another.
        """
        places = (d for function in self.mixed_functions for d in function.decorations)
        return any(path in (d.place.path, d.container.place.path) for d in places)

    @cached_property
    def environment_reads(self) -> Sequence[Read]:
        """Return the reads of environment variables in all modules that the app imports."""
        return list(read_all(self.sources))

    @cached_property
    def certain_functions(self) -> list[Function]:
        """Return the functions that no condition leaves out."""
        if self.index and self.index.functions:
            return list(self.functions)
        return [f for f in self.functions if f.is_fully_known or not is_conditional(f)]

    @cached_property
    def functions(self) -> Sequence[Function]:
        """Return the app's functions: of the index if there is one, else as the sources define them."""
        if self.index is None or self.index.failure or not self.index.has_functions:
            return self.written_functions
        return [self._joined(indexed) for indexed in self.index.functions]

    def _joined(self, indexed: Function) -> Function:
        """Return an indexed function as the one that is written; what replaces it may only have its name."""
        if written := self.written_at(indexed.place):
            return _joined(indexed, written)
        named = [one for one in self.written_functions if one.name == indexed.name]
        return _placed(indexed, named[0]) if len(named) == 1 else indexed

    def written_at(self, place: Place) -> Function | None:
        """Return the function whose first line, that of its first decorator, is at a place."""
        return self._by_first_line.get((place.path, place.line))

    @cached_property
    def _by_first_line(self) -> Mapping[tuple[str, int], Function]:
        return {
            (function.place.path, _first_line(function)): function
            for function in self.written_functions
        }


def _has_settings(name: str) -> bool:
    is_json = name.startswith("local.settings") and name.endswith(".json")
    return is_json or name.startswith(f"{LOCAL_SETTINGS}.")


def _first_line(function: Function) -> int:
    definition = function.definition
    if definition is None:
        return function.place.line
    return min([definition.lineno, *(node.lineno for node in definition.decorator_list)])


def _placed(indexed: Function, written: Function) -> Function:
    """Return the function that runs, with the places of the one that is written."""
    places: dict[tuple[str, object], Binding] = {
        (binding.type, binding.name): binding for binding in written.bindings
    }
    bindings = []
    for binding in indexed.bindings:
        known = places.get((binding.type, binding.name))
        place = known.place if known else written.place
        bindings.append(binding._replace(place=place, places=known.places if known else {}))
    return indexed._replace(place=written.place, bindings=bindings)


def _joined(indexed: Function, written: Function) -> Function:
    """Return the function that runs, with the places and the definition of the one that is written."""
    return _placed(indexed, written)._replace(
        definition=written.definition, module=written.module, decorations=written.decorations
    )
