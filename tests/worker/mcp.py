"""What the MCP extension does with the arguments of a call before it calls a tool or a prompt."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from .exchange import Binding, Failure, TypedValue


class ArgumentsRefused(Exception):
    """The extension does not call the function; `failure` has what it tells the client."""

    def __init__(self, what: str, names: Sequence[str]) -> None:
        """Take what is missing, and the names of those that are required and have no value."""
        self.failure = Failure(
            f"-32602: One or more required {what} are missing values. "
            f"Please provide: {', '.join(names)}",
            "",
        )
        super().__init__(self.failure.message)


def take_arguments(
    bindings: Sequence[Binding], inputs: Mapping[str, TypedValue]
) -> Mapping[str, TypedValue]:
    """Return the inputs of a function, without arguments that a tool does not have.

    Raises ArgumentsRefused if a required one is missing or null. The extension checks no types.
    """
    taken = dict(inputs)
    for binding in bindings:
        name = binding["name"]
        if name not in inputs:
            continue
        content = json.loads(str(inputs[name].value)) if binding["type"] in _REQUIRED else {}
        given = content.get("arguments") or {}
        if binding["type"] == "mcpPromptTrigger":
            _require(binding, given)
        if binding["type"] == "mcpToolTrigger":
            known = _require(binding, given)
            arguments = {key: value for key, value in given.items() if key in known}
            passed = json.dumps({**content, "arguments": arguments})
            taken[name] = replace(inputs[name], value=passed)
    return taken


# Where a trigger lists its arguments, their keys, and what the extension calls them.
_REQUIRED = {
    "mcpToolTrigger": ("toolProperties", "propertyName", "isRequired", "tool properties"),
    "mcpPromptTrigger": ("promptArguments", "name", "required", "prompt arguments"),
}


def _require(binding: Binding, given: Mapping[str, object]) -> set[str]:
    """Return the names of the arguments of a tool or a prompt; raise ArgumentsRefused."""
    field, key, required, what = _REQUIRED[binding["type"]]
    # Without any, the extension takes an empty text.
    arguments = json.loads(binding.get(field) or "[]")
    missing = [
        each[key] for each in arguments if each.get(required) and given.get(each[key]) is None
    ]
    if missing:
        raise ArgumentsRefused(what, missing)
    return {each[key] for each in arguments}
