"""Write tools/validate.pyz, the validator in generated apps: python hooks/pyz.py, or `make pyz`.

The file contains src/functions_validator, the pure Python of the wheels of src/pyz/requirements.txt, and their licenses.
It is the same on every machine, byte for byte: its members are in order, have one date, and are not compressed.
"""

import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
PYZ = ROOT / "template" / "project" / "tools" / "validate.pyz"
REQUIREMENTS = ROOT / "src" / "pyz" / "requirements.txt"

# The earliest date in a zip file.
DATE = (1980, 1, 1, 0, 0, 0)
UNIX, REGULAR_FILE = 3, 0o100644 << 16
OLDEST_PYTHON = "3.10"
# PyYAML has no wheel that fits every platform, so every machine downloads the one for this.
PLATFORM = "manylinux2014_x86_64"
# Only for the compiled part of PyYAML, which is left out.
UNUSED = "_yaml"


def make_pyz(wheels: Path) -> bytes:
    """Return the content of validate.pyz, with the wheels of a folder."""
    members = dict(sorted([*_own_members(), *_wheel_members(wheels)]))
    launcher = dict(_files(ROOT / "src" / "pyz", "*.py"))
    digest = hashlib.sha256()
    for name, content in {**members, **launcher}.items():
        digest.update(b"%s %d\n%s" % (name.encode(), len(content), content))
    listed = "\n".join([digest.hexdigest()[:16], *members]).encode()
    return _zip({**launcher, "contents.txt": listed, **members})


def download_wheels(folder: Path) -> None:
    """Download the wheels, whose hashes pip compares. Raises CalledProcessError if pip fails."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    chosen = ["--implementation", "cp", "--python-version", OLDEST_PYTHON, "--platform", PLATFORM]
    chosen += ["--only-binary", ":all:"]
    subprocess.run([*pip, *chosen, "--dest", folder, "--requirement", REQUIREMENTS], check=True)


def _own_members() -> Iterator[tuple[str, bytes]]:
    for pattern in ("*.py", "*.json"):
        for name, content in _files(ROOT / "src" / "functions_validator", pattern):
            yield f"functions_validator/{name}", content
    yield "functions_validator/LICENSE", _text(ROOT / "LICENSE")


def _files(folder: Path, pattern: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob(pattern)):
        yield path.relative_to(folder).as_posix(), _text(path)


def _text(path: Path) -> bytes:
    """Return a text with the line endings that it has in git."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def _wheel_members(wheels: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the modules, the metadata and the licenses of the wheels."""
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for name in (member.filename for member in archive.infolist() if not member.is_dir()):
                parts = PurePosixPath(name).parts
                is_wanted = "licenses" in parts or parts[-1] in ("METADATA", "LICENSE")
                is_module = name.endswith(".py") and parts[0] != UNUSED
                if is_module or (parts[0].endswith(".dist-info") and is_wanted):
                    yield name, archive.read(name)


def _zip(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, DATE)
            member.create_system, member.external_attr = UNIX, REGULAR_FILE
            archive.writestr(member, content)
    return target.getvalue()


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            download_wheels(Path(folder))
        except subprocess.CalledProcessError:
            sys.exit("The wheels cannot be downloaded. pip printed the reason.")
        content = make_pyz(Path(folder))
    PYZ.write_bytes(content)
    print(f"{PYZ.relative_to(ROOT)}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
