"""Apps that a workflow publishes as the API of a static web app."""

import pytest

from tests.support.validator import Files, Plant, find_problems

TIMER = """
import azure.functions as func

bp = func.Blueprint()


@bp.timer_trigger(arg_name="timer", schedule="0 0 5 * * *")
def nightly(timer: func.TimerRequest) -> None:
    pass
"""
GITHUB, AZURE = "../.github/workflows/site.yml", "../azure-pipelines.yml"
WORKFLOW = """\
on: push
env:
  API: app
jobs:
  publish:
    steps:
      - uses: actions/checkout@v4
      - uses: Azure/static-web-apps-deploy@v1
        with: {app_location: site, api_location: %s}
"""
PIPELINE = """\
variables:
  api: app
steps:
- task: AzureStaticWebApp@0
  inputs: {app_location: site, api_location: %s}
"""
SITE = "resource app 'Microsoft.Web/sites@2024-04-01' = {\n}\n"
# What may create a function app, or publish the app as one.
OTHERS: list[Files] = [
    {"../.github/workflows/app.yml": "steps:\n  - uses: Azure/functions-container-action@v1\n"},
    {"../azure.yaml": "services:\n  api:\n    project: app\n    host: function\n"},
    {"../tools/deploy.sh": "func azure functionapp publish shop\n"},
    {"Makefile": "deploy:\n\tfunc azure functionapp publish shop\n"},
    {"Dockerfile": "FROM mcr.microsoft.com/azure-functions/python:4-python3.13\n"},
    {"../infra/main.bicep": SITE},
    {"../infra/main.tf": 'resource "azurerm_linux_function_app" "app" {\n}\n'},
]
IN_REPOSITORY: Files = {"../.git/HEAD": "", "blueprints/orders.py": TIMER}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        *((GITHUB, WORKFLOW % api) for api in ("app", "/app", "'./app/'", "'${{ env.API }}'")),
        *((AZURE, PIPELINE % api) for api in ("app", "/app", "$(api)")),
        (AZURE, PIPELINE % "$(System.DefaultWorkingDirectory)/app"),
    ],
)
def test_a_timer_in_an_api(path: str, text: str, plant: Plant) -> None:
    [found] = find_problems(plant({**IN_REPOSITORY, path: text}), "AF719")
    assert (found.path, found.line) == ("blueprints/orders.py", 6)
    assert found.message == (
        f"{path} publishes this app as the API of a static web app, "
        "which does not run the timerTrigger of nightly."
    )


def test_the_infrastructure_of_the_site(plant: Plant) -> None:
    site = {"../infra/main.bicep": SITE.replace("/sites@", "/staticSites@")}
    app = plant({**IN_REPOSITORY, GITHUB: WORKFLOW % "app", **site})
    assert [one.code for one in find_problems(app, "AF719")] == ["AF719"]


def test_an_app_that_is_the_whole_repository(plant: Plant) -> None:
    files = {".git/HEAD": "", "blueprints/orders.py": TIMER}
    root = plant({**files, ".github/workflows/site.yml": WORKFLOW % "."})
    assert [one.code for one in find_problems(root, "AF719")] == ["AF719"]


@pytest.mark.parametrize(
    "files",
    [
        {GITHUB: WORKFLOW % "app", "blueprints/orders.py": None},
        {GITHUB: WORKFLOW % "api"},
        {GITHUB: WORKFLOW % '""'},
        {GITHUB: WORKFLOW % "'${{ matrix.api }}'"},
        {GITHUB: WORKFLOW % "app, action: close"},
        {GITHUB: WORKFLOW.replace("        with", "        if: false\n        with") % "app"},
        {GITHUB: WORKFLOW.replace("static-web-apps-deploy", "other") % "app"},
        {GITHUB: WORKFLOW % "app", AZURE: "steps:\n- task: AzureFunctionApp@2\n"},
        {
            GITHUB: WORKFLOW % "app",
            "../.github/workflows/app.yml": "on: push\njobs:\n  a:\n    steps:\n"
            "      - run: func azure functionapp publish shop\n        working-directory: app\n",
        },
        {
            GITHUB: WORKFLOW % "app",
            "../infra/main.tf": 'resource "azurerm_function_app_flex_consumption" "x" {\n}\n',
        },
        {AZURE: PIPELINE % "app, cwd: other"},
        {AZURE: PIPELINE.replace("- task", "- checkout: self\n- checkout: site\n- task") % "app"},
        {GITHUB: (WORKFLOW % "app").replace("checkout@v4", "checkout@v4\n        with: {path: x}")},
        *({GITHUB: WORKFLOW % "app", **other} for other in OTHERS),
    ],
)
def test_an_app_that_is_no_api_or_has_only_http(files: Files, plant: Plant) -> None:
    assert find_problems(plant({**IN_REPOSITORY, **files}), "AF719") == []
