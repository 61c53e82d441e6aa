"""The Python that the app runs on in Azure, on New Year's Day of 2027."""

import pytest

from tests.support.validator import Files, Find, Plant, find_problems
from tests.validator.rules.plan_files import CONSUMPTION, FLEX, site

IMAGE = "FROM mcr.microsoft.com/azure-functions/python:4-python{}\n"
POETRY = '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\npython = "{}"\n'
DOCKER = f"{IMAGE}RUN pip install x\nCOPY . .\n"


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ({"Dockerfile": IMAGE.format("3.13")}, []),
        ({"Dockerfile": IMAGE.format("3.11-appservice")}, []),
        ({"Dockerfile": IMAGE.format("3.10")}, ["AF422"]),
        ({"Dockerfile": "# " + IMAGE.format("3.8") + IMAGE.format("3.12")}, []),
        ({"Dockerfile": IMAGE.format("3.99")}, ["AF421"]),
        ({"Dockerfile": "FROM python:3.8\n"}, []),
        ({".python-version": "3.9.18\n"}, ["AF422"]),
        ({".python-version": "3.12\n"}, []),
        ({".python-version": "our-environment\n"}, []),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.9"\n'}, []),
        ({"pyproject.toml": '[project]\nrequires-python = "==3.9.*"\n'}, ["AF422"]),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.8,<3.10"\n'}, ["AF422"]),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.9,<4"\n'}, []),
        ({"pyproject.toml": POETRY.format(">=3.8,<3.10")}, ["AF422"]),
        ({"pyproject.toml": POETRY.format("~3.9")}, ["AF422"]),
        ({"pyproject.toml": POETRY.format("3.9.*")}, ["AF422"]),
        ({"pyproject.toml": POETRY.format("^3.9")}, []),
        ({"pyproject.toml": POETRY.format("^3.8 || ^3.9")}, []),
        ({"pyproject.toml": POETRY.format("^3.9.0rc1,<3.10")}, []),
        ({"pyproject.toml": POETRY.format(">=3.10,<3.16")}, []),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.10,<3.16"\n'}, []),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.15,<3.17"\n'}, ["AF421"]),
        ({"pyproject.toml": '[project]\nrequires-python = "==3.9.4"\n'}, ["AF422"]),
        ({"pyproject.toml": '[project]\nrequires-python = "~3.9"\n'}, []),
        ({"infra/main.bicep": "linuxFxVersion: 'Python|3.9'\n"}, ["AF422"]),
        ({"infra/main.bicep": "linuxFxVersion: 'Python|3.13'\n"}, []),
    ],
)
def test_versions_that_azure_does_not_run_or_support(
    files: Files, codes: list[str], plant: Plant
) -> None:
    assert [found.code for found in find_problems(plant(files), "AF42")] == codes


def test_it_names_versions_with_support(plant: Plant) -> None:
    [found] = find_problems(plant({".python-version": "3.10\n"}), "AF42")
    assert found.fix.startswith("Choose 3.11, 3.12, ")


def test_it_names_versions_that_the_plan_runs(plant: Plant) -> None:
    files = {".python-version": "3.10\n", "infra/main.bicep": CONSUMPTION}
    [found] = find_problems(plant(files), "AF42")
    assert found.fix == "Choose 3.11 or 3.12."


@pytest.mark.parametrize(
    ("python", "requirement"),
    [
        ("3.11", "azure-functions==2.3.0"),
        ("3.12", "azure-functions>=2,<3"),
        ("3.12", "azure-functions>2"),
        ("3.12", "azure-functions~=2.1"),
        ("3.12", "azure-functions==2.*"),
        ("3.13", "azure-functions==1.26.0"),
        ("3.14", "azure-functions>=1.26,<2"),
    ],
)
def test_a_library_for_other_pythons(python: str, requirement: str, plant: Plant) -> None:
    files: Files = {"Dockerfile": DOCKER.format(python), "requirements.txt": f"{requirement}\n"}
    [found] = find_problems(plant(files), "AF423")
    assert (found.path, found.line) == ("requirements.txt", 1)


@pytest.mark.parametrize(
    ("python", "requirement"),
    [
        ("3.11", "azure-functions==1.26.0"),
        ("3.11", "azure-functions<3"),
        ("3.12", "azure-functions>=1.20"),
        ("3.12", "azure-functions>=2; python_version >= '3.13'"),
        ("3.13", "azure-functions==1.21.3"),
        ("3.13", "azure-functions>=1.26"),
        ("3.13", "azure-functions>=1.26,!=2.0"),
        ("3.13", "azure-functions>=1.20,<2"),
        ("3.13", "azure-functions==2.3.0"),
        ("3.13", "azure-functions>=1.26,<3"),
    ],
)
def test_a_library_that_fits(python: str, requirement: str, plant: Plant) -> None:
    files: Files = {"Dockerfile": DOCKER.format(python), "requirements.txt": f"{requirement}\n"}
    assert find_problems(plant(files), "AF423") == []


