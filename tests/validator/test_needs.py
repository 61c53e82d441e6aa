"""AF415 and AF414 to AF406: what the app needs and does not get."""

from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Files, Judged, Plant, judge

ORCHESTRATION = """
import azure.functions as func

bp = func.Blueprint()


@bp.orchestration_trigger(context_name="context")
def orders(context):
    yield 1
"""
DOCKER = "FROM mcr.microsoft.com/azure-functions/python:4-python{}\nRUN pip install x\nCOPY . .\n"


def test_durable_functions_need_their_library(plant: Plant, judged: Judged) -> None:
    [found] = judged(plant({"blueprints/orders.py": ORCHESTRATION}), "AF415")
    assert found.path == "blueprints/orders.py"


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "azure_functions\nAzure-Functions_Durable>=1.3\n"},
        {"requirements.txt": "azure-functions\nagent-framework-azurefunctions\n"},
        {"requirements.txt": "azure-functions\n-e .\n"},
        {"requirements.txt": None},
        {"blueprints/orders.py": "import azure.durable_functions as df\n" + ORCHESTRATION},
        {"blueprints/orders.py": HEALTHY["blueprints/orders.py"]},
    ],
)
def test_durable_functions_that_have_it(files: Files, plant: Plant, judged: Judged) -> None:
    assert judged(plant({"blueprints/orders.py": ORCHESTRATION, **files}), "AF415") == []


def test_a_file_hides_a_package(plant: Plant) -> None:
    files: Files = {
        "requirements.txt": "azure-functions\nopenai\n",
        "blueprints/hello.py": "from openai import AzureOpenAI\n",
        "openai.py": "from openai import AzureOpenAI\n",
    }
    [found] = judge(plant(files), "AF414")
    assert (found.path, found.line) == ("openai.py", 1)


def test_a_file_hides_a_package_of_another_name(plant: Plant) -> None:
    files: Files = {
        "requirements.txt": "azure-functions\nPyYAML\n",
        "blueprints/hello.py": "import yaml\n",
        "yaml.py": "",
    }
    assert [found.path for found in judge(plant(files), "AF414")] == ["yaml.py"]


def test_the_failure_that_it_causes_is_told_once(plant: Plant, worker_python: Path) -> None:
    files: Files = {
        "requirements.txt": "azure-functions\nopenai\n",
        "function_app.py": "import openai\n",
        "openai.py": "from openai import AzureOpenAI\n",
    }
    found = judge(plant(files), "AF", worker_python)
    assert [found.path for found in found if found.code in ("AF101", "AF414")] == ["openai.py"]


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "azure-functions\n", "openai.py": ""},
        {"requirements.txt": "azure-functions\nopenai\n", "shared/openai.py": ""},
        {"requirements.txt": "azure-functions\nopenai-tools\n", "openai.py": ""},
    ],
)
def test_files_that_hide_nothing(files: Files, plant: Plant) -> None:
    assert judge(plant({"blueprints/hello.py": "import openai\n", **files}), "AF414") == []


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
    [found] = judge(plant(files), "AF424")
    assert (found.code, found.path) == ("AF424", "blueprints/hello.py")


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
    assert judge(app, "AF424") == []


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"requirements-dev.txt": "-r requirements.txt\n"},
        {"Dockerfile": "FROM x\nCOPY requirements.txt /\nRUN pip install -r /requirements.txt\n"},
        {"pyproject.toml": "# No dependencies here.\n[tool.ruff]\nline-length = 100\n"},
    ],
)
def test_no_requirements_at_all(files: Files, plant: Plant, judged: Judged) -> None:
    [found] = judged(plant({"requirements.txt": None, ".git/HEAD": "", **files}), "AF408")
    assert found.path == "function_app.py"


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": ""},
        {"pyproject.toml": '[project]\ndependencies = ["azure-functions"]\n'},
        {"Dockerfile": "FROM ours\nRUN pip install pandas\n"},
        {"requirements.in": "azure-functions\n"},
        {"requirements/base.txt": "azure-functions\n"},
        {"../requirements.txt": "azure-functions\n", "../.git/HEAD": ""},
        {"uv.lock": ""},
    ],
)
def test_requirements_of_another_kind(files: Files, plant: Plant) -> None:
    assert judge(plant({"requirements.txt": None, ".git/HEAD": None, **files}), "AF408") == []


def test_a_folder_that_is_no_app(plant: Plant) -> None:
    app = plant({"requirements.txt": None, "host.json": None, ".git/HEAD": ""})
    assert judge(app, "AF408") == []


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"requirements.txt": "azure-functions\n-c limits.txt\n"}, "requirements.txt:2"),
        (
            {"requirements.txt": "-r lib/base.txt\n", "lib/base.txt": "x\n--constraint ../c.txt\n"},
            "lib/base.txt:2",
        ),
    ],
)
def test_constraints_that_are_missing(files: Files, place: str, plant: Plant) -> None:
    [found] = judge(plant(files), "AF406")
    assert f"{found.path}:{found.line}" == place


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "azure-functions\n-c limits.txt # why\n", "limits.txt": ""},
        {"requirements.txt": "azure-functions\n-c https://example.com/limits.txt\n"},
        {"requirements.txt": "azure-functions\n# -c limits.txt\n"},
        {"requirements.txt": None},
    ],
)
def test_constraints_that_are_there(files: Files, plant: Plant) -> None:
    assert judge(plant(files), "AF406") == []
