"""Settings of identity-based connections whose values have the wrong form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.connections import connections
from ...project.project import Project
from ...project.settings import STORAGE, canonical
from ..rule import rule
from .connections import is_example, is_written

HOST_NAME = Pattern(r"(?!-)[A-Za-z0-9_-]+(?<!-)(?:\.(?!-)[A-Za-z0-9_-]+(?<!-))*(?::\d+)?")
URIS = ("accountendpoint", "serviceuri", "topicendpointuri")
# With letters in any case: names of hosts ignore it.
ADDRESS = Pattern("[/.]")
ACCOUNT = Pattern(r"[A-Za-z0-9]+(?:-secondary)?")
STORAGE_SERVICES = ("blob", "queue", "table")
STORAGE_HOST = Pattern(r"https://[\w-]+\.(blob|queue|table)\.core\.", re.IGNORECASE)


@rule("AF315", Severity.ERROR, "A setting of an identity-based connection has the wrong form")
def forms(project: Project) -> Iterator[Problem]:
    """Yield settings of connections that should be a host name or an address, but are not."""
    names = {STORAGE.lower()}
    for function in project.functions:
        names.update(canonical(one.name) for one in connections(function))
    for setting in project.settings.all:
        name, _, part = canonical(setting.name).rpartition(":")
        value = setting.value
        if name not in names and name.removeprefix("azurewebjobs") not in names:
            continue
        if not is_written(value):
            continue
        # An example names what to fill in, such as your_account.
        is_name = part == "accountname" and not ADDRESS.search(value)
        if is_name and is_example(project, setting.file):
            continue
        if found := _fault(setting.name, part, value.strip()):
            yield Problem(setting.place, *found)


def _fault(name: str, part: str, value: str) -> tuple[str, str] | None:
    """Return what is wrong with the value of a part, and how to fix it."""
    if part == "fullyqualifiednamespace" and not HOST_NAME.fullmatch(value):
        fix = "Write only the host, such as contoso.servicebus.windows.net."
        return f"{name} is not a host name.", fix
    if part == "accountname" and not ACCOUNT.fullmatch(value):
        return f"{name} is not the name of a storage account.", "Write the name alone."
    if not part.endswith(URIS):
        return None
    if not re.match(r"https://[^/\s]", value, re.IGNORECASE):
        service = part.removesuffix("serviceuri") or "blob"
        fix = f"Write the whole address, such as https://contoso.{service}.core.windows.net."
        if part == "accountendpoint":
            fix = "Write the whole address, such as https://contoso.documents.azure.com:443/."
        if part == "topicendpointuri":
            fix = "Write the whole address, which ends with /api/events."
        return f"{name} does not begin with https://.", fix
    wanted = part.removesuffix("serviceuri")
    other = STORAGE_HOST.match(value)
    if other and wanted in STORAGE_SERVICES and other[1].lower() != wanted:
        message = f"{name} is the address of another service, {other[1].lower()}."
        return message, f"Write the address with .{wanted}. in it."
    return None


RULES = (forms,)
