"""What functions do with the objects of azure.functions."""

from __future__ import annotations

from collections.abc import Iterator

from ...functions.functions import has_other_decorators
from ...functions.json_values import unwritable_dumps
from ...functions.middleware import awaited_wsgi
from ...functions.misused_attributes import misused_attributes
from ...functions.misused_objects import misuses
from ...functions.misused_rows import misused_rows
from ...functions.output_values import wrong_outputs
from ...functions.received_objects import annotated_objects, received_objects
from ...functions.responses import wrong_responses
from ...functions.stream_objects import misused_streams
from ...functions.text_inputs import misused_text
from ...model import Problem, Severity
from ...project.project import Project
from ...sources.library_names import LIBRARY, unknown_in_functions
from ..rule import rule


@rule("AF241", Severity.ERROR, "An object of azure.functions is used as another one")
def other_objects(project: Project) -> Iterator[Problem]:
    """Yield attributes that the object of a parameter does not have, and responses that cannot be made."""
    sources = project.sources
    for module in sources.modules.values():
        yield from unknown_in_functions(module)
    # The app may give an object other attributes.
    if not any("setattr(" in module.text for module in sources.modules.values()):
        yield from _of_parameters(project)
        yield from _of_helpers(project)
    for module in sources.modules.values():
        yield from wrong_responses(sources, module)
        yield from unwritable_dumps(sources, module)
        yield from awaited_wsgi(sources, module)


def _of_parameters(project: Project) -> Iterator[Problem]:
    """Yield what is wrong with the objects that the worker passes to functions."""
    for function in project.written_functions:
        module, definition = function.module, function.definition
        # A decorator of the app's own may pass another object, or give it attributes.
        if module is None or definition is None or has_other_decorators(function):
            continue
        received = received_objects(project.sources, function, module, definition)
        yield from misused_attributes(received)
        yield from misuses(received)
        yield from misused_rows(received)
        yield from misused_text(function, module, definition)
        yield from misused_streams(function, module, definition)
        yield from wrong_outputs(received, function)


def _of_helpers(project: Project) -> Iterator[Problem]:
    """Yield what is wrong with the objects that functions pass on to others."""
    started = {function.definition for function in project.written_functions}
    for module in project.sources.modules.values():
        for definition in module.definitions if LIBRARY in module.text else ():
            if definition in started or definition.decorator_list:
                continue
            if received := annotated_objects(project.sources, module, definition):
                yield from misused_attributes(received)
                yield from misuses(received)


RULES = (other_objects,)
