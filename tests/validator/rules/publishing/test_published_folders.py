"""Workflows that publish a folder above the app."""

import pytest

from tests.support.validator import Files, Plant, find_problems

PATH = "../.github/workflows/deploy.yml"
WORKFLOW = """\
on:
  push:
    paths: ["app/**"]
env:
  FOLDER: "."
jobs:
  deploy:
    name: Publish the app
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install --requirement requirements.txt
      - uses: Azure/functions-action@v1
        with:
          app-name: app
          package: ${{ env.FOLDER }}
          remote-build: true
"""
# What the Azure portal writes.
PORTAL = """\
on: push
env:
  FOLDER: "." # the path of the app
jobs:
  build:
    steps:
      - uses: actions/checkout@v4
      - run: |
          python -m venv venv
          source venv/bin/activate
      - run: zip release.zip ./* -r
      - uses: actions/upload-artifact@v4
        with: {name: python-app, path: "release.zip\\n!venv/\\n"}
  deploy:
    steps:
      - uses: actions/download-artifact@v4
        with: {name: python-app}
      - run: unzip release.zip
      - name: Deploy
        uses: Azure/functions-action@v1
        with: {app-name: shop, package: "${{ env.FOLDER }}"}
"""
AZURE = "../azure-pipelines.yml"
PIPELINE = """\
trigger: {paths: {include: [app]}}
variables:
  root: $(System.DefaultWorkingDirectory)/
stages:
- stage: Build
  jobs:
  - job: Build
    steps:
    - script: python -m pip install --upgrade pip
      workingDirectory: $(root)
    - task: ArchiveFiles@2
      inputs:
        rootFolderOrFile: $(System.DefaultWorkingDirectory)
        includeRootFolder: false
        archiveFile: $(Build.ArtifactStagingDirectory)/$(Build.BuildId).zip
    - publish: $(Build.ArtifactStagingDirectory)/$(Build.BuildId).zip
      artifact: drop
- stage: Deploy
  jobs:
  - deployment: Deploy
    strategy:
      runOnce:
        deploy:
          steps:
          - task: AzureFunctionApp@2
            inputs:
              appName: shop
              package: $(Pipeline.Workspace)/drop/$(Build.BuildId).zip
"""


def problems(
    plant: Plant, text: str, files: Files | None = None
) -> list[tuple[str, int, str, str]]:
    found = find_problems(plant({PATH: text, **(files or {})}), "AF718")
    return [(one.path, one.line, one.message, one.fix) for one in found]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (WORKFLOW, 13),
        (WORKFLOW.replace('FOLDER: "."', "FOLDER: ./"), 13),
        (WORKFLOW.replace("          package: ${{ env.FOLDER }}\n", ""), 13),
        (WORKFLOW.replace("run: pip", "run: echo my-app app-1; pip"), 13),
        (WORKFLOW.replace("app-name: app", "app-name: ${{ vars.APP }}"), 13),
        (WORKFLOW.replace("remote-build: true", "app-id: ${{ vars.APP }}"), 13),
        (PORTAL, 20),
    ],
)
def test_the_root_of_the_repository(text: str, line: int, plant: Plant) -> None:
    message = (
        "This step publishes the root of the repository, which has no host.json: the app is in app."
    )
    assert problems(plant, text) == [(PATH, line, message, 'Set its input package to "app".')]


