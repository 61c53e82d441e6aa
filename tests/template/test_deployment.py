"""How GitHub Actions and Azure Pipelines deploy an app: what they ask of az, azd and func, which others stand in for."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hooks.catalogue import read_yaml
from tests.support.markdown import blocks
from tests.support.pipelines import stages_of
from tests.support.readme import section
from tests.support.stand_ins import Call, StandIns, unknown
from tests.support.text_files import read

NAMES = {
    "AZURE_CLIENT_ID": "client",
    "AZURE_TENANT_ID": "tenant",
    "AZURE_SUBSCRIPTION_ID": "subscription",
    "AZURE_ENV_NAME": "prod",
    "AZURE_LOCATION": "italynorth",
    "AZURE_FUNCTION_APP_NAME": "orders",
    "VIRTUAL_NETWORK": "true",
    "KafkaBrokers": "broker:9093",
    "KAFKA_PASSWORD": "word",
    "serviceConnection": "azure",
    "functionApp": "orders",
    "azdEnvironment": "prod",
    "azdLocation": "italynorth",
}
IN_AZD = [
    "AZURE_ENV_NAME",
    "AZURE_LOCATION",
    "AZURE_PRINCIPAL_TYPE",
    "VIRTUAL_NETWORK",
    "KafkaBrokers",
]
WRITE = ["pipx install uv", "python -m tools.requirements"]
CORE_TOOLS = "npm install --global azure-functions-core-tools@4"
PUBLISH = "func azure functionapp publish orders --python --build remote"
PROVISION = ["azd provision --no-prompt", "azd deploy --no-prompt"]


@pytest.fixture
def stand_ins(tmp_path: Path) -> StandIns:
    programs = ("az", "azd", "func", "npm", "pipx", "python", "curl", "sudo")
    return StandIns(tmp_path / "stand-ins", *programs, variables=IN_AZD)


def filled(values: dict[str, Any]) -> dict[str, str]:
    """Return environment variables with the values of the pipeline's own."""

    def fill(text: str) -> str:
        text = re.sub(r"\$\{\{ \w+\.(\w+) }}", lambda found: NAMES.get(found[1], ""), text)
        return re.sub(r"\$\((\w+)\)", lambda found: NAMES.get(found[1], found[0]), text)

    return {name: fill(str(value)) for name, value in values.items()}


def run_ci(ci: str, job: str, app: Path, stand_ins: StandIns) -> list[Call]:
    """Run the commands of a job in GitHub Actions or of a stage in Azure Pipelines; return what they asked."""
    return (run_job if ci == "github" else run_stage)(job, app, stand_ins)


def run_job(job: str, app: Path, stand_ins: StandIns) -> list[Call]:
    content = read_yaml(app / ".github" / "workflows" / "ci.yml")["jobs"][job]
    found = []
    for step in content["steps"]:
        if "run" in step:
            environment = filled({**content.get("env", {}), **step.get("env", {})})
            found += stand_ins.run(step["run"], app, environment, "bash")
    return found


def run_stage(stage: str, app: Path, stand_ins: StandIns) -> list[Call]:
    [found] = [one for one in stages_of(app) if one["stage"] == stage]
    [job] = found["jobs"]
    assert job["environment"] == "production"
    asked = []
    for step in job["strategy"]["runOnce"]["deploy"]["steps"]:
        script = step.get("script") or step.get("inputs", {}).get("inlineScript", "")
        if step.get("task") == "AzureCLI@2":
            assert filled(step["inputs"])["azureSubscription"] == "azure"
        # Variables that are not secret are in the environment anyway.
        variables = {"VIRTUAL_NETWORK": "true"}
        asked += stand_ins.run(script, app, {**variables, **filled(step.get("env", {}))}, "bash")
    return asked


@pytest.mark.parametrize("package_manager", ["pip", "uv"])
@pytest.mark.parametrize("ci", ["github", "azure-pipelines"])
def test_the_code_is_published(
    ci: str, package_manager: str, render: Callable[..., Path], stand_ins: StandIns
) -> None:
    app = render({"hello": "http"}, ci=ci, package_manager=package_manager)
    written = WRITE if package_manager == "uv" else []
    asked = [call.line for call in run_ci(ci, "deploy", app, stand_ins)]
    assert asked == [*written, CORE_TOOLS, PUBLISH]
    text = "".join(read(path) for path in app.rglob("*.yml"))
    assert "azd " not in text


