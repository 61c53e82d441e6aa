"""AF411 to AF413: imports that nothing brings, and modules that hide others."""

from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Files, Plant, judge


def importing(line: str, requirements: str) -> Files:
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
def test_an_import_that_nothing_brings(
    line: str, requirements: str, missing: str, plant: Plant
) -> None:
    [found] = judge(plant(importing(line, requirements)), "AF41")
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
def test_an_import_that_something_brings(line: str, requirements: str, plant: Plant) -> None:
    assert judge(plant(importing(line, requirements)), "AF41") == []


def test_an_import_inside_of_a_function_fails_later(plant: Plant) -> None:
    files = importing("def later():\n    import requests", "")
    assert [found.code for found in judge(plant(files), "AF41")] == ["AF412"]


def test_what_the_app_does_not_import_needs_no_requirement(plant: Plant) -> None:
    app = plant({"tests/test_a.py": "import requests\n", "scripts/load.py": "import pandas\n"})
    assert judge(app, "AF41") == []


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
    found = judge(plant({path: "x = 1\n"}), "AF413")
    assert [Path(item.path).as_posix() for item in found] == ([path] if hidden else [])
