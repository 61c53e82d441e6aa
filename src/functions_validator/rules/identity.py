"""Settings of identity-based connections whose values have the wrong form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Problem, Severity
from ..pattern import Pattern
from ..project.connections import connections
from ..project.project import Project
from ..project.settings import PLACEHOLDER, STORAGE, canonical
from .rule import rule

HOST_NAME = Pattern(r"(?!-)[A-Za-z0-9_-]+(?<!-)(?:\.(?!-)[A-Za-z0-9_-]+(?<!-))*(?::\d+)?")
# A value that a tool or Azure fills in.
OPEN = Pattern(r"[<>{}]|\$\(|^@Microsoft\.|^%", re.IGNORECASE)
URIS = ("accountendpoint", "serviceuri")


@rule("AF315", Severity.ERROR, "A setting of an identity-based connection has the wrong form")
def forms(project: Project) -> Iterator[Problem]:
    """Yield settings of connections that should be a host name or an address, but are not."""
    names = {STORAGE.lower()}
    for function in project.functions:
        names.update(canonical(name) for _, _, name in connections(function))
    for setting in project.settings.all:
        name, _, part = canonical(setting.name).rpartition(":")
        value = setting.value
        if name not in names and name.removeprefix("azurewebjobs") not in names:
            continue
        if not isinstance(value, str) or PLACEHOLDER.fullmatch(value) or OPEN.search(value):
            continue
        if part == "fullyqualifiednamespace" and not HOST_NAME.fullmatch(value.strip()):
            message = f"{setting.name} is not a host name."
            fix = "Write only the host, such as contoso.servicebus.windows.net."
            yield Problem(setting.place, message, fix)
        elif part.endswith(URIS) and not re.match(r"\s*https://[^/\s]", value, re.IGNORECASE):
            message = f"{setting.name} does not begin with https://."
            fix = "Write the whole address, such as https://contoso.blob.core.windows.net."
            if part == "accountendpoint":
                fix = "Write the whole address, such as https://contoso.documents.azure.com:443/."
            yield Problem(setting.place, message, fix)


RULES = (forms,)
