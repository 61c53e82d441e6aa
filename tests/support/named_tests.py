"""The tests that pages name."""

import ast
from pathlib import Path

from tests.support.text_files import read


def names_of_tests(path: Path) -> set[str]:
    """Return the names of the tests that a module defines."""
    return {
        node.name
        for node in ast.parse(read(path)).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
