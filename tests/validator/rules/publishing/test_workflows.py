"""Workflows, pipelines and scripts that publish an app without its packages."""

import pytest

from tests.support.validator import Files, Plant, find_problems
from tests.validator.rules.plan_files import CONSUMPTION, FLEX

NEEDS = "azure-functions\nrequests\n"
WORKFLOW = """
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-python@v5
      - run: |
          python -m venv venv
          pip install {install}
      - name: Publish
        uses: Azure/functions-action@v1
        with:
          app-name: shop
          {input}
"""
PATH = ".github/workflows/deploy.yml"


def workflow(given: str = "package: .", install: str = "-r requirements.txt") -> str:
    """Return a workflow with an input of the action, and arguments of pip."""
    return WORKFLOW.format(input=given, install=install)


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (PATH, workflow(), 11),
        (PATH, workflow("scm-do-build-during-deployment: false"), 11),
        (PATH, workflow("sku: flexconsumption"), 11),
        (PATH, workflow("sku: flexconsumption\n          enable-oryx-build: true"), 11),
        (PATH, workflow("sku: FlexConsumption\n          remote-build: false"), 11),
        (
            PATH,
            "steps:\n  - uses: azure/functions-action@v1\n    with:\n      package: release.zip\n",
            2,
        ),
        (
            "azure-pipelines.yml",
            "steps:\n- script: pip install -r requirements.txt\n- task: AzureFunctionApp@1\n",
            3,
        ),
        ("deploy.ps1", "func azure functionapp publish shop --no-build\n", 1),
        ("Makefile", "deploy:\n\tfunc azure functionapp publish $(APP) --no-build\n", 2),
        ("justfile", "deploy:\n    func azure functionapp publish shop --no-build\n", 2),
        (PATH, "jobs: {deploy: {steps: [{'uses': 'Azure/functions-action@v1'}]}}\n", 1),
        (
            PATH,
            (
                "steps:\n  - uses: actions/checkout@v5\n    with: &built {remote-build: true}\n"
                '  - name: "Publish # 1"\n    with:\n      package: &folder .\n    # as it is\n'
                "    uses: azure/functions-action@v1\n"
            ),
            8,
        ),
        (
            "azure-pipelines.yml",
            "steps:\n- ${{ if true }}:\n  - inputs: {Remote-Build: false}\n    task: AzureFunctionApp@2\n",
            4,
        ),
        (
            PATH,
            "steps:\n  - run: >\n      echo it is\n      func azure functionapp\n      publish shop\n      --no-build\n",
            4,
        ),
        (
            PATH,
            (
                "steps:\n  - run: func azure functionapp publish shop --no-build --build-remote\n"
                "  - run: |\n      # func azure functionapp publish a --no-build\n"
                "      echo; func azure functionapp publish shop --no-build\n"
            ),
            5,
        ),
        (PATH, "steps:\n  - run: func azure functionapp publish shop --no-build\n", 2),
        (
            PATH,
            (
                'steps:\n  - run: "func azure \\\n      functionapp publish a --no-build"\n'
                "  - run: func azure functionapp publish c\n"
            ),
            2,
        ),
        (PATH, 'run: "echo\\nfunc azure functionapp publish shop --no-build"\n', 1),
        ("deploy.sh", "func azure functionapp publish shop \\\n  --no-build\n", 1),
        ("deploy.ps1", "func azure functionapp publish shop `\r\n  --no-build\r\n", 1),
        ("deploy.sh", "func azure \\\n  functionapp publish shop --no-build\n", 1),
        (PATH, "steps:\n  - uses:\tAzure/functions-action@v1\n", 2),
        (PATH, "name: x\t# c\n\t\nsteps:\t\r\n  - uses: Azure/functions-action@v1\n", 4),
        (PATH, workflow(f"package: ${{{{ format('{'a' * 300}') }}}}"), 11),
        (
            "p.yml",
            "- task: AzureFunctionApp@2\n  ${{ if true }}:\n    inputs: {remote-build: false}\n",
            1,
        ),
    ],
)
def test_packages_are_missing(path: str, text: str, line: int, plant: Plant) -> None:
    [found] = find_problems(plant({"requirements.txt": NEEDS, path: text}), "AF7")
    assert (found.code, found.path, found.line) == ("AF707", path, line)


@pytest.mark.parametrize(("plan", "codes"), [(CONSUMPTION, ["AF707"]), (FLEX, []), ("", [])])
def test_the_azure_cli_has_an_app_built_on_one_plan(
    plan: str, codes: list[str], plant: Plant
) -> None:
    script = (
        "zip -r app.zip .\naz functionapp deployment source config-zip -n x \\\n  --src app.zip\n"
    )
    files = {"requirements.txt": NEEDS, "infra/main.bicep": plan, "deploy.sh": script}
    assert [found.code for found in find_problems(plant(files), "AF7")] == codes


