"""Whether a dev container can be built: its image, and what its features say about distributions."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.support.text_files import read_json

KNOWN = read_json(Path(__file__).with_suffix(".json"))


def faults(container: Mapping[str, Any]) -> list[str]:
    """Return why a dev container cannot be built, or why it may not be one day, a sentence each."""
    image, _, tag = container["image"].partition(":")
    version, _, variant = tag.partition("-")
    images = KNOWN["images"]
    if image != images["repository"] or variant not in images["variants"]:
        return [f"{container['image']} does not name a known distribution."]
    distribution = variant.split("-")[1]
    found = [] if _is_of(version, images["version"]) else [f"Version {version} is not known."]
    for name, options in container["features"].items():
        found += _faults_of_feature(name, options, distribution)
    return found


def _faults_of_feature(
    reference: str, options: Mapping[str, Any], distribution: str
) -> Iterator[str]:
    name, _, version = reference.partition(":")
    feature = KNOWN["features"].get(name)
    if feature is None or not _is_of(version, feature["version"]):
        yield f"{reference} is not known."
        return
    unknown = set(options) - set(feature["options"])
    if unknown:
        yield f"{reference} has no option {', '.join(sorted(unknown))}."
    chosen = {**feature["options"], **options}
    for rule in feature["distributions"]:
        if rule["when"].items() <= chosen.items() and not _allows(rule, distribution):
            yield f"{reference} does not support {distribution} with {rule['when']}."


def _is_of(prefix: str, version: str) -> bool:
    """Whether a tag such as 3 or 3.1 stands for a version."""
    return f"{version}.".startswith(f"{prefix}.")


def _allows(rule: Mapping[str, Any], distribution: str) -> bool:
    if "supported" in rule:
        return distribution in rule["supported"]
    return distribution not in rule["refused"]
