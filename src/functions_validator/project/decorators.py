"""The decorators of azure-functions and azure-functions-durable, which make bindings of their arguments.

Checked against the libraries by the tests. A binding's field is the argument in camelCase.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..data import read_table


@dataclass(frozen=True)
class Decorator:
    """A decorator: the type and direction ("in", "out") of its binding, and its arguments in order.

    The first of the arguments is the name of the function's parameter, save for `route`.
    """

    type: str
    direction: str
    arguments: tuple[str, ...]


def field_name(argument: str) -> str:
    """Return the binding's field for a decorator's argument: `queue_name` is `queueName`."""
    first, *others = argument.split("_")
    return first + "".join(map(str.capitalize, others))


DECORATORS = {
    name: Decorator(row["type"], row["direction"], tuple(row["arguments"]))
    for name, row in read_table("decorators").items()
}
