"""A fresh clone of the repository, and `make new` in it, as a new user runs it."""

import os
import subprocess
import sys
from pathlib import Path

from hooks.catalogue import ROOT


def clone_into(folder: Path) -> Path:
    """Clone the repository, with the changes that are not committed yet; return the clone."""
    clone = folder / "copier-azure-functions"
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, files.stdout.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            (clone / name).write_bytes((ROOT / name).read_bytes())
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.com"]
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "All"]):
        subprocess.run([*git, *command], cwd=clone, check=True)
    return clone


def make_new(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `make new` with uv on the path, which the tests' own environment brings."""
    tools = str(Path(sys.executable).parent)
    path = os.pathsep.join([os.environ["PATH"], tools])
    # A `make test ARGS=...` that runs this hands its own ARGS on.
    environment = {k: v for k, v in os.environ.items() if k not in {"ARGS", "MAKEFLAGS"}}
    return subprocess.run(
        ["make", "--no-print-directory", "new", f"PYTHON={sys.executable}", *arguments],
        cwd=clone,
        env={**environment, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
