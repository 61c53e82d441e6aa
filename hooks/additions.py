"""What kinds of functions and options add to an app: names in its lists, such as the modules in infra/, and files.

A row of additions applies if the app has all choices in `needs`. The rest of it are names by their list, and in `files`
each path with the function or the answer that adds it, or with nothing where Copier leaves a file of the user's in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hooks.catalogue import Kind, Option, Service

Row = dict[str, list[Any]]

WITH_AZD = "infra=azd"
WITH_EMULATORS = "devcontainer=true"
WITH_SCHEDULER = "durable_backend=scheduler"
IN_VSCODE = ("extensions", "launch", "settings", "tasks")

# What an app has whatever its functions are, if it has what is in `needs`: choices, an app in a folder of its repository,
# libraries there, and functions that GitHub can publish.
EVERY_APP: tuple[Row, ...] = (
    {"needs": [], "files": [[f".vscode/{name}.json", ""] for name in IN_VSCODE]},
    {"needs": ["telemetry=opentelemetry"], "shared": ["telemetry"]},
    {
        "needs": ["telemetry=opentelemetry", "web_framework=flask"],
        "files": [
            ["shared/web_trace.py", "telemetry"],
            ["tests/test_shared_web_trace.py", "telemetry"],
        ],
        "shared": ["web_trace"],
    },
    {"needs": ["invocation_hooks=true"], "shared": ["invocations"]},
    {"needs": [WITH_EMULATORS], "emulators": ["resources"]},
    {
        "needs": [WITH_AZD],
        "files": [["infra/bicepconfig.json", "infra"], ["infra/main.parameters.json", "infra"]],
        "infra": [
            "main",
            "function_app",
            "identity",
            "monitoring",
            "network",
            "private_endpoints",
            "storage",
        ],
    },
    {"needs": ["in_folder", "ci=github"], "actions": ["test", "host"]},
    {"needs": ["in_folder", "ci=github", "published"], "actions": ["deploy"]},
    {"needs": ["in_folder", "ci=github", WITH_AZD], "actions": ["provision"]},
    {"needs": ["in_folder"], "root_tools": ["root_files"]},
    {"needs": ["libraries"], "root_tools": ["libraries"]},
)
VAULT_ROLE = "Key Vault Secrets Officer"
LAST_IN_INFRA = ("vault", "deployer_roles", "sign_in", "subscriptions", "event_handlers")

# The file of a name in a list, and the answer that adds it.
FILES = {
    "actions": (".github/actions/<name>/action.yml", "app_folder"),
    "emulators": ("emulators/<name>.json", "devcontainer"),
    "infra": ("infra/<name>.bicep", "infra"),
    "infra_scripts": ("infra/<name>.py", "infra"),
    "root_tools": ("tools/<name>.py", "app_folder"),
}
# In place of that answer, for a name.
ANSWERS = {"libraries": "libraries"}
LEFT_IN_PLACE = ("shared/__init__.py", ".vscode/mcp.json")


def lists(kinds: Sequence[Kind], services: Mapping[str, Service]) -> dict[str, list[str]]:
    """Return every list of an app: all names that it can have, in the order that it has them."""
    found: dict[str, list[str]] = {}
    for row in (*EVERY_APP, *(row for kind in kinds for row in additions(kind, services))):
        for key in row.keys() - {"needs", "files"}:
            found.setdefault(key, []).extend(row[key])
    roles = (role for service in services.values() for role in service.deployer)
    order = [name for row in EVERY_APP for name in row.get("infra", [])]
    order += [*services, *LAST_IN_INFRA, VAULT_ROLE, *roles]
    return {
        key: [*dict.fromkeys([name for name in order if name in names] + names)]
        for key, names in sorted(found.items())
    }


def of_every_app(options: Mapping[str, Option]) -> list[Row]:
    """Return what an app has whatever its functions are, in rows: also the files of all choices."""
    return [_row(**row) for row in EVERY_APP] + [
        _row([f"{name}={choice}"], files=_added_by(name, files))
        for name, option in options.items()
        for choice, files in option.files.items()
    ]


def _added_by(name: str, paths: Iterable[str]) -> list[list[str]]:
    return [[path, "" if path in LEFT_IN_PLACE else name] for path in paths]


def additions(kind: Kind, services: Mapping[str, Service]) -> list[Row]:
    """Return what a function of a kind adds, in rows; <name> is the name of the function."""
    rows = [_of_kind(kind, services), *_of_service(kind, services.get(kind.service), services, [])]
    if "durableTask" in kind.host:
        rows += _of_service(kind, services["durabletask"], services, [WITH_SCHEDULER])
    return [row for row in rows if len(row) > 1]


def _of_kind(kind: Kind, services: Mapping[str, Service]) -> Row:
    return _row([], files=_added_by("<name>", _files(kind, services)), shared=list(kind.shared))


def _files(kind: Kind, services: Mapping[str, Service]) -> list[str]:
    """Return the files that a function adds besides its module and tests."""
    files = ["blueprints/__init__.py"]
    if kind.shared:
        files.append("shared/__init__.py")
    for module in kind.shared:
        files += [f"shared/{module}.py", f"tests/test_shared_{module}.py"]
    if kind.instructions:
        files.append("agents/<name>.agent.md")
    if service := services.get(kind.service):
        files += [f"database/{kind.service}.sql"] if service.tables else []
        files += service.tools
    if "durableTask" in kind.host:
        files.append("tests/durable_replay.py")
    if "mcp" in kind.host:
        files.append(".vscode/mcp.json")
    return files


def _of_service(
    kind: Kind, service: Service | None, services: Mapping[str, Service], needs: list[str]
) -> Iterator[Row]:
    """Yield what a kind adds because of a service."""
    if service is not None:
        yield _row(needs, database=[service.name] * bool(service.tables))
        emulators = [service.name] * service.emulator_config
        yield _row([WITH_EMULATORS, *needs], emulators=emulators)
    yield _in_azure(kind, service, services, [WITH_AZD, *needs])


def _in_azure(
    kind: Kind, service: Service | None, services: Mapping[str, Service], needs: list[str]
) -> Row:
    """Return what a kind adds to infra/."""
    has_vault = bool(kind.secrets) or (service is not None and service.bicep is None)
    # Who deploys also uploads what an Event Grid trigger waits for.
    used = [services["storage"]] if kind.event_grid else []
    used += [service] if service is not None else []
    roles = [VAULT_ROLE] * has_vault
    for each in used:
        roles += each.deployer if each.bicep and not each.bicep.own_roles else ()
    own_roles = any(each.bicep and each.bicep.own_roles for each in used)
    bicep = service.bicep if service is not None else None
    scripts = list(bicep.scripts) if bicep else []
    after_deploy = ["subscriptions"] * bool(kind.event_grid)
    after_deploy += bicep.after_deploy if bicep else ()
    return _row(
        needs,
        infra=[
            *(each.name for each in used if each.bicep and each.name != "storage"),
            *["vault"] * has_vault,
            *["deployer_roles"] * bool(roles),
            *["sign_in"] * ("mcp" in kind.host),
            *after_deploy,
        ],
        infra_scripts=scripts,
        after_deploy=after_deploy,
        deployer_roles=roles,
        principal=["principalId"] * bool(roles or scripts or own_roles)
        + ["principalType"] * bool(roles or scripts),
    )


def _row(needs: list[str], files: Sequence[list[str]] = (), **names: list[Any]) -> Row:
    more = [file for key in FILES for file in _files_of(key, names.get(key, []))]
    row = {"files": [*files, *more], **names}
    return {"needs": needs, **{key: found for key, found in row.items() if found}}


def _files_of(key: str, names: Iterable[str]) -> list[list[str]]:
    path, answer = FILES[key]
    return [[path.replace("<name>", name), ANSWERS.get(name, answer)] for name in names]
