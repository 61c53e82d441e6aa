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
        id: app
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
# Commands that place no host.json at the root, and others, of which nobody knows.
KNOWN = (
    "FLAG=1 python3 -m pytest tests",
    "FLAG=1",
    "export FLAG=1; uv sync > log 2>&1",
    "uv run pytest -q",
    "sudo pip3 install x",
    "source venv/bin/activate",
    "cd .",
    "pushd './${{ env.FOLDER }}'",
    "popd",
    "if [ -f extensions.csproj ]; then dotnet build extensions.csproj --output ./bin; fi",
)
UNKNOWN = (
    "gh release download -p functions.zip && unzip functions.zip",
    "curl -sL https://example.com/a.tgz | tar xz",
    "shopt -s dotglob && mv src/* .",
    "uv run poe package",
    "hatch run package",
    "task package",
    "./build",
    "source ./build",
    "cd src && pytest",
    'echo "$(./build)"',
    "python -m scripts.stage",
    "pip install x && ./build",
    "pip install x & ./build",
    "if ./build; then popd; fi",
    "FLAG=1 ./build",
)
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
            displayName: Publish the app
            inputs:
              appName: app
              package: $(Pipeline.Workspace)/drop/$(Build.BuildId).zip
"""
# Steps that place nothing, in a pipeline with one job.
ONE_JOB = """\
steps:
- checkout: self
- task: UsePythonVersion@0
- pwsh: pytest
- powershell: ruff check
- task: PublishTestResults@2
- task: PublishCodeCoverageResults@2
- task: ArchiveFiles@2
  inputs: {rootFolderOrFile: ".", archiveFile: shop.zip}
- task: PublishBuildArtifacts@1
- task: PublishPipelineArtifact@1
- publish: shop.zip
- upload: shop.zip
- task: AzureFunctionApp@2
  inputs: {appName: shop, package: shop.zip}
