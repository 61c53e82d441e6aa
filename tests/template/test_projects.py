"""Every kind alone, every pair, all together and several of one: the right files, and clean ones."""

import itertools
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from hooks.catalogue import Kind, Python
from tests.support.apps import check_files, check_style, content, texts
from tests.support.catalogue import (
    BY_ID,
    DEFAULT_PYTHON,
    KINDS,
    OFFERED_PYTHONS,
    PYTHONS,
    SERVICES,
    can_be_several,
    can_be_together,
    newest_python,
    one_of_each,
)
from tests.support.text_files import read, read_json

IDS = [kind.id for kind in KINDS]
DURABLE = [kind.id for kind in KINDS if "durableTask" in kind.host]

EVERY_PROJECT = {
    ".copier-answers.yml",
    ".dockerignore",
    ".funcignore",
    ".gitattributes",
    ".github/dependabot.yml",
    ".github/workflows/ci.yml",
    ".github/workflows/template.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".vscode/extensions.json",
    ".vscode/launch.json",
    ".vscode/settings.json",
    ".vscode/tasks.json",
    "AGENTS.md",
    "Dockerfile",
    "README.md",
    "blueprints/__init__.py",
    "function_app.py",
    "host.json",
    "local.settings.example.json",
    "local.settings.json",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "tests/test_app.py",
    "tools/settings.py",
    "tools/try_host.py",
    "tools/validate.pyz",
}


def fit(first: Kind, *others: Kind) -> bool:
    """Whether an app can have a kind with others that can be together."""
    common = set(first.python).intersection(PYTHONS, *(other.python for other in others))
    return bool(common) and all(can_be_together([first, other]) for other in others)


def beside_each_other(size: int) -> Iterator[list[Kind]]:
    """Yield groups of kinds, so that each two that can live in an app are together in one of them."""
    missing = {
        kind: {other for other in KINDS if other != kind and fit(kind, other)} for kind in KINDS
    }
    for kind, other in itertools.combinations(KINDS, 2):
        if other not in missing[kind]:
            continue
        group = [kind, other]
        while len(group) < size:
            others = [each for each in KINDS if each not in group]
            gains = {each: len(missing[each].intersection(group)) for each in others}
            useful = sorted(filter(gains.get, others), key=gains.__getitem__, reverse=True)
            # Asking whether a kind fits takes longest.
            best = next((each for each in useful if fit(each, *group)), None)
            if best is None:
                break
            group.append(best)
        for each in group:
            missing[each].difference_update(group)
        yield group


# Each with the combinations that a test renders at once, which takes less time than one by one.
COMBINATIONS: dict[str, list[dict[str, str]]] = {
    **{id: [{f"a_{id}": id}] for id in IDS},
    **{
        f"3 {kind.id}": [{"tea": kind.id, "third_orders": kind.id, "d" * 40: kind.id}]
        if can_be_several(kind)
        else [{"tea": kind.id}, {"third_orders": kind.id}, {"d" * 40: kind.id}]
        for kind in KINDS
    },
    **{
        f"beside each other {number}": [{f"b_{kind.id}": kind.id for kind in group}]
        for number, group in enumerate(beside_each_other(8))
    },
    "all": [
        {f"a_{id}": id for id in one_of_each(streams=streams).values()} for streams in (False, True)
    ],
}

combinations = pytest.mark.parametrize("combined", COMBINATIONS.values(), ids=COMBINATIONS)


@combinations
def test_a_project_has_exactly_its_files_and_they_are_clean(
    combined: list[dict[str, str]], render: Callable[..., Path]
) -> None:
    projects = [
        render(functions, python_version=newest_python(functions.values()))
        for functions in combined
    ]
    for functions, project in zip(combined, projects, strict=True):
        assert set(content(project)) == EVERY_PROJECT | {
            file
            for name in functions
            for file in (f"blueprints/{name}.py", f"tests/test_{name}.py")
        } | shared_files([BY_ID[id] for id in functions.values()]) | instructions(functions)
        check_files(project)
        check_rendering(project)
    check_style(*projects)


