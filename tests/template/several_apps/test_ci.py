"""The CI of each app runs for its own changes, in its own folder and with its own variables."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hooks.catalogue import read_yaml
from tests.support.pipelines import stages_of
from tests.support.readme import section
from tests.support.several_apps import APPS, ON_GITHUB
from tests.support.stand_ins import StandIns
from tests.support.text_files import read, read_json


class Step(NamedTuple):
    """A command of a job, the folder in which it runs, and its environment."""

    command: str
    folder: str
    environment: dict[str, str]


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
    stages = stages_of(root / "apps" / app)
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


@pytest.mark.parametrize("ci", ["github", "azure-pipelines"])
@pytest.mark.parametrize("job", ["test", "host"])
def test_the_commands_of_a_member_of_a_workspace_find_the_environment_of_uv(
    job: str, ci: str, render: Callable[..., Path], tmp_path: Path
) -> None:
    """In a workspace, uv makes one at its root unless a variable names another folder."""
    app = render(
        {"hello": "http"},
        project_name="orders",
        app_folder="apps/orders",
        package_manager="uv",
        ci=ci,
    )
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "orders").symlink_to(app)
    if ci == "github":
        copy = tmp_path / ".github" / "workflows" / "orders.yml"
        copy.parent.mkdir(parents=True)
        copy.symlink_to(app / ".github" / "workflows" / "ci.yml")
    steps = list((steps_on_github if ci == "github" else steps_in_azure)(tmp_path, "orders", job))
    [sync] = [step for step in steps if step.command == "uv sync --locked"]
    environment = sync.environment["UV_PROJECT_ENVIRONMENT"]
    root = {"github": "${{ github.workspace }}", "azure-pipelines": "$(Build.SourcesDirectory)"}
    assert environment == f"{root[ci]}/{sync.folder}/.venv"
    [path] = [step for step in steps if ".venv/bin" in step.command]
    assert (path.folder, "$PWD/.venv/bin" in path.command) == (sync.folder, True)


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


def test_the_editor_and_the_readme_tell_uv_where_the_environment_of_a_member_of_a_workspace_is(
    repository: Path, render: Callable[..., Path]
) -> None:
    name = "UV_PROJECT_ENVIRONMENT"
    app = repository / "apps" / "shop"
    container = read_json(app / ".devcontainer" / "devcontainer.json")
    assert container["remoteEnv"] == {name: "${containerWorkspaceFolder}/.venv"}
    tasks = read_json(app / ".vscode" / "tasks.json")["tasks"]
    [install] = [task for task in tasks if task["command"] == "uv sync"]
    place = "${workspaceFolder}/${config:azureFunctions.pythonVenv}"
    assert install["options"] == {"env": {name: place}}
    assert f"`{name}`" in section(app, "In its repository")

    # An app of its own is not a member, and pip does not know workspaces.
    alone = render({"hello": "http"}, package_manager="uv", devcontainer=True)
    for other in (alone, repository / "apps" / "orders"):
        for path in (".devcontainer/devcontainer.json", ".vscode/tasks.json", "README.md"):
            assert not (other / path).exists() or name not in read(other / path)


@pytest.mark.parametrize("ci", ["github", "azure-pipelines", "none"])
def test_the_readme_says_of_checks_and_files_at_the_root_what_the_service_does(
    ci: str, render: Callable[..., Path]
) -> None:
    """Azure Pipelines reports to GitHub that it has nothing to do, and Azure Repos does not wait for it."""
    app = render({"hello": "http"}, project_name="orders", app_folder="apps/orders", ci=ci)
    text = section(app, "In its repository")
    assert ("CI runs for changes in `apps/orders` only." in text) == (ci != "none")
    assert ("required\ncheck" in text) == (ci == "github")
    assert ("GitHub" in text) == (ci == "github")


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
