"""Imports that no requirement provides, and modules that hide others."""

from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

ORCHESTRATION = """
import azure.functions as func

bp = func.Blueprint()


@bp.orchestration_trigger(context_name="context")
def orders(context):
    yield 1
"""


def importing(line: str, requirements: str) -> Files:
    """Return an app with a line in a blueprint, and requirements besides azure-functions."""
    return {
        "blueprints/hello.py": f"{line}\n{HEALTHY['blueprints/hello.py']}",
        "requirements.txt": f"azure-functions\n{requirements}\n",
    }


@pytest.mark.parametrize(
    ("line", "requirements", "missing"),
    [
        ("import requests", "", "requests"),
        ("import yaml", "requests", "pyyaml"),
        ("import cv2", "numpy", "opencv-python"),
        ("from azure.storage.blob import BlobClient", "azure-identity", "azure-storage-blob"),
        ("from azure.cosmos.aio import CosmosClient", "azure-storage-blob", "azure-cosmos"),
        ("import azure.durable_functions as df", "", "azure-functions-durable"),
        ("import our_package", "requests", "our-package"),
        ("import pyodbc", "some-framework", "pyodbc"),
    ],
)
def test_an_import_that_no_requirement_provides(
    line: str, requirements: str, missing: str, plant: Plant
) -> None:
    [found] = find_problems(plant(importing(line, requirements)), "AF41")
    assert (found.code, found.path, found.line) == ("AF411", "blueprints/hello.py", 1)
    assert found.fix == f"Add {missing} to the requirements."


@pytest.mark.parametrize(
    ("line", "requirements"),
    [
        ("import json, distutils, tomllib", ""),
        ("import requests", "azure-storage-blob"),
        ("import numpy as np", "pandas"),
        ("import dateutil.parser", "python_dateutil>=2"),
        ("import yaml", "PyYAML"),
        ("import cv2", "opencv-contrib-python"),
        ("from azure.storage import blob", "azure-storage-blob"),
        ("from azure.core.exceptions import ResourceNotFoundError", "azure-data-tables"),
        ("from google.cloud import storage", "google-cloud-storage"),
        ("from opentelemetry.sdk import trace", "azure-monitor-opentelemetry"),
        ("import requests", "some-framework"),
        ("import framework", "some-framework"),
        ("import anything", "-e ."),
        ("try:\n    import anything\nexcept ImportError:\n    anything = None", ""),
        ("import typing\nif typing.TYPE_CHECKING:\n    import anything", ""),
        ("from blueprints import orders", ""),
        ("from . import orders", ""),
        ("from .orders import bp as other", ""),
    ],
)
def test_an_import_that_something_provides(line: str, requirements: str, plant: Plant) -> None:
    assert find_problems(plant(importing(line, requirements)), "AF41") == []


def test_an_import_inside_a_function_fails_later(plant: Plant) -> None:
    files = importing("def later():\n    import requests", "")
    assert [found.code for found in find_problems(plant(files), "AF41")] == ["AF412"]


def test_what_the_app_does_not_import_needs_no_requirement(plant: Plant) -> None:
    app = plant({"tests/test_a.py": "import requests\n", "scripts/load.py": "import pandas\n"})
    assert find_problems(app, "AF41") == []


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("logging.py", True),
        ("json/__init__.py", True),
        ("azure/__init__.py", True),
        ("json/data.txt", False),
        ("azure/notes.py", False),
        ("test/__init__.py", False),
        ("calendar.py", False),
        ("blueprints/logging.py", False),
    ],
)
def test_modules_that_hide_others(path: str, hidden: bool, plant: Plant) -> None:
    found = find_problems(plant({path: "x = 1\n"}), "AF413")
    assert [Path(item.path).as_posix() for item in found] == ([path] if hidden else [])


def test_a_file_hides_a_package(plant: Plant) -> None:
    files: Files = {
        "requirements.txt": "azure-functions\nopenai\n",
        "blueprints/hello.py": "from openai import AzureOpenAI\n",
        "openai.py": "from openai import AzureOpenAI\n",
    }
    [found] = find_problems(plant(files), "AF414")
    assert (found.path, found.line) == ("openai.py", 1)


def test_a_file_hides_a_package_of_another_name(plant: Plant) -> None:
    files: Files = {
        "requirements.txt": "azure-functions\nPyYAML\n",
        "blueprints/hello.py": "import yaml\n",
        "yaml.py": "",
    }
    assert [found.path for found in find_problems(plant(files), "AF414")] == ["yaml.py"]


def test_the_failure_that_it_causes_is_reported_once(plant: Plant, worker_python: Path) -> None:
    files: Files = {
        "requirements.txt": "azure-functions\nopenai\n",
        "function_app.py": "import openai\n",
        "openai.py": "from openai import AzureOpenAI\n",
    }
    found = find_problems(plant(files), "AF", worker_python)
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
    assert find_problems(plant({"blueprints/hello.py": "import openai\n", **files}), "AF414") == []


def test_durable_functions_need_their_library(plant: Plant, find: Find) -> None:
    [found] = find(plant({"blueprints/orders.py": ORCHESTRATION}), "AF415")
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
def test_durable_functions_that_may_have_it(files: Files, plant: Plant, find: Find) -> None:
    assert find(plant({"blueprints/orders.py": ORCHESTRATION, **files}), "AF415") == []


@pytest.mark.parametrize("line", ["uuid", "uuid==1.30"])
def test_the_requirement_uuid(line: str, plant: Plant) -> None:
    [found] = find_problems(plant({"requirements.txt": f"azure-functions\n{line}\n"}), "AF416")
    assert (found.path, found.line) == ("requirements.txt", 2)


@pytest.mark.parametrize("line", ["uuid; python_version < '3'", "uuid-utils", "asyncio"])
def test_packages_that_do_not_hide_uuid(line: str, plant: Plant) -> None:
    assert find_problems(plant({"requirements.txt": f"azure-functions\n{line}\n"}), "AF416") == []
