"""An app in a folder of a repository: an update changes its CI, from the root and from its folder."""

import shutil
import sys
from pathlib import Path

import pytest
from copier import run_copy

from tests.support.releases import LATER, NOW, release
from tests.support.repositories import commit, conflicts, run_git
from tests.support.run import run
from tests.support.text_files import append, read, replace
from tests.support.updates import copy, restored, update_as_user


@pytest.fixture(scope="module")
def later(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template of this checkout, and a later version whose CI has another step and another time limit."""
    later = tmp_path_factory.mktemp("later") / "template"
    shutil.copytree(template, later)
    release(later, NOW)
    steps = later / "template" / "partials" / "jobs" / "test.jinja"
    replace(steps, "      - run: ruff check\n", "      - run: make lint\n      - run: ruff check\n")
    workflow = later / "template" / ".github" / "workflows" / "ci.yml.jinja"
    replace(workflow, "timeout-minutes: 15", "timeout-minutes: 25")
    release(later, LATER)
    return later


@pytest.fixture(scope="module")
def generated_in_folder(later: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with an app of the earlier version; don't change it."""
    root = tmp_path_factory.mktemp("in_folder") / "repository"
    answers = {
        "functions": {"hello": "http"},
        "app_folder": "apps/orders",
        "libraries": "libs/pricing",
    }
    commit_root(root)
    run_copy(
        str(later), root / "apps" / "orders", data=answers, defaults=True, quiet=True, vcs_ref=NOW
    )
    write_root_files(root)
    append(root / "apps" / "orders" / "requirements.txt", "httpx\n")
    action = root / "apps" / "orders" / ".github" / "actions" / "test" / "action.yml"
    append(action, "    - run: make ours\n      shell: bash\n")
    commit(root)
    return root


@pytest.fixture
def root(generated_in_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(generated_in_folder, tmp_path / "repository"))


def commit_root(root: Path) -> None:
    root.mkdir()
    commit(root)


def write_root_files(root: Path, *arguments: str, status: int = 0) -> str:
    tool = root / "apps" / "orders" / "tools" / "root_files.py"
    done = run(sys.executable, tool, *arguments, status=status)
    return done.stdout + done.stderr


@pytest.mark.parametrize("place", [".", "apps/orders"])
def test_an_update_changes_ci(place: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / place)
    done = update_as_user(Path("apps/orders") if place == "." else Path())
    assert done.returncode == 0, done.stderr
    assert "tools/root_files.py writes what" in done.stderr
    app = root / "apps" / "orders"
    assert conflicts(root) == []
    action = read(app / ".github" / "actions" / "test" / "action.yml")
    lint = "    - run: make lint\n      shell: bash\n      working-directory: apps/orders\n"
    assert lint in action
    assert action.endswith("    - run: make ours\n      shell: bash\n")
    assert read(app / "requirements.txt").splitlines()[-3:] == [
        "-e ../../libs/pricing",
        "# Your own requirements go below this line.",
        "httpx",
    ]
    # The rest is in the file that the root has a copy of.
    copied = root / ".github" / "workflows" / "orders.yml"
    assert "timeout-minutes: 25" not in read(copied)
    assert "orders.yml differs" in write_root_files(root, "--check", status=1)
    assert write_root_files(root) == f"{Path('.github/workflows/orders.yml')}: written\n"
    assert "timeout-minutes: 25" in read(copied)
    assert write_root_files(root, "--check") == ""


@pytest.mark.parametrize("arguments", [(), ("--check",)])
@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (
            "ci=none",
            [
                ".github/workflows/orders-template.yml has an old workflow of apps/orders. Delete it.",
                ".github/workflows/orders.yml has an old workflow of apps/orders. Delete it.",
                ".github/dependabot.yml has entries of apps/orders. Delete them.",
            ],
        ),
        (
            "project_name=sales",
            [
                ".github/workflows/orders-template.yml has an old workflow of apps/orders. Delete it.",
                ".github/workflows/orders.yml has an old workflow of apps/orders. Delete it.",
            ],
        ),
    ],
)
def test_what_the_root_has_of_former_workflows_is_named(
    answer: str, left: list[str], arguments: tuple[str, ...], root: Path
) -> None:
    """They would run actions that no longer exist, or run twice."""
    other = root / ".github" / "workflows" / "ours.yml"
    other.write_text("# Runs ./apps/orders/.github/actions/test\n", encoding="utf-8")
    commit(root)
    update_as_user(root / "apps" / "orders", "--data", answer)
    write_root_files(root, status=1)
    assert write_root_files(root, *arguments, status=1).splitlines() == left
    for line in left:
        (root / line.split()[0]).unlink()
    assert write_root_files(root, *arguments) == ""


