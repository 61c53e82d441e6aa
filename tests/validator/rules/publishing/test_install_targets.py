"""Workflows and pipelines that install packages outside of the folder that they publish."""

import pytest

from tests.support.validator import Plant, find_problems

NEEDS = "azure-functions\nrequests\n"
WORKFLOW = """\
on: push
env: {FOLDER: ./app}
jobs:
  deploy:
    steps:
      - uses: actions/checkout@v4
      - run: |
          pip install --upgrade pip
          pip install -r app/requirements.txt --target=".python_packages/lib/site-packages"
      - uses: Azure/functions-action@v1
        with: {app-name: shop, package: "${{ env.FOLDER }}"}
"""
PIPELINE = """\
variables:
- name: root
  value: $(System.DefaultWorkingDirectory)
- group: shop
- template: variables.yml
steps:
- script: pip install -r app/requirements.txt --target="$(root)/.python_packages/lib/site-packages"
- task: AzureFunctionApp@2
  inputs:
    package: $(System.DefaultWorkingDirectory)/app
"""
ARCHIVE = """\
jobs:
- job: build
  steps:
  - script: pip install -r app/requirements.txt --target="./.python_packages/lib/site-packages"
  - task: ArchiveFiles@2
    inputs:
      rootFolderOrFile: $(System.DefaultWorkingDirectory)/app
      includeRootFolder: false
      archiveFile: $(Build.ArtifactStagingDirectory)/app.zip
  - upload: $(Build.ArtifactStagingDirectory)/app.zip
- deployment: deploy
  strategy:
    runOnce:
      deploy:
        steps:
        - task: AzureFunctionApp@2
          inputs: {package: $(Pipeline.Workspace)/app.zip}
"""
ONE_JOB = """\
steps:
- script: pip install -r app/requirements.txt --target="./.python_packages/lib/site-packages"
- task: ArchiveFiles@2
  inputs: {rootFolderOrFile: app, includeRootFolder: false, archiveFile: app.zip}
- task: AzureFunctionApp@2
  inputs: {package: app.zip}
"""
GITHUB, AZURE = "../.github/workflows/deploy.yml", "../azure-pipelines.yml"
TARGET = '".python_packages/'


