"""What kinds of functions add to lists of an app: its shared modules, the files of infra/, roles, and so on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hooks.catalogue import Kind, Service

WITH_AZD = "infra=azd"
WITH_EMULATORS = "devcontainer=true"
WITH_SCHEDULER = "durable_backend=scheduler"

# What an app has whatever its functions are, if it has what is in `needs`: choices, an app in a folder of its repository,
# and functions that GitHub can publish.
EVERY_APP: tuple[dict[str, list[str]], ...] = (
    {"needs": ["telemetry=opentelemetry"], "shared": ["telemetry"]},
    {"needs": ["invocation_hooks=true"], "shared": ["invocations"]},
    {"needs": [WITH_EMULATORS], "emulators": ["resources"]},
    {
        "needs": [WITH_AZD],
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
)
VAULT_ROLE = "Key Vault Secrets Officer"
LAST_IN_INFRA = ("vault", "deployer_roles", "sign_in", "subscriptions", "event_handlers")

# The files of a name in a list, and the option that adds them.
FILES = {
    "actions": {"option": "app_folder", "files": [".github/actions/<name>/action.yml"]},
    "emulators": {"option": "devcontainer", "files": ["emulators/<name>.json"]},
    "infra": {"option": "infra", "files": ["infra/<name>.bicep"]},
    "infra_scripts": {"option": "infra", "files": ["infra/<name>.py"]},
}


def lists(kinds: Sequence[Kind], services: Mapping[str, Service]) -> dict[str, dict[str, Any]]:
    """Return every list of an app: all names that it can have, in the order that it has them, and their files."""
    found: dict[str, list[str]] = {}
    for row in (*EVERY_APP, *(row for kind in kinds for row in additions(kind, services))):
        for key in row.keys() - {"needs"}:
            found.setdefault(key, []).extend(row[key])
    roles = (role for service in services.values() for role in service.deployer)
    order = [name for row in EVERY_APP for name in row.get("infra", [])]
    order += [*services, *LAST_IN_INFRA, VAULT_ROLE, *roles]
    return {
        key: {
            "names": list(dict.fromkeys([name for name in order if name in names] + names)),
            "files": [],
            "option": "",
            **FILES.get(key, {}),
        }
        for key, names in sorted(found.items())
    }


def additions(kind: Kind, services: Mapping[str, Service]) -> list[dict[str, list[str]]]:
    """Return what a kind adds to lists, in rows that apply if the app has all choices in `needs`."""
    rows = [_of_kind(kind), *_of_service(kind, services.get(kind.service), services, [])]
    if "durableTask" in kind.host:
        rows += _of_service(kind, services["durabletask"], services, [WITH_SCHEDULER])
    return [row for row in rows if len(row) > 1]


def _of_kind(kind: Kind) -> dict[str, list[str]]:
    return _row([], shared=list(kind.shared))


def _of_service(
    kind: Kind, service: Service | None, services: Mapping[str, Service], needs: list[str]
) -> Iterator[dict[str, list[str]]]:
    """Yield what a kind adds because of a service."""
    if service is not None:
        yield _row(needs, database=[service.name] * bool(service.tables))
        emulators = [service.name] * service.emulator_config
        yield _row([WITH_EMULATORS, *needs], emulators=emulators)
    yield _in_azure(kind, service, services, [WITH_AZD, *needs])


def _in_azure(
    kind: Kind, service: Service | None, services: Mapping[str, Service], needs: list[str]
) -> dict[str, list[str]]:
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


def _row(needs: list[str], **names: list[str]) -> dict[str, list[str]]:
    return {"needs": needs, **{key: found for key, found in names.items() if found}}
