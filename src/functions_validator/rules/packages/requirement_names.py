"""The names of requirements."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from ...data import read_table
from ...model import Problem, Severity
from ...packages.distributions import is_known, module_of, providers
from ...pattern import Pattern
from ...project.project import Project
from ...project.requirement_files import requirement_files
from ...typos import similar_name
from ..rule import rule

# Names that PyPI does not have, or whose last release only says that it cannot be installed.
MODULE_NAMES = {
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "distutils": "setuptools",
    "pil": "pillow",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
# What `pip freeze` wrote on Debian and Ubuntu for a part of setuptools.
FROZEN = "pkg-resources"
# What conda lists beside the packages.
PYTHON = "python"
# Those that could be installed before this version, with a package that has a part of them.
ENDED = {
    "azure": ("5", "the packages of it that the app uses, such as azure-storage-blob"),
    "azure-mgmt": ("5", "the packages of it that the app uses, such as azure-mgmt-resource"),
    "azure-storage": ("0.37", "the packages of it that the app uses, such as azure-storage-blob"),
}
# How requirements, a file of a project or a command name another index than PyPI, or a folder with packages.
OTHER_INDEX = Pattern(
    r"^\s*(?:-i|-f)\b|\b(?:index-url|find-links)\b|^\s*\[\[tool\.(?:pdm|poetry)\.source\]\]|\btool\.uv\.index\b",
    re.MULTILINE,
)
# The words for these in the files that deploy an app.
INDEX_WORDS = {
    "extra-index-url",
    "find-links",
    "index-url",
    "pip_extra_index_url",
    "pip_find_links",
    "pip_index_url",
}


@rule("AF418", Severity.ERROR, "A requirement has the wrong name")
def misspelled_requirement(project: Project) -> Iterator[Problem]:
    """Yield requirements that pip cannot install, and those with almost the name of what the app imports."""
    requirements = project.requirements
    yield from _not_installable(project)
    names = {found.name for found in project.sources.imports}
    tops = {name.partition(".")[0] for name in names}
    if project.functions or "azure" in tops:
        names.add("azure.functions")
    wanted = {name for module in names for name in providers(module)[:1] if is_known(name)}
    for requirement in requirements.all:
        if is_known(requirement.key) or requirement.url or module_of(requirement.key) in tops:
            continue
        similar = similar_name(requirement.key, wanted - requirements.keys)
        if similar:
            message = f"{requirement.name} is not the name of a package that the app uses."
            yield Problem(requirement.place, message, f"Write {similar} instead.")


def _not_installable(project: Project) -> Iterator[Problem]:
    requirements = project.requirements
    for requirement in requirements.all:
        name = requirement.key
        version, instead = ENDED.get(name, ("0", MODULE_NAMES.get(name)))
        fix = f"Write {instead} instead." if instead else _of_python(name)
        if fix is None or requirement.url or requirement.is_conditional:
            continue
        if name in ENDED and not requirement.versions.contains(version):
            continue
        if _has_other_index(project):
            return  # It may have such a name.
        message = f"pip cannot install {requirement.name}."
        yield Problem(requirement.place, message, fix)


def _of_python(name: str) -> str | None:
    """Return what to do about the name of a module of Python or setuptools; None for any other."""
    if name == PYTHON:
        return "Delete the line: Azure has Python, whose version the infrastructure or the image chooses."
    if name == FROZEN:
        return "Delete the line, or write setuptools if the app imports pkg_resources."
    table = read_table("standard_library")
    if name not in sys.stdlib_module_names or name in {*table["on_pypi"], *table["removed"]}:
        return None
    return f"Delete the line: {name} is part of Python."


def _has_other_index(project: Project) -> bool:
    paths = {project.requirements.source, *requirement_files(project)}
    texts = [project.text(path) or "" for path in sorted(paths)]
    texts += [instruction.rest for instruction in project.dockerfile.instructions]
    return any(map(OTHER_INDEX.search, texts)) or not INDEX_WORDS.isdisjoint(project.mentioned)


RULES = (misspelled_requirement,)
