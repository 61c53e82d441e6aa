"""Runs the tests of every kind in Pyodide and writes results.json: `python -m tests.support.webassembly`."""

import json
import resource
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run
from xml.etree import ElementTree

from copier import run_copy

from hooks.catalogue import ROOT
from hooks.environments import find_uv
from tests.support import packages
from tests.support.catalogue import OFFERED_PYTHONS, one_of_each
from tests.support.text_files import read, read_json

from .results import FILE, Outcome, Results

HERE = Path(__file__).parent
# The version that the tests run on nowhere else.
[VERSION] = [python.version for python in OFFERED_PYTHONS if not python.tested]
# What WebAssembly lacks, by a part of the message of a test that fails for it. Any other failure ends this program.
MISSING = {
    "asyncpg.p": "a build of asyncpg",
    "can't start new thread": "threads",
    "cryptography.hazmat.bindings._rust": "a build of cryptography",
    "emscripten does not support processes": "processes",
    "pydantic_core._pydantic_core": "a build of pydantic-core",
    "too deeply": "the usual limit of the stack",
}
STACK_KILOBYTES = 900_000


def main() -> None:
    """Run the tests of an app with all kinds, and of one with those that stream HTTP."""
    pyodide = packages.install("webassembly", HERE / "package.json") / "pyodide"
    kinds: dict[str, Outcome] = {}
    for streams in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            functions = one_of_each(VERSION, streams=streams)
            report = _run_tests(Path(folder), functions, pyodide)
            kinds |= {kind: _outcome(report, name) for name, kind in functions.items()}
    results = Results(
        python=read_json(pyodide / "pyodide-lock.json")["info"]["python"],
        pyodide=read_json(pyodide / "package.json")["version"],
        date=datetime.now(UTC).date().isoformat(),
        kinds=dict(sorted(kinds.items())),
    )
    FILE.write_text(json.dumps(asdict(results), indent=2) + "\n", encoding="utf-8", newline="\n")


def _run_tests(folder: Path, functions: Mapping[str, str], pyodide: Path) -> ElementTree.Element:
    """Return pytest's report of an app with these functions."""
    template, app, site = folder / "template", folder / "my-app", folder / "site"
    shutil.copytree(ROOT / "template", template / "template")
    shutil.copy(ROOT / "copier.yml", template)
    data = {"functions": dict(functions), "python_version": VERSION}
    run_copy(str(template), app, data=data, defaults=True, quiet=True)
    _install(app, site)
    arguments = ["--continue-on-collection-errors", "--tb=short", "--junitxml=/app/report.xml"]
    command = [packages.find_node() or "node", f"--stack-size={STACK_KILOBYTES}"]
    run(
        [*command, HERE / "run_tests.mjs", pyodide, site, app, HERE, *arguments],
        check=False,
        preexec_fn=_allow_deep_calls,
    )
    return ElementTree.parse(app / "report.xml").getroot()


def _install(app: Path, site: Path) -> None:
    """Install what the app's tests need, without machine code and without packages that only check style."""
    requirements = app / "requirements-of-tests.txt"
    lines = read(app / "requirements-dev.txt").splitlines()
    needed = [line for line in lines if not line.startswith(("mypy", "ruff"))]
    requirements.write_text("\n".join(needed) + "\n", encoding="utf-8")
    options = ["--python-version", VERSION, "--python-platform", "x86_64-manylinux_2_28"]
    uv = [find_uv() or "uv", "pip", "install", "--quiet", "--python", sys.executable]
    run([*uv, "--target", site, *options, "--requirement", requirements], check=True)
    for library in site.rglob("*.so"):
        library.unlink()
    # A package has one, which would be imported in place of the app's.
    shutil.rmtree(site / "tests", ignore_errors=True)


def _allow_deep_calls() -> None:
    """Take as much stack as is allowed: the calls of WebAssembly are on it."""
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (most, most))


def _outcome(report: ElementTree.Element, name: str) -> Outcome:
    """Return the results of the tests of a function; exit if one failed for another reason than WebAssembly."""
    module = f"tests.test_{name}"
    cases = [
        case
        for case in report.iter("testcase")
        if module in (case.get("classname"), case.get("name"))
    ]
    troubles = [
        trouble for case in cases for trouble in case if trouble.tag in {"failure", "error"}
    ]
    reasons = {_reason(f"{trouble.get('message')}{trouble.text}") for trouble in troubles}
    if not cases or "" in reasons:
        sys.exit(f"The tests of {name} failed in Pyodide, or there are none. See above.")
    return Outcome(len(cases) - len(troubles), len(troubles), " and ".join(sorted(reasons)))


def _reason(message: str) -> str:
    return next((missing for text, missing in MISSING.items() if text in message), "")


if __name__ == "__main__":
    main()
