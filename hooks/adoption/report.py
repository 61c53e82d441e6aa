"""What `make adopt` prints."""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from functions_validator.functions.functions import Function
from functions_validator.packages.requirements import INCLUDED, named_file, requirements_in
from functions_validator.words import counted
from hooks import post_generation, shell
from hooks.adoption.differences import difference
from hooks.adoption.files import LOCAL, own_path
from hooks.adoption.kinds import closest_kind, kinds_by_shape
from hooks.adoption.plan import Plan
from hooks.adoption.proposals import TEST_OF_THE_APP
from hooks.adoption.tool_settings import texts_for_pytest
from hooks.catalogue import read_questions
from hooks.git import ask_git

SHOWN_FUNCTIONS = 25
SHOWN_FILES = 10
ROOT_FILES = "tools/root_files.py"
# The commands of files that the app can have of its own, and what they do. That is not printed beside them: cmd and zsh,
# the shell of macOS, would take it for arguments.
COMMANDS = {
    ROOT_FILES: (f"python {ROOT_FILES}", "writes what GitHub and pre-commit read at the root"),
    "tools/settings.py": ("python -m tools.settings", "adds new settings to local.settings.json"),
    "tools/validate.pyz": ("python tools/validate.pyz", "finds what would break in Azure"),
    TEST_OF_THE_APP: ("pytest", f"also checks the app as a whole, in {TEST_OF_THE_APP}"),
}
TESTPATHS = re.compile(r"testpaths\s*[=:]([^=]*)")
TEST_FILES = re.compile(r"python_files\s*[=:]([^=]*)")
WORD = re.compile(r"""[^\s"',\[\]]+""")
OUR_FOLDER = re.compile(r"(?<![\w./])(?:\./)?(?:tests|\.)/?(?![\w./])")
DEVELOPMENT = "requirements-dev.txt"
# Where an app without requirements.txt can have its packages, besides pyproject.toml.
OTHER_PACKAGES = ("Pipfile", "setup.py", "setup.cfg", "environment.y*ml", "requirements/*.txt")


def before(plan: Plan, command: str) -> Iterator[str]:
    """Yield what adopting would do, and the command that does it."""
    yield f"{plan.app.folder} has {counted(len(plan.app.names), 'function')}, as read {plan.app.as_read}"
    yield from _functions(plan.app.project.functions)
    yield ""
    yield "Answers, and why:"
    yield from _answers(plan)
    yield from _files(plan)
    yield ""
    yield from _requirements(plan.app.folder, plan.files.added)
    yield f"{plan.app.folder} is unchanged. To add the files that it lacks, commit everything and run:"
    yield f"  {command}"


def after(plan: Plan, added: Sequence[str]) -> Iterator[str]:
    """Yield what was added, and the next commands."""
    yield f"Added {counted(len(added), 'file')} to {plan.app.folder}, and changed none: {', '.join(added)}"
    yield "Its functions are the same as before. Next:"
    yield f"  {shell.change_folder(plan.app.folder)}"
    there = {*added, *plan.files.same}
    commands = {path: words for path, words in COMMANDS.items() if path in there}
    if TEST_OF_THE_APP in commands and _looks_elsewhere(plan.app.folder):
        commands[TEST_OF_THE_APP] = (f"pytest {TEST_OF_THE_APP}", "checks the app as a whole")
    if ROOT_FILES in commands:
        yield f"  python {ROOT_FILES}"
        yield f"  git add --all {shell.joined(['.', *_at_the_root(plan)])}"
    else:
        yield "  git add --all"
    yield '  git commit --message "Adopt the template"'
    yield from _packages(plan, added)
    # As in AGENTS.md, and after an update.
    run = "uv run " if plan.answers["package_manager"] == "uv" else ""
    checks = [command for path, (command, _) in commands.items() if path != ROOT_FILES]
    if plan.answers["ci"] != "none":
        # Without the template's settings, mypy has to be given what to check.
        mypy = "mypy ." if "pyproject.toml" in plan.files.kept else "mypy"
        checks += ["ruff check", "ruff format --check", mypy]
    yield from (f"  {run}{command}" for command in checks)
    yield from (f"{command} {does}." for command, does in commands.values())
    if plan.answers["ci"] != "none":
        yield "CI runs ruff and mypy, too."
    yield from _requirements(plan.app.folder, added)
    yield from _own_development_requirements(plan)
    if ".funcignore" in plan.files.different and (names := _not_needed_in_azure(plan, added)):
        yield f"Azure does not need these: add them to .funcignore: {', '.join(names)}"


def _at_the_root(plan: Plan) -> list[str]:
    """Return the paths, from the folder of the app, of what that tool writes: other folders can have changes, too."""
    up = "../" * len(Path(plan.answers.get("app_folder", "")).parts)
    names = (".pre-commit-config.yaml", ".github")
    return [f"{up}{name}" for name in names if (plan.app.folder / name).exists()]


def _looks_elsewhere(folder: Path) -> bool:
    """Whether the app's own settings of pytest name tests, but not the added one."""
    texts = texts_for_pytest(folder)
    folders = [match[1] for text in texts for match in TESTPATHS.finditer(text)]
    patterns = [match[1] for text in texts for match in TEST_FILES.finditer(text)]
    return any(not OUR_FOLDER.search(named) for named in folders) or not all(
        any(fnmatch(f"/{TEST_OF_THE_APP}", f"*/{word}") for word in WORD.findall(named))
        for named in patterns
    )


