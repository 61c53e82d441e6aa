"""The rules, a module for each family; importing this package registers them all."""

from . import (
    blueprints,
    functions,
    host_json,
    index,
    leftovers,
    packaging,
    routes,
    schedules,
    settings,
    signatures,
)

__all__ = [
    "blueprints",
    "functions",
    "host_json",
    "index",
    "leftovers",
    "packaging",
    "routes",
    "schedules",
    "settings",
    "signatures",
]
