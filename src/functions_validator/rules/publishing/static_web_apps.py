"""Apps that are published as the API of a static web app."""

from __future__ import annotations

from collections.abc import Iterator

from ...deployment.jobs import jobs_of
from ...deployment.published import path_in_repository
from ...files.commented_file import Source
from ...files.content import mapping
from ...files.scripts import scripts
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule
from .workflows import repository_of_workflow

# The action and the task that publish a static web app, with their inputs.
STEPS = (
    ("uses", "azure/static-web-apps-deploy@", "with"),
    ("task", "azurestaticwebapp@", "inputs"),
)
API = "api_location"
# What creates a function app or publishes one; a name in Python is FunctionApp.
FUNCTION_APP = Pattern(
    r"\bfunctionapp\b|azurerm_\w*function_app|\bhost:\s*[\"']?function\b"
    r"|(?i:azure/functions-(?:container-)?action@|azure/webapps-deploy@|\bAzure(?:FunctionApp|WebApp)\w*@"
    r"|microsoft\.web/(?:sites|serverfarms)\b)"
)
# Inputs of the task that name another folder in which it starts.
FOLDERS = ("cwd", "workingDirectory", "rootDirectory")


@rule("AF719", Severity.ERROR, "The API of a static web app has a trigger other than HTTP")
def other_trigger(project: Project) -> Iterator[Problem]:
    """Yield triggers other than HTTP in an app that is published as the API of a static web app."""
    found = [
        (function, binding)
        for function in project.certain_functions
        for binding in function.triggers
        if binding.type.lower() != "httptrigger"
    ]
    path = _published_in(project) if found else None
    for function, binding in found if path else ():
        message = (
            f"{path} publishes this app as the API of a static web app, "
            f"which does not run the {binding.type} of {function.label}."
        )
        yield Problem(binding.place, message, "Publish the function in a function app of its own.")


def _published_in(project: Project) -> str | None:
    """Return the workflow that publishes the app as an API, unless something may publish it as a function app."""
    workflows = [*project.deployment.workflows, *project.deployment.others]
    path = next((one.path for one in workflows if _is_api(project, one)), None)
    return None if path is None or _may_be_function_app(project) else path


def _is_api(project: Project, source: Source) -> bool:
    """Whether a workflow publishes the app as an API."""
    if not source.is_yaml or API not in source.text:
        return False
    repository = repository_of_workflow(project, source)
    return any((repository / folder).resolve() == project.root for folder in _apis(source))


def _may_be_function_app(project: Project) -> bool:
    """Whether anything in the repository may create a function app or publish this one as such."""
    if project.plan or project.text("Dockerfile") is not None or project.images:
        return True
    return any(FUNCTION_APP.search(text) for _, text in scripts(project.root))


def _apis(source: Source) -> Iterator[str]:
    """Yield the folders that a workflow publishes as APIs, from the top of the repository."""
    for job in jobs_of(source):
        for key, name, inputs in STEPS if job.is_at_top else ():
            for step in job.using(name, key):
                given = mapping(step.get(inputs))
                api = str(given.get(API) or "").lstrip("/")
                folder = path_in_repository(job, api) if api else None
                is_closing = str(given.get("action")).lower() == "close"
                if folder and not is_closing and given.keys().isdisjoint(FOLDERS):
                    yield folder


RULES = (other_trigger,)
