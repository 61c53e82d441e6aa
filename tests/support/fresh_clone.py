"""A fresh clone of the repository, and `make new` in it, as a new user runs it."""

import os
import sys
from pathlib import Path
from subprocess import CompletedProcess

from hooks.catalogue import ROOT
from tests.support.repositories import commit, run_git
from tests.support.run import run


def clone_into(folder: Path) -> Path:
    """Clone the repository, with the changes that are not committed yet; return the clone."""
    clone = folder / "copier-azure-functions"
    files = run_git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            (clone / name).write_bytes((ROOT / name).read_bytes())
    commit(clone)
    return clone


def make_new(clone: Path, *arguments: str, status: int = 0) -> CompletedProcess[str]:
    """Run `make new` with uv on the path, which the tests' own environment has."""
    tools = str(Path(sys.executable).parent)
    path = os.pathsep.join([os.environ["PATH"], tools])
    make = ["make", "--no-print-directory", "new", f"PYTHON={sys.executable}"]
    # A `make test ARGS=...` that runs this hands its own ARGS on.
    environment = {"ARGS": "", "MAKEFLAGS": "", "PATH": path}
    return run(*make, *arguments, folder=clone, environment=environment, status=status)
