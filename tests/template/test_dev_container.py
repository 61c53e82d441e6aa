"""The dev container of an app: it has what the app needs, and can be built."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import devcontainer
from tests.support.catalogue import OFFERED_PYTHONS
from tests.support.text_files import read_json


def test_the_dev_container_has_the_python_the_tools_and_the_emulators(
    render: Callable[..., Path],
) -> None:
    app = render({"hello": "http"}, devcontainer=True, python_version="3.12")
    container = read_json(app / ".devcontainer" / "devcontainer.json")
    vscode = container["customizations"].pop("vscode")
    assert container == {
        "name": "my-app",
        "image": "mcr.microsoft.com/devcontainers/python:3-3.12-bookworm",
        # Docker in it publishes the emulators' ports to its own localhost, as local.settings.json has them.
        "features": {
            "ghcr.io/devcontainers/features/azure-cli:1": {},
            "ghcr.io/devcontainers/features/docker-in-docker:4": {"moby": False},
            "ghcr.io/devcontainers/features/node:2": {},
        },
        "customizations": {},
        "postCreateCommand": {
            "core-tools": "npm install --global azure-functions-core-tools@4",
            "app": "python -m venv .venv && .venv/bin/pip install -r requirements-dev.txt"
            " && .venv/bin/python -m tools.settings",
        },
        "postStartCommand": ".venv/bin/python -m tools.emulators",
        "forwardPorts": [7071],
        "remoteUser": "vscode",
    }
    recommended = read_json(app / ".vscode" / "extensions.json")["recommendations"]
    assert set(recommended) - set(vscode["extensions"]) == {"ms-vscode-remote.remote-containers"}
    assert vscode["settings"] == {
        "python.defaultInterpreterPath": "${containerWorkspaceFolder}/.venv/bin/python"
    }


def test_the_dev_container_of_an_app_of_uv_syncs(render: Callable[..., Path]) -> None:
    app = render({"hello": "http"}, devcontainer=True, package_manager="uv")
    container = read_json(app / ".devcontainer" / "devcontainer.json")
    assert container["postCreateCommand"]["app"] == (
        "pipx install uv && uv sync && uv run python -m tools.settings"
    )


@pytest.mark.parametrize("infra", ["none", "azd"])
@pytest.mark.parametrize("python", [python.version for python in OFFERED_PYTHONS])
def test_the_dev_container_can_be_built(
    python: str, infra: str, render: Callable[..., Path]
) -> None:
    app = render({"hello": "http"}, devcontainer=True, python_version=python, infra=infra)
    container = read_json(app / ".devcontainer" / "devcontainer.json")
    assert devcontainer.faults(container) == []
    assert ("ghcr.io/azure/azure-dev/azd:0" in container["features"]) == (infra == "azd")


DOCKER = "ghcr.io/devcontainers/features/docker-in-docker"
IMAGE = devcontainer.KNOWN["images"]["repository"]


@pytest.mark.parametrize(
    ("tag", "features", "fault"),
    [
        # Both float: the image is that of the newest distribution, where Moby cannot be installed.
        ("3.13", {f"{DOCKER}:4": {}}, "does not name a known distribution"),
        ("3-3.13-trixie", {f"{DOCKER}:4": {}}, "does not support trixie with {'moby': True}"),
        ("3-3.13-trixie", {f"{DOCKER}:4": {"moby": False}}, None),
        ("3-3.13-bookworm", {f"{DOCKER}:4": {}}, None),
        ("3-3.13-bookworm", {f"{DOCKER}:4": {"mobby": False}}, "has no option mobby"),
        ("3-3.13-bookworm", {f"{DOCKER}:5": {}}, "docker-in-docker:5 is not known"),
        ("2-3.13-bookworm", {}, "Version 2 is not known"),
        ("3-3.9-bookworm", {}, "does not name a known distribution"),
    ],
)
def test_a_dev_container_that_cannot_be_built_is_found(
    tag: str, features: dict[str, Any], fault: str | None
) -> None:
    found = devcontainer.faults({"image": f"{IMAGE}:{tag}", "features": features})
    assert len(found) == (fault is not None)
    assert fault is None or fault in found[0]
