"""Write requirements.txt from uv.lock: python -m tools.requirements [--check]

Azure installs requirements.txt. With --check, writes nothing and exits with 1
if the file differs from the lock file.
"""

import os
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path("requirements.txt")
EXPORT = [
    "export",
    "--quiet",
    "--locked",
    "--no-dev",
    "--no-hashes",
    "--no-annotate",
    "--no-header",
]
COMMAND = "uv run python -m tools.requirements"
HEADER = f"# Created from uv.lock by `{COMMAND}`; Azure installs this file.\n"
HOW_TO_LOCK = "Run `uv lock` to bring uv.lock up to date with pyproject.toml."


def export() -> str:
    """Return the packages in uv.lock, one requirement per line.

    Exits with uv's error message if it fails.
    """
    # `uv run` sets UV to its own path.
    uv = os.environ.get("UV", "uv")
    command = [uv, *EXPORT, "--python", sys.executable]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    except FileNotFoundError:
        sys.exit("uv is not installed: see https://docs.astral.sh/uv/")
    if done.returncode != 0:
        sys.exit(f"{done.stderr.strip()}\n{HOW_TO_LOCK}")
    return HEADER + done.stdout


def main() -> None:
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    exported = export()
    current = ""
    if REQUIREMENTS.exists():
        current = REQUIREMENTS.read_text(encoding="utf-8")
    if current == exported:
        print(f"{REQUIREMENTS} is up to date with uv.lock")
    elif sys.argv[1:] == ["--check"]:
        sys.exit(f"{REQUIREMENTS} differs from uv.lock. Run `{COMMAND}`.")
    else:
        REQUIREMENTS.write_text(exported, encoding="utf-8", newline="\n")
        print(f"{REQUIREMENTS}: written")


if __name__ == "__main__":
    main()