@pytest.mark.parametrize(
    "stated",
    [
        {".python-version": "3.12.3\n"},
        {"infra/main.bicep": "linuxFxVersion: 'Python|3.12'\n"},
        {"pyproject.toml": '[project]\nrequires-python = ">=3.11,<3.13"\n'},
        {"pyproject.toml": '[project]\nrequires-python = "==3.12.*"\n'},
    ],
)
def test_the_python_is_known_from_other_files(stated: Files, plant: Plant) -> None:
    files: Files = {"requirements.txt": "azure-functions==2.3.0\n", **stated}
    assert [found.code for found in find_problems(plant(files), "AF423")] == ["AF423"]


@pytest.mark.parametrize(
    ("bounds", "requirement"),
    [
        (">=3.11", "azure-functions==2.3.0"),
        (">=3.12,<3.14", "azure-functions==2.3.0"),
        (">=3.12,<3.14", "azure-functions==1.26.0"),
        (">=3.11,<3.13", "azure-functions==1.26.0"),
    ],
)
def test_a_library_for_one_of_the_pythons_that_pyproject_takes(
    bounds: str, requirement: str, plant: Plant
) -> None:
    files: Files = {
        "requirements.txt": f"{requirement}\n",
        "pyproject.toml": f'[project]\nrequires-python = "{bounds}"\n',
    }
    assert find_problems(plant(files), "AF423") == []


def test_another_file_beats_what_pyproject_takes(plant: Plant) -> None:
    files: Files = {
        "requirements.txt": "azure-functions==2.3.0\n",
        ".python-version": "3.13\n",
        "pyproject.toml": '[project]\nrequires-python = "<3.13"\n',
    }
    assert find_problems(plant(files), "AF423") == []


def test_the_python_is_not_known_where_two_files_disagree(plant: Plant) -> None:
    files: Files = {
        "requirements.txt": "azure-functions==2.3.0\n",
        ".python-version": "3.12\n",
        "Dockerfile": DOCKER.format("3.13"),
    }
    assert find_problems(plant(files), "AF423") == []


@pytest.mark.parametrize(
    ("python", "line"),
    [
        ("3.10", "import tomllib"),
        ("3.10", "from datetime import UTC, datetime"),
        ("3.11", "from typing import override"),
        ("3.12", "import distutils.util"),
        ("3.13", "from cgi import parse_header"),
        ("3.13", "def hello():\n    import telnetlib"),
    ],
)
def test_modules_of_another_python(python: str, line: str, plant: Plant) -> None:
    files: Files = {"Dockerfile": DOCKER.format(python), "blueprints/hello.py": f"{line}\n"}
    [found] = find_problems(plant(files), "AF424")
    assert found.path == "blueprints/hello.py"


@pytest.mark.parametrize(
    ("python", "line", "files"),
    [
        ("3.11", "import tomllib", {}),
        ("3.12", "import cgi", {}),
        ("3.11", "import distutils", {}),
        ("3.10", "try:\n    import tomllib\nexcept ImportError:\n    import tomli", {}),
        ("3.10", "from typing_extensions import override", {}),
        ("3.13", "import cgi", {"cgi.py": ""}),
        ("3.13", "import cgi", {"requirements.txt": "azure-functions\nlegacy-cgi\n"}),
        ("3.12", "import distutils", {"requirements.txt": "azure-functions\nsetuptools\n"}),
        ("3.13", "import cgi", {".python-version": "3.11\n"}),
    ],
)
def test_modules_that_the_python_has(python: str, line: str, files: Files, plant: Plant) -> None:
    app = plant({"Dockerfile": DOCKER.format(python), "blueprints/hello.py": f"{line}\n", **files})
    assert find_problems(app, "AF424") == []


@pytest.mark.parametrize(
    "files",
    [
        {".python-version": "3.12.4\n"},
        {"pyproject.toml": '[project]\nrequires-python = ">=3.10,<3.13"\n'},
        {"pyproject.toml": POETRY.format("~3.12")},
        {".python-version": "3.12\n", "pyproject.toml": '[project]\nrequires-python = ">=3.13"\n'},
    ],
)
def test_an_image_with_another_python(files: Files, plant: Plant, find: Find) -> None:
    [found] = find(plant({"Dockerfile": DOCKER.format("3.13"), **files}), "AF425")
    assert (found.path, found.line) == ("Dockerfile", 1)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {".python-version": "3.13\n"},
        {"pyproject.toml": '[project]\nrequires-python = ">=3.13.1,<3.14"\n'},
        {"pyproject.toml": POETRY.format("^3.12")},
        {"pyproject.toml": '[project]\nrequires-python = ">=3.10,<=3.13"\n'},
        {"Dockerfile": "FROM python:3.13\nCOPY . /app\n", ".python-version": "3.12\n"},
    ],
)
def test_an_image_with_the_same_python(files: Files, plant: Plant, find: Find) -> None:
    assert find(plant({"Dockerfile": DOCKER.format("3.13"), **files}), "AF425") == []


