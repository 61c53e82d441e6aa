"""Start the Functions host, see whether it finds every function, and run a command that calls one:

    python -m tools.try_host COMMAND ...

Core Tools and the emulators must be there. Without a COMMAND, no function is called. Prints what
the host says and exits with 1 if it does not start, lacks a function, or the COMMAND fails.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ADDRESS = "http://localhost:7071"
PATIENCE_SECONDS = 180


class HostFailure(Exception):
    """The host is not as it should be; the message says in what."""


def expected_functions() -> set[str]:
    """Return the names of the functions that the app defines."""
    index = [sys.executable, "tests/index_app.py"]
    indexed = subprocess.run(index, capture_output=True, text=True, check=False)
    if indexed.returncode != 0:
        raise HostFailure(f"The app cannot be indexed:\n{indexed.stderr}")
    return {function["name"] for function in json.loads(indexed.stdout)["functions"]}


def ask(path: str) -> Any:
    """Return what the host answers; raise OSError or ValueError if it does not."""
    with urllib.request.urlopen(f"{ADDRESS}/admin/{path}", timeout=10) as answer:
        return json.load(answer)


def wait_for(host: "subprocess.Popen[bytes]") -> None:
    """Return once the host runs."""
    until = time.monotonic() + PATIENCE_SECONDS
    while host.poll() is None and time.monotonic() < until:
        try:
            if ask("host/status")["state"] == "Running":
                return
        except (OSError, ValueError):
            pass
        time.sleep(1)
    raise HostFailure("The host did not start.")


def try_host(host: "subprocess.Popen[bytes]", command: list[str]) -> None:
    """Compare the host's functions with the app's, and run the command."""
    expected = expected_functions()
    wait_for(host)
    found = {function["name"] for function in ask("functions")}
    if found != expected:
        raise HostFailure(f"The host found {sorted(found)}, and not {sorted(expected)}.")
    print(f"The host runs {', '.join(sorted(found))}.", flush=True)
    if command and subprocess.run(command, check=False).returncode != 0:
        raise HostFailure("The function was not called as it should be.")


def main() -> None:
    func = shutil.which("func")
    if func is None:
        sys.exit("There is no command func. Install Azure Functions Core Tools.")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "host.log")
        with log.open("wb") as output:
            host = subprocess.Popen([func, "start"], stdout=output, stderr=output)
        try:
            try_host(host, sys.argv[1:])
        except HostFailure as failure:
            sys.exit(f"{log.read_text(encoding='utf-8', errors='replace')}\n{failure}")
        finally:
            host.terminate()
            host.wait()


if __name__ == "__main__":
    main()