"""

PLACING = (
    "- checkout: none",
    "- download: current",
    "- task: ExtractFiles@1",
    "- task: CopyFiles@2",
    "- task: DownloadBuildArtifacts@1",
    "- bash: ./build",
)
FROM_ANOTHER_RUN = "- task: DownloadPipelineArtifact@2\n            inputs: {source: specific}"


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
        (f"{WORKFLOW}      - run: curl https://shop.example\n", 13),
        *((WORKFLOW.replace("pip install", f"{command}; pip install"), 13) for command in KNOWN),
        (WORKFLOW.replace("- run", "- working-directory: tests\n        run"), 14),
        (
            WORKFLOW.replace(
                "- run",
                "- uses: actions/setup-python@v5\n      - uses: astral-sh/setup-uv@v6\n"
                "      - uses: azure/login@v2\n      - run",
            ),
            16,
        ),
        (PORTAL.replace("- run: unzip", "- uses: actions/checkout@v4\n      - run: unzip"), 21),
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
        WORKFLOW.replace('FOLDER: "."', "FOLDER: .."),
        WORKFLOW.replace("${{ env.FOLDER }}", "${{ vars.FOLDER }}"),
        WORKFLOW.replace("${{ env.FOLDER }}", "release.zip"),
        WORKFLOW.replace("${{ env.FOLDER }}", "dist").replace("run: pip", "run: mkdir dist; pip"),
        WORKFLOW.replace("run: pip", "run: mv app/* .; pip"),
        WORKFLOW.replace("run: pip", "run: mv */host.json .; pip"),
        WORKFLOW.replace("run: pip", "run: echo {} > host.json; pip"),
        WORKFLOW.replace("run: pip", "run: ./build.sh; pip"),
        WORKFLOW.replace("run: pip", 'run: mv "${{ matrix.folder }}"/* .; pip'),
        *(WORKFLOW.replace("run: pip", f"run: {command}\n      - run: pip") for command in UNKNOWN),
        *(
            WORKFLOW.replace("- run: pip", f"- uses: {action}\n      - run: pip")
            for action in ("ours/stage-app@v1", "actions/cache@v4\n        with: {path: .}")
        ),
        WORKFLOW.replace("      - uses: actions/checkout@v4\n", ""),
        WORKFLOW.replace("checkout@v4", "checkout@v4\n        with: {ref: published}"),
        WORKFLOW.replace("run: pip", "working-directory: ${{ vars.FOLDER }}\n        run: pip"),
        PORTAL.replace("- uses: actions/checkout@v4", "- run: curl a | tar x"),
        PORTAL.replace("      - uses: actions/checkout@v4\n", ""),
        PORTAL.replace(
            "upload-artifact@v4\n        with: {name: python",
            "upload-artifact@v4\n        with: {name: x",
        ),
        PORTAL.replace("{name: python-app}", "{name: python-app, run-id: 12}"),
        PORTAL.replace("unzip release", "unzip other"),
        PORTAL.replace("zip release.zip ./* -r", "zip -rj release.zip ./*"),
        PORTAL.replace("- run: zip ", "- working-directory: dist\n        run: zip ../"),
        PORTAL.replace('path: "release', 'path: "${{ vars.FOLDER }}release'),
        WORKFLOW.replace("- run: pip", "- working-directory: app\n        run: pip"),
        WORKFLOW.replace("- run: pip", "- uses: ./.github/actions/build\n      - run: pip"),
        WORKFLOW.replace("checkout@v4", "checkout@v4\n        with: {repository: ada/shop}"),
        WORKFLOW.replace("checkout@v4", "download-artifact@v4"),
        WORKFLOW.replace("functions-action", "webapps-deploy"),
        PORTAL.replace("- run: zip", "- run: cd app && zip"),
        "jobs: [",
        f"{WORKFLOW}  other:\n    uses: ./x.yml\n    with: {{folder: app, enabled: false}}\n",
        f"{WORKFLOW}  other:\n    uses: ./x.yml\n    if: false\n    with: {{folder: app}}\n",
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


def test_folders_of_tools_do_not_hide_it(plant: Plant) -> None:
    files: Files = {f"../{folder}/host.json": "{}" for folder in ("node_modules", ".venv", "bin")}
    assert len(problems(plant, WORKFLOW, files)) == 1


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
    assert found.message.startswith("This step archives the root of the repository, which has no")
    assert found.fix == (
        'Set its input rootFolderOrFile to "$(System.DefaultWorkingDirectory)/app".'
    )


@pytest.mark.parametrize(
    "text",
    [
        ONE_JOB,
        ONE_JOB.replace("- checkout: self\n", ""),
        f"{PIPELINE}- stage: Test\n  jobs:\n  - job: Test\n    steps:\n    - script: ./test\n",
    ],
)
def test_other_steps_and_jobs(text: str, plant: Plant) -> None:
    [found] = find_problems(plant({AZURE: text}), "AF718")
    assert text.splitlines()[found.line - 1].strip() == "- task: ArchiveFiles@2"


@pytest.mark.parametrize(
    "step",
    [
        "- download: none\n          - download: current",
        "- checkout: none\n          - download: current",
        "- task: DownloadPipelineArtifact@2\n            inputs: {artifact: drop}",
        "- task: DownloadBuildArtifacts@1\n            inputs: {buildType: current}",
    ],
)
@pytest.mark.parametrize("package", ["$(Build.BuildId).zip", "**/*.zip"])
def test_a_pipeline_that_publishes_its_archive(step: str, package: str, plant: Plant) -> None:
    text = PIPELINE.replace("- task: Azure", f"{step}\n          - task: Azure")
    text = text.replace("drop/$(Build.BuildId).zip", f"drop/{package}")
    assert [one.line for one in find_problems(plant({AZURE: text}), "AF718")] == [11]


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
        *(PIPELINE.replace("- script", f"{step}\n    - script") for step in PLACING),
        PIPELINE.replace("drop/$(Build.BuildId).zip", "drop/other.zip"),
        PIPELINE.replace("- task: Azure", f"{FROM_ANOTHER_RUN}\n          - task: Azure"),
    ],
)
def test_pipelines_that_may_publish_the_app(text: str, plant: Plant) -> None:
    assert find_problems(plant({AZURE: text}), "AF718") == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (WORKFLOW.replace('FOLDER: "."', "FOLDER: apps"), 13),
        (WORKFLOW.replace("${{ env.FOLDER }}", "src/functions"), 13),
        (WORKFLOW.replace('FOLDER: "."', "FOLDER: app"), 0),
        (WORKFLOW.replace("${{ env.FOLDER }}", "app.zip"), 0),
        (
            WORKFLOW.replace('FOLDER: "."', "FOLDER: out").replace(
                "pip install", "pip install -t out"
            ),
            0,
        ),
        (
            WORKFLOW.replace('FOLDER: "."', "FOLDER: out").replace(
                "run: pip", "run: ./build.sh; pip"
            ),
            0,
        ),
    ],
)
def test_a_folder_that_is_not_there(text: str, line: int, plant: Plant) -> None:
    found = problems(plant, text)
    assert [(one[1], one[3]) for one in found] == [
        (line, 'Set its input package to "app".')
    ] * bool(line)
    if found:
        assert "which the repository does not have" in found[0][2]
    modules: Files = {"../.gitmodules": "path = apps\npath = src/functions\n"}
    assert problems(plant, text, modules) == []


ARCHIVING = """\
steps:
- script: pip install --target app/.python_packages/lib/site-packages -r app/requirements.txt
- task: ArchiveFiles@2
  inputs:
    rootFolderOrFile: $(Build.SourcesDirectory)/app
    archiveFile: $(Build.ArtifactStagingDirectory)/app.zip
- task: AzureFunctionApp@2
  inputs:
    appName: shop
    package: $(Build.ArtifactStagingDirectory)/app.zip
"""
KEPT = "    includeRootFolder: {}\n    archiveFile"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (ARCHIVING, 3),
        (ARCHIVING.replace("    archiveFile", KEPT.format("true")), 3),
        (ARCHIVING.replace("$(Build.SourcesDirectory)/app", "$(Build.BinariesDirectory)"), 3),
        (ARCHIVING.replace("    archiveFile", KEPT.format("false")), 0),
        (ARCHIVING.replace("    archiveFile", KEPT.format("$(kept)")), 0),
        (ARCHIVING.replace("    archiveFile", KEPT.format("false").replace("deR", "der")), 0),
        (ARCHIVING.replace("SourcesDirectory)/app", "SourcesDirectory)/app/app.zip"), 0),
        (ARCHIVING.replace("SourcesDirectory)/app", "SourcesDirectory)/other"), 0),
        (ARCHIVING.replace("/app.zip\n- task: Az", "/docs.zip\n- task: Az"), 0),
        (ARCHIVING + "- script: unzip app.zip\n", 0),
        (ARCHIVING + "- task: ArchiveFiles@2\n", 0),
    ],
)
def test_an_archive_with_the_folder_itself(text: str, line: int, plant: Plant) -> None:
    files: Files = {"../.git/HEAD": "", "../azure-pipelines.yml": text}
    found = find_problems(plant(files), "AF718")
    assert [(one.line, one.fix) for one in found] == [
        (line, "Add includeRootFolder: false to its inputs.")
    ] * bool(line)