@pytest.mark.parametrize(
    "text",
    [
        WORKFLOW.replace('FOLDER: "."', "FOLDER: app"),
        WORKFLOW.replace("${{ env.FOLDER }}", "${{ vars.FOLDER }}"),
        WORKFLOW.replace("${{ env.FOLDER }}", "release.zip"),
        WORKFLOW.replace("${{ env.FOLDER }}", "dist"),
        WORKFLOW.replace("run: pip", "run: mv app/* .; pip"),
        WORKFLOW.replace("run: pip", "run: mv */host.json .; pip"),
        WORKFLOW.replace("run: pip", "run: echo {} > host.json; pip"),
        WORKFLOW.replace("run: pip", "run: ./build.sh; pip"),
        WORKFLOW.replace("run: pip", 'run: mv "${{ matrix.folder }}"/* .; pip'),
        WORKFLOW.replace("- run: pip", "- working-directory: app\n        run: pip"),
        WORKFLOW.replace("- run: pip", "- uses: ./.github/actions/build\n      - run: pip"),
        WORKFLOW.replace("checkout@v4", "checkout@v4\n        with: {repository: ada/shop}"),
        WORKFLOW.replace("checkout@v4", "download-artifact@v4"),
        WORKFLOW.replace("functions-action", "webapps-deploy"),
        PORTAL.replace("- run: zip", "- run: cd app && zip"),
        "jobs: [",
    ],
)
def test_workflows_that_may_publish_the_app(text: str, plant: Plant) -> None:
    assert problems(plant, text) == []


@pytest.mark.parametrize(
    "files",
    [
        {"../host.json": "{}"},
        {"../other/host.json": "{}"},
        {"../azure.yaml": "services: {x: {project: app, host: function}}\n", "../host.json": "{}"},
    ],
)
def test_repositories_with_another_app(files: Files, plant: Plant) -> None:
    assert problems(plant, WORKFLOW, files) == []


def test_services_of_azd_do_not_hide_it(plant: Plant) -> None:
    services = (
        "services: {app: {project: app, host: function}, web: {project: web, host: appservice}}\n"
    )
    bicep = (
        "resource x 'Microsoft.Web/sites@2024-04-01' = { tags: { 'azd-service-name': 'web' } }\n"
    )
    files: Files = {"../azure.yaml": services, "../infra/main.bicep": bicep}
    assert len(problems(plant, PORTAL, files)) == 1


def test_a_pipeline_in_the_folder_of_the_app(plant: Plant) -> None:
    [found] = find_problems(plant({"azure-pipelines.yml": PIPELINE}), "AF718")
    assert (found.path, found.line) == ("azure-pipelines.yml", 11)


def test_an_app_at_the_root(plant: Plant) -> None:
    text = WORKFLOW.replace('["app/**"]', '["**"]')
    files: Files = {".github/workflows/deploy.yml": text}
    assert find_problems(plant(files), "AF718") == []


@pytest.mark.parametrize(
    "folder", ["$(System.DefaultWorkingDirectory)", "$(Build.SourcesDirectory)/", "$(root)", "."]
)
def test_a_pipeline_that_archives_the_root(folder: str, plant: Plant) -> None:
    text = PIPELINE.replace("File: $(System.DefaultWorkingDirectory)", f"File: {folder}")
    [found] = find_problems(plant({AZURE: text}), "AF718")
    assert (found.path, found.line) == (AZURE, 11)
    assert found.message.startswith("This step publishes the root of the repository, which has no")
    assert found.fix == (
        'Set its input rootFolderOrFile to "$(System.DefaultWorkingDirectory)/app".'
    )


@pytest.mark.parametrize(
    "text",
    [
        PIPELINE.replace("DefaultWorkingDirectory)\n", "DefaultWorkingDirectory)/app\n"),
        PIPELINE.replace("$(System.DefaultWorkingDirectory)", "$(folder)"),
        PIPELINE.replace("AzureFunctionApp", "AzureWebApp"),
        PIPELINE.replace("- script: python", "- template: build.yml\n    - script: python"),
        PIPELINE.replace("python -m pip", "cp -r $(folder) . ; pip"),
        PIPELINE.replace("Directory: $(root)", "Directory: $(folder)"),
        PIPELINE.replace("$(System.DefaultWorkingDirectory)/\n", "app\n"),
        PIPELINE.replace("- script", "- checkout: self\n    - checkout: other\n    - script"),
    ],
)
def test_pipelines_that_may_publish_the_app(text: str, plant: Plant) -> None:
    assert find_problems(plant({AZURE: text}), "AF718") == []
