"""The rules, a module for each family; importing this package registers them all."""

from . import (
    blueprints,
    durable,
    environment,
    functions,
    host_json,
    imports,
    index,
    leftovers,
    packaging,
    pythons,
    routes,
    schedules,
    secrets,
    settings,
    signatures,
)

__all__ = [
    "blueprints",
    "durable",
    "environment",
    "functions",
    "host_json",
    "imports",
    "index",
    "leftovers",
    "packaging",
    "pythons",
    "routes",
    "schedules",
    "secrets",
    "settings",
    "signatures",
]
