"""What the tests get from npm."""

import shutil
from pathlib import Path

from tests.support.cache import cached_folder
from tests.support.run import run


def find_node() -> str | None:
    """Return the path of Node.js, or None if it or npm is not on this machine."""
    return shutil.which("node") if shutil.which("npm") else None


def install(name: str, package: Path) -> Path:
    """Install what a package.json asks for, if it is not there yet, and return the folder with it."""

    def run_npm(folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        shutil.copy(package, folder)
        npm = shutil.which("npm") or "npm"
        run(npm, "install", "--no-audit", "--no-fund", "--no-package-lock", folder=folder)

    return cached_folder(name, package.read_bytes(), run_npm) / "node_modules"
