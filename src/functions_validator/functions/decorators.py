"""The decorators of azure-functions and azure-functions-durable, which make bindings of their arguments.

Checked against the libraries by the tests. A binding's field is the argument in camelCase.
"""

from __future__ import annotations

from typing import NamedTuple

from ..data import read_table


class Decorator(NamedTuple):
    """A decorator: the type and direction ("in", "out") of its binding, and its arguments in order.

    The first of the arguments is the name of the function's parameter, save for `route`. So many of them are
    required. A closed one takes no other arguments; what others take becomes a field of the binding.
    """

    type: str
    direction: str
    arguments: tuple[str, ...]
    required: int = 1
    is_closed: bool = False


def field_name(argument: str) -> str:
    """Return the binding's field for a decorator's argument: `queue_name` is `queueName`."""
    first, *others = argument.split("_")
    return first + "".join(map(str.capitalize, others))


DECORATORS = {
    name: Decorator(
        row["type"],
        row["direction"],
        tuple(row["arguments"]),
        row.get("required", 1),
        row.get("closed", False),
    )
    for name, row in read_table("decorators").items()
}