@pytest.mark.parametrize(
    "files",
    [
        {PATH: workflow("scm-do-build-during-deployment: true")},
        {PATH: workflow("enable-oryx-build: 'true'")},
        {PATH: workflow("remote-build: true")},
        {PATH: workflow("remote-build: ${{ inputs.remote }}")},
        {PATH: workflow(install="-r requirements.txt --target=.python_packages/lib/site-packages")},
        {PATH: workflow(install="-r requirements.txt -t .")},
        {PATH: workflow(install="-r requirements.txt\n      - run: ./build.sh")},
        {PATH: workflow(install="-r requirements.txt\n      - run: python build.py")},
        {"Makefile": "include a.mk\nb:\n\tfunc azure functionapp publish shop --no-build\n"},
        {PATH: workflow(install="-r requirements.txt\n      - uses: ./.github/actions/build")},
        {PATH: workflow(), "requirements.txt": "azure-functions\n"},
        {PATH: workflow(), ".python_packages/lib/x.py": ""},
        {PATH: workflow("package: web"), "web/package.json": "{}"},
        {
            PATH: workflow(),
            "infra/main.bicep": "var x = {\n  SCM_DO_BUILD_DURING_DEPLOYMENT: 'true'\n}\n",
        },
        {PATH: "steps:\n  - uses: actions/setup-node@v4\n  - uses: Azure/functions-action@v1\n"},
        {
            PATH: "steps:\n  - uses: actions/download-artifact@v4\n  - uses: Azure/functions-action@v1\n"
        },
        {PATH: "# - uses: Azure/functions-action@v1\n"},
        {PATH: workflow('"remote-build" : "TRUE"')},
        {PATH: workflow("Remote-Build: &yes true")},
        {PATH: workflow("<<: {enable-oryx-build: true}")},
        {PATH: "x: &x {remote-build: true}\ny: [{uses: Azure/functions-action@v1, with: *x}]\n"},
        {"p.yml": "- task: AzureFunctionApp@2\n  inputs: ${{ parameters.inputs }}\n"},
        {
            "p.yml": "- task: AzureFunctionApp@2\n  inputs:\n    ${{ if true }}:\n      remote-build: true\n"
        },
        {
            "p.yml": "- task: AzureFunctionApp@2\n  ${{ if true }}:\n    inputs:\n      remote-build: true\n"
        },
        {
            "p.yml": "- task: AzureFunctionApp@2\n  inputs:\n    ${{ insert }}: ${{ parameters.inputs }}\n"
        },
        {"p.yml": "- task: AzureFunctionApp@2\n  ${{ insert }}: ${{ parameters.more }}\n"},
        {
            "p.yml": (
                "- task: AzureFunctionApp@2\n  inputs:\n    ${{ each p in parameters.inputs }}:\n"
                "      ${{ p.key }}: ${{ p.value }}\n"
            )
        },
        {PATH: workflow("package: 'web'"), "web/package.json": "{}"},
        {
            PATH: "run: >-\n  az functionapp deployment source config-zip -n x\n  --src a.zip --build-remote true\n"
        },
        {
            PATH: "run: |\n  # func azure functionapp publish a --no-build\n  func azure functionapp publish a\n"
        },
        # Not YAML, so that nothing runs it.
        {PATH: workflow("- package: .")},
        {PATH: "steps:\n\t- uses: Azure/functions-action@v1\n"},
        {PATH: workflow("enabled: false\n          remote-build: true")},
        {PATH: workflow("uses: x\n          enabled: false\n          remote-build: true")},
        {PATH: "name: uses Azure/functions-action@v1\n"},
        {PATH: "steps:\n  - name: Azure/functions-action@v1\n"},
        {PATH: "steps:\n  - uses: Azure/webapps-deploy@v3\n"},
        {PATH: "steps:\n  - run: func azure functionapp publish shop\n"},
        {
            "deploy.ps1": "az functionapp deployment source config-zip -n x --src a.zip --build-remote true\n"
        },
        {
            "deploy.ps1": "az functionapp deployment source config-zip -n x `\r\n  --src a.zip --build-remote true\n"
        },
    ],
)
def test_packages_are_there(files: Files, plant: Plant) -> None:
    assert find_problems(plant({"requirements.txt": NEEDS, **files}), "AF707") == []


def test_the_fix_is_that_of_the_plan(plant: Plant) -> None:
    files: Files = {"requirements.txt": NEEDS, PATH: workflow()}
    [found] = find_problems(plant(files), "AF707")
    assert found.fix.startswith(
        "Add remote-build: true on the Flex Consumption plan, and on others"
    )
    assert "scm-do-build-during-deployment: true" in found.fix
    [found] = find_problems(plant({**files, "infra/main.bicep": CONSUMPTION}), "AF707")
    assert "scm-do-build-during-deployment: true" in found.fix
    assert "remote-build" not in found.fix
    [found] = find_problems(plant({**files, "infra/main.bicep": FLEX}), "AF707")
    assert "remote-build: true" in found.fix


