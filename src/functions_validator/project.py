"""What a project's files say, read once and on demand."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from .files import IgnoreFile, JsonFile, Unreadable, read_text
from .findings import Place
from .indexing import Index, IndexOptions, run_index
from .mentions import FOREIGN_FOLDERS, mentioned_names
from .requirements import Requirements, read_requirements
from .sources import Binding, Function, Sources

DEFAULT_ENTRY = "function_app.py"


@dataclass(frozen=True)
class Setting:
    """An app setting in one of the local files."""

    name: str
    value: object
    file: JsonFile

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return self.file.place("Values", self.name)


@dataclass(frozen=True)
class Settings:
    """The app settings of all local.settings*.json files together.

    They are known if there is a file that can be read; only then can one be missing.
    """

    is_known: bool
    all: Sequence[Setting]
    files: Sequence[JsonFile]

    @cached_property
    def values(self) -> Mapping[str, object]:
        """Return the values by their names; that of local.settings.json wins."""
        return {setting.name: setting.value for setting in reversed(self.all)}

    def has(self, name: str) -> bool:
        """Whether there is a setting of the name, whatever the case of its letters."""
        return name.lower() in {known.lower() for known in self.values}

    @cached_property
    def used(self) -> Sequence[JsonFile]:
        """Return local.settings.json if it has values, else the files that are to become it."""
        read = [file for file in self.files if isinstance(file.get("Values"), dict)]
        own = [file for file in read if file.path == "local.settings.json"]
        return own or read

    @cached_property
    def names(self) -> Sequence[str]:
        """Return the names in all files, with those of connection strings."""
        return _names(self.files)

    @cached_property
    def waiting(self) -> Sequence[str]:
        """Return the names that an example has, and local.settings.json does not have yet."""
        own = {name.lower() for name in _names(self.used)}
        return [name for name in self.names if name.lower() not in own]

    def with_prefix(self, name: str) -> list[str]:
        """Return the settings that stand for a connection by identity, as `NAME__serviceUri`."""
        prefixes = (f"{name.lower()}__", f"{name.lower()}:")
        return [known for known in self.values if known.lower().startswith(prefixes)]


def _names(files: Sequence[JsonFile]) -> list[str]:
    sections = [file.get(key) for file in files for key in ("Values", "ConnectionStrings")]
    return [name for section in sections if isinstance(section, dict) for name in section]


class Project:
    """A folder with a function app of the v2 programming model.

    `notes` has sentences about what could not be judged; each is printed once.
    """

    def __init__(self, root: Path, options: IndexOptions | None = None) -> None:
        self.root = root.resolve()
        self.options = options
        self.notes: list[str] = []
        self.broken: list[tuple[Place, str]] = []

    def note(self, sentence: str) -> None:
        """Note something that could not be judged, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    @cached_property
    def files(self) -> list[str]:
        """Return the paths of the project's own files, relative, with `/`."""
        return sorted(self._walk())

    def _walk(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self.root):
            here = Path(folder)
            folders[:] = [name for name in folders if self._is_own_folder(here / name)]
            for name in files:
                path = here / name
                if path.is_file():
                    yield path.relative_to(self.root).as_posix()

    @staticmethod
    def _is_own_folder(path: Path) -> bool:
        if path.name in FOREIGN_FOLDERS or path.is_symlink() or (path / "pyvenv.cfg").exists():
            return False
        return path.name not in {".git", ".venv", ".python_packages", ".tox", ".nox", ".azurite"}

    def text(self, relative: str) -> str | None:
        """Return a file's text; None if it is not there or cannot be read, which is noted once."""
        path = self.root / relative
        if not path.is_file():
            return None
        try:
            return read_text(path)
        except Unreadable as why:
            problem = (Place(relative), str(why))
            if problem not in self.broken:
                self.broken.append(problem)
            return None

    def json(self, relative: str) -> JsonFile | None:
        """Return a JSON file; None if it is not there or cannot be read."""
        text = self.text(relative)
        return None if text is None else JsonFile(relative, text)

    @cached_property
    def host(self) -> JsonFile | None:
        """Return host.json."""
        return self.json("host.json")

    @cached_property
    def settings(self) -> Settings:
        """Return the settings of local.settings.json and of others beside it, as an example."""
        names = [path.name for path in sorted(self.root.glob("local.settings*.json"))]
        names += [path.name for path in sorted(self.root.glob("local.settings.json.*"))]
        names.sort(key=lambda name: name != "local.settings.json")
        files = [file for name in names if (file := self.json(name))]
        read = [file for file in files if isinstance(file.get("Values"), dict)]
        found = [
            Setting(name, value, file)
            for file in read
            for name, value in file.get("Values").items()
        ]
        return Settings(bool(read), found, files)

    @cached_property
    def mentioned(self) -> set[str]:
        """Return the words, in lower case, of the files that deploy or document the app."""
        return mentioned_names(self.root)

    @cached_property
    def entry(self) -> str:
        """Return the file that the worker imports."""
        name = self.settings.values.get("PYTHON_SCRIPT_FILE_NAME", DEFAULT_ENTRY)
        return name if isinstance(name, str) and name.endswith(".py") else DEFAULT_ENTRY

    @cached_property
    def sources(self) -> Sources:
        """Return the Python files that the app imports."""
        return Sources(self.root, self.entry)

    @cached_property
    def requirements(self) -> Requirements:
        """Return what the app installs in Azure."""
        return read_requirements(self.text)

    def ignore_file(self, name: str) -> IgnoreFile | None:
        """Return the patterns of .funcignore, .gitignore or .dockerignore."""
        text = self.text(name)
        return None if text is None else IgnoreFile.parse(name, text)

    @cached_property
    def index(self) -> Index | None:
        """Return what the app is when it runs; None if it was not indexed or could not be."""
        if self.options is None or self.sources.entry is None:
            return None
        settings = {
            name: value for name, value in self.settings.values.items() if isinstance(value, str)
        }
        return run_index(self.root, self.entry, settings, self.options)

    @cached_property
    def functions(self) -> Sequence[Function]:
        """Return the app's functions: of the index if there is one, else as the sources define them."""
        if self.index is None or self.index.failure or not self.index.has_functions:
            return self.sources.functions
        return [
            _joined(indexed, self.written_at(indexed.place)) for indexed in self.index.functions
        ]

    def written_at(self, place: Place) -> Function | None:
        """Return the function whose first line, that of its first decorator, is at a place."""
        return self._by_first_line.get((place.path, place.line))

    @cached_property
    def _by_first_line(self) -> Mapping[tuple[str, int], Function]:
        return {
            (function.place.path, _first_line(function)): function
            for function in self.sources.functions
        }


def _first_line(function: Function) -> int:
    definition = function.definition
    if definition is None:
        return function.place.line
    return min([definition.lineno, *(node.lineno for node in definition.decorator_list)])


def _joined(indexed: Function, written: Function | None) -> Function:
    """Return the function that runs, with the places of the one that is written."""
    if written is None:
        return indexed
    places: dict[tuple[str, object], Binding] = {
        (binding.type, binding.name): binding for binding in written.bindings
    }
    bindings = []
    for binding in indexed.bindings:
        known = places.get((binding.type, binding.name))
        if known:
            binding = replace(binding, place=known.place, places=known.places)
        else:
            binding = replace(binding, place=written.place)
        bindings.append(binding)
    return replace(
        indexed,
        place=written.place,
        bindings=bindings,
        definition=written.definition,
        module=written.module,
    )
