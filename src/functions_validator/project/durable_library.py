"""What version 1 of azure-functions-durable gives to functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..data import read_table
from .durable import ORCHESTRATOR
from .durable_parameters import CLIENT

TABLE: dict[str, Any] = read_table("durable")
# The client, and the contexts, by the type of their binding.
OBJECTS: Mapping[str, Any] = TABLE["objects"]
# What is made by calling it.
MADE: Mapping[str, Mapping[str, Any]] = TABLE["made"]


def _methods(binding: str, result: str = "") -> frozenset[str]:
    known: Mapping[str, Mapping[str, Any]] = OBJECTS[binding]["methods"]
    return frozenset(name for name, method in known.items() if method.get("result", "") == result)


# The methods of an orchestrator's context that make a task.
TASKS = _methods(ORCHESTRATOR, "task")
# The methods of the client, with and without `async`.
CLIENT_COROUTINES = _methods(CLIENT, "coroutine")
CLIENT_OTHERS = _methods(CLIENT)