def problems(plant: Plant, path: str, text: str) -> list[tuple[str, int, str]]:
    found = find_problems(plant({"requirements.txt": NEEDS, path: text}), "AF7")
    return [(one.code, one.line, one.fix) for one in found]


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (GITHUB, WORKFLOW, 9),
        (GITHUB, WORKFLOW.replace(TARGET, "${{ github.workspace }}/.python_packages/"), 9),
        (GITHUB, WORKFLOW.replace(TARGET, '"build/.python_packages/'), 9),
        (GITHUB, WORKFLOW.replace("- run", "- working-directory: web\n        run"), 10),
        (GITHUB, WORKFLOW.replace(" --target", " \\\n            --target"), 7),
        (GITHUB, WORKFLOW.replace("${{ env.FOLDER }}", "app/"), 9),
        (AZURE, PIPELINE, 7),
        (AZURE, PIPELINE.replace("- script", "- bash"), 7),
        (AZURE, ARCHIVE, 4),
        (AZURE, ONE_JOB, 2),
        (AZURE, ONE_JOB.replace("app.zip", "$(Build.ArtifactStagingDirectory)/app.zip"), 2),
    ],
)
def test_packages_beside_the_published_folder(
    path: str, text: str, line: int, plant: Plant
) -> None:
    fix = "Install them into app/.python_packages/lib/site-packages."
    assert problems(plant, path, text) == [("AF707", line, fix)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (GITHUB, WORKFLOW.replace(TARGET, '"app/.python_packages/')),
        (GITHUB, WORKFLOW.replace(TARGET, "${{ env.FOLDER }}/.python_packages/")),
        (GITHUB, WORKFLOW.replace(TARGET, "$GITHUB_WORKSPACE/app/.python_packages/")),
        (GITHUB, WORKFLOW.replace(TARGET, "$OTHER/.python_packages/")),
        (GITHUB, WORKFLOW.replace("--upgrade pip", "wheel -t app/.python_packages")),
        (GITHUB, WORKFLOW.replace("pip install --upgrade pip", "cd app")),
        (GITHUB, WORKFLOW.replace("- run", "- working-directory: app\n        run")),
        (
            GITHUB,
            WORKFLOW.replace("jobs:", "defaults: {run: {working-directory: ./app}}\njobs:"),
        ),
        (
            GITHUB,
            WORKFLOW.replace(
                "    steps", "    defaults: {run: {working-directory: app}}\n    steps"
            ),
        ),
        (
            GITHUB,
            WORKFLOW.replace("- run", "- working-directory: web\n        run").replace(
                TARGET, "${{ github.workspace }}/app/.python_packages/"
            ),
        ),
        *(
            (GITHUB, WORKFLOW.replace("pip install -r", command))
            for command in (
                "uv --directory app pip install -r",
                "uv pip install --directory app -r",
                "env -C app pip install -r",
                "chdir app && pip install -r",
            )
        ),
        *(
            (GITHUB, WORKFLOW.replace("- uses: Azure", f"- run: {command}\n      - uses: Azure"))
            for command in ("mv .python_* app", "cp -r . app", "rsync -a ./ app/")
        ),
        (AZURE, PIPELINE.replace("- task", "- task: CopyFiles@2\n- task")),
        (AZURE, ARCHIVE.replace("Workspace)/app.zip", "Workspace)/other.zip")),
        (GITHUB, WORKFLOW.replace("shop, package", "shop, remote-build: true, package")),
        (GITHUB, WORKFLOW.replace("checkout@v4", "checkout@v4\n        with: {path: app}")),
        (
            GITHUB,
            WORKFLOW.replace(
                "- uses: Azure", "- run: mv .python_packages app\n      - uses: Azure"
            ),
        ),
        (AZURE, PIPELINE.replace("/app\n", "/app.zip\n")),
        (AZURE, ARCHIVE.replace('"./.python', '"app/.python')),
        (AZURE, ARCHIVE.replace("Directory)/app\n", "Directory)\n")),
        (AZURE, ARCHIVE.replace("AzureFunctionApp", "AzureWebApp")),
        (
            AZURE,
            PIPELINE.replace("    package: $(System.DefaultWorkingDirectory)/app\n", "    a: b\n"),
        ),
        (AZURE, PIPELINE.replace("- script", "- checkout: self\n- checkout: other\n- script")),
        (AZURE, PIPELINE.replace("$(root)/.python", "$(root)/app/.python")),
    ],
)
def test_packages_that_may_be_published(path: str, text: str, plant: Plant) -> None:
    assert problems(plant, path, text) == []


def test_an_app_at_the_top_of_the_repository(plant: Plant) -> None:
    app = plant({"requirements.txt": NEEDS, GITHUB[3:]: WORKFLOW.replace("./app", ".")})
    (app / ".git").mkdir()
    assert find_problems(app, "AF7") == []
    text = WORKFLOW.replace("./app", ".").replace(TARGET, '"build/.python_packages/')
    app = plant({"requirements.txt": NEEDS, GITHUB[3:]: text})
    (app / ".git").mkdir()
    [found] = find_problems(app, "AF7")
    assert found.fix == "Install them into .python_packages/lib/site-packages."


@pytest.mark.parametrize(("path", "off"), [(GITHUB, "if: false"), (AZURE, "enabled: false")])
def test_a_step_that_never_runs(path: str, off: str, plant: Plant) -> None:
    text = WORKFLOW.replace("- run:", f"- {off}\n        run:")
    if path == AZURE:
        text = PIPELINE.replace("- script:", f"- {off}\n  script:")
    assert find_problems(plant({"requirements.txt": NEEDS, path: text}), "AF707") == []
