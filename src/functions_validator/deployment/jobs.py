"""The jobs of GitHub workflows and Azure Pipelines, with their steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..files.commented_file import Source
from ..files.content import mapping
from ..files.placed_json import Text
from ..files.yaml_file import is_off, parts, read_yaml
from ..model import Place
from ..pattern import Pattern

# Where the worker looks for packages that are published with the app.
PACKAGES = ".python_packages"
# A variable in a workflow of GitHub, `${{ env.NAME }}`, and in Azure Pipelines, `$(NAME)`.
VARIABLE = Pattern(r"\$\{\{\s*(?:env|variables)\.(\w+)\s*\}\}|\$\((\w+)\)", parts=("$",))
VERSION = Pattern(r"(3\.\d+)(?:\.\d+)?")
# The steps that choose a Python, with the input that names it.
PYTHON_STEPS = (
    ("uses", "actions/setup-python@", "with", "python-version"),
    ("task", "usepythonversion@", "inputs", "versionSpec"),
)
# The actions that get the files of the repository, and those that pass files on to another job.
CHECKOUT = "actions/checkout@"
UPLOAD, DOWNLOAD = "actions/upload-artifact@", "actions/download-artifact@"
# The keys of a step with the folder in which its commands start.
FOLDERS = ("working-directory", "workingDirectory")

# The task that publishes an app on Linux, and its input that sets the app's Python.
TASK = "azurefunctionapp@"
STACK = "runtimeStack"
PYTHON_STACK = Pattern(r"python\|(3\.\d+)", re.IGNORECASE)
# The option with which pip installs for another Python than its own.
CROSS = "--python-version"


class Job(NamedTuple):
    """A job with its steps, and the variables and the folder for commands that it or its file sets."""

    content: object
    steps: Sequence[Mapping[str, object]]
    variables: Mapping[str, object]
    folder: str

    @property
    def has_packages(self) -> bool:
        """Whether a step names the folder with the packages."""
        texts = (part for part in parts(self.content) if isinstance(part, str))
        return any(PACKAGES in text for text in texts)

    @property
    def is_at_top(self) -> bool:
        """Whether it checks out only the repository as it is, into the usual folder."""
        given = [mapping(step.get("with")) for step in self.using(CHECKOUT)]
        # Azure Pipelines give each of several repositories a folder of its own.
        others = [step for step in self.steps if "checkout" in step]
        return len(others) < 2 and not any(
            one.keys() & {"path", "repository", "ref"} for one in given
        )

    def folder_of(self, step: Mapping[str, object]) -> str:
        """Return the folder in which the commands of a step start."""
        return next((str(step[key]) for key in FOLDERS if key in step), self.folder)

    def value(self, text: str) -> str:
        """Return a text with the values of variables that are known."""
        return VARIABLE.sub(
            lambda found: str(self.variables.get(found[1] or found[2], found[0])), text
        )

    def has_any_of(self, steps: Sequence[object]) -> bool:
        """Whether one of some steps of the file belongs to the job."""
        return any(own is step for own in self.steps for step in steps)

    def using(self, action: str, key: str = "uses") -> Iterator[Mapping[str, object]]:
        """Yield the steps that use an action, or with another key a task, in lower case."""
        return (step for step in self.steps if str(step.get(key)).lower().startswith(action))


def jobs_of(source: Source) -> Iterator[Job]:
    """Yield the jobs of a file: whatever has steps."""
    content = read_yaml(source)
    common = _variables(mapping(content))
    for part in parts(content):
        steps = mapping(part).get("steps")
        if isinstance(steps, list):
            listed = [mapping(step) for step in steps if not is_off(step)]
            folder = _folder(mapping(part)) or _folder(mapping(content)) or "."
            yield Job(part, listed, {**common, **_variables(mapping(part))}, folder)


def _folder(part: Mapping[str, object]) -> str:
    return str(mapping(mapping(part.get("defaults")).get("run")).get("working-directory", ""))


def _variables(part: Mapping[str, object]) -> Mapping[str, object]:
    """Return the variables of a file or a job, which a pipeline may also have as a list of names and values."""
    variables = part.get("variables")
    listed = map(mapping, variables) if isinstance(variables, list) else ()
    named = {str(one["name"]): one["value"] for one in listed if {"name", "value"} <= one.keys()}
    return {**mapping(part.get("env")), **mapping(variables), **named}


def installing_pythons(sources: Sequence[Source]) -> Iterator[tuple[str, Place]]:
    """Yield the versions of Python for which jobs install the packages that they publish."""
    for source in sources:
        if not source.is_yaml or PACKAGES not in source.text or CROSS in source.text:
            continue
        for job in jobs_of(source):
            found = list(_pythons(job))
            if len(found) == 1 and job.has_packages:
                yield found[0]


def published_pythons(source: Source) -> Iterator[tuple[str, Place]]:
    """Yield the versions of Python that tasks of a pipeline set when they publish an app."""
    for job in jobs_of(source):
        for step in job.using(TASK, "task"):
            given = mapping(step.get("inputs")).get(STACK)
            version = PYTHON_STACK.fullmatch(job.value(str(given)).strip())
            if version and isinstance(given, Text):
                yield version[1], given.place


def _pythons(job: Job) -> Iterator[tuple[str, Place]]:
    for key, action, inputs, name in PYTHON_STEPS:
        for step in job.using(action, key):
            given = mapping(step.get(inputs)).get(name)
            version = VERSION.fullmatch(job.value(str(given)).strip())
            if version and isinstance(given, Text):
                yield version[1], given.place
