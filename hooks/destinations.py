"""The folders that `make new` writes to."""

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from hooks import post_generation
from hooks.git import ask_git, place_in_repository

# What a new repository has before there is an app in it.
OF_A_NEW_REPOSITORY = re.compile(
    r"\.git|\.gitattributes|\.gitignore|(README|LICEN[CS]E|CODE_OF_CONDUCT|SECURITY)(\.\w+)?",
    re.IGNORECASE,
)
# What the file managers of macOS and Windows leave in a folder.
OF_A_FILE_MANAGER = (".DS_Store", "Thumbs.db", "desktop.ini")


class Refusal(Exception):
    """The request cannot be carried out; the message is the sentence that the user reads."""


def from_arguments(missing: str) -> str:
    """Return the folder that the first argument of the process names. Raises Refusal(missing) if none comes first."""
    folder = sys.argv[1] if len(sys.argv) > 1 else ""
    # make passes an empty folder where DEST is not given.
    if not folder or folder.startswith("-"):
        raise Refusal(missing)
    return folder


def is_unfinished(destination: Path) -> bool:
    """Whether a folder has a project that `make new` generated, but did not set up."""
    try:
        is_generated = (destination / post_generation.ANSWERS).is_file()
    except OSError:
        # The name can be too long, for example.
        return False
    return is_generated and not (destination / post_generation.FINISHED).exists()


def refuse_inside(destination: Path, template: Path) -> None:
    """Raise Refusal if a destination is a folder of the template."""
    if template in [destination.resolve(), *destination.resolve().parents]:
        raise Refusal(
            f"{destination} is inside the template. Choose another DEST, such as ../my-app."
        )


def replaceable(destination: Path, template: Path) -> list[str]:
    """Return the files in a destination that the template can replace, since they are committed.

    Raises Refusal unless the folder is outside of the template and free, empty, or a new repository.
    """
    refuse_inside(destination, template)
    try:
        if not destination.is_symlink() and not destination.exists():
            return []
        names = sorted(path.name for path in destination.iterdir()) if destination.is_dir() else []
        if destination.is_dir() and not set(names).difference(OF_A_FILE_MANAGER):
            return []
    except OSError as error:
        raise Refusal(f"{destination} cannot be written: {error.strerror}.") from error
    is_repository = ".git" in names and ask_git(destination, "rev-parse", "--git-dir")
    if not is_repository or not all(map(OF_A_NEW_REPOSITORY.fullmatch, names)):
        raise Refusal(f"{destination} already exists and is not empty. Choose another DEST.")
    if ask_git(destination, "status", "--porcelain", "--untracked-files=all", "--ignored"):
        raise Refusal(f"{destination} has changes that are not committed. Commit them first.")
    return [name for name in names if name != ".git"]


def changed(destination: Path, names: Sequence[str]) -> list[str]:
    """Return which of these files in a repository are not as they were committed."""
    return [name for name in names if ask_git(destination, "status", "--porcelain", "--", name)]


def folder_in_repository(destination: Path) -> str | None:
    """Return the path of a destination from the root of the repository around it.

    None if there is no such repository, or if it ignores the destination.
    """
    whole = destination.resolve()
    around = next(folder for folder in whole.parents if folder.is_dir())
    place = place_in_repository(around)
    if place is None or (whole / ".git").exists() or ask_git(around, "check-ignore", str(whole)):
        return None
    return PurePosixPath(place, whole.relative_to(around).as_posix()).as_posix()


def path_from(folder: Path, file: Path) -> str:
    """Return the path from a folder to a file, which is named as it is there, even if it is a link."""
    place = file.parent.resolve() / file.name
    return Path(os.path.relpath(place, folder.resolve())).as_posix()


@contextlib.contextmanager
def restored_on_failure(destination: Path) -> Iterator[None]:
    """Leave a destination as it was if the block fails or is stopped."""
    before = {path.name for path in destination.iterdir()} if destination.is_dir() else None
    missing = [path for path in (destination, *destination.parents) if not path.exists()]
    try:
        yield
    except BaseException:
        if before is None:
            shutil.rmtree(missing[-1] if missing else destination, ignore_errors=True)
        else:
            _remove_new(destination, before)
        raise


def _remove_new(destination: Path, before: set[str]) -> None:
    for path in destination.iterdir():
        if path.name not in before:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if ".git" in before:
        ask_git(destination, "checkout", "--quiet", "--", ".")
