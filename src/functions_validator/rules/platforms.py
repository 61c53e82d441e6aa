"""Requirements that pip cannot install on Linux."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Problem, Severity
from ..project.project import Project
from .rule import rule

# Distributions without a release for Linux, and those that need one of them there too.
ONLY_FOR = {
    "pypiwin32": "Windows",
    "pywin32": "Windows",
    "pywinpty": "Windows",
    "twisted-iocpsupport": "Windows",
    "windows-curses": "Windows",
    "win10toast": "Windows",
    "wmi": "Windows",
    "onnxruntime-directml": "Windows",
    "tensorflow-macos": "macOS",
    "tensorflow-metal": "macOS",
}
# All distributions whose names begin like this are for macOS.
PYOBJC = "pyobjc"
SYSTEMS = {"Windows": "win32", "macOS": "darwin"}


@rule("AF427", Severity.ERROR, "A requirement is not for Linux")
def other_systems(project: Project) -> Iterator[Problem]:
    """Yield requirements for another system that no marker limits to it."""
    for requirement in project.requirements.all:
        system = "macOS" if requirement.key.startswith(PYOBJC) else ONLY_FOR.get(requirement.key)
        # In pyproject.toml, a marker can be elsewhere than beside the name.
        is_line = requirement.place.path.endswith(".txt") and requirement.is_readable
        if system is None or requirement.is_conditional or not is_line:
            continue
        message = f"{requirement.name} is for {system} only, so the build in Azure fails."
        fix = f"""Delete it, or write ; sys_platform == "{SYSTEMS[system]}" after it."""
        yield Problem(requirement.place, message, fix)


RULES = (other_systems,)
