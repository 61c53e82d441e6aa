"""Which tests of an app run, if another test runs those of a plain app."""

from pathlib import Path

import pytest

from tests.support.own_tests import same_tests

PLAIN = {
    "README.md": "# Plain\n",
    "pyproject.toml": "[tool.pytest]\n",
    "function_app.py": "from blueprints import orders\n",
    "blueprints/__init__.py": "",
    "blueprints/orders.py": "from shared.texts import NAME\n",
    "shared/texts.py": 'NAME = "a"\n',
    "tests/test_app.py": "import json\n",
    "tests/test_orders.py": "from blueprints import orders as blueprint\n",
    "tests/test_web.py": "from blueprints import orders\nfrom function_app import app\n",
}


def write(app: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (app / path).parent.mkdir(parents=True, exist_ok=True)
        (app / path).write_text(text, encoding="utf-8")
    return app


@pytest.mark.parametrize(
    ("path", "is_same"),
    [
        ("README.md", True),
        ("function_app.py", True),
        ("tests/test_more.py", True),
        ("blueprints/__init__.py", False),
        ("blueprints/orders.py", False),
        ("shared/texts.py", False),
        ("tests/test_orders.py", False),
        ("agents/orders.agent.md", False),
    ],
)
def test_a_test_runs_if_a_file_that_it_reads_differs(
    path: str, is_same: bool, tmp_path: Path
) -> None:
    """So do tests that read no module, or function_app.py, which depends on every answer."""
    plain = write(tmp_path / "plain", PLAIN)
    app = write(tmp_path / "app", {**PLAIN, path: f"{PLAIN.get(path, '')}\nfrom shared import x\n"})
    assert same_tests(plain, plain) == ["tests/test_orders.py"]
    assert same_tests(app, plain) == (["tests/test_orders.py"] if is_same else [])