REQUIRES = '[project]\nrequires-python = "{}"\n'
TERRAFORM = """
resource "azurerm_function_app_flex_consumption" "app" {{
  runtime_name    = "python"
  runtime_version = "{}"
}}
"""
LINUX = """
resource "azurerm_linux_function_app" "app" {{
  site_config {{
    application_stack {{
      python_version = "{}"
    }}
  }}
}}
"""
PASSED = "module app 'app.bicep' = {\n  params: {\n    pythonVersion: '3.10'\n  }\n}\n"


@pytest.mark.parametrize(
    ("files", "places"),
    [
        ({"infra/main.bicep": site(version="'3.10'")}, [("AF422", "infra/main.bicep", 22)]),
        ({"infra/main.bicep": site(version="'3.5'")}, [("AF421", "infra/main.bicep", 22)]),
        ({"infra/main.bicep": site(version="'3.13'")}, []),
        (
            {"infra/main.bicep": site(version="v") + "param v string = '3.10'\n"},
            [("AF422", "infra/main.bicep", 27)],
        ),
        (
            {"infra/main.bicep": PASSED, "infra/app.bicep": site(version="pythonVersion")},
            [("AF422", "infra/main.bicep", 3)],
        ),
        ({"infra/main.bicep": site(version="given()")}, []),
        ({"infra/main.bicep": site(version="'3.10'").replace("'python'", "'node'")}, []),
        ({"infra/main.bicep": site(version="'8.0'").replace("'python'", "'dotnet-isolated'")}, []),
        ({"infra/main.tf": TERRAFORM.format("3.10")}, [("AF422", "infra/main.tf", 3)]),
        ({"infra/main.tf": TERRAFORM.format("3.12")}, []),
        ({"pyproject.toml": POETRY.format("~3.10")}, [("AF422", "pyproject.toml", 4)]),
        ({"infra/main.tf": LINUX.format("3.10")}, [("AF422", "infra/main.tf", 4)]),
        (
            {"infra/main.bicep": site(version="'3.12'"), ".python-version": "3.13\n"},
            [("AF425", "infra/main.bicep", 22)],
        ),
        (
            {
                "infra/main.bicep": site(version="'3.12'"),
                "infra/other.bicep": site(version="'3.11'"),
                ".python-version": "3.12\n",
            },
            [],
        ),
        (
            {
                "infra/main.bicep": site(version="'3.12'"),
                "pyproject.toml": REQUIRES.format(">=3.13"),
            },
            [("AF425", "infra/main.bicep", 22)],
        ),
        (
            {".python-version": "3.11\n", "pyproject.toml": REQUIRES.format(">=3.12")},
            [("AF425", ".python-version", 1)],
        ),
        (
            {".python-version": "3.13.1\n", "pyproject.toml": REQUIRES.format(">=3.11,<3.13")},
            [("AF425", ".python-version", 1)],
        ),
        ({".python-version": "3.12\n", "pyproject.toml": REQUIRES.format(">=3.12.4")}, []),
        ({".python-version": "3.12\n", "pyproject.toml": REQUIRES.format(">=3.11")}, []),
        ({".python-version": "3.12.4\n", "pyproject.toml": REQUIRES.format("==3.12.4")}, []),
        ({".python-version": "3.12\n", "pyproject.toml": POETRY.format("^3.12.4,<3.12.9")}, []),
        ({".python-version": "ours\n", "pyproject.toml": REQUIRES.format(">=3.12")}, []),
        ({"../infra/main.bicep": site(version="'3.10'")}, [("AF422", "../infra/main.bicep", 22)]),
        (
            {
                "../infra/a.bicep": site(version="'3.10'"),
                "../infra/b.bicep": site(version="'3.12'"),
            },
            [],
        ),
    ],
)
def test_the_python_of_the_infrastructure(
    files: Files, places: list[tuple[str, str, int]], plant: Plant
) -> None:
    found = find_problems(plant(files), "AF42")
    assert [(f.code, f.path, f.line) for f in found] == places


