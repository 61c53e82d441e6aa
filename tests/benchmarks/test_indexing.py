"""The benchmark of indexing starts the worker as the tests do."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.indexing import index


def test_an_app_is_indexed(project: Callable[..., Path], worker_python: Path) -> None:
    index(worker_python, project({"hello": "http"}))
