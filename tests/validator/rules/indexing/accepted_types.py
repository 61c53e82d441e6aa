"""Asks azure-functions which types it accepts for each binding. Runs in a Python that has azure.functions.

    python accepted_types.py SIGNATURES_PY CLASSES BINDINGS

CLASSES are the names of classes of azure.functions, BINDINGS the types of bindings by direction, both as JSON. Prints
JSON as annotations.json has it.
"""

import importlib.util
import json
import sys
import typing
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any, BinaryIO
from uuid import UUID

import azure.functions as func

BUILTINS = (str, bytes, dict, list, tuple, set, int, float, bool)
IN, OUT = 0, 1


class Order(typing.NamedTuple):
    """A class that has nothing of azure.functions."""

    id: str


def types_of(classes: list[str]) -> dict[str, Any]:
    """Return the types by the words of the table; lists only of what is seen in lists."""
    found: dict[str, Any] = {kind.__name__: kind for kind in BUILTINS}
    found |= {name: getattr(func, name) for name in classes}
    lists = ["str", "bytes", "dict", *classes]
    lists_of: Any = typing.List  # noqa: UP006
    found |= {f"List[{name}]": lists_of[found[name]] for name in lists}
    found["Any"] = typing.Any
    found["Dict[str, Any]"] = typing.Dict[str, typing.Any]  # noqa: UP006
    found["Dict[str, str]"] = typing.Dict[str, str]  # noqa: UP006
    others = [date, datetime, Decimal, BytesIO, StringIO, object, BinaryIO, UUID, Order]
    found |= {kind.__name__: kind for kind in others}
    return {**found, "List": typing.List, "Literal['a']": typing.Literal["a"]}  # noqa: UP006


def accepts(signatures: Any, binding: str, direction: str, kind: Any) -> bool:
    """Whether a parameter of an input or an output, or a result, can have a type."""
    if direction == "result":
        result = SimpleNamespace(type=binding, direction=OUT, name="$return")
        function = SimpleNamespace(get_bindings=lambda: [result])
        return signatures._rejection_of_return(function, {"return": kind}) is None
    is_out = direction == "out"
    one = SimpleNamespace(type=binding, direction=OUT if is_out else IN, name="x")
    shown = func.Out[kind] if is_out else kind
    return signatures._rejection_of_parameter("x", one, shown) is None


def main(path: str, classes: str, bindings: str) -> None:
    """Print the table."""
    spec = importlib.util.spec_from_file_location("worker_signatures", path)
    assert spec
    assert spec.loader
    signatures = sys.modules["worker_signatures"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(signatures)
    types = types_of(json.loads(classes))
    table = {
        direction: {
            binding: [
                name
                for name, kind in types.items()
                if accepts(signatures, binding, direction, kind)
            ]
            for binding in names
        }
        for direction, names in json.loads(bindings).items()
    }
    print(json.dumps(table))


if __name__ == "__main__":
    main(*sys.argv[1:])
