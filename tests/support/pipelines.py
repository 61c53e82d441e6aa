"""Reads the pipelines of Azure Pipelines."""

from pathlib import Path
from typing import Any

from hooks.catalogue import read_yaml


def stages_of(app: Path) -> list[dict[str, Any]]:
    """Return the stages of an app's pipeline, also those under a condition."""
    return [
        stage
        for entry in read_yaml(app / "azure-pipelines.yml")["stages"]
        for stage in ([entry] if "stage" in entry else next(iter(entry.values())))
    ]