@pytest.mark.parametrize(
    ("python", "infra", "codes"),
    [
        ("3.13", CONSUMPTION, ["AF421"]),
        ("3.12", CONSUMPTION, []),
        ("3.13", FLEX, []),
        ("3.13", "", []),
        ("3.9", FLEX, ["AF421"]),
        ("3.10", FLEX, ["AF422"]),
    ],
)
def test_the_newest_and_oldest_python_of_a_plan(
    python: str, infra: str, codes: list[str], plant: Plant
) -> None:
    found = find_problems(plant({".python-version": python, "infra/main.bicep": infra}), "AF42")
    assert [f.code for f in found] == codes
    assert all("Consumption plan" in f.message for f in found if f.code == "AF421")


STACK_38 = "linuxFxVersion: 'PYTHON|3.8'\n"
CREATE = "az functionapp create --name x \\\n    {}\n"
SET_STACK = "az functionapp config set --name x {}\n"


@pytest.mark.parametrize(
    ("files", "paths"),
    [
        ({"infra/main.bicep": f"// {STACK_38}"}, []),
        ({"infra/main.bicep": f"/*\n{STACK_38}*/\n"}, []),
        ({"infra/main.tf": '# linux_fx_version = "PYTHON|3.8"\n'}, []),
        ({"infra/main.json": '{\n// "linuxFxVersion": "PYTHON|3.8"\n}\n'}, []),
        ({"infra/main.bicep": f"{STACK_38}// or PYTHON|3.9\n"}, ["infra/main.bicep"]),
        ({"deploy/app.bicep": STACK_38}, ["deploy/app.bicep"]),
        ({"infra/main.tf": 'linux_fx_version = "PYTHON|3.8"\n'}, ["infra/main.tf"]),
        ({"infra/main.bicepparam": STACK_38}, ["infra/main.bicepparam"]),
        ({"infra/app.json": '{"linuxFxVersion": "PYTHON|3.8"}'}, ["infra/app.json"]),
        (
            {"azuredeploy.json": '{"a": "https://a.b", "linuxFxVersion": "PYTHON|3.8"}'},
            ["azuredeploy.json"],
        ),
        ({"main.json": '{"linuxFxVersion": "PYTHON|3.8"}'}, ["main.json"]),
        *(
            ({path: '{"linuxFxVersion": "PYTHON|3.8"}'}, [path])
            for path in ("infra.json", "infrastructure.json", "template.json", "arm/template.json")
        ),
        ({"templates.json": '{"linuxFxVersion": "PYTHON|3.8"}'}, []),
        ({"deploy.sh": SET_STACK.format('--linux-fx-version "Python|3.8"')}, ["deploy.sh"]),
        ({"deploy.ps1": SET_STACK.format("--linux-fx-version='python|3.8'")}, ["deploy.ps1"]),
        ({"deploy.sh": SET_STACK.format("--linux-fx-version python\\|3.8")}, ["deploy.sh"]),
        ({"deploy.sh": SET_STACK.format("--linux-fx-version 'Python|3.13'")}, []),
        ({"deploy.sh": SET_STACK.format("--linux-fx-version 'Node|3.8'")}, []),
        ({"deploy.sh": "# " + SET_STACK.format("--linux-fx-version 'Python|3.8'")}, []),
        ({"deploy.sh": CREATE.format("--runtime python --runtime-version 3.8")}, ["deploy.sh"]),
        ({"deploy.sh": CREATE.format('--runtime="python" --runtime-version="3.8"')}, ["deploy.sh"]),
        (
            {"deploy.yml": f"run: |\n  {CREATE.format('--runtime python --runtime-version 3.8')}"},
            ["deploy.yml"],
        ),
        ({"deploy.sh": CREATE.format("--runtime python --runtime-version 3.13")}, []),
        ({"deploy.sh": CREATE.format("--runtime python --runtime-version $PYTHON")}, []),
        ({"deploy.sh": CREATE.format("--runtime node --runtime-version 3.8")}, []),
        ({"deploy.sh": "az webapp create --runtime python --runtime-version 3.8\n"}, []),
        ({"../infra/main.bicep": STACK_38}, ["../infra/main.bicep"]),
        ({"../infra/app.json": '{"linuxFxVersion": "PYTHON|3.8"}'}, ["../infra/app.json"]),
        ({"../infra/a.bicep": STACK_38, "../infra/b.bicep": STACK_38.replace("8", "12")}, []),
        ({"../infra/a.bicep": STACK_38, "infra/b.bicep": STACK_38.replace("8", "12")}, []),
        ({"../infra/a.bicep": STACK_38, "infra/b.bicep": site(version="'3.12'")}, []),
    ],
)
def test_the_stack_of_a_site(files: Files, paths: list[str], plant: Plant) -> None:
    assert [found.path for found in find_problems(plant(files), "AF422")] == paths
