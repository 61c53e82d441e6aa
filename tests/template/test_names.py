"""The names that the template refuses, and the ones that it proposes."""

import builtins
import keyword
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from copier import run_copy
from ruff import find_ruff_bin

from hooks import environments
from hooks.post_generation import read_answers
from tests.support.apps import texts
from tests.support.catalogue import KINDS, RESERVED_NAMES
from tests.support.placeholders import replace_placeholder
from tests.support.run import run
from tests.support.text_files import read

EVERYWHERE = {reason: names.split() for reason, names in RESERVED_NAMES["everywhere"].items()}
FUNCTIONS = {reason: names.split() for reason, names in RESERVED_NAMES["functions"].items()}


def names_of(python: Path | str, expression: str) -> set[str]:
    """Return the lower-case public names in an expression, as that interpreter evaluates it."""
    code = f"import builtins, keyword, sys; print(*{expression})"
    names = run(python, "-c", code).stdout.split()
    return {name for name in names if name[0] != "_" and name.islower()}


@pytest.mark.parametrize("name", ["ab_" * 13 + "a", "a" * 40])
def test_a_name_of_40_letters_fits_into_the_lines_of_every_kind(name: str, tmp_path: Path) -> None:
    """The last words of a copy name `ruff format` for longer ones."""
    for kind in KINDS:
        for file in ("blueprint.py", "test_blueprint.py"):
            text = (kind.folder / file).read_text(encoding="utf-8")
            text = replace_placeholder(text, f"{kind.id}_example", name)
            (tmp_path / f"{kind.id}_{file}").write_text(text, encoding="utf-8")
    style = ["--isolated", "--line-length", "100", "--no-cache"]
    run(find_ruff_bin(), "format", "--check", *style, tmp_path)


@pytest.mark.parametrize("version", environments.azure_versions())
def test_every_name_of_python_is_reserved(version: str) -> None:
    python = environments.find_python(version)
    if python is None:
        # Python 3.14 is not needed elsewhere.
        pytest.skip(f"Python {version} is not installed")
    keywords, modules, _, _ = EVERYWHERE.values()
    assert names_of(python, "keyword.kwlist, *keyword.softkwlist") <= set(keywords)
    assert names_of(python, "sys.stdlib_module_names") <= set(modules)
    assert names_of(python, "dir(builtins)") <= {
        *keywords,
        *modules,
        *FUNCTIONS["a Python built-in"],
    }


def test_no_name_is_reserved_without_need() -> None:
    keywords, modules, _, _ = EVERYWHERE.values()
    assert set(keywords) >= {name for name in keyword.kwlist if name.islower()}
    assert set(FUNCTIONS["a Python built-in"]) - set(modules) <= set(dir(builtins)) | {
        # Not in every Python.
        "copyright",
        "credits",
        "exit",
        "license",
        "quit",
    }
    assert "orders" not in modules
    assert sys.stdlib_module_names & {"orders", "hello", "nightly"} == set()


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("orders-api", "orders-api"),
        ("Orders API", "orders-api"),
        ("orders_api.v2", "orders-api-v2"),
        ("Événements", "v-nements"),
        ("json", "json-app"),
        ("test", "test-app"),
        ("host", "host-app"),
        ("--", "functions"),
        ("データ", "functions"),
        ("a" * 80, "a" * 50),
    ],
)
def test_the_project_is_named_after_its_folder(
    folder: str, name: str, template: Path, tmp_path: Path
) -> None:
    run_copy(str(template), tmp_path / folder, defaults=True, quiet=True)
    assert read_answers(tmp_path / folder)["project_name"] == name


def test_good_names_are_taken(render: Callable[..., Path]) -> None:
    functions = {"a": "http", "v2_orders": "queue", "x" * 127: "timer", "o2": "http"}
    project = render(functions, project_name="Shop_2-EU")
    assert {path.stem for path in project.glob("blueprints/*.py")} == {"__init__", *functions}


@pytest.mark.parametrize(
    ("others", "answers"), [({}, {}), ({"ship": "durable"}, {"web_framework": "flask"})]
)
def test_a_name_is_only_refused_where_it_would_hide_something(
    others: dict[str, str], answers: dict[str, str], render: Callable[..., Path]
) -> None:
    project = render({"df": "http", **others}, **answers)
    assert "as df" not in read(project / "function_app.py")


