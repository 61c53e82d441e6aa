"""Fixtures that compile and evaluate the Bicep of generated apps."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.bicep_cli import Bicep, Evaluate, Infra, Snapshot
from tests.support.catalogue import newest_python
from tests.support.missing import skip_or_fail


@pytest.fixture(scope="session")
def bicep() -> Iterator[Bicep]:
    command = shutil.which("bicep")
    if not command:
        skip_or_fail(
            "The Bicep CLI is not installed: nothing compiled infra/ or evaluated what it creates",
            "REQUIRE_BICEP",
        )
    server = Bicep(command)
    yield server
    server.close()


@pytest.fixture
def infra(render: Callable[..., Path]) -> Infra:
    """Return the folder of Bicep of an app with these functions and other answers."""

    def folder(functions: Mapping[str, str], **answers: Any) -> Path:
        python = newest_python(functions.values())
        return render(dict(functions), infra="azd", python_version=python, **answers) / "infra"

    return folder


@pytest.fixture
def evaluate(bicep: Bicep, infra: Infra) -> Evaluate:
    """Return what azd would create for an app with these functions, in a network if not told otherwise."""

    def snapshot(
        functions: Mapping[str, str],
        answers: Mapping[str, str] | None = None,
        **parameters: str | bool,
    ) -> Snapshot:
        main = infra(functions, **(answers or {})) / "main.bicep"
        _, template = bicep.compile(main)
        given: dict[str, str | bool] = {
            "environmentName": "dev",
            "location": "westeurope",
            "virtualNetwork": True,
        }
        for name, parameter in template["parameters"].items():
            if "defaultValue" not in parameter:
                given.setdefault(name, f"secret of {name}")
            if name == "functionsDeployed":
                given[name] = True
        return bicep.evaluate(main, **{**given, **parameters})

    return snapshot
