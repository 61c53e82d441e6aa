"""Tests write to memory where there is room, and to a disk elsewhere."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

from tests.support import scratch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/shm")


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with a folder in memory, and no place for temporary files that its user has chosen."""
    monkeypatch.setattr(scratch, "MEMORY", tmp_path)
    monkeypatch.setattr(scratch, "MEMORY_IN_USE", tmp_path / "meminfo")
    monkeypatch.setattr(scratch, "ROOM", 2**20)
    monkeypatch.setattr(tempfile, "tempdir", None)
    # Set first, so that it is also restored where it was not set.
    monkeypatch.setenv("TMPDIR", "")
    monkeypatch.delenv("TMPDIR")


def is_in_memory(tmp_path: Path, *, free: int, available: int) -> bool:
    """Whether tests write to memory where so many bytes of it are free and available."""
    lines = [f"MemFree:  {free // 1024:10} kB", f"MemAvailable: {available // 1024:6} kB", ""]
    (tmp_path / "meminfo").write_text("\n".join(lines), encoding="utf-8")
    scratch.write_to_memory()
    return os.environ.get("TMPDIR") == tempfile.tempdir == str(tmp_path)


def test_memory_in_which_linux_keeps_files_is_free(tmp_path: Path) -> None:
    assert is_in_memory(tmp_path, free=2**19, available=2**21)


def test_memory_that_programs_use_is_not_free(tmp_path: Path) -> None:
    assert not is_in_memory(tmp_path, free=2**19, available=2**19)


def test_a_place_that_was_chosen_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "chosen")
    assert not is_in_memory(tmp_path, free=2**21, available=2**21)
    assert os.environ["TMPDIR"] == "chosen"