def instructions(functions: dict[str, str]) -> set[str]:
    """Return the files with the instructions of agents."""
    return {f"agents/{name}.agent.md" for name, id in functions.items() if BY_ID[id].instructions}


@pytest.mark.parametrize("python", OFFERED_PYTHONS, ids=lambda python: python.version)
def test_all_kinds_are_clean_on_every_python_that_is_offered(
    python: Python, render: Callable[..., Path]
) -> None:
    version = python.version
    check_style(
        *(
            render(one_of_each(version, streams=streams), python_version=version)
            for streams in (False, True)
        )
    )


def shared_files(kinds: Sequence[Kind]) -> set[str]:
    """Return the files of a project for what functions of these kinds share, and their tables."""
    modules = {module for kind in kinds for module in kind.shared}
    files = {
        file for name in modules for file in (f"shared/{name}.py", f"tests/test_shared_{name}.py")
    }
    services = {kind.service for kind in kinds if kind.service}
    files |= {f"database/{name}.sql" for name in services if SERVICES[name].tables}
    files |= {file for name in services for file in SERVICES[name].tools}
    if any("durableTask" in kind.host for kind in kinds):
        files.add("tests/durable_replay.py")
    if any("mcp" in kind.host for kind in kinds):
        files.add(".vscode/mcp.json")
    return files | {"shared/__init__.py"} if modules else files


def check_rendering(project: Path) -> None:
    """Fail for a file that a template left half done."""
    for path, text in texts(project).items():
        assert "{{" not in text.replace("${{", ""), path
        assert "_example" not in text.replace("local.settings.example", ""), path
        assert text == "" or (text.endswith("\n") and not text.endswith("\n\n")), path


def test_the_app_registers_the_functions_in_the_order_of_the_answer(
    render: Callable[..., Path],
) -> None:
    functions = {"zebra": "http", "orders": "queue", "apple": "timer"}
    lines = read(render(functions) / "function_app.py").splitlines()
    assert [line for line in lines if line.startswith("app.register_functions")] == [
        f"app.register_functions({name}.bp)" for name in functions
    ]


@pytest.mark.parametrize(
    ("functions", "extensions"),
    [
        ({"nightly": "timer"}, None),
        ({"hello": "http"}, {"http"}),
        ({"orders": "queue", "uploads": "blob"}, {"queues", "blobs"}),
        ({"a": "servicebus_queue", "b": "servicebus_topic"}, {"serviceBus"}),
        ({"nightly": "timer", "readings": "eventhub"}, {"eventHubs"}),
    ],
)
def test_host_json_has_only_the_extensions_that_the_kinds_use(
    functions: dict[str, str], extensions: set[str] | None, render: Callable[..., Path]
) -> None:
    host = read_json(render(functions) / "host.json")
    assert host["version"] == "2.0"
    assert host["extensionBundle"] == {
        "id": "Microsoft.Azure.Functions.ExtensionBundle",
        "version": "[4.*, 5.0.0)",
    }
    assert host["logging"]["applicationInsights"]["samplingSettings"]["isEnabled"] is True
    assert host.keys() - {"version", "extensionBundle", "logging"} == (
        {"extensions"} if extensions else set()
    )
    assert set(host.get("extensions", {})) == (extensions or set())


def local_settings(kind: Kind) -> dict[str, str]:
    """Return the app settings that a kind needs, with their values on a developer's machine."""
    settings = {
        setting: value.replace("<project_name>", "my-app")
        for setting, value in {**kind.settings, **kind.local_settings}.items()
    }
    connection = SERVICES[kind.service].local_settings if kind.service else {}
    return {**connection, **settings}