BUILT = "scm-do-build-during-deployment: true\n          enable-oryx-build: true"


@pytest.mark.parametrize(
    ("given", "infra", "count"),
    [
        (BUILT, FLEX, 1),
        (BUILT, CONSUMPTION, 0),
        (BUILT, "", 0),
        (f"{BUILT}\n          remote-build: true", FLEX, 0),
        ("sku: flexconsumption\n          remote-build: true", "", 0),
        ("sku: flexconsumption\n          remote-build: ${{ inputs.build }}", "", 0),
        ("sku: flexconsumption\n          remote-build: yes", "", 0),
        ("sku: flexconsumption\n          remote-build: 1", "", 0),
        ("sku: ${{ vars.SKU }}\n          enable-oryx-build: true", FLEX, 0),
        ("sku: dynamic\n          enable-oryx-build: true", FLEX, 0),
    ],
)
def test_what_has_azure_build_the_app(given: str, infra: str, count: int, plant: Plant) -> None:
    """On the Flex Consumption plan, the action passes on remote-build only."""
    files: Files = {"requirements.txt": NEEDS, PATH: workflow(given), "infra/main.bicep": infra}
    assert len(find_problems(plant(files), "AF707")) == count


@pytest.mark.parametrize("infra", ["infra/main.bicep", "../infra/main.bicep"])
def test_a_plan_beside_several_apps_may_be_that_of_another(infra: str, plant: Plant) -> None:
    built = f"package: app\n          {BUILT}"
    other = "package: other\n          sku: flexconsumption\n          remote-build: true"
    app = plant(
        {
            "requirements.txt": NEEDS,
            infra: FLEX,
            "../.git/HEAD": "",
            "../other/host.json": "{}",
            f"../{PATH}": workflow(built),
            "../.github/workflows/other.yml": workflow(other),
        }
    )
    assert len(find_problems(app, "AF707")) == (0 if infra.startswith("..") else 1)


def test_another_step_may_publish_elsewhere(plant: Plant) -> None:
    step = "      - uses: azure/functions-action@v1\n        with:\n"
    flex = f"{step}          sku: flexconsumption\n          remote-build: true\n"
    files: Files = {"requirements.txt": NEEDS, PATH: workflow(BUILT) + flex}
    assert find_problems(plant(files), "AF707") == []


@pytest.mark.parametrize(("text", "count"), [("package: app", 1), ("package: other", 0)])
def test_a_workflow_of_a_repository_with_other_apps(text: str, count: int, plant: Plant) -> None:
    app = plant(
        {"requirements.txt": NEEDS, f"../{PATH}": workflow(text), "../other/host.json": "{}"}
    )
    found = find_problems(app, "AF707")
    assert [f.path for f in found] == [f"../{PATH}"] * count


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PATH, workflow().replace("- name: Publish", "- if: false")),
        (PATH, workflow().replace("- name: Publish", "- if: ${{ false }}")),
        (PATH, workflow().replace("runs-on: ubuntu-latest", "if: false")),
        ("azure-pipelines.yml", "steps:\n- task: AzureFunctionApp@2\n  enabled: false\n"),
        (
            "azure-pipelines.yml",
            "jobs:\n- job: publish\n  condition: False\n  steps:\n  - task: AzureFunctionApp@2\n",
        ),
        (
            "azure-pipelines.yml",
            "steps:\n- script: func azure functionapp publish shop --no-build\n  condition: false\n",
        ),
    ],
)
def test_steps_and_jobs_that_never_run(path: str, text: str, plant: Plant) -> None:
    root = plant({"requirements.txt": NEEDS, path: text})
    assert find_problems(root, "AF707") == []
    for off in (
        "if: false",
        "if: ${{ false }}",
        "enabled: false",
        "condition: false",
        "condition: False",
    ):
        text = text.replace(off, "continueOnError: true")
    assert find_problems(plant({"requirements.txt": NEEDS, path: text}), "AF707") != []


def test_a_step_that_never_runs_and_installs_packages_elsewhere(plant: Plant) -> None:
    install = "      - {}\n        run: pip install --target=.python_packages -r requirements.txt\n"
    text = workflow().replace("      - name: Publish\n", install + "      - name: Publish\n")
    for off, count in (("if: false", 0), ("id: install", 1)):
        files: Files = {"requirements.txt": NEEDS, PATH: text.replace("{}", off)}
        assert len(find_problems(plant(files), "AF707")) == count