def test_the_root_follows_an_app_that_moves(root: Path) -> None:
    """Other apps are not held up by what is left of the former folder."""
    workflows = root / ".github" / "workflows"
    append(workflows / "ours.yml", "# uses: ./apps/gone/.github/actions/test\n")
    shutil.copytree(root / "apps" / "orders", root / "apps" / "other")
    shutil.move(root / "apps" / "orders", root / "apps" / "shop")
    commit(root)
    shop, other = root / "apps" / "shop", root / "apps" / "other"
    for app in (shop, other):
        name = app.name
        data = ["--data", f"app_folder=apps/{name}", "--data", f"project_name={name}"]
        assert update_as_user(app, *data, "--vcs-ref", NOW).returncode == 0
        commit(root)
    left = [
        ".github/workflows/orders-template.yml has an old workflow of apps/orders. Delete it.",
        ".github/workflows/orders.yml has an old workflow of apps/orders. Delete it.",
        ".github/dependabot.yml has entries of apps/orders. Delete them.",
        ".pre-commit-config.yaml has entries of apps/orders. Delete them.",
    ]
    tool = Path("tools", "root_files.py")
    assert run(sys.executable, shop / tool, status=1).stderr.splitlines() == left
    run(sys.executable, shop / tool, "--check")
    # One that keeps its name takes the place of its former workflows.
    assert update_as_user(other, "--data", "project_name=orders", "--vcs-ref", NOW).returncode == 0
    assert run(sys.executable, other / tool, status=1).stderr.splitlines() == left[2:]
    assert "./apps/other/.github/" in read(workflows / "orders.yml")
    # One that is only not checked out is not gone.
    commit(root)
    shutil.rmtree(other)
    assert run(sys.executable, shop / tool, status=1).stderr.splitlines() == left[2:]
    commit(root)
    assert "orders.yml has an old workflow of apps/other. Delete it." in (
        run(sys.executable, shop / tool, status=1).stderr
    )


def test_an_app_that_is_older_than_the_answer_gets_it(
    later: Path, tmp_path: Path, generated_in_folder: Path
) -> None:
    root = tmp_path / "repository"
    app = root / "apps" / "orders"
    commit_root(root)
    run_copy(
        str(later),
        app,
        data={"functions": {"hello": "http"}},
        defaults=True,
        quiet=True,
        vcs_ref=NOW,
    )
    commit(root)
    given = ["--data", "app_folder=apps/orders", "--vcs-ref", NOW]
    assert update_as_user(app, *given, "--data", "libraries=libs/pricing").returncode == 0
    fresh = generated_in_folder / "apps" / "orders"
    for name in (".github/workflows/ci.yml", ".pre-commit-config.yaml", ".copier-answers.yml"):
        assert read(app / name) == read(fresh / name)
    assert (app / "tools" / "root_files.py").exists()
    commit(root)
    # And back.
    done = update_as_user(app, "--data", "app_folder=.", "--vcs-ref", NOW)
    assert done.returncode == 0, done.stderr
    assert "  what tools/root_files.py wrote for apps/orders at the root of the" in done.stderr
    gone = restored(done.stderr)
    actions = {f".github/actions/{name}/action.yml" for name in ("test", "host", "deploy")}
    assert gone == {"tools/root_files.py", "tools/libraries.py", *actions}
    assert [name for name in gone if (app / name).exists()] == []
    assert "-e ../../libs/pricing" not in read(app / "requirements.txt")


def test_an_update_does_not_take_the_place_of_a_tool_of_the_users(
    later: Path, tmp_path: Path
) -> None:
    app = tmp_path / "app"
    copy(later, app, NOW, functions={"hello": "http"})
    (app / "tools" / "root_files.py").write_text("# ours\n", encoding="utf-8")
    commit(app)
    done = update_as_user(app, "--data", "app_folder=apps/orders")
    assert done.returncode == 1
    assert (
        '"app_folder" adds tools/root_files.py, but tools/root_files.py already exists.'
        in done.stderr
    )
    assert run_git(app, "status", "--porcelain") == ""
