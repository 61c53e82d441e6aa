"""Imports that no requirement provides, and modules that hide others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from functions_validator.indexing.failures import why_not_indexed
from functions_validator.indexing.index import IndexOptions
from functions_validator.project.project import Project
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


def test_modules_that_apps_usually_have_are_no_requirements(plant: Plant) -> None:
    [found] = find_problems(plant(importing("from src.orders import Order", "")), "AF41")
    assert found.message == "No requirement provides src.orders."
    assert found.fix == "Add the module src to the app, beside function_app.py."


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
        ("json/own/__init__.py", False),
        ("azure/notes.py", False),
        ("test/__init__.py", False),
        ("calendar.py", False),
        ("blueprints/logging.py", False),
    ],
)
def test_modules_that_hide_others(path: str, hidden: bool, plant: Plant) -> None:
    found = find_problems(plant({path: "x = 1\n"}), "AF413")
    assert [Path(item.path).as_posix() for item in found] == ([path] if hidden else [])


GUARDED = "try:\n    from test import hello\nexcept ImportError:\n    pass"


def on(python: str) -> Files:
    """Return an app whose Python is the only one that it takes."""
    table = f'[project]\nname = "shop"\nversion = "1"\nrequires-python = "=={python}.*"\n'
    return {"pyproject.toml": table}


@pytest.mark.parametrize(
    ("python", "path", "line", "hidden"),
    [
        ("3.13", "test/__init__.py", "from test import hello", True),
        ("3.13", "test/hello.py", "from test.hello import bp", True),
        ("3.13", "turtle.py", "import turtle", True),
        ("3.12", "test/__init__.py", "from test import hello", False),
        ("3.12", "test/hello.py", "from test import hello", False),
        ("3.13", "test/__init__.py", "import json", False),
        ("3.13", "test/hello.py", "import test.support", False),
        ("3.13", "test/hello.py", GUARDED, False),
        ("3.12", "pipes.py", "import pipes", True),
        ("3.13", "pipes.py", "import pipes", False),
        ("3.12", "calendar/jobs.py", "from calendar import jobs", True),
        ("3.13", "calendar/jobs.py", "import calendar.jobs", True),
        ("3.13", "calendar/jobs.py", "import calendar", False),
        ("3.13", "calendar/jobs/deep.py", "from calendar.jobs import deep", False),
    ],
)
def test_what_hides_others_depends_on_the_python_and_on_what_is_imported(
    python: str, path: str, line: str, hidden: bool, plant: Plant
) -> None:
    source = f"{line}\n{HEALTHY['function_app.py']}"
    app = plant({**on(python), path: "bp = 1\n", "function_app.py": source})
    assert [item.path for item in find_problems(app, "AF413")] == [path] * hidden


def test_the_import_that_fails_because_of_it_is_not_reported_too(
    plant: Plant, worker_python: Path
) -> None:
    source = f"from test import hello\n{HEALTHY['function_app.py']}"
    files = {**on("3.13"), "test/__init__.py": "hello = 1\n", "function_app.py": source}
    found = find_problems(plant(files), python=worker_python, imports=False)
    assert [item.code for item in found] == ["AF413"]


@pytest.mark.parametrize(
    ("requirement", "line", "path"),
    [
        ("openai", "from openai import AzureOpenAI", "openai.py"),
        ("openai", "from openai import AzureOpenAI", "openai/__init__.py"),
        ("PyYAML", "import yaml", "yaml.py"),
    ],
)
def test_a_module_hides_a_package(requirement: str, line: str, path: str, plant: Plant) -> None:
    files = {**importing(line, requirement), path: "AzureOpenAI = 1\n"}
    [found] = find_problems(plant(files), "AF414")
    assert (found.path, found.line) == (path, 1)


def test_the_failure_that_it_causes_is_reported_once(plant: Plant, worker_python: Path) -> None:
    files: Files = {
        "requirements.txt": "azure-functions\nstripe\n",
        "function_app.py": "import stripe\n",
        "stripe.py": "from stripe import StripeClient\n",
    }
    found = find_problems(plant(files), "AF", worker_python, imports=False)
    assert [found.path for found in found if found.code in ("AF101", "AF414")] == ["stripe.py"]


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


@pytest.mark.parametrize("line", ["uuid", "uuid==1.30", "logging", "pathlib", "enum34==1.1.10"])
def test_requirements_for_python_2(line: str, plant: Plant) -> None:
    [found] = find_problems(plant({"requirements.txt": f"azure-functions\n{line}\n"}), "AF416")
    assert (found.path, found.line) == ("requirements.txt", 2)


@pytest.mark.parametrize(
    "line", ["uuid; python_version < '3'", "uuid-utils", "asyncio", "pathlib2"]
)
def test_packages_that_hide_nothing(line: str, plant: Plant) -> None:
    assert find_problems(plant({"requirements.txt": f"azure-functions\n{line}\n"}), "AF416") == []


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
        ("import yaml", "Add pyyaml to the requirements."),
        ("import numpy", "Add numpy to the requirements."),
    ],
)
def test_a_module_of_python_that_may_be_meant(line: str, fix: str, plant: Plant) -> None:
    [found] = find_problems(plant(importing(line, "")), "AF41")
    assert (found.code, found.fix) == ("AF411", fix)


MODULE = "def get():\n    return None\n"


@pytest.mark.parametrize(
    ("line", "path", "requirements"),
    [
        ("from db.client import get", "app/db/client.py", ""),
        ("from db import client", "app/db/client.py", ""),
        ("import db.client", "app/db/client.py", "acme-platform-common"),
        (
            "from db.client import get",
            "app/db/client/__init__.py",
            "git+https://a.b/c/platform.git",
        ),
        ("from helpers import get", "blueprints/helpers.py", ""),
        ("import helpers", "blueprints/helpers.py", ""),
        ("from shop.orders import get", "src/shop/orders.py", ""),
        ("def later():\n    from shop.orders import get", "src/shop/orders.py", ""),
        ("from shop.orders import get", "../shop/orders.py", ""),
        ("from shop import orders", "../libs/../shop/orders.py", ""),
    ],
)
def test_a_module_that_lies_elsewhere(
    line: str, path: str, requirements: str, plant: Plant, find: Find
) -> None:
    app = plant({**importing(line, requirements), path: MODULE})
    [found] = find(app, "AF", imports=line.startswith("def "))
    assert found.code == "AF417"
    assert found.path == "blueprints/hello.py"
    assert "beside function_app.py: it is in" in found.message


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ("from db.client import get", {"db/client.py": MODULE, "app/db/client.py": MODULE}),
        ("from db.client import other", {"app/db/client.py": MODULE, "requirements.txt": "x-y\n"}),
        ("from shop.orders import get", {"requirements.txt": "azure-functions\n-e .\n"}),
        ("from shop.orders import get", {"requirements.txt": "azure-functions\n.\n"}),
        ("from shop.orders import get", {"requirements.txt": "azure-functions\n./src\n"}),
        ("from shop.orders import get", {"requirements.txt": "azure-functions\nacme-shop\n"}),
        (
            "from shop.orders import get",
            {
                "requirements.txt": None,
                "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["azure-functions"]\n'
                '[build-system]\nrequires = ["hatchling"]\n',
            },
        ),
        ("from shop.orders import get", {"Dockerfile": "FROM x\nCOPY src/ /home/site/wwwroot\n"}),
        ("from shop.orders import get", {"Dockerfile": "FROM x\nENV PYTHONPATH=/a/src\n"}),
        ("from shop.orders import get", {"Dockerfile": "FROM x\nRUN pip install -e .\n"}),
        ("from shop.orders import get", {"deploy.sh": "cp -r src/* dist/\n"}),
        ("from shop.orders import get", {"infra/main.bicep": "PYTHONPATH: '/a/src'\n"}),
        (
            "import sys\nsys.path.append('src')\nfrom shop.orders import get",
            {},
        ),
        (
            "try:\n    from shop.orders import get\nexcept ImportError:\n    get = None",
            {},
        ),
        ("import redis", {"services/redis.py": MODULE, "requirements.txt": "acme-common\n"}),
        ("from fixtures import get", {"tests/fixtures.py": MODULE, "requirements.txt": "acme-x\n"}),
        ("import json", {"app/json.py": MODULE}),
        (
            "import fastar",
            {"app/fastar.py": MODULE, "requirements.txt": "azure-functions\nfastapi[standard]\n"},
        ),
        (
            "import jmespath",
            {"app/jmespath.py": MODULE, "requirements.txt": "azure-functions\nboto3[crt]\n"},
        ),
    ],
)
def test_a_module_that_python_finds(line: str, files: Files, plant: Plant) -> None:
    app = {**importing(line, ""), "src/shop/__init__.py": "", "src/shop/orders.py": MODULE, **files}
    assert find_problems(plant(app), "AF417") == []


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("from {}.blueprints import hello, orders", "Write blueprints instead."),
        ("from {} import blueprints", "Import blueprints itself."),
        ("import {}.blueprints.hello", "Write blueprints.hello instead."),
    ],
)
def test_the_folder_of_the_app_is_no_package(line: str, fix: str, plant: Plant) -> None:
    name = plant({}).name
    entry = HEALTHY["function_app.py"].replace(
        "from blueprints import hello, orders", line.format(name)
    )
    found = find_problems(plant({"function_app.py": entry}))
    assert [(one.code, one.fix) for one in found if one.code in ("AF411", "AF417")] == [
        ("AF417", fix)
    ]


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_the_path_is_the_one_of_azure(
    version: str, plant: Plant, environment: Callable[[str], Path]
) -> None:
    """The app's folder is first with the older worker, and last with the newer one."""
    files: Files = {
        "pluggy/__init__.py": "OURS = 1\n",
        "blueprints/hello.py": f"from pluggy import OURS\n{HEALTHY['blueprints/hello.py']}",
    }
    project = Project(plant(files), IndexOptions(environment(version)))
    assert project.index is not None
    failure = project.index.failure
    if version == "3.12":
        assert failure is None
    else:
        assert failure is not None
        assert failure.hidden_by == "pluggy"
        assert why_not_indexed(project).startswith('The package pluggy has a module "pluggy"')


def test_a_folder_in_another_letter_case_is_no_package_to_install(plant: Plant, find: Find) -> None:
    source = HEALTHY["function_app.py"].replace("from blueprints", "from Blueprints")
    found = find(plant({"function_app.py": source}), "AF411", imports=False)
    assert [one.fix for one in found] == ["Write blueprints: letter case matters in Azure."]
