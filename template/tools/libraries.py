"""Build the packages of this repository that the app uses:

    python -m tools.libraries [--undo]

Azure gets only the app's folder. So this builds wheels/ from the lines of
requirements.txt such as `-e ../../libs/pricing`, and makes each line name its
wheel. Run it before the app is published or its image is built. --undo
restores the lines, for development.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REQUIREMENTS = Path("requirements.txt")
WHEELS = Path("wheels")
# The folder of a package, and the extras and conditions that follow it.
EDITABLE = r"(?:(?:-e|--editable)[ =]+)?"
SOURCE = re.compile(EDITABLE + r"(\.\./[^\s;\[#]+)([^#]*)(#.*)?")
BUILT = re.compile(r"\./wheels/[^#]+  # (.+)")


def build(package: str, wheels: Path) -> str:
    """Build the wheel of a package, and return its path in the app.

    `wheels` is the folder that holds it until all wheels are built. Exits with
    the output of the build if it fails.
    """
    uv = os.environ.get("UV") or shutil.which("uv")
    with tempfile.TemporaryDirectory() as folder:
        if uv:
            command = [uv, "build", "--wheel", "--out-dir", folder]
            command += ["--python", sys.executable]
        else:
            command = [sys.executable, "-m", "pip", "wheel"]
            command += ["--no-deps", "--wheel-dir", folder]
        done = subprocess.run(
            [*command, package],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            sys.exit(f"{package} cannot be built:\n{done.stdout}{done.stderr}")
        [wheel] = Path(folder).glob("*.whl")
        if not wheel.name.endswith("-any.whl") and sys.platform != "linux":
            fix = "Build it on Linux, for example in CI."
            sys.exit(f"{wheel.name} does not run in Azure. {fix}")
        shutil.copy(wheel, wheels)
        return f"./{WHEELS}/{wheel.name}"


def source_of(line: str) -> str:
    """Return a line as it was before its wheel was built."""
    built = BUILT.fullmatch(line)
    return built[1] if built else line


def built(line: str, wheels: Path) -> str:
    """Return a line that names the wheel, if the line is a package."""
    source = SOURCE.fullmatch(line)
    if not source:
        return line
    return f"{build(source[1], wheels)}{source[2].rstrip()}  # {line}"


def replace_wheels(wheels: Path) -> None:
    """Put new wheels in the place of the old ones; without any, remove them."""
    shutil.rmtree(WHEELS, ignore_errors=True)
    for wheel in sorted(wheels.glob("*.whl")):
        WHEELS.mkdir(exist_ok=True)
        shutil.copy(wheel, WHEELS)
        print(f"{WHEELS}/{wheel.name}: built")


def main() -> None:
    if sys.argv[1:] not in ([], ["--undo"]):
        sys.exit(__doc__)
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    lines = [source_of(line) for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        wheels = Path(folder)
        if sys.argv[1:] != ["--undo"]:
            lines = [built(line, wheels) for line in lines]
        replace_wheels(wheels)
    text = "\n".join([*lines, ""])
    REQUIREMENTS.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
