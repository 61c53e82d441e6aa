"""Imports that no requirement provides."""

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
from tests.validator.rules.import_files import importing

ORCHESTRATION = """
import azure.functions as func

bp = func.Blueprint()


@bp.orchestration_trigger(context_name="context")
def orders(context):
    yield 1
"""


# Requirements with extras, and a module that only the extra provides.
WITH_EXTRAS = {
    "pyjwt[crypto]": "cryptography",
    "requests[socks]": "socks",
    "httpx[http2]": "h2.connection",
    "redis[hiredis]": "hiredis",
    "sqlalchemy[asyncio]": "greenlet",
    "pydantic[email]": "email_validator",
    "fastapi[standard]": "fastapi_cli",
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
        ("import pyodbc", "requests", "pyodbc"),
        ("import pytz", "pandas", "pytz"),
        ("import pytz", "pandas>=2.2", "pytz"),
        ("import pytz", "pandas==3.0.1", "pytz"),
        ("import pytz", "pandas~=3.0", "pytz"),
        ("import httpx", "fastapi", "httpx"),
        ("import httpx", "uvicorn[standard]", "httpx"),
        ("import torch", "azurefunctions-extensions-bindings-blob", "torch"),
        *(("import torch", requirement, "torch") for requirement in WITH_EXTRAS),
        ("import h2", "httpx", "h2"),
        ("import dns.resolver", "pydantic", "dnspython"),
        ("from azure.core.credentials import TokenCredential", "", "azure-core"),
        ("from azure.cosmos.exceptions import CosmosHttpResponseError", "", "azure-cosmos"),
        ("from azure.cosmos.aio import CosmosClient", "", "azure-cosmos"),
        ("from azure.monitor.query import LogsQueryClient", "", "azure-monitor-query"),
        (
            "from azure.monitor.opentelemetry.exporter import AzureMonitorTraceExporter",
            "",
            "azure-monitor-opentelemetry-exporter",
        ),
        ("from opentelemetry import trace", "", "opentelemetry-api"),
        ("from opentelemetry._logs import set_logger_provider", "", "opentelemetry-api"),
        ("from opentelemetry.sdk._logs import LoggerProvider", "", "opentelemetry-sdk"),
        ("from opentelemetry.semconv.resource import A", "", "opentelemetry-semantic-conventions"),
        ("from azure import identity", "azure-cosmos", "azure-identity"),
        ("from azure import cosmos, identity", "azure-cosmos", "azure-identity"),
        ("from azure import durable_functions as df", "", "azure-functions-durable"),
        ("from azure.storage import blob", "azure-cosmos", "azure-storage-blob"),
        ("from google.cloud import storage", "", "google-cloud-storage"),
        (
            "from azure.storage.queue import QueueClient",
            "azure-storage-blob",
            "azure-storage-queue",
        ),
        ("from azure.storage import fileshare", "azure-storage-blob", "azure-storage-file-share"),
        ("from azure.ai.projects import X", "azure-ai-inference", "azure-ai-projects"),
        (
            "from azure.monitor.query import LogsQueryClient",
            "azure-monitor-ingestion",
            "azure-monitor-query",
        ),
        ("from azure.mgmt import resource", "azure-mgmt-core", "azure-mgmt-resource"),
        (
            "from azure.cognitiveservices.speech import audio",
            "azure-mgmt-cognitiveservices",
            "azure-cognitiveservices-speech",
        ),
        ("from google.protobuf import json_format", "", "protobuf"),
        ("import pandas", "deltalake", "pandas"),
        ("import jinja2", "azure-mgmt-resource\nbcrypt\npython-pptx", "jinja2"),
        ("from fpdf import FPDF", "pdfplumber", "fpdf2"),
        ("import flask_cors", "flask", "flask-cors"),
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
        ("import azure", ""),
        ("from azure import functions", ""),
        ("from azure import cosmos, functions", "azure-cosmos"),
        ("from google.cloud import storage", "google-cloud-storage"),
        ("from opentelemetry import trace", "azure-monitor-opentelemetry"),
        ("from opentelemetry.sdk import trace", "azure-monitor-opentelemetry"),
        ("import requests", "some-framework"),
        ("import pyodbc", "some-framework"),
        ("from azure.storage.blob import BlobClient", "some-framework"),
        ("from azure.cosmos import CosmosClient", "git+https://github.com/acme/platform.git"),
        ("from azure.cosmos import CosmosClient", "agent-framework-azurefunctions"),
        ("import pytz", "pandas<3"),
        ("import pytz", "pandas==2.2.3"),
        ("import pytz", "pandas~=2.2"),
        ("import pytz", "pandas==2.*"),
        ("import pytz", "pandas\npytz"),
        ("import httpx", "fastapi[standard]"),
        *((f"import {module}", requirement) for requirement, module in WITH_EXTRAS.items()),
        ("import uvicorn, uvloop, jinja2, multipart, email_validator, typer", "fastapi[standard]"),
        ("import hpack, hyperframe", "httpx[http2]"),
        ("import dns.resolver", "pydantic[email]"),
        ("import openpyxl", "pandas[excel,other]"),
        ("import yaml", "uvicorn[Standard]>=0.30"),
        ("from azure.storage import blob", "azurefunctions-extensions-bindings-blob"),
        ("import framework", "some-framework"),
        ("import flask, werkzeug", "flask-cors"),
        ("from fpdf import FPDF", "fpdf2"),
        ("from fpdf import FPDF", "fpdf"),
        ("from PIL import Image\nimport pdfminer.high_level", "pdfplumber"),
        ("import pyarrow, pyarrow_hotfix, arro3.core, typing_extensions", "deltalake"),
        ("import jwt, dateutil", "azure-mgmt-resource==10.0.0"),
        ("import tzdata", "azure-kusto-data"),
        ("import deprecated, importlib_metadata", "azure-core-tracing-opentelemetry"),
        ("import packaging, wrapt", "azure-monitor-opentelemetry"),
        ("import typing_extensions", "pyjwt"),
        ("import typing_extensions", "cryptography"),
        ("import cloudpickle", "joblib"),
        ("from azure.common import X\nimport msrest, azure.mgmt.core", "azure-mgmt-resource"),
        ("from azure.mgmt.subscription import X", "azure-mgmt-resource"),
        ("from azure.mgmt.resource.subscriptions import X", "azure-mgmt-resource"),
        ("from azure.kusto.ingest import X", "azure-kusto-data"),
        ("from azure.identity import X\nimport dateutil, msal", "azure-kusto-data"),
        ("from azure.storage.common import X", "azure-storage-blob==2.1.0"),
        ("from azure.storage.blob import X", "azure-storage-file-datalake"),
        ("from azure.ai.agents.models import X", "azure-ai-projects"),
        ("from azure.monitor.opentelemetry.exporter import X", "azure-monitor-opentelemetry"),
        ("from azure.monitor.query import X", "azure-monitor-ingestion\nsome-framework"),
        ("from pptx.util import Inches\nimport lxml.etree", "python-pptx"),
        ("import requests", "requests-toolbelt"),
        ("from azure.core.tracing.ext import X", "azure-core-tracing-opentelemetry"),
        ("import bs4", "markdownify"),
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


@pytest.mark.parametrize(
    ("line", "requirement", "fix"),
    [
        ("import azure.blob", "azure-storage-blob", "Write azure.storage.blob instead."),
        (
            "from azure.containerinstance.models import Container",
            "azure-mgmt-containerinstance",
            "Write azure.mgmt.containerinstance.models instead.",
        ),
        ("import azure.blob", "azure-storage-queue", "Add azure-blob to the requirements."),
        ("import azure.identity", "azure-identity-broker", None),
        ("import azure.queue.aio", "azure-storage-queue", "Write azure.storage.queue.aio instead."),
        (
            "import azure.datalake",
            "azure-storage-file-datalake",
            "Write azure.storage.filedatalake instead.",
        ),
        (
            "import azure.durable",
            "azure-functions-durable",
            "Write azure.durable_functions instead.",
        ),
    ],
)
def test_a_library_of_azure_with_a_part_left_out(
    line: str, requirement: str, fix: str | None, plant: Plant
) -> None:
    found = find_problems(plant(importing(line, requirement)), "AF41")
    assert [one.fix for one in found] == ([fix] if fix else [])


def test_a_package_is_reported_once_for_an_app(plant: Plant) -> None:
    files = importing("def load():\n    import sqlalchemy", "")
    lines = "import sqlalchemy\nimport sqlalchemy.orm\nfrom sqlalchemy.dialects import mssql\n"
    found = find_problems(plant({**files, "blueprints/orders.py": lines}), "AF41")
    wanted = [("AF411", "blueprints/orders.py", 1)]
    assert [(one.code, one.path, one.line) for one in found] == wanted


def test_each_misspelled_import_is_reported(plant: Plant) -> None:
    app = plant({**importing("import loging", ""), "blueprints/orders.py": "import loging\n"})
    assert [one.path for one in find_problems(app, "AF411")] == [
        "blueprints/hello.py",
        "blueprints/orders.py",
    ]


def test_modules_that_apps_usually_have_are_not_requirements(plant: Plant) -> None:
    [found] = find_problems(plant(importing("from src.orders import Order", "")), "AF41")
    assert found.message == "No requirement provides src.orders."
    assert found.fix == "Add the module src to the app, beside function_app.py."


@pytest.mark.parametrize(
    ("group", "fix"),
    [
        ("project", "Write requirements.txt again, or add pyyaml to it: pyproject.toml lists"),
        ("unknown", "Add pyyaml to the requirements."),
    ],
)
def test_a_requirement_that_only_pyproject_has(group: str, fix: str, plant: Plant) -> None:
    project = f'[{group}]\ndependencies = ["azure-functions", "PyYAML>=6"]\n'
    files = {**importing("import yaml", "requests"), "pyproject.toml": project}
    [found] = find_problems(plant(files), "AF41")
    assert found.code == "AF411"
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(("extras", "expected"), [("", ["AF411"]), (', extras = ["x"]', [])])
def test_extras_of_poetry(plant: Plant, extras: str, expected: list[str]) -> None:
    project = f"""
[tool.poetry.dependencies]
azure-functions = "*"
fastapi = {{ version = "*"{extras} }}
"""
    files: Files = {**importing("import httpx", ""), "requirements.txt": None}
    app = plant({**files, "pyproject.toml": project})
    assert [found.code for found in find_problems(app, "AF41")] == expected


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ('[project.optional-dependencies]\nazure = ["httpx>=0.27"]', []),
        ('[dependency-groups]\nprod = ["httpx", {include-group = "x"}]', []),
        ('[tool.poetry.group.azure.dependencies]\nhttpx = "*"', []),
        ('[project.optional-dependencies]\ntests = ["httpx"]', ["AF411"]),
        ('[dependency-groups]\ndev = ["httpx"]', ["AF411"]),
        ('[tool.poetry.group.dev.dependencies]\nhttpx = "*"', ["AF411"]),
        ("[dependency-groups]\nprod = 1", ["AF411"]),
    ],
)
def test_groups_that_may_be_installed_in_azure(
    group: str, expected: list[str], plant: Plant
) -> None:
    project = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["azure-functions"]\n'
    files: Files = {**importing("import httpx", ""), "requirements.txt": None}
    app = plant({**files, "pyproject.toml": f"{project}\n{group}\n"})
    assert [found.code for found in find_problems(app, "AF4")] == expected


