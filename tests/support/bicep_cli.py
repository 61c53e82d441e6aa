"""The Bicep CLI: compiles, lints, formats and evaluates modules."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.text_files import read

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
TENANT = "00000000-0000-0000-0000-000000000002"


@dataclass(frozen=True)
class Snapshot:
    """What a deployment would create."""

    resources: Sequence[Mapping[str, Any]]
    outputs: Mapping[str, Any]

    def of_type(self, kind: str) -> list[Mapping[str, Any]]:
        """Return the resources of a type, such as Microsoft.Storage/storageAccounts."""
        return [resource for resource in self.resources if resource["type"] == kind]

    def names(self, kind: str) -> set[str]:
        """Return the names of the resources of a type, without those of their parents."""
        return {resource["name"].split("/")[-1] for resource in self.of_type(kind)}

    @property
    def settings(self) -> dict[str, str]:
        """Return the settings of the app."""
        [app] = self.of_type("Microsoft.Web/sites")
        listed = app["properties"]["siteConfig"]["appSettings"]
        settings = {setting["name"]: setting["value"] for setting in listed}
        assert len(settings) == len(listed)
        return settings


class Bicep:
    """One process for many files, because starting it takes longer than compiling a file."""

    def __init__(self, command: str) -> None:
        environment = {
            **os.environ,
            # Without ICU, whose libraries are not everywhere.
            "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
            # Has .NET compile its code fully the first time.
            "DOTNET_TieredCompilation": "0",
        }
        self._process = subprocess.Popen(
            [command, "jsonrpc", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._cached: dict[tuple[object, ...], Any] = {}

    def close(self) -> None:
        """Stop it."""
        self._process.communicate()

    def compile(self, main: Path) -> tuple[list[str], Mapping[str, Any]]:
        """Return what the compiler and the linter say of a file and its modules, and the result."""
        key = ("compile", *_content(main.parent))
        if key not in self._cached:
            self._cached[key] = self._call("bicep/compile", path=str(main))
        compiled = self._cached[key]
        found = [
            f"{Path(problem['source']).name}:{problem['range']['start']['line'] + 1}: "
            f"{problem['level']} {problem['code']}: {problem['message']}"
            for problem in compiled["diagnostics"]
        ]
        return found, json.loads(compiled.get("contents") or "{}")

    def format(self, module: Path) -> str:
        """Return a module as the formatter writes it."""
        key = ("format", read(module))
        if key not in self._cached:
            self._cached[key] = self._call("bicep/format", path=str(module))["contents"]
        return str(self._cached[key])

    def evaluate(self, main: Path, **parameters: str | bool | int) -> Snapshot:
        """Return what a file and its modules would create with these parameters.

        What Azure alone knows stays an expression, such as `[reference(...)]`.
        """
        key = ("evaluate", *_content(main.parent), *sorted(parameters.items()))
        if key not in self._cached:
            with tempfile.TemporaryDirectory() as folder:
                self._cached[key] = self._snapshot(main, Path(folder) / "infra", parameters)
        return Snapshot(self._cached[key]["predictedResources"], self._cached[key]["outputs"])

    def _snapshot(self, main: Path, copy: Path, parameters: Mapping[str, object]) -> Any:
        shutil.copytree(main.parent, copy)
        for module in copy.glob("*.bicep"):
            # A snapshot would hide the settings that main passes on.
            text = read(module)
            if module.name != main.name:
                module.write_text(re.sub(r"(?m)^@secure\(\)$\n", "", text), encoding="utf-8")
        values = [
            f"param {name} = {json.dumps(value) if not isinstance(value, str) else _quoted(value)}"
            for name, value in parameters.items()
        ]
        file = copy / "main.bicepparam"
        file.write_text("\n".join([f"using '{main.name}'", *values, ""]), encoding="utf-8")
        metadata = {
            "subscriptionId": SUBSCRIPTION,
            "tenantId": TENANT,
            "location": "westeurope",
            "resourceGroup": None,
            "deploymentName": None,
        }
        answer = self._call(
            "bicep/getSnapshot", path=str(file), metadata=metadata, externalInputs=[]
        )
        return json.loads(answer["snapshot"])

    def _call(self, method: str, **parameters: object) -> Any:
        """Send a request of JSON-RPC, and return the result."""
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        body = json.dumps(request).encode()
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()
        headers = b"".join(iter(self._process.stdout.readline, b"\r\n"))
        [length] = re.findall(rb"(?i)content-length: *(\d+)", headers)
        answer = json.loads(self._process.stdout.read(int(length)))
        if "result" not in answer:
            raise RuntimeError(answer["error"]["message"])
        return answer["result"]


def _content(folder: Path) -> list[str]:
    """Return the texts of what a compilation depends on; many apps have the same."""
    files = [*folder.glob("*.bicep"), *folder.glob("bicepconfig.json")]
    return [text for file in sorted(files) for text in (file.name, read(file))]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\${")
    return f"'{escaped}'"


# The types of the fixtures `infra` and `evaluate`: the folder of an app's Bicep, and what it creates.
Infra = Callable[..., Path]
Evaluate = Callable[..., Snapshot]
