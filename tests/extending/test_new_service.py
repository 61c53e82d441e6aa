"""A new service is an entry in services.yml and its two files; the README, settings, emulators and Bicep follow."""

from pathlib import Path

import pytest
import yaml
from copier import run_copy

from tests.extending.conftest import Extend
from tests.support.template import add_kind
from tests.support.text_files import read, read_json

KIND = {
    "title": "Index documents",
    "help": "index documents",
    "summary": "Adds documents to an index; an invalid document is refused.",
    "source": "request POST /api/lookup-example",
    "service": "search",
    "resources": [{"index": "lookup-example"}],
    "roles": ["Search Index Data Contributor"],
    "names": [],
}


@pytest.fixture(scope="module")
def repository(extend: Extend) -> Path:
    """The template with the service, and with a kind that uses it."""
    repository = extend("Add a service")
    sources = {
        name: f'"""{name} of lookup_example."""\n' for name in ("blueprint.py", "test_blueprint.py")
    }
    add_kind(
        repository,
        "Databases (Cosmos DB, SQL, MySQL, PostgreSQL)",
        "lookup",
        {"kind.yml": yaml.safe_dump(KIND), **sources},
    )
    return repository


@pytest.fixture(scope="module")
def app(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app with two functions of the kind."""
    app = tmp_path_factory.mktemp("new-service") / "app"
    answers = {
        "functions": {"hello": "http", "books": "lookup", "films": "lookup"},
        "devcontainer": True,
        "infra": "azd",
    }
    run_copy(str(repository), app, data=answers, defaults=True, quiet=True, vcs_ref="HEAD")
    return app


def test_it_is_in_the_readme_and_the_settings(app: Path) -> None:
    row = "| `SearchConnection` | Azure AI Search | `SearchConnection__endpoint` | Search Index Data Contributor |\n"
    assert row in read(app / "README.md")
    values = read_json(app / "local.settings.example.json")["Values"]
    assert values["SearchConnection"] == "http://localhost:9200"


def test_its_emulator_starts_with_what_the_functions_need(app: Path) -> None:
    containers = yaml.safe_load(read(app / "compose.yml"))["services"]
    assert list(containers) == ["azurite", "search"]
    assert containers["search"]["image"] == "example.com/search-emulator:1.0"
    assert read_json(app / "emulators" / "search.json") == {"indexes": ["books", "films"]}
    assert read_json(app / "emulators" / "resources.json")["answers"] == {"9200": "http"}


def test_bicep_creates_it(app: Path) -> None:
    main = read(app / "infra" / "main.bicep")
    [module] = [part for part in main.split("\n\n") if part.startswith("module search ")]
    assert "    name: 'srch-${token}'\n" in module
    assert "      roleIds.searchIndexDataContributor\n" in module
    assert "    indexes: [\n      'books'\n      'films'\n    ]\n" in module
    assert "  SearchConnection__endpoint: search.outputs.endpoint\n" in main
    assert (app / "infra" / "search.bicep").exists()


def test_the_commands_of_the_readme_create_it(repository: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    data = {"functions": {"books": "lookup"}}
    run_copy(str(repository), app, data=data, defaults=True, quiet=True, vcs_ref="HEAD")
    readme = read(app / "README.md")
    assert 'az search service create --name "srch-$APP"' in readme
    assert 'grant "Search Index Data Contributor" "$search_id"' in readme
    assert '"SearchConnection__endpoint=$SearchConnection__endpoint"' in readme
