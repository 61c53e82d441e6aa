"""Requirements, modules and names that Linux does not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...model import Place, Problem, Severity
from ...packages.requirements import Requirement
from ...pattern import Pattern
from ...project.project import Project
from ...sources.nodes import suppresses, walk
from ...sources.python_source import Module
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


# Modules that Python or pywin32 has on Windows only.
WINDOWS_MODULES = {
    "_winapi",
    "msvcrt",
    "nt",
    "pythoncom",
    "pywintypes",
    "win32api",
    "win32clipboard",
    "win32com",
    "win32con",
    "win32file",
    "win32gui",
    "win32print",
    "win32process",
    "win32security",
    "win32service",
    "winreg",
    "winsound",
}
# Names that modules of Python have on Windows only.
WINDOWS_NAMES = {
    "asyncio.ProactorEventLoop",
    "asyncio.WindowsProactorEventLoopPolicy",
    "asyncio.WindowsSelectorEventLoopPolicy",
    "ctypes.WinDLL",
    "ctypes.WinError",
    "ctypes.windll",
    "os.startfile",
    "signal.CTRL_BREAK_EVENT",
    "signal.CTRL_C_EVENT",
    "subprocess.CREATE_NEW_CONSOLE",
    "subprocess.CREATE_NO_WINDOW",
    "subprocess.STARTUPINFO",
}
# What each of them has in the text of a module.
WORDS = tuple(sorted(name.rpartition(".")[2] for name in WINDOWS_NAMES))
# How a module asks for the system.
ASKS_FOR_SYSTEM = Pattern(r"sys\.platform|os\.name\b|platform\.system|\bhasattr\(|\bgetattr\(")


@rule("AF428", Severity.ERROR, "Linux does not have this module or name")
def only_on_windows(project: Project) -> Iterator[Problem]:
    """Yield modules and names of Windows that the app uses whatever system it runs on."""
    for module in project.sources.modules.values():
        found = [*_imported(project, module), *_used(module)]
        if found and not ASKS_FOR_SYSTEM.search(module.text):
            yield from found


def _imported(project: Project, module: Module) -> Iterator[Problem]:
    for imported in module.imports:
        top = imported.name.partition(".")[0]
        names = {f"{imported.name}.{name}" for name in imported.names} & WINDOWS_NAMES
        if imported.guarded or not (top in WINDOWS_MODULES or names):
            continue
        if not project.sources.is_local(imported.name):
            yield _missing(imported.place, min(names, default=imported.name))


def _used(module: Module) -> Iterator[Problem]:
    if not any(word in module.text for word in WORDS):
        return  # Looking at all nodes is slower.
    withs: list[ast.With | ast.AsyncWith] = [*module.all(ast.With), *module.all(ast.AsyncWith)]
    suppressing = [block for block in withs if suppresses(block)]
    blocks = [*module.all(ast.Try), *module.all(ast.If), *module.all(ast.IfExp), *suppressing]
    guarded = {node for block in blocks for node in walk(block)}
    for node in module.all(ast.Attribute):
        name = module.dotted(node)
        if name in WINDOWS_NAMES and node not in guarded:
            yield _missing(module.place(node), name)


def _missing(place: Place, name: str) -> Problem:
    message = f"Azure runs the app on Linux, which does not have {name}."
    fix = "Use something that Linux has, too, or check sys.platform first."
    return Problem(place, message, fix)


RULES = (other_systems, only_on_windows)
