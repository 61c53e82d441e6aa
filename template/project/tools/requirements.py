"""Write requirements.txt, which Azure installs, as uv.lock has it: python -m tools.requirements

With --check, only say whether it is still what the lock file says; exit with 1 if it is not.
"""

import os
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path("requirements.txt")
EXPORT = ["export", "--quiet", "--locked", "--no-dev", "--no-hashes", "--no-annotate"]
HEADER = "# Made from uv.lock by `uv run python -m tools.requirements`; Azure installs this file.\n"


def export() -> str:
    """Return the packages of uv.lock, a requirement a line; exit with what uv says if it cannot."""
    # `uv run` says which uv it is.
    command = [os.environ.get("UV", "uv"), *EXPORT, "--no-header", "--python", sys.executable]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        sys.exit("There is no command uv. Install it: https://docs.astral.sh/uv/")
    if done.returncode != 0:
        sys.exit(f"{done.stderr.strip()}\n`uv lock` brings uv.lock up to date with pyproject.toml.")
    return HEADER + done.stdout


def main() -> None:
    exported = export()
    there = REQUIREMENTS.read_text(encoding="utf-8") if REQUIREMENTS.exists() else ""
    if there == exported:
        print(f"{REQUIREMENTS} is what uv.lock says")
    elif sys.argv[1:] == ["--check"]:
        sys.exit(f"{REQUIREMENTS} differs from uv.lock: run `uv run python -m tools.requirements`.")
    else:
        REQUIREMENTS.write_text(exported, encoding="utf-8")
        print(f"{REQUIREMENTS}: written")


if __name__ == "__main__":
    main()
