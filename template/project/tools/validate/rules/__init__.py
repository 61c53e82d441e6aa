"""The rules, a module for each family; importing this package registers them all."""

from . import (
    blueprints,
    containers,
    functions,
    host_json,
    index,
    leftovers,
    needs,
    packaging,
    publishing,
    settings,
    signatures,
    versions,
)

__all__ = [
    "blueprints",
    "containers",
    "functions",
    "host_json",
    "index",
    "leftovers",
    "needs",
    "packaging",
    "publishing",
    "settings",
    "signatures",
    "versions",
]
