"""What the tests get from npm."""

import shutil
import subprocess
from pathlib import Path

from tests.support.cache import cached_folder


class InstallationFailure(Exception):
    """npm could not install something; the message has its output."""


def find_node() -> str | None:
    """Return the path of Node.js, or None if it or npm is not on this machine."""
    return shutil.which("node") if shutil.which("npm") else None


def install(name: str, package: Path) -> Path:
    """Install what a package.json asks for, if it is not there yet, and return the folder of it."""

    def run_npm(folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        shutil.copy(package, folder)
        npm = shutil.which("npm") or "npm"
        options = ["--no-audit", "--no-fund", "--no-package-lock"]
        done = subprocess.run(
            [npm, "install", *options], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise InstallationFailure(f"npm install failed:\n{done.stdout}{done.stderr}")

    return cached_folder(name, package.read_bytes(), run_npm) / "node_modules"