def test_an_import_inside_a_function_fails_later(plant: Plant) -> None:
    files = importing("def later():\n    import requests", "")
    assert [found.code for found in find_problems(plant(files), "AF41")] == ["AF412"]


def test_what_the_app_does_not_import_needs_no_requirement(plant: Plant) -> None:
    app = plant({"tests/test_a.py": "import requests\n", "scripts/load.py": "import pandas\n"})
    assert find_problems(app, "AF41") == []


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


def test_an_old_python_gets_an_old_pandas(plant: Plant) -> None:
    files = importing("import pytz", "pandas")
    assert find_problems(plant({**files, ".python-version": "3.10\n"}), "AF41") == []
    assert len(find_problems(plant({**files, ".python-version": "3.13\n"}), "AF41")) == 1


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("import logg", "Write logging, or add logg to the requirements."),
        ("import loging", "Write logging, or add loging to the requirements."),
        ("import jsonn", "Write json, or add jsonn to the requirements."),
        ("import datetme", "Write datetime, or add datetme to the requirements."),
        ("import loging.handlers", "Write logging.handlers, or add loging to the requirements."),
        ("import asyncio\nimport redis.asyncio", "Add redis to the requirements."),
        ("import yaml", "Add pyyaml to the requirements."),
        ("import pkg_resources", "Add setuptools<82 to the requirements."),
        ("import numpy", "Add numpy to the requirements."),
    ],
)
def test_a_module_of_python_that_may_be_meant(line: str, fix: str, plant: Plant) -> None:
    [found] = find_problems(plant(importing(line, "")), "AF41")
    assert found.code == "AF411"
    assert found.fix.startswith(fix)


