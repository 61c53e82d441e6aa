"""The Python with which a workflow installs the packages that it publishes."""

import pytest

from tests.support.validator import Files, Plant, find_problems
from tests.validator.rules.plan_files import FLEX

JOB = """\
env: {PYTHON: "%s"}
jobs:
  deploy:
    steps:
      - uses: actions/setup-python@v5
        with:
          python-version: %s
      - run: pip install -r requirements.txt %s
      - uses: Azure/functions-action@v1
"""
PIPELINE = """\
variables:
  python: "3.11"
steps:
- task: UsePythonVersion@0
  inputs:
    versionSpec: $(python)
- script: pip install -r requirements.txt --target=.python_packages/lib/site-packages
- task: AzureFunctionApp@2
"""
STACK = "  inputs:\n    runtimeStack: PYTHON|3.13\n"
LISTED = ('python: "3.11"', '- name: python\n    value: "3.11"')
# A text that ends in a new line.
BLOCK = "|\n            3.11"
TARGET = "--target=.python_packages/lib/site-packages"
WORKFLOW_PATH = ".github/workflows/deploy.yml"


@pytest.mark.parametrize(
    ("files", "path", "line", "other"),
    [
        (
            {WORKFLOW_PATH: JOB % ("", '"3.11"', TARGET), ".python-version": "3.13\n"},
            WORKFLOW_PATH,
            7,
            ".python-version names 3.13",
        ),
        (
            {
                WORKFLOW_PATH: JOB % ("3.11.9", "${{ env.PYTHON }}", TARGET),
                "pyproject.toml": '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.12"\n',
            },
            WORKFLOW_PATH,
            7,
            "pyproject.toml requires >=3.12",
        ),
        (
            {"azure-pipelines.yml": PIPELINE, ".python-version": "3.13\n"},
            "azure-pipelines.yml",
            6,
            ".python-version names 3.13",
        ),
        (
            {WORKFLOW_PATH: JOB % ("", BLOCK, TARGET), ".python-version": "3.13\n"},
            WORKFLOW_PATH,
            7,
            ".python-version names 3.13",
        ),
        (
            {
                "azure-pipelines.yml": PIPELINE
                + STACK.replace("PYTHON|3.13", "|\n      PYTHON|3.13")
            },
            "azure-pipelines.yml",
            6,
            "azure-pipelines.yml asks for Python 3.13",
        ),
        (
            {"azure-pipelines.yml": PIPELINE + STACK},
            "azure-pipelines.yml",
            6,
            "azure-pipelines.yml asks for Python 3.13",
        ),
        (
            {"azure-pipelines.yml": PIPELINE.replace(*LISTED) + STACK},
            "azure-pipelines.yml",
            7,
            "azure-pipelines.yml asks for Python 3.13",
        ),
    ],
)
def test_packages_for_another_python(
    files: Files, path: str, line: int, other: str, plant: Plant
) -> None:
    [found] = find_problems(plant(files), "AF425")
    assert (found.path, found.line) == (path, line)
    assert found.message == f"This job installs the packages for Python 3.11, but {other}."


@pytest.mark.parametrize(
    ("version", "install"),
    [
        ('"3.13"', TARGET),
        ('"3.x"', TARGET),
        ("${{ matrix.python }}", TARGET),
        ('"3.11"', ""),
        ('"3.11"', f"{TARGET} --python-version 3.13 --only-binary :all:"),
        (
            '"3.11"\n      - uses: actions/setup-python@v5\n        with: {python-version: "3.13"}',
            TARGET,
        ),
    ],
)
def test_packages_that_may_be_for_the_apps_python(version: str, install: str, plant: Plant) -> None:
    files: Files = {WORKFLOW_PATH: JOB % ("", version, install), ".python-version": "3.13\n"}
    assert find_problems(plant(files), "AF425") == []


def test_the_infrastructure_decides(plant: Plant) -> None:
    workflow = JOB % ("", '"3.11"', TARGET)
    bicep = f"{FLEX}\nvar x = {{\n  linuxFxVersion: 'Python|3.12'\n}}\n"
    files: Files = {WORKFLOW_PATH: workflow, "main.bicep": bicep, ".python-version": "3.11\n"}
    [found, _] = find_problems(plant(files), "AF425")
    assert (found.path, found.line) == (WORKFLOW_PATH, 7)
    assert "main.bicep asks for Python 3.12." in found.message
    files["main.bicep"] = bicep.replace("3.12", "3.11")
    files[".python-version"] = "3.13\n"
    assert [one.path for one in find_problems(plant(files), "AF425")] == ["main.bicep"]


@pytest.mark.parametrize(
    ("task", "codes"),
    [
        ("AzureFunctionApp@2", ["AF422", "AF425"]),
        ("AzureFunctionApp@1", ["AF422", "AF425"]),
        ("AzureWebApp@1", []),
    ],
)
def test_a_pipeline_that_sets_the_python(task: str, codes: list[str], plant: Plant) -> None:
    pipeline = f"steps:\n- task: {task}\n  inputs:\n    runtimeStack: 'Python|3.7'\n"
    found = find_problems(
        plant({"azure-pipelines.yml": pipeline, ".python-version": "3.13\n"}), "AF42"
    )
    assert [(one.code, one.path, one.line) for one in found] == [
        (code, "azure-pipelines.yml", 4) for code in codes
    ]
