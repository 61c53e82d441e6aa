"""Prepare a release: check the version, run the tests, and write it into CHANGELOG.md and the validator.

    python hooks/release.py VERSION        what `make release VERSION=x.y.z` runs

It commits and tags nothing, but prints the commands that do. Copier updates apps to the newest tag, in
the order of PEP 440, so a tag is the version and nothing else.
"""

import argparse
import datetime
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parents[1]
UNRELEASED = "## [Unreleased]\n"
VALIDATOR = "src/functions_validator/__init__.py"
PYZ = "template/project/tools/validate.pyz"
TESTS = ("make", "test")
MAKE_PYZ = ("make", "pyz")


class Refusal(Exception):
    """The release cannot be made; the message is the sentence that the maintainer reads."""


def check_version(version: str, changelog: str) -> None:
    """Raise Refusal unless the version follows PEP 440, and the last one in the changelog."""
    try:
        new = Version(version)
    except InvalidVersion as error:
        raise Refusal(
            f"{version!r} is not a version as in PEP 440. Write make release VERSION=1.2.3"
        ) from error
    if str(new) != version:
        raise Refusal(f"Write {version} as {new}.")
    released = [Version(text) for text in re.findall(r"(?m)^## \[(\d[^]]*)\]", changelog)]
    if released and new <= max(released):
        raise Refusal(f"{version} does not come after {max(released)}.")


def check_entries(changelog: str) -> None:
    """Raise Refusal unless the changelog has entries since the last release."""
    if changelog.count(UNRELEASED) != 1:
        raise Refusal(f"CHANGELOG.md must have the heading {UNRELEASED.strip()} exactly once.")
    entries = changelog.split(UNRELEASED)[1].partition("\n## [")[0]
    if not re.search(r"(?m)^- \S", entries):
        raise Refusal("CHANGELOG.md has no entry under Unreleased, so there is nothing to release.")


def dated(changelog: str, version: str, today: datetime.date) -> str:
    """Return the changelog with the unreleased entries under the version, and none unreleased."""
    return changelog.replace(UNRELEASED, f"{UNRELEASED}\n## [{version}] - {today.isoformat()}\n")


def check_repository(version: str, folder: Path) -> None:
    """Raise Refusal unless everything is committed and the tag is free."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode != 0:
            raise Refusal(f"`git {' '.join(arguments)}` failed: {done.stderr.strip()}")
        return done.stdout

    if git("status", "--porcelain"):
        raise Refusal("There are uncommitted changes. Commit them first.")
    if git("tag", "--list", version):
        raise Refusal(f"The tag {version} already exists.")


def set_version(version: str, folder: Path, make_pyz: Sequence[str]) -> None:
    """Give the validator the version, and make validate.pyz. Raises Refusal, and changes nothing, if that fails."""
    path = folder / VALIDATOR
    before = path.read_text(encoding="utf-8")
    after = re.sub(r'(?m)^__version__ = ".*"$', f'__version__ = "{version}"', before)
    path.write_text(after, encoding="utf-8", newline="\n")
    if subprocess.run(make_pyz, cwd=folder, check=False).returncode != 0:
        path.write_text(before, encoding="utf-8", newline="\n")
        raise Refusal(f"`{' '.join(make_pyz)}` failed, so nothing was changed.")


def release(
    version: str,
    folder: Path,
    today: datetime.date,
    tests: Sequence[str] = TESTS,
    make_pyz: Sequence[str] = MAKE_PYZ,
) -> str:
    """Test, write the version where it belongs, and return what to do next. Raises Refusal if it cannot."""
    path = folder / "CHANGELOG.md"
    changelog = path.read_text(encoding="utf-8")
    check_version(version, changelog)
    check_entries(changelog)
    check_repository(version, folder)
    if subprocess.run(tests, cwd=folder, check=False).returncode != 0:
        raise Refusal(f"`{' '.join(tests)}` failed, so nothing was changed.")
    set_version(version, folder, make_pyz)
    path.write_text(dated(changelog, version, today), encoding="utf-8", newline="\n")
    return (
        f"CHANGELOG.md has {version}, dated {today.isoformat()}. Read it again, then run:\n"
        f'  git commit --message "Release {version}" CHANGELOG.md {VALIDATOR} {PYZ}\n'
        f'  git tag --annotate {version} --message "{version}"\n'
        f"  git push origin HEAD {version}"
    )


def main() -> None:
    """Prepare the release."""
    parser = argparse.ArgumentParser(prog="make release", description=main.__doc__)
    parser.add_argument("version")
    version = parser.parse_args().version
    try:
        print(release(version, ROOT, datetime.date.today()))
    except Refusal as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