def test_the_settings_have_one_connection_a_service(render: Callable[..., Path]) -> None:
    project = render(one_of_each())
    example = read_json(project / "local.settings.example.json")
    assert example["IsEncrypted"] is False
    service_bus = "sb://localhost;"
    beside_event_hubs = SERVICES["servicebus"].beside["eventhubs"][service_bus]
    assert example["Values"] == {
        **{
            setting: value.replace(service_bus, beside_event_hubs)
            if setting == "ServiceBusConnection"
            else value
            for kind in KINDS
            if not kind.streams and DEFAULT_PYTHON in kind.python
            for setting, value in local_settings(kind).items()
        },
        "AzureWebJobsStorage": "UseDevelopmentStorage=true",
        "FUNCTIONS_WORKER_RUNTIME": "python",
    }
    local = read(project / "local.settings.json")
    assert json.loads(local) == example


def test_every_kafka_function_of_every_app_has_a_consumer_group_of_its_own(
    render: Callable[..., Path],
) -> None:
    """Functions that share a group get a part of the events each."""
    groups = []
    for name in ("orders-api", "stock-api"):
        app = render({"views": "kafka", "page_views": "kafka"}, project_name=name)
        settings = read_json(app / "local.settings.json")["Values"]
        for function in ("views", "page_views"):
            [setting] = re.findall(
                r'consumer_group="%(\w+)%"',
                read(app / "blueprints" / f"{function}.py"),
            )
            groups.append(settings[setting])
    assert groups == [
        "orders-api-views",
        "orders-api-page-views",
        "stock-api-views",
        "stock-api-page-views",
    ]


@pytest.mark.parametrize(
    "functions",
    [
        {"find": "mcp_tool"},
        {"prices": "mcp_resource", "hello": "http"},
        {"find": "mcp_tool", "prices": "mcp_resource", "more": "mcp_resource", "ask": "mcp_prompt"},
    ],
)
def test_an_mcp_server_has_a_name_and_assistants_can_connect_to_it(
    functions: dict[str, str], render: Callable[..., Path]
) -> None:
    app = render(functions, project_name="tea-shop")
    mcp = read_json(app / "host.json")["extensions"]["mcp"]
    assert (mcp["serverName"], mcp["serverVersion"]) == ("tea-shop", "1.0.0")
    assert (
        mcp["instructions"] == "Help with the products of a shop, their prices and exchange rates."
    )
    client = read_json(app / ".vscode" / "mcp.json")
    urls = {name: server["url"] for name, server in client["servers"].items()}
    path = "/runtime/webhooks/mcp"
    assert urls == {
        "tea-shop": f"http://localhost:7071{path}",
        "tea-shop-azure": f"https://${{input:app}}.azurewebsites.net{path}",
    }
    asked = {one["id"]: one.get("password", False) for one in client["inputs"]}
    assert asked == {"app": False, "key": True}
    readme = read(app / "README.md")
    assert readme.count("`npx @modelcontextprotocol/inspector`") == 1
    for name in functions.keys() - {"hello"}:
        called = rf'"method": ".+",\n  "params": {{"(name": "|uri": "shop://){name}\b'
        assert re.search(called, readme)


def test_the_files_that_assistants_read_name_no_server_without_one(
    render: Callable[..., Path],
) -> None:
    app = render({"hello": "http"})
    assert [path for path, text in texts(app).items() if re.search(r"\bmcp\b", text)] == []


@pytest.mark.parametrize("kind", ["sql", "mysql"])
def test_apps_on_one_database_keep_their_states_apart(
    kind: str, render: Callable[..., Path]
) -> None:
    """The extensions name what they remember after this setting, which Azure makes for each app."""
    for name in ("orders-api", "stock-api"):
        app = render({"changes": kind}, project_name=name)
        settings = read_json(app / "local.settings.json")["Values"]
        assert settings["WEBSITE_SITE_NAME"] == name


@pytest.mark.parametrize(
    ("version", "value"), [("3.10", "1"), ("3.12", "1"), ("3.13", None), ("3.14", None)]
)
def test_streams_need_a_setting_on_older_pythons(
    version: str, value: str | None, render: Callable[..., Path]
) -> None:
    app = render({"up": "http_stream"}, python_version=version)
    settings = read_json(app / "local.settings.json")["Values"]
    assert settings.get("PYTHON_ENABLE_INIT_INDEXING") == value


