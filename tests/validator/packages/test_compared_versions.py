"""Versions and names are compared as packaging does, also where it is not imported."""

import random

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from functions_validator.packages.requirements import read_requirements
from functions_validator.packages.versions import at_least, canonical

PARTS = [
    *("==", ">=", "<=", "!=", "<", ">", "~=", "1", "1.0", "1.26", "2", "2.*", "0rc1", ","),
    *(" ", "\t", "[x]", "[X_y, z]", ";", "os_name == 'nt'"),
]
VERSIONS = ("0", "1", "1.0", "1.0.0", "1.26", "1.26.1", "2", "2.99", "3.0rc1", "999999")


def test_requirements_are_read_as_packaging_reads_them() -> None:
    choose, read = random.Random(0).choice, 0
    for _ in range(3000):
        line = f"A.b{''.join(choose(PARTS) for _ in range(choose((1, 2, 3, 5))))}".strip()
        try:
            wanted = Requirement(line)
        except ValueError:
            continue
        [own] = read_requirements({"requirements.txt": line}.get, None).all
        assert own.extras == set(map(canonicalize_name, wanted.extras)), line
        assert own.is_conditional == (wanted.marker is not None), line
        assert str(own.versions) == str(wanted.specifier), line
        for version in VERSIONS:
            for taken in (None, True):
                allowed = wanted.specifier.contains(version, taken)
                assert own.versions.contains(version, taken) == allowed, (line, version)
        read += 1
    assert read > 100


def test_versions_and_names_are_compared_as_packaging_does() -> None:
    choose = random.Random(0).choice
    for _ in range(2000):
        one, other = (f"{choose('0123')}.{choose('012')}{choose(['', '.0', 'rc1'])}" for _ in "ab")
        assert at_least(one, other) == (Version(one) >= Version(other)), (one, other)
        name = "".join(choose("aB.-_") for _ in range(6))
        assert canonical(name) == canonicalize_name(name), name