def _packages(plan: Plan, added: Sequence[str]) -> Iterator[str]:
    """Yield the command that installs what the added tests and tools use."""
    if plan.answers["package_manager"] == "uv" and "pyproject.toml" in plan.files.different:
        text = (plan.preview / "pyproject.toml").read_text(encoding="utf-8")
        yield f"  uv add --dev {shell.joined(tomllib.loads(text)['dependency-groups']['dev'])}"
    elif DEVELOPMENT in plan.files.left_out:
        yield f"  pip install {shell.joined(_tools(plan))}"
    elif DEVELOPMENT in added or DEVELOPMENT in plan.files.different:
        yield f"  pip install -r {DEVELOPMENT}"


def _tools(plan: Plan) -> list[str]:
    """Return the requirements of the added tests and tools, without those of the app."""
    lines = (plan.preview / DEVELOPMENT).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line[:1] not in ("", "#", "-")]


def _own_development_requirements(plan: Plan) -> Iterator[str]:
    """Yield what the app's own requirements for development lack, if none are in other files."""
    theirs = plan.app.folder / DEVELOPMENT
    if DEVELOPMENT not in plan.files.different or not theirs.is_file():
        return
    text = theirs.read_text(encoding="utf-8", errors="replace")
    names = {one.key for one in requirements_in(DEVELOPMENT, text)}
    tools = requirements_in(DEVELOPMENT, "\n".join(_tools(plan)))
    lacks = [one.text for one in tools if one.key not in names]
    included = {
        posixpath.normpath(file)
        for line in text.splitlines()
        if (file := named_file(INCLUDED, line.strip()))
    }
    if "azure-functions" not in names and not included:
        lacks.insert(0, "-r requirements.txt")
    if lacks and included <= {"requirements.txt"}:
        yield f"The added tests and tools also need these: add them to {DEVELOPMENT}: {', '.join(lacks)}"


def _requirements(folder: Path, added: Sequence[str]) -> Iterator[str]:
    """Yield what to do with a new requirements.txt, which has no packages of the app."""
    if "requirements.txt" in added:
        found = [path for pattern in OTHER_PACKAGES for path in sorted(folder.glob(pattern))]
        such = f", such as those in {found[0].relative_to(folder).as_posix()}" if found else ""
        yield f"Azure installs requirements.txt, which is new. Add the packages that the app needs{such}."


def _not_needed_in_azure(plan: Plan, added: Sequence[str]) -> list[str]:
    """Return what of the added files the template's .funcignore names, but not the app's own."""
    theirs, ours = (
        place.read_text(encoding="utf-8", errors="replace").splitlines()
        for place in (plan.app.folder / ".funcignore", plan.preview / ".funcignore")
    )
    names = sorted({path.partition("/")[0] for path in added})
    return [name for name in names if name in ours and name not in theirs]


def _functions(functions: Sequence[Function]) -> Iterator[str]:
    kinds = kinds_by_shape()
    shown = functions[:SHOWN_FUNCTIONS]
    width = max([len(function.label) for function in shown], default=0)
    for function in shown:
        trigger = ", ".join(binding.type for binding in function.triggers) or "no trigger"
        kind = closest_kind(function, kinds)
        like = f", as the kind {kind} has" if kind else ""
        yield f"  {function.label:{width}}  {trigger}{like}"
    if len(functions) > len(shown):
        yield f"  and {len(functions) - len(shown)} more"


def _answers(plan: Plan) -> Iterator[str]:
    reasons = {proposal.answer: proposal.reason for proposal in plan.proposals}
    reasons |= dict.fromkeys(plan.given, "as you say")
    reasons["functions"] = "yours stay as they are; `copier update` can add functions later"
    saved = post_generation.read_answers(plan.preview)
    for answer in read_questions():
        if answer in saved and answer != "kept_files":
            value = saved[answer]
            text = str(value).lower() if isinstance(value, bool) else str(value)
            yield f"  {answer:16} {text:10} ({reasons.get(answer, 'the default')})"


def _files(plan: Plan) -> Iterator[str]:
    files, folder = plan.files, plan.app.folder
    yield ""
    yield f"The template's files are in {plan.preview}."
    yield from _list("Your app lacks", files.added, "and would get them")
    yield from _list("Your app has", files.same, "already, and the template maintains them")
    if files.different:
        differ = "differs" if len(files.different) == 1 else "differ"
        yield f"{counted(len(files.different), 'file')} of yours {differ} from the template's, without being changed:"
    theirs = {path: own_path(folder, path) or path for path in files.different}
    for path, own in theirs.items():
        yield f"  {own}: {difference(path, folder / own, plan.preview / path)}"
        yield f"    {_diff(folder / own, plan.preview / path)}"
    without = {path: why for path, why in files.left_out.items() if path != LOCAL}
    if without:
        yield "The template leaves out:"
    for path, why in without.items():
        yield f"  {path}: {why}"
    known = {*theirs.values(), *files.same, *files.added, *files.left_out}
    tracked = ask_git(folder, "-c", "core.quotePath=false", "ls-files").splitlines()
    yield from _list("Only your app has", [p for p in tracked if p not in known], "and keeps them")


def _list(start: str, paths: Sequence[str], end: str) -> Iterator[str]:
    if paths:
        shown = paths[:SHOWN_FILES]
        more = f" and {len(paths) - len(shown)} more" if len(paths) > len(shown) else ""
        end = end.replace("them", "it") if len(paths) == 1 else end
        yield f"{start} {counted(len(paths), 'file')} {end}:"
        yield f"  {', '.join(shown)}{more}"


def _diff(theirs: Path, ours: Path) -> str:
    return shell.joined(["git", "diff", "--no-index", "--", str(theirs), str(ours)])