@pytest.mark.parametrize("package_manager", ["pip", "uv"])
@pytest.mark.parametrize("ci", ["github", "azure-pipelines"])
def test_the_resources_are_created_and_the_app_is_deployed_with_azd(
    ci: str, package_manager: str, render: Callable[..., Path], stand_ins: StandIns
) -> None:
    functions = {"hello": "http", "events": "kafka"}
    app = render(functions, ci=ci, package_manager=package_manager, infra="azd")
    calls = run_ci(ci, "provision", app, stand_ins)
    lines = [call.line for call in calls]
    written = WRITE if package_manager == "uv" else []
    login = "azd auth login --federated-credential-provider github"
    sign_in = (
        [f"{login} --client-id client --tenant-id tenant"]
        if ci == "github"
        else [
            "curl -fsSL https://aka.ms/install-azd.sh",
            "azd config set auth.useAzCliAuth true",
            "az account show --query id --output tsv",
        ]
    )
    assert lines == [*written, *sign_in, *PROVISION]
    expected = {name: NAMES.get(name) for name in IN_AZD} | {
        "AZURE_PRINCIPAL_TYPE": "ServicePrincipal"
    }
    for call in calls[-2:]:
        assert call.environment == expected
    # The code alone can be published, too.
    assert PUBLISH in [call.line for call in run_ci(ci, "deploy", app, stand_ins)]


@pytest.mark.parametrize("ci", ["github", "azure-pipelines"])
def test_the_hook_for_azure_sql_finds_sqlcmd(
    ci: str, render: Callable[..., Path], stand_ins: StandIns
) -> None:
    app = render({"people": "sql"}, ci=ci, infra="azd")
    lines = [call.line for call in run_ci(ci, "provision", app, stand_ins)]
    # No package manager of the agents has it.
    assert not [line for line in lines if "apt-get" in line]
    archive, place = "releases/latest/download/sqlcmd-linux-amd64.tar.bz2", "/tmp/sqlcmd.tar.bz2"
    download = f"curl -fsSL -o {place} https://github.com/microsoft/go-sqlcmd/{archive}"
    first = lines.index(download)
    unpack = f"sudo tar -xf {place} -C /usr/local/bin sqlcmd"
    assert lines[first : first + 2] == [download, unpack]
    assert first < lines.index(PROVISION[0])


def test_azd_gets_every_parameter_of_bicep_and_each_is_a_variable_or_a_secret(
    render: Callable[..., Path],
) -> None:
    app = render(
        {"events": "kafka", "customers": "mysql", "uploads": "blob_eventgrid"}, infra="azd"
    )
    parameters = read(app / "infra" / "main.parameters.json")
    job = read_yaml(app / ".github" / "workflows" / "ci.yml")["jobs"]["provision"]
    # azd sets these itself.
    own = {"AZURE_PRINCIPAL_ID", "FUNCTIONS_DEPLOYED"}
    named = set(re.findall(r"\$\{(\w+)", parameters))
    assert named - own <= set(job["env"])
    secrets = {name for name, value in job["env"].items() if " secrets." in value}
    secure = re.findall(
        r"(?m)^@secure\(\)\n(?:@.+\n)*param (\w+)",
        read(app / "infra" / "main.bicep"),
    )
    by_parameter = {
        name: entry["value"][2:-1].split("=")[0]
        for name, entry in json.loads(parameters)["parameters"].items()
    }
    assert secrets == {by_parameter[name] for name in secure}