def test_the_readme_shows_every_function(render: Callable[..., Path]) -> None:
    functions = {"hello": "http", "nightly": "timer", "new_orders": "queue"}
    project = render(functions, description="Sells <!-- tea.")
    readme = read(project / "README.md")
    assert "\n\n> Sells <!-- tea.\n\n" in readme
    for name, id in functions.items():
        assert f"| [`{name}`](blueprints/{name}.py) | {BY_ID[id].title} |" in readme
        assert f"""--> {name}_function(["{name}"])""" in readme
    assert "`StorageConnection__queueServiceUri`" in readme
    assert "EventHubsConnection" not in readme


@pytest.mark.parametrize("level", ["anonymous", "function", "admin"])
def test_the_app_has_the_chosen_authorization(level: str, render: Callable[..., Path]) -> None:
    app = read(render({"hello": "http"}, auth_level=level) / "function_app.py")
    assert f"func.FunctionApp(http_auth_level=func.AuthLevel.{level.upper()})" in app


@pytest.mark.parametrize("backend", ["storage", "scheduler"])
@pytest.mark.parametrize("kind", DURABLE)
def test_the_app_of_durable_functions_has_a_hub_for_each_slot(
    kind: str, backend: str, render: Callable[..., Path]
) -> None:
    """A FunctionApp would register the functions that version 2 adds to each blueprint more than once."""
    project = render(
        {"hello": "http", "one": kind, "two": kind}, devcontainer=True, durable_backend=backend
    )
    app = read(project / "function_app.py")
    assert "app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)" in app
    host = read_json(project / "host.json")
    connection = {
        "type": "azureManaged",
        "connectionStringName": "DURABLE_TASK_SCHEDULER_CONNECTION_STRING",
    }
    provider = {"storageProvider": connection} if backend == "scheduler" else {}
    assert host["extensions"]["durableTask"] == {"hubName": "%TASK_HUB%", **provider}
    settings = read_json(project / "local.settings.example.json")
    assert re.fullmatch("[A-Za-z][A-Za-z0-9]{2,44}", settings["Values"]["TASK_HUB"])
    readme = read(project / "README.md")
    assert "`TASK_HUB` a slot setting" in readme
    of_the_host = readme.partition("| `AzureWebJobsStorage` |")[2].partition("\n")[0]
    assert ("Storage Queue Data Contributor" in of_the_host) == (backend == "storage")
    for name in (
        connection["connectionStringName"],
        "az durabletask taskhub create",
        "Durable Task Data Contributor",
    ):
        assert (name in readme) == (backend == "scheduler")


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13", "3.14"])
def test_every_tool_knows_the_chosen_python(version: str, render: Callable[..., Path]) -> None:
    project = render({"hello": "http"}, python_version=version)
    tools = tomllib.loads(read(project / "pyproject.toml"))["tool"]
    # For Python 3.14, ruff would write `except A, B:`, which kinds cannot have: they run on all versions.
    syntax = min(version, "3.13")
    assert tools["ruff"]["target-version"] == "py" + syntax.replace(".", "")
    assert tools["mypy"]["python_version"] == version
    dockerfile = read(project / "Dockerfile")
    assert f"FROM mcr.microsoft.com/azure-functions/python:4-python{version}\n" in dockerfile


@pytest.mark.parametrize("name", ["README.md", "requirements.txt", "function_app.py", "host.json"])
def test_what_every_app_has_is_last_so_that_updates_merge(
    name: str, render: Callable[..., Path]
) -> None:
    """A user's lines at the end, and new functions before it, must not touch each other."""
    one, all = (render(functions) / name for functions in ({"hello": "http"}, one_of_each()))
    last_lines = [read(path).splitlines()[-1] for path in (one, all)]
    assert last_lines[0] == last_lines[1]
