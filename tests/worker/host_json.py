"""What host.json says to the host, and which of it stops the host."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from functions_validator.files.json_file import JsonFile
from functions_validator.routing.table import DEFAULT_PREFIX

SPAN = re.compile(r"(-)?(?:(\d+)\.)?(\d+):(\d+)(?::(\d+(?:\.\d+)?))?")


class HostJson:
    """The options of host.json, by their keys in lower case with dots between them."""

    def __init__(self, text: str | None) -> None:
        """Take the file's content, or None if there is no file; ValueError if it cannot be read."""
        content = {"version": "2.0", "extensionBundle": {}} if text is None else _read(text)
        self.options: Mapping[str, Any] = dict(_options(content))

    @property
    def prefix(self) -> str:
        """Return the prefix of all routes."""
        prefix = self.options.get("extensions.http.routeprefix", DEFAULT_PREFIX)
        return "" if prefix is None else str(prefix)

    @property
    def has_bundle(self) -> bool:
        """Whether there is an extension bundle."""
        return "extensionbundle" in self.options

    @property
    def has_preview_bundle(self) -> bool:
        """Whether it is the preview bundle, which may have bindings that are unknown here."""
        return str(self.options.get("extensionbundle.id", "")).endswith(".Preview")

    def fault(self, known: Mapping[str, Mapping[str, Any]]) -> str | None:
        """Return what stops the host, or None; `known` are the options of behavior.json."""
        for name, rule in known.items():
            parent = name.rpartition(".")[0]
            given = {name: self.options[name]} if name in self.options else {}
            if name.endswith(".*"):
                given = {
                    key: value for key, value in self.options.items() if key.startswith(name[:-1])
                }
            is_required = (
                rule.get("required")
                or rule.get("required_in") in self.options
                or any(
                    self.options.get(other) == wanted
                    for other, wanted in rule.get("required_with", {}).items()
                )
            )
            if is_required and not given:
                return f"host.json has no {name} in {parent or 'its root'}."
            for key, value in given.items():
                if not _fits(value, rule):
                    return f"host.json has {json.dumps(value)} as {key}."
        return None


def _read(text: str) -> Mapping[str, Any]:
    file = JsonFile("host.json", text.removeprefix("\ufeff"))
    content: Mapping[str, Any] = file.value if isinstance(file.value, dict) else {}
    if file.value != content:
        raise ValueError("Unable to parse host configuration file 'host.json'.")
    return content


def _options(content: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in content.items():
        # The host reads the version by this name alone.
        name = f"{path}{key if key.lower() == 'version' and not path else key.lower()}"
        yield name, value
        if isinstance(value, dict):
            yield from _options(value, f"{name}.")


def _fits(value: Any, rule: Mapping[str, Any]) -> bool:
    if value in rule.get("also", ()):
        return True
    kind = rule["kind"]
    if kind == "bool":
        return str(value).lower() in ("true", "false")
    if kind == "text":
        return isinstance(value, str) and value.lower() in [one.lower() for one in rule["choices"]]
    number = _number(value) if kind == "number" else _seconds(value, rule.get("numbers", False))
    if number is None:
        return False
    least, most = float(rule.get("least", "-inf")), float(rule.get("most", "inf"))
    return least <= number <= most


def _number(value: Any) -> float | None:
    return float(str(value)) if re.fullmatch(r"-?\d+", str(value)) else None


def _seconds(value: Any, numbers: bool) -> float | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value) if numbers else None
    match = SPAN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        # .NET reads a number alone as days.
        return float(value) * 86400 if isinstance(value, str) and value.isdecimal() else None
    sign, days, *parts = match.groups()
    hours, minutes, seconds = (float(part or 0) for part in parts)
    total = float(days or 0) * 86400 + hours * 3600 + minutes * 60 + seconds
    return -total if sign else total