def test_a_folder_with_a_hyphen_is_not_a_package_to_install(plant: Plant, find: Find) -> None:
    files = importing("from shop_lib import prices", "") | {"shop-lib/prices.py": ""}
    [found] = find(plant(files), "AF411", imports=False)
    assert found.fix == "Rename shop-lib to shop_lib, since the name of a module has no hyphen."


@pytest.mark.parametrize(
    "line", ["from azure.shop.prices import X", "from azure.shop import prices"]
)
def test_a_folder_azure_adds_to_the_libraries(line: str, plant: Plant, find: Find) -> None:
    files = importing(line, "") | {"azure/shop/prices.py": "X = 1\n"}
    assert find(plant(files), "AF4") == []


@pytest.mark.parametrize("more", ["", "a-package-with-modules-of-any-name\n"])
def test_a_folder_in_another_letter_case_is_not_a_package_to_install(
    more: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["function_app.py"].replace("from blueprints", "from Blueprints")
    files = {"function_app.py": source, "requirements.txt": HEALTHY["requirements.txt"] + more}
    found = find(plant(files), "AF411", imports=False)
    assert [one.fix for one in found] == ["Write blueprints: letter case matters in Azure."]


@pytest.mark.parametrize(
    ("name", "package"),
    [("Azure", "azure.storage.blob"), ("Google", "google.foo"), ("Pandas", "pandas")],
)
def test_a_package_that_many_use_is_not_a_folder_in_another_letter_case(
    name: str, package: str, plant: Plant
) -> None:
    source = f"import {package}\n{HEALTHY['function_app.py']}"
    requirements = HEALTHY["requirements.txt"] + "a-package-with-modules-of-any-name\n"
    files = {"function_app.py": source, "requirements.txt": requirements, f"{name}/more.py": ""}
    assert find_problems(plant(files), "AF411") == []
    files["requirements.txt"] = HEALTHY["requirements.txt"]
    [found] = find_problems(plant(files), "AF411")
    assert found.fix.startswith("Add ")
