"""Which apps and blueprints an import makes."""

from __future__ import annotations

import functools
import sys
from types import ModuleType
from typing import Any, NamedTuple


class Made(NamedTuple):
    """An app or a blueprint, and the place that made it."""

    container: Any
    file: str
    line: int

    @property
    def is_app(self) -> bool:
        """Whether it is an app, and no blueprint."""
        return hasattr(self.container, "get_functions")


class Recorder:
    """Records every app and blueprint that is made, and which of them are registered."""

    def __init__(self) -> None:
        self.made: list[Made] = []
        self.registered: set[int] = set()

    def watch(self, library: ModuleType) -> None:
        """Wrap the methods of azure.functions that make and register apps and blueprints."""
        decorators = sys.modules[library.FunctionApp.__module__]
        make, recorder = decorators.DecoratorApi.__init__, self
        register = decorators.FunctionRegister.register_functions

        def noted_make(container: Any, *arguments: Any, **options: Any) -> None:
            make(container, *arguments, **options)
            recorder.made.append(Made(container, *_caller()))

        @functools.wraps(register)
        def noted_register(app: Any, *arguments: Any, **options: Any) -> None:
            register(app, *arguments, **options)
            recorder.registered.update(map(id, (*arguments, *options.values())))

        decorators.DecoratorApi.__init__ = noted_make
        decorators.FunctionRegister.register_functions = noted_register
        if hasattr(decorators.FunctionRegister, "register_blueprint"):
            decorators.FunctionRegister.register_blueprint = noted_register

    def is_registered(self, container: Any) -> bool:
        """Whether an app has a blueprint."""
        return id(container) in self.registered

    def missing(self, container: Any) -> list[Any]:
        """Return the builders of a container's functions that no app has."""
        in_apps = {
            id(builder)
            for made in self.made
            if made.is_app
            for builder in made.container._function_builders
        }
        return [
            builder
            for builder in container._function_builders
            if id(builder) not in in_apps and not _is_of_durable(builder._function)
        ]


def _caller() -> tuple[str, int]:
    """Return the file and line that make a container, outside of the libraries' constructors."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_code.co_name == "__init__":
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def _is_of_durable(function: Any) -> bool:
    """Whether azure-functions-durable made a function, as it does for each of its apps and blueprints."""
    name = str(function.get_function_name())
    return name.startswith("BuiltIn__")
