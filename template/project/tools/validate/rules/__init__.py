"""The rules, a module for each family; importing this package registers them all."""

from . import (
    blueprints,
    environment,
    functions,
    host_json,
    index,
    leftovers,
    packaging,
    secrets,
    settings,
    signatures,
)

__all__ = [
    "blueprints",
    "environment",
    "functions",
    "host_json",
    "index",
    "leftovers",
    "packaging",
    "secrets",
    "settings",
    "signatures",
]
