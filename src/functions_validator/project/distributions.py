"""Which distributions provide which modules, where their names do not tell."""

from __future__ import annotations

from ..data import read_table

TABLE = read_table("distributions")
MODULES: dict[str, list[str]] = TABLE["modules"]
DEPENDENCIES: dict[str, list[str]] = TABLE["dependencies"]
# What hardly comes unless somebody asks for it by name.
BY_NAME = frozenset(TABLE["by_name"])


def providers(module: str) -> list[str]:
    """Return the distributions that may have a module, by the table or by its name."""
    parts = module.split(".")
    prefixes = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    for prefix in prefixes:
        if prefix in MODULES:
            return MODULES[prefix]
    return [prefix.replace(".", "-").replace("_", "-").lower() for prefix in prefixes]


def brought_by(distribution: str) -> set[str] | None:
    """Return a distribution with all that it provides; None if the table does not tell."""
    if distribution not in DEPENDENCIES:
        return None
    found, waiting = {distribution}, list(DEPENDENCIES[distribution])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(DEPENDENCIES.get(name, ()))
    return found


def module_of(distribution: str) -> str:
    """Return the module that a distribution most likely has."""
    named = (module for module, names in MODULES.items() if distribution in names)
    return next(named, distribution.replace("-", "_"))
