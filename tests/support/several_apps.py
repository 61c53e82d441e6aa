"""A repository with several apps, and what runs their tools."""

import sys
from pathlib import Path
from typing import Any

from tests.support.run import run

APPS: dict[str, dict[str, Any]] = {
    "orders": {"functions": {"hello": "http", "events": "kafka"}, "infra": "azd"},
    "shop": {
        "functions": {"hello": "http"},
        "package_manager": "uv",
        "devcontainer": True,
        "libraries": "libs/pricing",
    },
    "billing": {
        "functions": {"hello": "http", "events": "kafka"},
        "infra": "azd",
        "ci": "azure-pipelines",
        "libraries": "libs/pricing",
    },
}
ON_GITHUB = ["orders", "shop"]


def root_files(root: Path, app: str, *arguments: str, status: int = 0) -> list[str]:
    """Run the tool of an app and return what it prints."""
    tool = root / "apps" / app / "tools" / "root_files.py"
    done = run(sys.executable, tool, *arguments, status=status)
    return (done.stdout + done.stderr).splitlines()
