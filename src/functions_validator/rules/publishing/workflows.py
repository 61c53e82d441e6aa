"""What workflows, pipelines and scripts publish."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from ...deployment.commands import GAP, commands
from ...deployment.deployment import is_of_only_app
from ...deployment.infrastructure import TERRAFORM_BLOCK, TERRAFORM_SITE
from ...deployment.jobs import PACKAGES
from ...deployment.plan import FLEX
from ...files.commented_file import YAML, Source
from ...files.content import mapping
from ...files.placed_json import Text
from ...files.repository import repository_of
from ...files.scripts import installs
from ...files.yaml_file import parts, read_yaml
from ...model import Place, Problem, Severity
from ...packages.distributions import provided_by
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule

# What publishes a folder or a package as it is: an action of GitHub, a task of Azure Pipelines, and commands.
PUBLISHING = Pattern(r"azure/functions-action@|AzureFunctionApp@", re.IGNORECASE)
COMMAND = Pattern(
    rf"\b(?:az{GAP}functionapp{GAP}deployment{GAP}source{GAP}config-zip|func{GAP}azure{GAP}functionapp{GAP}publish)\b"
)
# A word of each of them.
NAMED = "functionapp"
AS_IT_IS = Pattern(r"az\b|func\b.*--no-build", re.DOTALL)
# What has Azure build what the action publishes; on the Flex Consumption plan, the action passes on the last only.
BUILT_BY_STEP = ("scm-do-build-during-deployment", "enable-oryx-build", "remote-build")
# What the action takes for true, in any letter case.
TRUE = {"1", "true", "t", "yes", "y"}
INPUTS = ("with", "inputs")
BUILT_BY_COMMAND = Pattern(r"--build-remote(?![\s=]+[\"']?false)", re.IGNORECASE)
# What may have Azure install packages, or install them in a way that the file does not show.
BUILDS_ELSEWHERE = Pattern(
    r"SCM_DO_BUILD_DURING_DEPLOYMENT|\.(?:sh|ps1)\b|\b(?:make|docker|nox|tox|just|invoke|azd|pex|shiv)\b"
    r"|uses:\s*[\"']?\./|--build[ =](?:local|native)|\bpython[\d.]*\s+[\w./]+\.py\b|^-?include\s",
    re.IGNORECASE | re.MULTILINE,
)
# What puts packages beside the app.
BUILDS = Pattern(r"\.python_packages|\binstall\b[^\n]*\s(?:-t|--target|--prefix)\b", re.IGNORECASE)
OTHER_LANGUAGE = Pattern(r"\b(?:dotnet|setup-node|npm|setup-java|mvn|gradle)\b")
FOLDER = f"{PACKAGES}/lib/site-packages"
# The folder of the packages, or one with almost its name.
NEAR = r"\.?python[_-]packages?"
WRONG_TARGET = Pattern(
    rf"\binstall\b[^\n]*?\s(?:-t|--target)[ =]*[\"']?[\w./-]*?(?<![\w.-])"
    rf"({NEAR}(/lib(?:/(?:python[\d.]+/)?site[_-]packages)?)?)[\"'/]*(?=\s|$)"
)
INSTALLS_INTO = Pattern(rf"\binstall\b[^\n]*{re.escape(PACKAGES)}", parts=(PACKAGES,))
# The system of the jobs of a file, and the options and commands that install for another one.
RUNNER = Pattern(r"\b(?:runs-on|vmImage)\s*:\s*[\"']?([a-z]*)")
SYSTEMS = {"windows": "Windows", "macos": "macOS"}
FOR_OTHER_SYSTEM = Pattern(r"platform\b|\bwsl", re.IGNORECASE)
# Packages with compiled parts, without which they cannot be imported.
COMPILED = {
    *("cffi", "cryptography", "grpcio", "lxml", "numpy", "orjson", "pandas", "pillow"),
    *("psycopg2-binary", "pydantic-core", "pymssql", "pyodbc", "rpds-py", "scikit-learn", "scipy"),
}
# What makes a file of a folder with Terraform, publishes it as it is, and what may put the packages into it.
ARCHIVE, ZIP_FILE = "archive_file", "zip_deploy_file"
OF_FOLDER = Pattern(rf"{ZIP_FILE}\s*=\s*data\.{ARCHIVE}\.(\w+)\.output_path\b")
FOLDER_OF_FILE = Pattern(r"\bsource_dir\s*=\s*\"(?:\$\{path\.(?:module|root)\}/)?([\w./-]+)\"")
AS_PACKAGE = Pattern(r"WEBSITE_RUN_FROM_PACKAGE[\"']?\s*[:=]\s*[\"']?1\b")
FILLS = Pattern(r"python_packages|\bfunc\s+pack\b|\s(?:-t|--target|--prefix)[ =]|site-packages")
SETTING = "scm_do_build_during_deployment"


@rule("AF707", Severity.WARNING, "The app is published without its packages")
def without_packages(project: Project) -> Iterator[Problem]:
    """Yield steps that publish the app, where nothing installs its packages before or after."""
    if not project.requirements.keys - {"azure-functions"} or project.sources.entry is None:
        return
    if (project.root / PACKAGES).is_dir():
        return
    yield from _zipped(project)
    for source in project.deployment.workflows:
        for place, is_action in _published(project, source):
            if SETTING in project.mentioned:
                return
            message = (
                "This step publishes the app without its packages, and Azure does not build it."
            )
            yield Problem(place, message, _fix(project, is_action))
        if re.search(NEAR, source.text) and not BUILDS_ELSEWHERE.search(source.text):
            yield from _lost(project, source)


def _zipped(project: Project) -> Iterator[Problem]:
    """Yield the zip file that Terraform publishes for the only app, if nothing puts the packages into it."""
    found = [
        (block, file)
        for source in project.deployment.terraform
        if ZIP_FILE in source.text
        for block in source.blocks(TERRAFORM_BLOCK)
        if block.header["type"] == TERRAFORM_SITE and AS_PACKAGE.search(block.text)
        for file in OF_FOLDER.finditer(source.text, block.start, block.end)
        if _is_of_app(source, file[1])
    ]
    if len(found) != 1 or SETTING in project.mentioned or installs(project.root, FILLS):
        return
    [(block, file)] = found
    place = block.source.place(file.start())
    if is_of_only_app(project.root, place):
        message = "This publishes the app without its packages, and Azure does not build it."
        fix = (
            f"Write {SETTING.upper()} = true and ENABLE_ORYX_BUILD = true in app_settings, "
            "and not WEBSITE_RUN_FROM_PACKAGE."
        )
        yield Problem(place, message, fix)


def _is_of_app(source: Source, name: str) -> bool:
    """Whether an archive in a file of Terraform has the folder of the app, as it is in the repository."""
    header = Pattern(rf'\bdata\s+"{ARCHIVE}"\s+"{name}"\s*\{{')
    given = [FOLDER_OF_FILE.search(block.text) for block in source.blocks(header)]
    return any(one and posixpath.normpath(f"{source.folder}/{one[1]}") == "." for one in given)


def _lost(project: Project, source: Source) -> Iterator[Problem]:
    """Yield steps that put the packages where the worker does not look, or lose them before another one publishes the app."""
    if SETTING in project.mentioned:
        return
    publishing = [step for step in parts(read_yaml(source)) if any(_actions(project, source, step))]
    if publishing or any(_by_command(project, source)):
        yield from _unusable(project, source)
    # Imported here because few workflows install packages themselves.
    from ...deployment.hidden_files import losses
    from ...deployment.install_targets import outside

    for loss in dict.fromkeys(losses(source, publishing)):
        message = f"This step leaves out {PACKAGES}, so the app is published without its packages."
        yield Problem(loss.place, message, loss.fix)
    own = Path(os.path.relpath(project.root, repository_of_workflow(project, source))).as_posix()
    for place in outside(source, publishing, own):
        message = "This installs the packages outside of the folder that is published."
        target = posixpath.normpath(posixpath.join(own, FOLDER))
        yield Problem(place, message, f"Install them into {target}.")


def _unusable(project: Project, source: Source) -> Iterator[Problem]:
    """Yield commands that install the packages where the worker does not look, or for another system."""
    found = None if _looks_elsewhere(project) else _wrong_target(source)
    if found:
        place, target = found
        message = f"The worker looks for packages in {FOLDER}, not in {target}."
        yield Problem(place, message, f"Install them into {FOLDER}.")
    systems = {SYSTEMS.get(name, "") for name in RUNNER.findall(source.text)}
    required = COMPILED & project.requirements.keys
    compiled = sorted(required or COMPILED & provided_by(project.requirements.all))
    command = next(commands(source, INSTALLS_INTO), None)
    is_known = len(systems) == 1 and "" not in systems and not FOR_OTHER_SYSTEM.search(source.text)
    if is_known and compiled and command:
        message = (
            f"This installs {compiled[0]} for {systems.pop()}, but Azure runs the app on Linux."
        )
        yield Problem(command.place, message, "Run the job on ubuntu-latest.")


def _looks_elsewhere(project: Project) -> bool:
    """Whether the app or a setting has Python look for packages in other folders."""
    texts = (module.text for module in project.sources.modules.values())
    is_set = "pythonpath" in project.mentioned or project.settings.has("PYTHONPATH")
    return is_set or any("sys.path" in text or "addsitedir" in text for text in texts)


def _wrong_target(source: Source) -> tuple[Place, str] | None:
    """Return where a file installs the packages, and the folder, if the worker does not look there."""
    for command in commands(source, WRONG_TARGET):
        target = WRONG_TARGET.match(command.text)
        if target is None or FOLDER in source.text:
            continue
        # Another mention of the folders may move them.
        text = re.sub(r"\bmkdir\b[^\n;&]*", "", source.text)
        mentions = len(re.findall(f"{NEAR}\\b|\\bsite[_-]packages\\b.*/", text))
        if target[2] and mentions == 1:
            return command.place, target[1]
        if not target[2] and "site-packages" not in source.text:
            return command.place, f"{target[1]} itself"
    return None


def _published(project: Project, source: Source) -> Iterator[tuple[Place, bool]]:
    """Yield where a file publishes the app as it is, and whether an action of GitHub does so."""
    text = source.text
    is_other = OTHER_LANGUAGE.search(text) and "python" not in text.lower()
    is_from_elsewhere = "download-artifact" in text and "upload-artifact" not in text
    if is_other or is_from_elsewhere or BUILDS.search(text) or BUILDS_ELSEWHERE.search(text):
        return
    yield from ((place, False) for place in _by_command(project, source))
    if source.is_yaml and PUBLISHING.search(text):
        for step in parts(read_yaml(source)):
            yield from _actions(project, source, step)


def _by_command(project: Project, source: Source) -> Iterator[Place]:
    """Yield the commands that publish the app as it is."""
    for command in commands(source, COMMAND) if NAMED in source.text.lower() else ():
        if not AS_IT_IS.match(command.text) or BUILT_BY_COMMAND.search(command.text):
            continue
        # On the Flex Consumption plan, the Azure CLI has every app in Python built.
        if command.text.startswith("func") or (project.plan and project.plan.id != FLEX):
            yield command.place


def _actions(project: Project, source: Source, step: object) -> Iterator[tuple[Place, bool]]:
    """Yield the key of a step that names an action or a task, if that publishes the app as it is."""
    for key, action in mapping(step).items():
        is_publishing = isinstance(action, str) and PUBLISHING.match(action)
        if isinstance(key, Text) and key in ("uses", "task") and is_publishing:
            given = list(texts_of(step))
            building = BUILT_BY_STEP[-1:] if is_on_flex(project, given) else BUILT_BY_STEP
            if not _is_built(given, building) and is_of_app(project, source, given):
                yield key.place, key == "uses"


def texts_of(step: object) -> Iterator[tuple[str, str]]:
    """Yield all keys in a step that have a text, and the text. Inputs may be under conditions, and have several values."""
    for part in parts(step, also_off=True):
        for key, value in mapping(part).items():
            if isinstance(value, str):
                yield key.lower(), value


def is_on_flex(project: Project, given: Sequence[tuple[str, str]]) -> bool:
    """Whether a step publishes to the Flex Consumption plan: an input says so, or the infrastructure of the only app."""
    sku = next((value for key, value in given if key == "sku"), None)
    if sku is not None:
        return sku.lower().startswith("flexconsumption")
    plan = project.plan
    # Another step may publish another app, or the same one elsewhere.
    if plan is None or plan.id != FLEX or plan.place.path.endswith(YAML):
        return False
    return is_of_only_app(project.root, plan.place)


def _is_built(given: Sequence[tuple[str, str]], building: Collection[str]) -> bool:
    """Whether Azure builds what a step publishes, or may do so: an expression can have any inputs."""
    return any(
        value.lower() in TRUE or value.startswith("$")
        if key in building
        else key in INPUTS or key.startswith("$")
        for key, value in given
    )


def is_of_app(project: Project, source: Source, given: Sequence[tuple[str, str]]) -> bool:
    """Whether a step may publish this app; the path of a package is relative to the repository."""
    repository = repository_of_workflow(project, source)
    for package in (value for key, value in given if key == "package"):
        folder = repository / package
        if package and os.path.isdir(folder) and folder.resolve() != project.root:
            return False
    return True


def repository_of_workflow(project: Project, source: Source) -> Path:
    """Return the folder of the repository that a workflow or a pipeline checks out."""
    above, is_github, _ = source.path.partition(".github/")
    return project.root / above if is_github else repository_of(project.root)


def _fix(project: Project, is_action: bool) -> str:
    if not is_action and project.plan and project.plan.id == FLEX:
        return f"Install them with pip into {FOLDER}."
    if not is_action:
        return "Install them with pip into .python_packages/lib/site-packages, or ask for a remote build."
    for_others = "scm-do-build-during-deployment: true and enable-oryx-build: true"
    if project.plan is None:
        return f"Add remote-build: true on the Flex Consumption plan, and on others {for_others}."
    if project.plan.id == FLEX:
        return "Add remote-build: true, which the Flex Consumption plan takes."
    return f"Add {for_others}."


RULES = (without_packages,)
