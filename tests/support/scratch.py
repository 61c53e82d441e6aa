"""Where tests and benchmarks write their files."""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from tests.support.text_files import read

MEMORY = Path("/dev/shm")
MEMORY_IN_USE = Path("/proc/meminfo")
# In bytes: several times what a whole run of the tests writes.
ROOM = 4 * 2**30


def write_to_memory() -> None:
    """Keep temporary files in memory if Linux has room there, unless TMPDIR is set.

    Copier and Git write and delete thousands of them, which can be many times slower on a disk.
    """
    if "TMPDIR" not in os.environ and _is_usable(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _is_usable(folder: Path) -> bool:
    """Whether this user can write and run programs in a folder, and enough memory is free."""
    if sys.platform != "linux" or not os.access(folder, os.W_OK | os.X_OK):
        return False
    is_executable = not os.statvfs(folder).f_flag & os.ST_NOEXEC
    return is_executable and min(_available(), shutil.disk_usage(folder).free) >= ROOM


def _available() -> int:
    """Return how many bytes of memory programs can get, also those in which Linux keeps files."""
    found = re.search(r"(?m)^MemAvailable: *(\d+) kB$", read(MEMORY_IN_USE))
    return int(found[1]) * 1024 if found else 0
