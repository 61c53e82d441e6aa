"""Modules that the app imports by a name that Python does not find, though the project has them elsewhere."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from ..files.ignore_file import IgnoreFile
from ..files.repository import repository_files, repository_of
from ..files.text_files import text_or_empty
from .import_graph import Sources
from .imports import Import
from .python_source import Module

# Folders whose modules do not belong to the app that contains them.
ASIDE = {
    "test",
    "tests",
    "example",
    "examples",
    "sample",
    "samples",
    "docs",
    "template",
    "templates",
}
# Where a build may say which module it writes.
BUILD_FILES = ("pyproject.toml", "setup.cfg", "setup.py", ".gitattributes")
GENERATED = ("_pb2", "_pb2_grpc")


def is_aside(path: str) -> bool:
    """Whether a file is in a folder of tests or samples, or in a hidden one."""
    return any(part.lower() in ASIDE or part.startswith(".") for part in path.split("/"))


def own_elsewhere(sources: Sources, files: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return the first parts of imported names that no module beside the entry point has, with where they are.

    The paths are those of the files that are meant; `../` begins those in a folder above the app.
    """
    found: dict[str, list[str]] = {}
    own: dict[str, list[str]] | None = None
    seen: set[tuple[str, Sequence[str]]] = set()
    for imported in sources.imports:
        top = imported.top
        if not top or imported.guarded or top in sys.stdlib_module_names or top == "azure":
            continue
        key = imported.name, tuple(imported.names)
        if key in seen or sources.is_local(top) or top.startswith("_"):
            continue
        own = _by_folder(files) if own is None else own
        places = _places(sources, imported, own)
        if imported.place.path in places:
            continue  # A module does not mean itself.
        seen.add(key)
        if places:
            found.setdefault(top, []).extend(p for p in places if p not in found.get(top, ()))
    return found


def is_elsewhere(sources: Sources, files: Sequence[str], imported: Import) -> bool:
    """Whether the project has what an import means, but not beside the entry point."""
    if sources.is_local(imported.name):
        return False
    return bool(_places(sources, imported, _by_folder(files)))


def _places(sources: Sources, imported: Import, own: Mapping[str, Sequence[str]]) -> list[str]:
    """Return where an imported module is, of the project's modules by each part of their path."""
    top = imported.top
    if is_own_folder(sources.root, top):
        return list(_inside(sources.root, imported))
    return [*_below(sources, imported, own.get(top, ())), *_above(sources.root, imported)]


def is_own_folder(root: Path, top: str) -> bool:
    """Whether the first part of a module's name is the name of the app's folder."""
    return root.resolve().name == top


def _inside(root: Path, imported: Import) -> Iterator[str]:
    """Yield the modules that an import means whose name begins with the name of the app's folder."""
    base = root.joinpath(*imported.name.split(".")[1:])
    paths = [base.with_name(f"{base.name}.py"), base / "__init__.py"] if base != root else []
    paths += [
        base / name for part in imported.names for name in (f"{part}.py", f"{part}/__init__.py")
    ]
    yield from (path.relative_to(root).as_posix() for path in paths if path.is_file())


def _by_folder(files: Sequence[str]) -> dict[str, list[str]]:
    """Return the project's modules by each part of their path."""
    found: dict[str, list[str]] = {}
    for path in files:
        if path.endswith(".py") and not is_aside(path):
            for part in path.removesuffix(".py").split("/"):
                found.setdefault(part, []).append(path)
    return found


def _below(sources: Sources, imported: Import, own: Sequence[str]) -> Iterator[str]:
    """Yield the modules of the project that an import means, each with what it is to bind."""
    base = imported.name.replace(".", "/")
    for path in own:
        if path.endswith((f"/{base}.py", f"/{base}/__init__.py")):
            folder = path.removesuffix(f"{base}.py").removesuffix(f"{base}/__init__.py")
            if not _lacks(sources, path, folder, imported):
                yield path
        elif any(path.endswith(f"/{base}/{name}.py") for name in imported.names):
            yield path


def _lacks(sources: Sources, path: str, folder: str, imported: Import) -> bool:
    module: Module = sources.load(sources.root / path, path[:-3].replace("/", "."))
    beside = (sources.root / folder).joinpath(*imported.name.split("."))
    missing = module.lacks(imported.names)
    return any(
        not (beside / name).is_dir() and not (beside / f"{name}.py").is_file() for name in missing
    )


def _above(root: Path, imported: Import) -> Iterator[str]:
    """Yield the module that an import means, from a folder of the repository above the app."""
    repository = repository_of(root)
    up = ""
    folder = root
    while folder != repository and up.count("/") < 3:
        folder, up = folder.parent, f"{up}../"
        base = folder.joinpath(*imported.name.split("."))
        for path in (base.with_name(f"{base.name}.py"), base / "__init__.py"):
            if path.is_file():
                yield f"{up}{path.relative_to(folder).as_posix()}"
        for name in imported.names:
            if (base / f"{name}.py").is_file() and not (base / "__init__.py").is_file():
                yield f"{up}{(base / f'{name}.py').relative_to(folder).as_posix()}"


def in_repository(root: Path) -> Mapping[str, Sequence[str]]:
    """Return the modules of a repository, seen from the app, by the names of their files and folders."""
    found: dict[str, list[str]] = {}
    for path in repository_files(repository_of(root), lambda name: name.endswith(".py")):
        relative = Path(os.path.relpath(path, root))
        if not is_aside(_inner(relative)):
            for name in {relative.stem, relative.parent.name}:
                found.setdefault(name, []).append(relative.as_posix())
    return found


def _inner(path: Path) -> str:
    return "/".join(part for part in path.parts if part != "..")


def is_generated(root: Path, name: str) -> bool:
    """Whether git ignores a module that is not there, or a build says that it writes it."""
    path = name.replace(".", "/")
    if name.endswith(GENERATED):
        return True
    for folder in (root, *root.parents[:4]):
        inside = (root / path).relative_to(folder).as_posix()
        if any(_ignores(folder, candidate) for candidate in (f"{inside}.py", f"{inside}/")):
            return True
        for file in BUILD_FILES:
            if re.search(rf"(?:^|[\s\"'/=]){re.escape(path)}\.py\b", text_or_empty(folder / file)):
                return True
        if (folder / ".git").exists():
            break
    parents = PurePosixPath(path).parents
    inner = [(root / parent, path[len(str(parent)) + 1 :]) for parent in parents if parent.name]
    return any(_ignores(folder, f"{rest}.py") for folder, rest in inner)


def _ignores(folder: Path, path: str) -> bool:
    text = text_or_empty(folder / ".gitignore")
    return bool(text) and IgnoreFile.parse(".gitignore", text).ignored_at(path) is not None
