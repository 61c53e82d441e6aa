"""docs/guide-coverage.md has every section of Microsoft's guide, and what it names is there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from hooks.catalogue import ROOT, read_questions
from tests.support.catalogue import KINDS
from tests.support.named_tests import names_of_tests
from tests.support.text_files import read

# The headings of the guide for the v2 model, and its lists that are sections in all but name.
GUIDE = """
Choose a Python programming model
Development options
Programming model
Alternative entry point
Folder structure
Folder structure: .funcignore
Folder structure: host.json
Folder structure: local.settings.json
Folder structure: requirements.txt
Folder structure: Dockerfile
Connect to a database
Blueprints
Blueprints: Durable Functions
Triggers and inputs
SDK type bindings
SDK type bindings: Azure Blobs
SDK type bindings: Azure Cosmos DB
SDK type bindings: Azure Event Hubs
SDK type bindings: Azure Service Bus
HTTP streams
Outputs
Logging
Logging from created threads
Log custom telemetry
HTTP trigger
Web frameworks
Web frameworks: ASGI
Web frameworks: WSGI
Scaling and performance
Context
Context: function_directory
Context: function_name
Context: invocation_id
Context: thread_local_storage
Context: trace_context
Context: retry_context
Global variables
Environment variables
Python version
Changing Python version
Package management
Publishing to Azure
Publishing to Azure: Remote build
Publishing to Azure: Local build
Publishing to Azure: Custom dependencies
Custom dependencies: Remote build with extra index URL
Custom dependencies: Install local packages
Unit testing
Unit testing: Unit testing through pytest
Unit testing: Unit testing by invoking the function directly
Temporary files
Preinstalled libraries
Preinstalled libraries: The Python standard library
Preinstalled libraries: Azure Functions Python worker dependencies
Preinstalled libraries: The Azure Functions Python library
Runtime system libraries
Python worker extensions
Python worker extensions: Using extensions
Python worker extensions: Creating extensions
Creating extensions: Application-level extensions
Creating extensions: Function-level extensions
Cross-origin resource sharing
Async
Shared memory
Known issues and FAQ
""".strip().splitlines()
# Sections in which the guide only links to other pages.
BESIDES = ["Triggers and inputs: retry policies"]


@dataclass(frozen=True)
class Row:
    """A row of the table: a section of the guide, where it is covered, and the tests that show it."""

    section: str
    where: str
    tests: str


def read_rows() -> list[Row]:
    lines = read(ROOT / "docs" / "guide-coverage.md").splitlines()
    table = [line for line in lines if line.startswith("| ")][1:]
    return [Row(*line.strip("| ").split(" | ")) for line in table]


QUESTIONS = read_questions()
ROWS = read_rows()
rows = pytest.mark.parametrize("row", ROWS, ids=[row.section for row in ROWS])


def missing(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if not (ROOT / path).exists()]


def test_every_section_of_the_guide_has_a_row() -> None:
    assert [row.section for row in ROWS if row.section not in BESIDES] == GUIDE


@rows
def test_every_kind_of_a_row_is_in_the_catalogue(row: Row) -> None:
    lists = re.findall(r"\bkinds? (`\w+`(?: \([^)]*\))?(?:, `\w+`(?: \([^)]*\))?)*)", row.where)
    named = [name for text in lists for name in re.findall(r"`(\w+)`", text)]
    assert ("kind `" in row.where or "kinds `" in row.where) == bool(named)
    assert [name for name in named if name not in {kind.id for kind in KINDS}] == []


@rows
def test_every_option_of_a_row_is_asked(row: Row) -> None:
    named = re.findall(r"\boption `(\w+)`", row.where)
    assert [name for name in named if name not in QUESTIONS] == []


@rows
def test_every_file_of_a_row_exists(row: Row) -> None:
    named = re.findall(r"`((?:template|tests|docs)/[^`]*)`", row.where)
    assert missing(named) == []


@rows
def test_every_section_of_the_readme_that_a_row_names_is_there(row: Row) -> None:
    template = ROOT / "template"
    files = [template / "project/README.md.jinja", *template.glob("partials/readme/*.jinja")]
    readme = "\n".join(read(file) for file in files)
    named = re.findall(r"\bREADME \*([^*]+)\*", row.where)
    assert row.where.count("README") == len(named)
    titles = re.findall(r"(?m)^##+ (.+)$", readme)
    assert [title for title in named if title not in titles] == []


@rows
def test_every_row_says_where_and_names_tests_that_exist(row: Row) -> None:
    assert row.where
    named = [test.split("::") for test in re.findall(r"`([^`]+)`", row.tests)]
    assert named
    assert missing(path for path, _ in named) == []
    assert [name for path, name in named if name not in names_of_tests(ROOT / path)] == []
