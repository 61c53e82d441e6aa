"""Tests of an app that pytest cannot collect beside the one that the app gets."""

import sys
from pathlib import Path

import pytest

from tests.hooks.adoption.conftest import Adopt
from tests.support.existing_apps import BASE, SINGLE_FILE, Shape, write_app
from tests.support.run import run

TEST = "def test_it() -> None:\n    pass\n"
PACKAGE = {"tests/__init__.py": ""}
IMPORTLIB = "[pytest]\naddopts = --import-mode=importlib\n"


@pytest.mark.parametrize(
    ("files", "beside"),
    [
        ({"test_app.py": TEST}, "test_app.py"),
        ({"unit/test_app.py": TEST}, "unit/test_app.py"),
        (
            {**PACKAGE, "src/tests/__init__.py": "", "src/tests/test_a.py": TEST},
            "src/tests/test_a.py",
        ),
        ({**PACKAGE, "unit/test_app.py": TEST}, None),
        ({"unit/__init__.py": "", "unit/test_app.py": TEST}, None),
        ({"tests/test_other.py": TEST, "unit/test_other.py": ""}, None),
        ({"unit/test_app.py": TEST, "pytest.ini": IMPORTLIB}, None),
    ],
)
def test_what_the_app_gets_leaves_its_own_tests_as_they_are(
    files: dict[str, str],
    beside: str | None,
    tmp_path: Path,
    adopt: Adopt,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shape = Shape({**BASE, "function_app.py": SINGLE_FILE, **files}, {})
    app = write_app(shape, tmp_path / "app")
    assert adopt(app, "--no-index") == ""
    left_out = capsys.readouterr().out.partition("The template leaves out:\n")[2]
    reason = f"  tests/test_app.py: pytest cannot collect it beside {beside}\n"
    assert (reason in left_out) is (beside is not None)
    assert adopt(app, "--no-index", "--apply", "--data", "agents_md=true") == ""
    assert (app / "tests" / "test_app.py").exists() is (beside is None)
    for page in ("README.md", "AGENTS.md"):
        text = (app / page).read_text(encoding="utf-8")
        assert ("tests/test_app.py" in text) is (beside is None)
    if beside:
        collect = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider"]
        run(*collect, "-q", folder=app)
