"""Modules of the app that hide those of Python or of a package, and requirements that hide those of Python."""

from collections.abc import Callable
from pathlib import Path

import pytest

from functions_validator.indexing.index import IndexOptions
from functions_validator.project.import_failures import why_not_indexed
from functions_validator.project.project import Project
from tests.support.validator import HEALTHY, Files, Plant, find_problems
from tests.validator.rules.import_files import importing


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
        ("msgraph-sdk", "from msgraph import GraphServiceClient", "msgraph.py"),
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


@pytest.mark.parametrize(
    "requirement",
    [
        "google-auth",
        "azure-identity",
        "azurefunctions-extensions-base",
        "msgraph-sdk",
        "line-bot-sdk",
    ],
)
def test_a_module_with_the_name_of_a_distribution_hides_nothing(
    requirement: str, plant: Plant
) -> None:
    module = requirement.replace("-", "_")
    files = {**importing(f"import {module}", requirement), f"{module}.py": "credential = 1\n"}
    assert find_problems(plant(files), "AF414") == []


@pytest.mark.parametrize(
    "line",
    [
        "uuid",
        "uuid==1.30",
        "logging",
        "pathlib",
        "enum34==1.1.10",
        "typing",
        "dataclasses==0.6",
        "asyncio==3.4.3",
    ],
)
def test_requirements_for_old_pythons(line: str, plant: Plant) -> None:
    [found] = find_problems(plant({"requirements.txt": f"azure-functions\n{line}\n"}), "AF416")
    assert (found.path, found.line) == ("requirements.txt", 2)


@pytest.mark.parametrize(
    "line",
    [
        "uuid; python_version < '3'",
        "dataclasses; python_version < '3.7'",
        "uuid-utils",
        "asyncio",
        "asyncio>=3.4.3",
        "pathlib2",
    ],
)
def test_packages_that_hide_nothing(line: str, plant: Plant) -> None:
    assert find_problems(plant({"requirements.txt": f"azure-functions\n{line}\n"}), "AF416") == []


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
