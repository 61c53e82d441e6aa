"""What workflows, pipelines and scripts publish."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Problem, Severity
from ..pattern import Pattern
from ..project.deployment import Source
from ..project.plan import FLEX
from ..project.project import Project
from .rule import rule

# What publishes a folder or a package as it is, by how much of the text belongs to it.
STEP = Pattern(
    r"^(?P<indent>[ \t]*)(?:-[ \t]+)?(?:uses:[ \t]*[\"']?azure/functions-action@|task:[ \t]*[\"']?AzureFunctionApp@)",
    re.IGNORECASE | re.MULTILINE,
)
COMMAND = Pattern(
    r"\baz\s+functionapp\s+deployment\s+source\s+config-zip\b(?:[^\n]|(?<=[\\`])\n)*"
    r"|\bfunc\s+azure\s+functionapp\s+publish\b[^\n]*--no-build[^\n]*"
)
BUILT_BY_ACTION = Pattern(
    r"\b(?:scm-do-build-during-deployment|enable-oryx-build|remote-build)[\"']?:\s*[\"']?(?:true|\$)",
    re.IGNORECASE,
)
BUILT_BY_COMMAND = Pattern(r"--build-remote(?![\s=]+[\"']?false)", re.IGNORECASE)
# What may put packages beside the app, or have Azure install them.
MAY_BUILD = Pattern(
    r"\.python_packages|\binstall\b[^\n]*\s(?:-t|--target|--prefix)\b|SCM_DO_BUILD_DURING_DEPLOYMENT"
    r"|\.(?:sh|ps1)\b|\b(?:make|docker|nox|tox|just|invoke|azd|pex|shiv)\b|uses:\s*[\"']?\./"
    r"|--build[ =](?:local|native)",
    re.IGNORECASE,
)
OTHER_LANGUAGE = Pattern(r"\b(?:dotnet|setup-node|npm|setup-java|mvn|gradle)\b")
PACKAGE = Pattern(r"^\s*package:[ \t]*[\"']?([\w./-]+)[\"']?[ \t]*$", re.MULTILINE)
SETTING = "scm_do_build_during_deployment"


@rule("AF707", Severity.WARNING, "The app is published without its packages")
def without_packages(project: Project) -> Iterator[Problem]:
    """Yield steps that publish the app, where nothing installs its packages before or after."""
    if not project.requirements.keys - {"azure-functions"} or project.sources.entry is None:
        return
    if (project.root / ".python_packages").is_dir():
        return
    for source in project.deployment.workflows:
        for offset, is_action in _steps(project, source):
            if SETTING in project.mentioned:
                return
            message = (
                "This step publishes the app without its packages, and Azure does not build it."
            )
            yield Problem(source.place(offset), message, _fix(project, source, is_action))


def _steps(project: Project, source: Source) -> Iterator[tuple[int, bool]]:
    """Yield where a file publishes the app as it is, and whether an action of GitHub does so."""
    text = source.text
    is_other = OTHER_LANGUAGE.search(text) and "python" not in text.lower()
    is_from_elsewhere = "download-artifact" in text and "upload-artifact" not in text
    if is_other or is_from_elsewhere or MAY_BUILD.search(text):
        return
    for match in STEP.finditer(text):
        step = _step(text, match)
        if not BUILT_BY_ACTION.search(step) and _is_of_app(project, source, step):
            yield match.end("indent"), "uses:" in match[0]
    for match in COMMAND.finditer(text):
        if not BUILT_BY_COMMAND.search(match[0]):
            yield match.start(), False


def _step(text: str, match: re.Match[str]) -> str:
    """Return the lines of a step of a workflow, from its dash on."""
    lines = text[match.start() :].split("\n")
    first = lines[0]
    column = len(first) - len(first.lstrip(" \t-"))
    inside = [first]
    for line in lines[1:]:
        if line.strip() and len(line) - len(line.lstrip()) < column:
            break
        inside.append(line)
    before = []
    if not first.lstrip().startswith("-"):
        for line in reversed(text[: match.start()].split("\n")[:-1]):
            if line.strip() and len(line) - len(line.lstrip(" \t-")) < column:
                break
            before.append(line)
            if line.lstrip().startswith("-"):
                break
    return "\n".join([*reversed(before), *inside])


def _is_of_app(project: Project, source: Source, step: str) -> bool:
    """Whether a step may publish this app; the path of a package is relative to the repository."""
    given = PACKAGE.search(step)
    if not given or given[1].endswith(".zip"):
        return True
    folder = project.root / source.path.partition(".github/")[0] / given[1]
    return not folder.is_dir() or folder.resolve() == project.root


def _fix(project: Project, source: Source, is_action: bool) -> str:
    is_flex = project.plan is not None and project.plan.id == FLEX
    if not is_action:
        return "Install them with pip into .python_packages/lib/site-packages, or ask for a remote build."
    if is_flex:
        return "Add remote-build: true, which the Flex Consumption plan takes."
    return "Add scm-do-build-during-deployment: true and enable-oryx-build: true."


RULES = (without_packages,)
