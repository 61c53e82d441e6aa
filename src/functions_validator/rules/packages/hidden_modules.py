"""Modules of the app that hide those of Python, of Azure or of a package."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Place, Problem, Severity
from ...packages.distributions import module_of
from ...packages.versions import canonical
from ...project.project import Project
from ...project.shadowed import shadowed
from ..rule import rule


@rule("AF413", Severity.ERROR, "A module has the same name as one of Python's or Azure's")
def shadows(project: Project) -> Iterator[Problem]:
    """Yield modules that have the same name as one of Python or of the Azure libraries."""
    if project.sources.entry is None:
        return
    for name, path in shadowed(project).items():
        own = path.partition("/")[0]
        whose = "the Azure libraries" if name == "azure" else "Python"
        other = f"the module {name} of {whose}"
        message = f"{own} has the same name as {other}, and only one can be imported."
        yield Problem(Place(path), message, f"Rename {own}.")


@rule("AF414", Severity.ERROR, "A module has the same name as a required package")
def hides_package(project: Project) -> Iterator[Problem]:
    """Yield modules that have the same name as one that a requirement provides."""
    imported = {found.top for found in project.sources.imports}
    failure = project.index.failure if project.index else None
    reported = {place.path for place in failure.places} if failure else set()
    for requirement in project.requirements.all:
        module = module_of(requirement.key)
        if failure and failure.hidden_by and canonical(failure.hidden_by) == requirement.key:
            module = failure.name.partition(".")[0]
        for path in (f"{module}.py", f"{module}/__init__.py"):
            is_reported = path in reported | {project.entry}
            if module in imported and path in project.files and not is_reported:
                name = path.removesuffix("/__init__.py")
                message = (
                    f"{name} and the package {requirement.name} have the same module name, "
                    "and only one can be imported."
                )
                yield Problem(Place(path), message, f"Rename {name}.")


RULES = (shadows, hides_package)
