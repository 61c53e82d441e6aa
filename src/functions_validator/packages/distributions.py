"""Which distributions provide which modules, where their names do not tell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from ..data import read_table
from .versions import canonical

if TYPE_CHECKING:
    from .requirements import Requirement

TABLE = read_table("distributions")
MODULES: dict[str, list[str]] = TABLE["modules"]
KNOWN_TOPS = {name.partition(".")[0] for name in MODULES}
DEPENDENCIES: dict[str, list[str]] = TABLE["dependencies"]
# What newer versions no longer install, from which version and which Python on.
DROPPED: dict[str, Any] = TABLE["dropped"]
# Modules that many distributions share, each with a part of its own.
SHARED = {"azure", "azurefunctions", "google", "opentelemetry"}
# What is hardly ever installed unless somebody asks for it by name.
BY_NAME = frozenset(TABLE["by_name"])
# Modules that are usually the app's own, whatever PyPI has under these names.
USUAL_OWN = frozenset(TABLE["usual_own"])


def providers(module: str) -> list[str]:
    """Return the distributions that may have a module, by the table or by its name."""
    parts = module.split(".")
    prefixes = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    for prefix in prefixes:
        if prefix in MODULES:
            return MODULES[prefix]
    return [canonical(prefix) for prefix in prefixes]


def installed_with(
    distribution: str, old: Collection[str] = (), extras: Collection[str] = ()
) -> set[str] | None:
    """Return a distribution with all that it provides; None if the table lacks it or one of its extras.

    `old` names those of which a version is installed that still provides what newer ones do not.
    """
    waiting = [distribution, *(f"{distribution}[{extra}]" for extra in extras)]
    if not DEPENDENCIES.keys() >= set(waiting):
        return None
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            dropped = () if name in old else DROPPED.get(name, {}).get("installs", ())
            waiting.extend(one for one in DEPENDENCIES.get(name, ()) if one not in dropped)
    return found


def provided_by(requirements: Sequence[Requirement]) -> set[str]:
    """Return the distributions that requirements install, as far as they are known."""
    closures = [
        installed_with(one.key, extras=one.extras) or installed_with(one.key) or {one.key}
        for one in requirements
    ]
    return set().union(*closures)


def is_package(name: str, asked: Collection[str]) -> bool:
    """Whether the first part of a module's name is a package that many use, or that is asked for."""
    top = name.partition(".")[0]
    if top in KNOWN_TOPS or any(map(is_known, providers(top))):
        return True
    others = (key for key in asked if not is_known(key))
    return any(top.lower() in key.split("-") for key in others)


def is_known(distribution: str) -> bool:
    """Whether a distribution is one of those that many use."""
    return distribution in BY_NAME or installed_with(distribution) is not None


def module_of(distribution: str) -> str:
    """Return the module that a distribution most likely has."""
    named = (module for module, names in MODULES.items() if distribution in names)
    is_part = distribution.partition("-")[0] in SHARED
    return next(named, distribution.replace("-", "." if is_part else "_"))
