"""Start the Functions host, and check that it runs every function:

    python -m tools.try_host [COMMAND ...]

Needs Core Tools, and the emulators that the app uses. The optional COMMAND
calls a function. If the host does not start, lacks a function or disables one,
or if the COMMAND fails, prints the log of the host and exits with 1.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ADDRESS = "http://localhost:7071"
# A proxy would look for localhost on its own machine.
WITHOUT_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
PATIENCE_SECONDS = 180
SECONDS_TO_STOP = 20


class HostFailure(Exception):
    """The host does not run the app; the message says why."""


def expected_functions() -> set[str]:
    """Return the names of the functions that the app registers."""
    validate = [sys.executable, "tools/validate.pyz", "--format", "json"]
    done = subprocess.run(
        [*validate, "--python", sys.executable],
        capture_output=True,
        check=False,
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        said = done.stderr.decode(errors="replace")
        raise HostFailure(f"tools/validate.pyz failed:\n{said}") from None
    errors = [report["error"]] if report["error"] else []
    for finding in report["findings"]:
        if finding["severity"] == "error":
            errors.append(finding["message"])
    if errors:
        raise HostFailure("\n".join(["The app has errors:", *errors]))
    [app] = report["apps"]
    return {function["name"] for function in app["functions"]}


def ask(path: str) -> Any:
    """Return the host's response; raise OSError or ValueError if none."""
    url = f"{ADDRESS}/admin/{path}"
    with WITHOUT_PROXY.open(url, timeout=10) as answer:
        return json.load(answer)


def wait_for(host: "subprocess.Popen[bytes]") -> None:
    """Return once the host is running."""
    until = time.monotonic() + PATIENCE_SECONDS
    while host.poll() is None and time.monotonic() < until:
        try:
            if ask("host/status")["state"] == "Running":
                return
        except (OSError, ValueError):
            pass
        time.sleep(1)
    raise HostFailure("The host did not start.")


def found_functions() -> set[str]:
    """Return the names of the functions that the host has."""
    try:
        functions = ask("functions")
    except (OSError, ValueError) as why:
        message = f"The host does not list its functions: {why}"
        raise HostFailure(message) from why
    return {function["name"] for function in functions}


def errors_of(function: str) -> list[str]:
    """Return why the host does not run a function; it runs all others."""
    try:
        status: dict[str, Any] = ask(f"functions/{function}/status")
    except (OSError, ValueError) as why:
        return [str(why)]
    return status.get("errors") or []


def try_host(host: "subprocess.Popen[bytes]", command: list[str]) -> None:
    """Compare the host's functions with the app's, and run the command."""
    expected = expected_functions()
    wait_for(host)
    found = found_functions()
    if found != expected:
        names = f"{sorted(found)} instead of {sorted(expected)}"
        raise HostFailure(f"The host found the functions {names}.")
    # The list includes functions that the host does not run, for example
    # because a connection is missing or a schedule is invalid.
    disabled = []
    for name in sorted(found):
        disabled += [f"{name}: {error}" for error in errors_of(name)]
    if disabled:
        lines = ["The host does not run these functions:", *disabled]
        raise HostFailure("\n".join(lines))
    print(f"The host runs {', '.join(sorted(found))}.", flush=True)
    if command:
        run(command)


def run(command: list[str]) -> None:
    """Run a command that calls a function."""
    try:
        succeeded = subprocess.run(command, check=False).returncode == 0
    except OSError as why:
        raise HostFailure(f"The command cannot be run: {why}") from why
    if not succeeded:
        raise HostFailure("The command that calls a function failed.")


def refuse_another_host() -> None:
    """Exit if a host is already running, which would answer for the new one."""
    with contextlib.suppress(OSError, ValueError):
        ask("host/status")
        sys.exit(f"A host is already running on {ADDRESS}. Stop it first.")


def stop(host: "subprocess.Popen[bytes]") -> None:
    """Stop the host and what it started, if need be by force.

    `func` can be a script around the host, which ignores SIGTERM.
    """
    if sys.platform == "win32":
        end = ["taskkill", "/t", "/f", "/pid", str(host.pid)]
        subprocess.run(end, capture_output=True, check=False)
    else:
        with contextlib.suppress(OSError):
            os.killpg(host.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            host.wait(SECONDS_TO_STOP)
        with contextlib.suppress(OSError):
            os.killpg(host.pid, signal.SIGKILL)
    host.wait()


def main() -> None:
    if any(word.startswith("-") for word in sys.argv[1:2]):
        sys.exit(__doc__)
    func = shutil.which("func")
    if func is None:
        sys.exit("Azure Functions Core Tools (func) are not installed.")
    refuse_another_host()
    # On Windows, the log can be open for a moment after the host has ended.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        log = Path(folder, "host.log")
        with log.open("wb") as output:
            start = [func, "start"]
            host = subprocess.Popen(
                start,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            try_host(host, sys.argv[1:])
        except HostFailure as failure:
            said = log.read_text(encoding="utf-8", errors="replace")
            sys.exit(f"{said}\n{failure}")
        finally:
            stop(host)


if __name__ == "__main__":
    main()
