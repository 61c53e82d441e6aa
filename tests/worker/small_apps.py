"""What the small apps have in common that the tests run in the worker."""

from collections.abc import Mapping
from pathlib import Path

from tests.worker.exchange import TypedValue

HEAD = """
import azure.functions as func
app = func.FunctionApp()
"""

# The data of a message.
TEXT = {"message": TypedValue("string", "hello")}


def write_project(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files of an app, and return its folder."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
