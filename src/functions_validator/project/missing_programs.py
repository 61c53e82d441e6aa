"""Requirements that need a program or a library which Azure does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..data import read_table
from ..deployment.plan import CONTAINER_APPS
from ..files.scripts import installs
from ..model import Place
from ..packages.requirements import Requirement
from ..pattern import Pattern
from ..sources.run_programs import run_programs
from .project import Project

TABLE = read_table("programs")
# By the names of distributions: the module that the app imports; a pattern `if` of what its modules have where they need
# it; what is needed; the package of Debian that has it; a pattern of what they have `unless` it is needed; and a fix.
PROGRAMS: Mapping[str, Mapping[str, str]] = TABLE["needed_by"]
# Programs that the images of Azure do not have, each with the package of Debian that has it.
PACKAGES: Mapping[str, str] = TABLE["packages"]
# Packages that have such a program, or find it, and what else may make one runnable.
PROVIDING = r"static.ffmpeg|pypandoc.binary|imageio.ffmpeg|\bchmod\b|\benviron\b.*PATH"
# A command that installs a package, and perhaps others.
INSTALLING = r"(?s:\binstall\b.{{0,400}}?(?<![\w-]){}(?![\w-]))"
# What an app has that installs programs itself, looks for them, or names the folders of its own.
OWN = r"""["'](?:LD_LIBRARY_)?PATH["']|_HOME["']|\bapt(?:-get)?\b|\bwhich\(|\bCDLL\(|\binstall-jdk\b"""
# What files that deploy an app have if they give it folders of its own, or run it in a container.
FOLDERS = Pattern(
    r"""\b(?:LD_LIBRARY_)?PATH["']? *[:=]|["'](?:LD_LIBRARY_)?PATH["']""", parts=("PATH",)
)
CONTAINERS = Pattern(
    r"DOCKER\||linux,container|\bcontainerapps?\b|Microsoft\.App/managedEnvironments|functions-container-action"
    r"|\bdocker(?:/build-push-action|\s+(?:build|buildx|push)\b|\s*\{)"
    r"|\bbuild:\s+(?:\.|context:)|\bhost: *aks\b|\bkind: *(?:Deployment|ScaledObject|ScaledJob)\b|Docker@\d"
    r"|\bacr build\b|\bfunctionapp\b[^\n]*(?:\s--image\b|container-image|\bcontainer set\b)"
    r"|\bpack build\b|\bkubernetes deploy\b",
    re.IGNORECASE,
)


class Need(NamedTuple):
    """A requirement, what it needs, and what to do."""

    requirement: Requirement
    what: str
    fix: str


def missing_programs(project: Project) -> Iterator[Need]:
    """Yield the requirements that the app imports, and that need something which nothing may install."""
    for requirement in project.requirements.all:
        row = PROGRAMS.get(requirement.key)
        if row is None or not is_plain(requirement) or not _needs_it(project, row):
            continue
        package = row["package"]
        installing = Pattern(INSTALLING.format(re.escape(package)))
        if not may_have(project, installing) and not installs(project.root, FOLDERS):
            fix = row.get("instead") or f"Run the app in an image that installs {package}."
            yield Need(requirement, row["needs"], fix)


def _needs_it(project: Project, row: Mapping[str, str]) -> bool:
    """Whether the app uses a distribution in such a way that it needs something else."""
    sources, module = project.sources, row["import"]
    tops = {one.top for one in sources.imports if not one.guarded}
    if module not in tops or sources.is_local(module):
        return False
    texts = "\n".join(one.text for one in sources.modules.values())
    others = "\n".join(project.requirements.keys)
    has_own = re.search(f"{OWN}|{row.get('unless', '(?!)')}", f"{texts}\n{others}")
    return not has_own and bool(re.search(row.get("if", ""), texts))


def unavailable_programs(project: Project) -> Iterator[tuple[Place, str, str]]:
    """Yield where the app runs a program that nothing may install, with its name and its package, once for each program."""
    found: dict[str, Place] = {}
    modules = project.sources.modules.values()
    for module in modules:
        for call, name in run_programs(module, PACKAGES, modules):
            found.setdefault(name, module.place(call))
    if not found:
        return
    texts = "\n".join([*(one.text for one in modules), *project.requirements.keys])
    if re.search(f"{OWN}|{PROVIDING}", texts) or installs(project.root, FOLDERS):
        return
    for name, place in found.items():
        package = PACKAGES[name]
        installing = Pattern(INSTALLING.format(re.escape(package)))
        if not may_have(project, installing):
            yield place, name, package


def is_plain(requirement: Requirement) -> bool:
    """Whether a line of requirements.txt has a requirement from an index, and for all systems."""
    is_line = requirement.place.path.endswith(".txt") and ";" not in requirement.text
    return is_line and not requirement.url


def may_have(project: Project, package: Pattern) -> bool:
    """Whether an image may have a package of the system, or a script that has a pattern may install it."""
    has_image = project.text("Dockerfile") is not None or project.images
    return bool(has_image) or may_be_in_container(project) or installs(project.root, package)


def may_be_in_container(project: Project) -> bool:
    """Whether what deploys the app names a container, whose image may be made elsewhere."""
    in_apps = project.plan is not None and project.plan.id == CONTAINER_APPS
    return in_apps or installs(project.root, CONTAINERS)
