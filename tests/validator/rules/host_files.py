"""host.json with other options, for the tests of the rules about it."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tests.support.samples import BUNDLE
from tests.support.validator import HEALTHY, Files, Plant, find_problems

OUTPUT_TYPES = ("serviceBus", "eventHub", "cosmosDB", "kafka", "sql", "mysql")
OUTPUTS = "".join(
    f'@bp.generic_output_binding(arg_name="{name}", type="{name}")\n' for name in OUTPUT_TYPES
)
# The files of an app for which the host loads the extensions with options.
USING_ALL: Files = {
    "blueprints/hello.py": HEALTHY["blueprints/hello.py"]
    .replace("@bp", '@bp.generic_input_binding(arg_name="client", type="durableClient")\n@bp')
    .replace("@bp", f"{OUTPUTS}@bp", 1)
    .replace("HttpRequest)", f"HttpRequest, client: str, {', '.join(OUTPUT_TYPES)})")
}


def host(bundle: Mapping[str, Any] = MappingProxyType({}), **options: Any) -> str:
    """Return a host.json whose bundle has other fields, and with more options."""
    content = {"version": "2.0", "extensionBundle": {**BUNDLE, **bundle}, **options}
    return json.dumps(content, indent=2)


def at(path: str, value: Any) -> str:
    """Return a host.json with a value at a path such as `extensions.http`."""
    for key in reversed(path.split(".")):
        value = {key: value}
    return host(**value)


def codes(plant: Plant, content: str | None) -> list[str]:
    """Return the codes of what the rules find in a host.json, or without one."""
    return [found.code for found in find_problems(plant({"host.json": content}), "AF5")]
