"""Requirements that pip cannot install on Linux."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Problem, Severity
from ...packages.requirements import Requirement
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule
from .requirements import ABSOLUTE

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
# The platforms of a wheel, with dots between them, at the end of its name.
PLATFORMS = Pattern(r"-([\w.]+)\.whl(?:$|[\s;#])", parts=(".whl",))
SYSTEM_OF = {"macosx": "macOS", "win": "Windows", "win32": "Windows"}


@rule("AF427", Severity.ERROR, "A requirement is not for Linux")
def other_systems(project: Project) -> Iterator[Problem]:
    """Yield requirements for another system that no marker limits to it."""
    for requirement in project.requirements.all:
        # In pyproject.toml, a marker can be elsewhere than beside the name.
        is_line = requirement.place.path.endswith(".txt") and requirement.is_readable
        system = _system(requirement)
        if system is None or ";" in requirement.text or not is_line:
            continue
        what, fix = f"{requirement.name} is for {system} only", "Delete it"
        if requirement.url:
            what = f"This wheel of {requirement.name} is for {system}"
            fix = "Name its wheel for Linux"
        marker = f"""write ; sys_platform == "{SYSTEMS[system]}" after it."""
        message = f"{what}, so the build in Azure fails."
        yield Problem(requirement.place, message, f"{fix}, or {marker}")


def _system(requirement: Requirement) -> str | None:
    """Return the system that a requirement is for, if it is not Linux."""
    if not requirement.url:
        return "macOS" if requirement.key.startswith(PYOBJC) else ONLY_FOR.get(requirement.key)
    if ABSOLUTE.match(requirement.url):
        return None  # AF405 reports a path on one machine.
    found = PLATFORMS.search(requirement.text)
    tags = found[1].split(".") if found else []
    systems = {SYSTEM_OF.get(tag.partition("_")[0]) for tag in tags}
    return systems.pop() if len(systems) == 1 else None


RULES = (other_systems,)