def test_functions_with_tables_of_their_own_can_have_names_that_differ_in_underscores(
    render: Callable[..., Path],
) -> None:
    functions = {"user_1": "table_output", "user1": "queue", "us_er1": "sql_output"}
    project = render(functions)
    assert {path.stem for path in project.glob("blueprints/*.py")} == {"__init__", *functions}


def test_a_function_can_have_the_name_of_a_method_of_a_mapping(render: Callable[..., Path]) -> None:
    """Jinja finds those where a mapping has no such key."""
    names = [name for name in dir(dict) if name[0] != "_" and name != "copy"]
    assert {"items", "keys", "update", "values"} <= set(names)
    project = render(dict.fromkeys(names, "http"), infra="azd", devcontainer=True)
    assert {path.stem for path in project.glob("blueprints/*.py")} == {"__init__", *names}


def test_a_table_whose_name_is_a_word_of_t_sql_is_in_brackets(
    render: Callable[..., Path],
) -> None:
    """The database and the extension of the host take such a word for a part of a statement."""
    functions = {"order": "sql", "user": "sql_input", "save": "sql_output", "orders": "sql"}
    app = render(functions, infra="azd", devcontainer=True)
    tables = {"dbo.[Order]", "dbo.[User]", "dbo.[Save]", "dbo.Orders"}
    found = {path: re.findall(r"\bdbo\.\[?\w+\]?", text) for path, text in texts(app).items()}
    assert {table for names in found.values() for table in names} == tables
    assert {*found["database/sql.sql"]} == {*found["README.md"]} == tables
    assert [found[f"blueprints/{name}.py"] for name in functions] == [
        ["dbo.[Order]"],
        ["dbo.[User]"],
        ["dbo.[Save]"],
        ["dbo.Orders"],
    ]


def test_a_table_whose_name_is_a_word_of_mysql_is_in_backticks(
    render: Callable[..., Path],
) -> None:
    """The extension of the host adds them to a name by itself."""
    functions = {"order": "mysql", "rank": "mysql_input", "rows": "mysql_output", "orders": "mysql"}
    app = render(functions, devcontainer=True)
    statements = read(app / "database" / "mysql.sql")
    tables = ["`order`", "`rank`", "`rows`", "orders"]
    assert re.findall(r"EXISTS (\S+) \(", statements) == tables
    query = read(app / "blueprints" / "rank.py")
    assert 'SELECT id, cents FROM `rank`"\n' in query
    assert 'table_name="order"' in read(app / "blueprints" / "order.py")
    # A shell takes backticks for a command; MySQL needs none after a database.
    commands = read(app / "README.md")
    assert re.findall(r"INSERT INTO (\S+) \(", commands) == ["app.order", "app.rank", "app.orders"]


@pytest.mark.parametrize("name", ["Null", "on", "2024", "1E-5", "0o17", "2024-01-01", "orders"])
def test_a_name_that_yaml_would_read_as_a_value_is_in_quotes(
    name: str, render: Callable[..., Path]
) -> None:
    """Azure and Docker need a text."""
    app = render({"hello": "http"}, project_name=name, infra="azd", devcontainer=True)
    written = name if name == "orders" else f'"{name.lower()}"'
    for path in ("azure.yaml", "compose.yml"):
        assert f"\nname: {written}\n" in read(app / path)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Orders_API", "orders-api"),
        ("orders-api", "orders-api"),
        ("1_000", "1-000"),
        ("A", "a-app"),
        ("y", "y-app"),
        ("ab", "ab"),
    ],
)
def test_azd_gets_a_name_that_its_schema_takes(
    name: str, written: str, render: Callable[..., Path]
) -> None:
    app = render({"hello": "http"}, project_name=name, infra="azd")
    found = yaml.safe_load(read(app / "azure.yaml"))["name"]
    # https://github.com/Azure/azure-dev/blob/main/schemas/v1.0/azure.yaml.json
    assert re.fullmatch("[a-z0-9]([-a-z0-9]*[a-z0-9])?", found)
    assert len(found) >= 2
    assert found == written
