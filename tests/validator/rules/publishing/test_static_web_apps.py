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
    api = "publishes this app as the API of a static web app"
    assert found.message == f"{path} {api}, which does not run the timerTrigger of nightly."


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
    ],
)
def test_an_app_that_is_no_api_or_has_only_http(files: Files, plant: Plant) -> None:
    assert find_problems(plant({**IN_REPOSITORY, **files}), "AF719") == []
