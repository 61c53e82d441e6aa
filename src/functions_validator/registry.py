"""All rules, by families: a hundred codes each, in one order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from .rules.functions import (
    argument_values,
    arguments,
    binding_names,
    bindings,
    blocking,
    coroutines,
    empty_names,
    ending,
    expressions,
    extensions,
    logs,
    loops,
    mcp,
    messages,
    objects,
    queue_messages,
    results,
    retries,
    route_order,
    route_parameters,
    routes,
    schedules,
    sharing,
    signalr,
    starting,
    streams,
    undefined,
    web_apps,
    wrappers,
)
from .rules.host_json import bundles, host_json, host_values, listed_functions
from .rules.indexing import (
    apps,
    blueprints,
    determinism,
    durable,
    durable_names,
    durable_objects,
    importing,
    parameters,
    signatures,
    triggers,
    writes,
    yielding,
)
from .rules.merge import merge
from .rules.packages import (
    durable_requirement,
    hidden_modules,
    imports,
    local_packages,
    misplaced_modules,
    old_modules,
    platforms,
    pythons,
    requirement_names,
    requirements,
    search_path,
    versions,
)
from .rules.publishing import (
    azure_apps,
    containers,
    hosting,
    images,
    opened_files,
    published_folders,
    publishing,
    repository,
    static_web_apps,
    workflows,
)
from .rules.rule import Rule
from .rules.settings import (
    connection_strings,
    connections,
    entry_point,
    environment,
    identity,
    key_vault,
    local_settings,
    missing_settings,
    names,
    references,
    secrets,
    setting_values,
)


class Family(NamedTuple):
    """Rules about one part of an app: the name is that of its page in docs/rules/."""

    name: str
    title: str
    rules: Sequence[Rule]


def _family(name: str, title: str, *members: Sequence[Rule]) -> Family:
    return Family(name, title, tuple(chain.from_iterable(members)))


FAMILIES = (
    _family(
        "indexing",
        "What the Functions worker finds when it imports the app",
        importing.RULES,
        writes.RULES,
        apps.RULES,
        blueprints.RULES,
        parameters.RULES,
        signatures.RULES,
        triggers.RULES,
        durable.RULES,
        determinism.RULES,
        durable_names.RULES,
        yielding.RULES,
        durable_objects.RULES,
    ),
    _family(
        "functions",
        "Names, bindings, retries, schedules and routes",
        bindings.RULES,
        empty_names.RULES,
        retries.RULES,
        binding_names.RULES,
        schedules.RULES,
        messages.RULES,
        starting.RULES,
        routes.RULES,
        route_order.RULES,
        mcp.RULES,
        extensions.RULES,
        blocking.RULES,
        streams.RULES,
        signalr.RULES,
        expressions.RULES,
        objects.RULES,
        results.RULES,
        coroutines.RULES,
        loops.RULES,
        route_parameters.RULES,
        wrappers.RULES,
        arguments.RULES,
        web_apps.RULES,
        sharing.RULES,
        undefined.RULES,
        queue_messages.RULES,
        argument_values.RULES,
        ending.RULES,
        logs.RULES,
    ),
    _family(
        "settings",
        "App settings, connections and secrets",
        missing_settings.RULES,
        environment.RULES,
        secrets.RULES,
        local_settings.RULES,
        connections.RULES,
        identity.RULES,
        references.RULES,
        connection_strings.RULES,
        key_vault.RULES,
        names.RULES,
        entry_point.RULES,
        setting_values.RULES,
    ),
    _family(
        "packages",
        "Requirements, imports and the version of Python",
        requirements.RULES,
        versions.RULES,
        imports.RULES,
        hidden_modules.RULES,
        durable_requirement.RULES,
        old_modules.RULES,
        misplaced_modules.RULES,
        requirement_names.RULES,
        search_path.RULES,
        pythons.RULES,
        local_packages.RULES,
        platforms.RULES,
    ),
    _family(
        "host_json",
        "host.json and the extension bundle",
        host_json.RULES,
        bundles.RULES,
        host_values.RULES,
        listed_functions.RULES,
    ),
    _family("merge", "What a merge left behind", merge.RULES),
    _family(
        "publishing",
        "What is published, committed and copied into an image, and the hosting plan",
        publishing.RULES,
        workflows.RULES,
        repository.RULES,
        containers.RULES,
        hosting.RULES,
        images.RULES,
        opened_files.RULES,
        published_folders.RULES,
        static_web_apps.RULES,
        azure_apps.RULES,
    ),
)
RULES: Sequence[Rule] = tuple(chain.from_iterable(family.rules for family in FAMILIES))

# Where docs/rules/ explains each rule: a page a family, and an anchor a rule.
PAGES = {
    rule.code: f"{family.name}.md#{rule.code.lower()}"
    for family in FAMILIES
    for rule in family.rules
}


def chosen(select: Sequence[str], ignore: Sequence[str]) -> list[Rule]:
    """Return the rules whose codes start with one of `select` and none of `ignore`, such as "AF1".

    Raises ValueError, whose message is a sentence, for one that is empty or that no code starts with.
    """
    for prefix in (*select, *ignore):
        if not prefix:
            raise ValueError('A code is empty. Write "AF" for all codes.')
        if not any(rule.code.startswith(prefix) for rule in RULES):
            first, last = RULES[0].code, RULES[-1].code
            raise ValueError(f"No code begins with {prefix}: they go from {first} to {last}.")
    return [
        rule
        for rule in RULES
        if rule.code.startswith(tuple(select)) and not rule.code.startswith(tuple(ignore))
    ]
