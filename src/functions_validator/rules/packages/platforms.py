"""Requirements, modules and names that Linux does not have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ...files.scripts import installs
from ...model import Place, Problem, Severity
from ...packages.requirements import Requirement
from ...pattern import Pattern
from ...project.missing_programs import (
    is_plain,
    may_be_in_container,
    may_have,
    missing_programs,
    unavailable_programs,
)
from ...project.project import Project
from ...project.pythons import minor, python_of, stated_python
from ...sources.odbc_drivers import named_drivers
from ...sources.python_source import Module
from ...sources.unsure_code import optional_code
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
# Distributions that need the library libpq, which Azure does not have, with those that include it.
WITH_LIBPQ = {"psycopg": "psycopg[{}]", "psycopg2": "psycopg2-binary"}
BINARY = "binary"
LIBPQ = Pattern(r"libpq")
# The driver in an address for SQLAlchemy, and the one that it takes otherwise.
ADDRESS = Pattern(r"postgres(?:ql)?(?:\+(\w+)|://)")
DEFAULT_DRIVER = "psycopg2"
# What the names of others have that may include it, too.
OF_POSTGRES = Pattern(r"postgres|psycopg")
# The platforms of a wheel, with dots between them, at the end of its name.
PLATFORMS = Pattern(r"-([\w.]+)\.whl(?:$|[\s;#])", parts=(".whl",))
SYSTEM_OF = {"macosx": "macOS", "win": "Windows", "win32": "Windows"}


@rule("AF427", Severity.ERROR, "A requirement does not work on Linux in Azure")
def other_systems(project: Project) -> Iterator[Problem]:
    """Yield requirements for another system that no marker limits to it, and those that need what Azure does not have."""
    yield from _without_libpq(project)
    for requirement, needed, fix in missing_programs(project):
        message = f"{requirement.name} needs {needed}, which Azure does not have."
        yield Problem(requirement.place, message, fix)
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


def _without_libpq(project: Project) -> Iterator[Problem]:
    """Yield drivers of PostgreSQL that the app imports, if nothing installs their library."""
    requirements = project.requirements
    others = requirements.keys - WITH_LIBPQ.keys() - {"psycopg-pool"}
    if not requirements.is_complete or any(map(OF_POSTGRES.search, others)):
        return
    for requirement in (one for one in requirements.all if one.key in WITH_LIBPQ):
        if not is_plain(requirement) or requirement.extras & {BINARY, "c"}:
            continue
        if _uses(project, requirement.key) and not may_have(project, LIBPQ):
            message = f"{requirement.name} needs the library libpq, which Azure does not have, so its import fails."
            extras = ",".join(sorted({BINARY, *requirement.extras}))
            fix = f"Require {WITH_LIBPQ[requirement.key].format(extras)} instead."
            yield Problem(requirement.place, message, fix)


def _uses(project: Project, driver: str) -> bool:
    """Whether the app imports a driver of PostgreSQL, itself or with SQLAlchemy."""
    tops = {one.top for one in project.sources.imports if not one.guarded}
    if driver in tops:
        return not project.sources.is_local(driver)
    texts = (module.text for module in project.sources.modules.values())
    named = {found[1] or DEFAULT_DRIVER for text in texts for found in ADDRESS.finditer(text)}
    return "sqlalchemy" in tops and named == {driver}


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


# Modules that Python, pywin32 or comtypes has on Windows only.
WINDOWS_MODULES = {
    "_winapi",
    "comtypes",
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
# What uses ODBC drivers, itself or with SQLAlchemy.
ODBC = ("pyodbc", "aioodbc")
# The drivers that Azure has, oldest first, and the Pythons whose images lack them, such as 11 for 3.11.
DRIVERS = {
    "ODBC Driver 17 for SQL Server": range(11, 13),
    "ODBC Driver 18 for SQL Server": range(11),
}
# What installs other drivers, and what names the folder of a file that lists them.
OTHER_DRIVERS = Pattern(r"tdsodbc|msodbcsql|odbcinst", re.IGNORECASE)
LIST_OF_DRIVERS, FOLDER_OF_LIST = "odbcinst.ini", "ODBCSYSINI"
# How a module asks for the system.
ASKS_FOR_SYSTEM = Pattern(r"sys\.platform|os\.name\b|platform\.system|\bhasattr\(|\bgetattr\(")


@rule("AF428", Severity.ERROR, "Azure does not have this module, name, driver or program")
def only_on_windows(project: Project) -> Iterator[Problem]:
    """Yield modules, names and drivers of Windows that the app uses whatever system it runs on, and missing programs."""
    for place, name, package in unavailable_programs(project):
        message = f"Azure does not have the program {name}."
        yield Problem(place, message, f"Run the app in an image that installs {package}.")
    for module in project.sources.modules.values():
        found = [*_imported(project, module), *_used(module), *_drivers(project, module)]
        if found and not ASKS_FOR_SYSTEM.search(module.text):
            yield from found


def _imported(project: Project, module: Module) -> Iterator[Problem]:
    for imported in module.imports:
        top = imported.top
        names = {f"{imported.name}.{name}" for name in imported.names} & WINDOWS_NAMES
        if imported.guarded or not (top in WINDOWS_MODULES or names):
            continue
        if not project.sources.is_local(imported.name):
            yield _missing(imported.place, min(names, default=imported.name))


def _used(module: Module) -> Iterator[Problem]:
    if not any(word in module.text for word in WORDS):
        return  # Looking at all nodes is slower.
    guarded = optional_code(module)
    for node in module.all(ast.Attribute):
        name = module.dotted(node)
        if name in WINDOWS_NAMES and node not in guarded:
            yield _missing(module.place(node), name)


def _uses_drivers(project: Project) -> bool:
    """Whether the app uses the ODBC drivers that Azure has: an image or a script may install others."""
    texts = [module.text for module in project.sources.modules.values()]
    if not any(name in text for text in texts for name in ODBC):
        return False
    has_own_list = (project.root / LIST_OF_DRIVERS).is_file() or any(
        FOLDER_OF_LIST in text for text in texts
    )
    is_known = project.functions_image is not None or (
        project.text("Dockerfile") is None and not may_be_in_container(project)
    )
    return is_known and not has_own_list and not installs(project.root, OTHER_DRIVERS)


def _drivers(project: Project, module: Module) -> Iterator[Problem]:
    """Yield ODBC drivers that Azure does not have."""
    found = named_drivers(module)
    if not found or not _uses_drivers(project):
        return
    guarded = optional_code(module)
    for node, name in found:
        where = _where_missing(project, name)
        if node not in guarded and where is not None:
            message = f'Azure does not have the ODBC driver "{name}"{where}.'
            fix = f'Write "{_newest_driver(project)}" instead.'
            yield Problem(module.place(node), message, fix)


def _where_missing(project: Project, driver: str) -> str | None:
    """Return the end of a sentence that Azure does not have a driver; None if it has it, or may have it."""
    version = stated_python(project)
    for name, lacking in DRIVERS.items():
        if name.lower() == driver.lower():
            is_missing = version is not None and minor(version) in lacking
            return f" on Python {version}" if is_missing else None
    return ""


def _newest_driver(project: Project) -> str:
    version = python_of(project)
    return [
        name
        for name, lacking in DRIVERS.items()
        if version is None or minor(version) not in lacking
    ][-1]


def _missing(place: Place, name: str) -> Problem:
    message = f"Azure runs the app on Linux, which does not have {name}."
    fix = "Use something that Linux has, too, or check sys.platform first."
    return Problem(place, message, fix)


RULES = (other_systems, only_on_windows)
