"""The benchmark of indexing starts the worker as the tests do."""

from pathlib import Path

from benchmarks.indexing import index
from tests.conftest import Render


def test_an_app_is_indexed(render: Render, worker_python: Path) -> None:
    index(worker_python, render({"hello": "http"}))