@pytest.mark.parametrize("infra", ["none", "azd"])
def test_the_commands_of_the_readme_let_github_deploy(
    infra: str, render: Callable[..., Path], tmp_path: Path
) -> None:
    app = render({"hello": "http", "events": "kafka"}, infra=infra)
    script = blocks(section(app, "From GitHub Actions"))[0]
    calls = StandIns(tmp_path / "stand-ins", "az", "gh").run(script, app)
    assert unknown(calls) == []
    [credential] = [call for call in calls if "federated-credential" in call.arguments]
    # GitHub is asked what its tokens say, which depends on the age of the repository.
    assert "repos/.nameWithOwner-of-repo/actions/oidc/customization/sub" in (
        argument for call in calls for argument in call.arguments
    )
    answer = '.sub_claim_prefix // "repo:.nameWithOwner-of-repo"-of-api'
    assert credential.option("--subject") == f"{answer}:environment:production"
    given = [
        (call.option("--role"), call.option("--scope"), call.option("--assignee-object-id"))
        for call in calls
        if call.command == "az role assignment create"
    ]
    subscription, identity = "/subscriptions/id-of-account", "principalId-of-github-my-app"
    expected = {
        "none": [("Website Contributor", "id-of-APP", identity)],
        "azd": [
            ("Contributor", subscription, identity),
            ("Role Based Access Control Administrator", subscription, identity),
        ],
    }
    assert given == expected[infra]
    # The workflow reads just these.
    workflow = read(app / ".github" / "workflows" / "ci.yml")
    names = {
        call.arguments[2] for call in calls if call.program == "gh" and "set" in call.arguments
    }
    assert {name for name in names if f".{name} " not in workflow} == set()
    used = set(re.findall(r"(?:vars|secrets)\.(\w+)", workflow))
    optional = {"VIRTUAL_NETWORK", "AZURE_FUNCTION_APP_NAME"} if infra == "azd" else set()
    assert {name for name in used - names if name.startswith("AZURE_")} <= optional


def test_a_deployment_waits_for_the_tests_and_for_approval(render: Callable[..., Path]) -> None:
    jobs = read_yaml(render({"hello": "http"}, infra="azd") / ".github/workflows/ci.yml")["jobs"]
    for name, condition in (
        ("deploy", "vars.AZURE_FUNCTION_APP_NAME != '' && vars.AZURE_ENV_NAME == ''"),
        ("provision", "vars.AZURE_ENV_NAME != ''"),
    ):
        assert jobs[name]["if"] == f"github.ref == 'refs/heads/main' && {condition}"
        assert jobs[name]["needs"] == ["test", "host"]
        assert jobs[name]["environment"] == "production"
        assert jobs[name]["permissions"] == {"contents": "read", "id-token": "write"}


def test_deployments_do_not_overlap(render: Callable[..., Path]) -> None:
    workflow = read_yaml(render({"hello": "http"}) / ".github/workflows/ci.yml")
    assert workflow["concurrency"]["cancel-in-progress"].startswith(
        "${{ github.event_name == 'pull"
    )
    # A pipeline cannot say so itself: its environment must have a check.
    app = render({"hello": "http"}, ci="azure-pipelines")
    readme = read(app / "README.md")
    assert "Add the Exclusive lock check to the `production` environment" in readme


def test_the_schedule_checks_the_template_and_nothing_else(render: Callable[..., Path]) -> None:
    app = render({"hello": "http"}, infra="azd", ci="azure-pipelines")
    conditions = {stage["stage"]: stage["condition"] for stage in stages_of(app)}
    assert set(conditions) == {"test", "host", "template", "deploy", "provision"}
    scheduled = "eq(variables['Build.Reason'], 'Schedule')"
    assert conditions.pop("template") == scheduled
    for name, condition in conditions.items():
        assert condition.count(scheduled.replace("eq", "ne")) == 1, name


def test_a_secret_that_the_pipeline_does_not_have_is_missing_for_azd(
    render: Callable[..., Path], stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Azure Pipelines leaves `$(NAME)` as it is, which azd would take for the value."""
    app = render({"events": "kafka"}, ci="azure-pipelines", infra="azd")
    [*_, call] = run_stage("provision", app, stand_ins)
    assert call.environment["KafkaBrokers"] == NAMES["KafkaBrokers"]
    monkeypatch.delitem(NAMES, "KafkaBrokers")
    [*_, call] = run_stage("provision", app, stand_ins)
    assert "KafkaBrokers" not in call.environment


def test_the_pipeline_deploys_the_code_alone_only_where_azd_does_not_deploy(
    render: Callable[..., Path],
) -> None:
    def conditions(infra: str) -> list[str]:
        app = render({"hello": "http"}, ci="azure-pipelines", infra=infra)
        stages = read_yaml(app / "azure-pipelines.yml")["stages"]
        return [key for entry in stages for key in entry if key.startswith("${{ if")]

    both = "ne(parameters.serviceConnection, ''), ne(parameters.functionApp, '')"
    assert conditions("none") == [f"${{{{ if and({both}) }}}}"]
    code, _ = conditions("azd")
    assert code == f"${{{{ if and({both}, eq(parameters.azdEnvironment, '')) }}}}"
