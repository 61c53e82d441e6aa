"""`make bench` measures programs rather than the disk."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import __main__ as benchmarks
from tests.support import scratch


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/shm")
def test_everything_is_measured_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(box: Path, template: Path, rounds: int) -> Sequence[object]:
        assert (template / "copier.yml").is_file()
        return [f"{box.parent.parent} in {rounds} rounds"]

    monkeypatch.setenv("TMPDIR", "")
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(scratch, "MEMORY", tmp_path)
    monkeypatch.setattr(scratch, "ROOM", 0)
    monkeypatch.setattr(benchmarks, "THEMES", {"copying": measure})
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--rounds", "2"])
    benchmarks.main()
    assert capsys.readouterr().out == f"{tmp_path} in 2 rounds\n"
