"""Projects in workspaces of uv."""

from pathlib import Path

import pytest

from hooks import new
from hooks.destinations import Refusal
from hooks.post_generation import read_answers
from hooks.workspaces import workspace_of

WORKSPACE = """[project]
name = "all"
version = "1"

[tool.uv.workspace]
members = ["services/*", "apps/**/api", "tools/**", "apps/../libs/*"]
exclude = ["services/old-*", "tools/old/*"]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(WORKSPACE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "is_member"),
    [
        ("services/orders", True),
        ("services/old-orders", False),
        ("services/orders/inner", False),
        ("orders", False),
        ("apps/a/b/api", True),
        ("apps/api", True),
        ("apps/a/web", False),
        ("tools", False),
        ("tools/a/b", True),
        ("tools/old/a/b", False),
        ("libs/pricing", True),
    ],
)
def test_finds_the_members(
    path: str, is_member: bool, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace)
    for folder in (workspace / path, Path(path)):
        assert workspace_of(folder) == (workspace if is_member else None)


def test_a_workspace_can_exclude_nothing(workspace: Path) -> None:
    text = WORKSPACE.partition("exclude")[0]
    (workspace / "pyproject.toml").write_text(text, encoding="utf-8")
    assert workspace_of(workspace / "services" / "old-orders") == workspace


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "[tool]\nuv = 1\n", "[tool.uv]\nworkspace = 1\n", "[tool.uv.workspace]\n"),
        "[tool.uv.workspace]\nmembers = [1]\n",
    ],
)
def test_no_workspace_has_no_members(content: str, workspace: Path) -> None:
    (workspace / "pyproject.toml").write_text(content, encoding="utf-8")
    assert workspace_of(workspace / "services" / "orders") is None


def test_a_project_between_the_workspace_and_a_folder_has_the_folder(workspace: Path) -> None:
    """uv looks for a workspace no further up than the nearest pyproject.toml."""
    (workspace / "apps" / "a").mkdir(parents=True)
    (workspace / "apps" / "a" / "pyproject.toml").write_text("[tool.ruff]\n", encoding="utf-8")
    assert workspace_of(workspace / "apps" / "a" / "b" / "api") is None
    assert workspace_of(workspace / "apps" / "b" / "api") == workspace


@pytest.mark.usefixtures("without_clone")
def test_a_member_uses_uv_by_default(workspace: Path) -> None:
    member = workspace / "services" / "orders"
    new.generate(member, {}, "HEAD")
    assert read_answers(member)["package_manager"] == "uv"


@pytest.mark.usefixtures("without_clone")
def test_a_member_cannot_use_pip(workspace: Path) -> None:
    other = workspace / "services" / "pets"
    with pytest.raises(Refusal, match=r"would be a member of the uv workspace .*, so it needs "):
        new.generate(other, {"package_manager": "pip"}, "HEAD")
    assert not other.exists()
