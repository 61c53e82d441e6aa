"""What workflows, pipelines and scripts publish."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..model import Place, Problem, Severity
from ..pattern import Pattern
from ..project.deployment import Source, without_comments
from ..project.placed_json import Text
from ..project.plan import FLEX
from ..project.project import Project
from ..project.yaml_file import mapping, parts, read_yaml
from .rule import rule

# What publishes a folder or a package as it is: an action of GitHub, a task of Azure Pipelines, and commands.
PUBLISHING = Pattern(r"azure/functions-action@|AzureFunctionApp@", re.IGNORECASE)
COMMAND = Pattern(
    r"\b(?:az\s+functionapp\s+deployment\s+source\s+config-zip|func\s+azure\s+functionapp\s+publish)\b"
)
AS_IT_IS = Pattern(r"az\b(?:[^\n]|(?<=[\\`])\n)*|func\b[^\n]*--no-build[^\n]*")
BUILT_BY_STEP = ("scm-do-build-during-deployment", "enable-oryx-build", "remote-build")
BUILT_BY_COMMAND = Pattern(r"--build-remote(?![\s=]+[\"']?false)", re.IGNORECASE)
# What may put packages beside the app, or have Azure install them.
MAY_BUILD = Pattern(
    r"\.python_packages|\binstall\b[^\n]*\s(?:-t|--target|--prefix)\b|SCM_DO_BUILD_DURING_DEPLOYMENT"
    r"|\.(?:sh|ps1)\b|\b(?:make|docker|nox|tox|just|invoke|azd|pex|shiv)\b|uses:\s*[\"']?\./"
    r"|--build[ =](?:local|native)",
    re.IGNORECASE,
)
OTHER_LANGUAGE = Pattern(r"\b(?:dotnet|setup-node|npm|setup-java|mvn|gradle)\b")
SETTING = "scm_do_build_during_deployment"


@rule("AF707", Severity.WARNING, "The app is published without its packages")
def without_packages(project: Project) -> Iterator[Problem]:
    """Yield steps that publish the app, where nothing installs its packages before or after."""
    if not project.requirements.keys - {"azure-functions"} or project.sources.entry is None:
        return
    if (project.root / ".python_packages").is_dir():
        return
    for source in project.deployment.workflows:
        for place, is_action in _published(project, source):
            if SETTING in project.mentioned:
                return
            message = (
                "This step publishes the app without its packages, and Azure does not build it."
            )
            yield Problem(place, message, _fix(project, is_action))


def _published(project: Project, source: Source) -> Iterator[tuple[Place, bool]]:
    """Yield where a file publishes the app as it is, and whether an action of GitHub does so."""
    text = source.text
    is_other = OTHER_LANGUAGE.search(text) and "python" not in text.lower()
    is_from_elsewhere = "download-artifact" in text and "upload-artifact" not in text
    if is_other or is_from_elsewhere or MAY_BUILD.search(text):
        return
    if not source.is_yaml:
        yield from ((place, False) for place in _commands(source, text))
    elif PUBLISHING.search(text) or COMMAND.search(text):
        for part in parts(read_yaml(source)):
            if isinstance(part, Text):
                command = without_comments(source.path, part)
                yield from ((place, False) for place in _commands(source, command, part.offset))
            elif isinstance(part, dict):
                yield from _actions(project, source, part)


def _commands(source: Source, text: str, start: int = 0) -> Iterator[Place]:
    """Yield the commands of a text, which begins at a place of a file, that publish the app as it is.

    What is one line for the shell may be several in YAML.
    """
    written = COMMAND.finditer(source.text, start)
    for found, place in zip(COMMAND.finditer(text), written, strict=False):
        command = AS_IT_IS.match(text, found.start())
        if command and not BUILT_BY_COMMAND.search(command[0]):
            yield source.place(place.start())


def _actions(
    project: Project, source: Source, step: Mapping[object, object]
) -> Iterator[tuple[Place, bool]]:
    """Yield the key of a step that names an action or a task, if that publishes the app as it is."""
    for key, action in step.items():
        is_action = key == "uses"
        if not isinstance(key, Text) or not (is_action or key == "task"):
            continue
        if isinstance(action, Text) and PUBLISHING.match(action):
            given = step.get("with" if is_action else "inputs", {})
            if not _is_built(given) and _is_of_app(project, source, given):
                yield key.place, is_action


def _is_built(given: object) -> bool:
    """Whether Azure builds what a step publishes, or may do so."""
    if isinstance(given, str):
        return given != ""
    values = (value for name in BUILT_BY_STEP for value in _values(given, name))
    return any(value.lower() == "true" or value.startswith("$") for value in values)


def _values(given: object, name: str) -> Iterator[str]:
    """Yield the values of an input; there can be several, under conditions."""
    for part in parts(given):
        for key, value in mapping(part).items():
            if key.lower() == name and isinstance(value, str):
                yield value


def _is_of_app(project: Project, source: Source, given: object) -> bool:
    """Whether a step may publish this app; the path of a package is relative to the repository."""
    repository = project.root / source.path.partition(".github/")[0]
    for package in _values(given, "package"):
        folder = repository / package
        is_folder = package and not package.endswith(".zip") and folder.is_dir()
        if is_folder and folder.resolve() != project.root:
            return False
    return True


def _fix(project: Project, is_action: bool) -> str:
    is_flex = project.plan is not None and project.plan.id == FLEX
    if not is_action:
        return "Install them with pip into .python_packages/lib/site-packages, or ask for a remote build."
    if is_flex:
        return "Add remote-build: true, which the Flex Consumption plan takes."
    return "Add scm-do-build-during-deployment: true and enable-oryx-build: true."


RULES = (without_packages,)
