"""What the MCP extension does with the arguments of a call before it calls a tool."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from .exchange import Binding, Failure, TypedValue


class ArgumentsRefused(Exception):
    """The extension does not call the tool; `failure` has what it tells the client."""

    def __init__(self, names: Sequence[str]) -> None:
        """Take the names of the required properties that have no value."""
        self.failure = Failure(
            "-32602: One or more required tool properties are missing values. "
            f"Please provide: {', '.join(names)}",
            "",
        )
        super().__init__(self.failure.message)


def take_arguments(
    bindings: Sequence[Binding], inputs: Mapping[str, TypedValue]
) -> Mapping[str, TypedValue]:
    """Return the inputs of a function, without arguments that a tool does not have.

    Raise ArgumentsRefused if a required one is missing or null. The extension checks no types.
    """
    taken = dict(inputs)
    for binding in bindings:
        name = binding["name"]
        if binding["type"] != "mcpToolTrigger" or name not in inputs:
            continue
        # Without properties, the extension takes an empty text.
        properties = json.loads(binding.get("toolProperties") or "[]")
        content = json.loads(str(inputs[name].value))
        given = content.get("arguments") or {}
        missing = [
            each["propertyName"]
            for each in properties
            if each.get("isRequired") and given.get(each["propertyName"]) is None
        ]
        if missing:
            raise ArgumentsRefused(missing)
        known = {each["propertyName"] for each in properties}
        arguments = {key: value for key, value in given.items() if key in known}
        passed = json.dumps({**content, "arguments": arguments})
        taken[name] = replace(inputs[name], value=passed)
    return taken
