"""What single extensions need of a binding: Redis, SignalR, Web PubSub, Cosmos DB, SQL and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...data import read_table
from ...functions.functions import Binding, Function
from ...model import Problem, Severity
from ...project.bundle import STABLE, bundle_of
from ...project.connections import SETTING, is_known
from ...project.host_options import all_given
from ...project.project import Project
from ..rule import rule

REQUIRED: Mapping[str, Sequence[str]] = {
    type_.lower(): fields for type_, fields in read_table("services")["required_fields"].items()
}
# The field with the hub, without which an input or output fails.
HUBS: Mapping[str, str] = {
    type_.lower(): field for type_, field in read_table("services")["hubs"].items()
}
# Web PubSub also takes its hub from a setting and from host.json.
HUB_SETTING, HUB_SECTION = "WebPubSubHub", ("extensions", "webpubsub")
COSMOS = ("cosmosdb", "cosmosdbtrigger")
# The fields that only one of the two has: extension 3 of bundle 3, and extension 4 of bundle 4.
OLD_COSMOS = {"collectionname", "connectionstringsetting", "leasecollectionname"}
NEW_COSMOS_VERSION = 4
NEW_COSMOS = {"containername", "connection", "leasecontainername"}


@rule("AF233", Severity.ERROR, "A Redis, SignalR or Web PubSub binding lacks a field")
def lacking(project: Project) -> Iterator[Problem]:
    """Yield bindings of Redis, SignalR and Web PubSub without all of the fields that the host needs."""
    for function in project.functions:
        for binding in function.bindings:
            fields = REQUIRED.get(binding.type.lower(), ())
            missing = [field for field in fields if binding.lacks(field)]
            if missing:
                message = (
                    f"The {binding.type} of {function.label} lacks {', '.join(missing)}, "
                    "so the host does not start it."
                )
                fix = "Add every missing field: the host has no defaults for this extension."
                yield Problem(binding.place, message, fix)
            hub = HUBS.get(binding.type.lower())
            if hub and binding.lacks(hub) and not _has_hub_elsewhere(project, binding):
                message = f"The {binding.type} of {function.label} lacks {hub}, so each call fails."
                yield Problem(binding.place, message, f"Add {hub}, the name of the hub.")


def _has_hub_elsewhere(project: Project, binding: Binding) -> bool:
    """Whether a binding without a hub may still have one."""
    if not binding.type.lower().startswith("webpubsub"):
        return False
    is_in_host = any(one.lowered[:2] == HUB_SECTION for one in all_given(project))
    return not project.settings.is_known or is_known(project, HUB_SETTING) or is_in_host


@rule("AF234", Severity.ERROR, "A Cosmos DB decorator is not for the extension bundle")
def cosmos(project: Project) -> Iterator[Problem]:
    """Yield bindings of Cosmos DB for another version than that of the extension bundle."""
    bundle = bundle_of(project)
    version = bundle.newest if bundle and bundle.id else None
    if bundle is None or version is None:
        return
    takes_old = version < NEW_COSMOS_VERSION
    if takes_old and bundle.id != STABLE:
        return  # Previews of bundle 3 have either extension.
    for function in project.functions:
        for binding in function.bindings:
            if binding.type.lower() in COSMOS:
                fields = binding.fields.items()
                given = {field.lower() for field, value in fields if value not in (None, "")}
                is_old, is_new = bool(given & OLD_COSMOS), bool(given & NEW_COSMOS)
                is_other = is_old != is_new and is_old != takes_old
                if is_other and not _has_fields_of_another(function, binding, is_old):
                    yield _other_cosmos(function, binding, is_old, version)


def _other_cosmos(function: Function, binding: Binding, is_old: bool, version: int) -> Problem:
    """Return the problem of a binding whose fields another version of the extension has."""
    kind = "trigger" if binding.is_trigger else f"{binding.direction}put"
    new, old = f"cosmos_db_{kind}", f"cosmos_db_{kind}_v3"
    written, fix = old, f"Use {new}, or another extension bundle in host.json."
    if not is_old:
        written = new
        fix = f"Set version 4 of the extension bundle in host.json, or use {old}."
    message = f"{function.label} has the fields of {written}, which extension bundle {version} does not know."
    return Problem(binding.place, message, fix)


def _has_fields_of_another(function: Function, binding: Binding, is_old: bool) -> bool:
    """Whether the decorator does not take these arguments, which AF101 reports."""
    names = [one.text for one in function.decorations if one.place == binding.place]
    return any("cosmos_db_" in name and name.endswith("_v3") is not is_old for name in names)


@rule("AF235", Severity.ERROR, "The table of a SQL trigger is a reference to a setting")
def sql_tables(project: Project) -> Iterator[Problem]:
    """Yield triggers of SQL whose table name is a reference, which the host does not resolve."""
    for function in project.functions:
        for binding in function.triggers:
            name = binding.text("tableName") or ""
            if binding.type.lower() == "sqltrigger" and SETTING.search(name):
                message = (
                    f"The host uses {name} itself as the name of a table, and the whole host stops."
                )
                fix = "Write the name itself, or read it with os.environ[...]."
                yield Problem(binding.place_of("tableName"), message, fix)


@rule("AF236", Severity.WARNING, "A row key is ignored")
def row_keys(project: Project) -> Iterator[Problem]:
    """Yield inputs of tables with a row key."""
    for function in project.functions:
        for binding in function.bindings:
            if binding.type.lower() != "table" or binding.direction != "in":
                continue
            if binding.text("rowKey"):
                rest = "the whole table" if binding.lacks("partitionKey") else "the whole partition"
                message = f"{function.label} gets {rest}: the host ignores the row key."
                fix = "Remove it and use filter, such as filter=\"RowKey eq '{id}'\", or the SDK."
                yield Problem(binding.place_of("rowKey"), message, fix)


RULES = (lacking, cosmos, sql_tables, row_keys)
