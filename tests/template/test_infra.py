"""The files of infra/ and azure.yaml; test_bicep.py compiles them, and created_resources/ sees what they create."""

import hashlib
import json
import re
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from hooks import environments
from hooks.catalogue import ROOT, Kind, read_yaml
from tests.support.cache import cached_folder
from tests.support.catalogue import KINDS, SERVICES, every_on_flex, with_scheduler
from tests.support.run import run
from tests.support.text_files import read

INFRA = ROOT / "template" / "infra"
ALWAYS = {
    "main",
    "function_app",
    "identity",
    "monitoring",
    "network",
    "private_endpoints",
    "storage",
}
MADE = {name for name, service in SERVICES.items() if service.bicep}
ROLES = {
    # Of the modules that every app has.
    "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
    **{role: id for service in SERVICES.values() for role, id in service.roles.items()},
}
# Of the modules that some apps have, besides those of services.
OTHERS = {"deployer_roles", "event_handlers", "sign_in", "subscriptions", "vault"}
# Checks of checkov that look at several resources take no comments in a module. sql.bicep explains these.
UNEXPLAINED = {"CKV_AZURE_23", "CKV_AZURE_24", "CKV_AZURE_25"}
NOT_ON_FLEX = [kind for kind in KINDS if kind.not_on_flex]
EVENT_GRID = {kind.id: kind for kind in KINDS if kind.event_grid}


@pytest.fixture
def app(functions: dict[str, str], render: Callable[..., Path]) -> Path:
    return render(functions, infra="azd")


def texts(app: Path) -> dict[str, str]:
    """Return the modules by their names, main among them."""
    return {path.stem: read(path) for path in (app / "infra").glob("*.bicep")}


def test_an_empty_variable_replaces_no_default(render: Callable[..., Path]) -> None:
    """azd passes an empty text on, which is what a workflow makes of a variable that is not set."""
    main = texts(render(every_on_flex(), infra="azd"))["main"]
    defaults = dict(re.findall(r"(?m)^param (\w+) string = '(.*)'$", main))
    # azd itself gives this one a value.
    assert defaults.pop("principalType") == "User"
    assert {"alwaysReady", "mcpClients", "modelName", "modelVersion"} <= set(defaults)
    assert set(defaults.values()) == {""}


def test_every_role_is_used() -> None:
    used = {role for kind in KINDS for role in (*kind.roles, *with_scheduler(kind).roles)}
    # Of the app and the host in every app, and of Event Grid for dead letters.
    others = {
        "Monitoring Metrics Publisher",
        "Storage Blob Data Owner",
        "Storage Blob Data Contributor",
    }
    assert set(ROLES) == used | others
    assert len(set(ROLES.values())) == len(ROLES)


def test_each_type_of_resource_has_one_version_of_the_api() -> None:
    texts = [read(path) for path in INFRA.glob("*.bicep*")]
    used = set(re.findall(r"'(Microsoft\.[\w./]+)@([\d-]+)", "\n".join(texts)))
    assert len(used) > 20
    assert len({type for type, _ in used}) == len(used)


def test_every_module_of_bicep_is_that_of_a_service_or_of_every_app() -> None:
    modules = {path.name.split(".")[0] for path in INFRA.glob("*.bicep*")}
    assert modules == ALWAYS | MADE | OTHERS


def body(main: str, module: str) -> str:
    """Return the call of a module in main.bicep."""
    [found] = re.findall(rf"(?ms)^module {module} .*?^}}$", main)
    return str(found)


@pytest.fixture(scope="module")
def checkov() -> Path:
    """The command, from an environment of its own."""
    pyproject = tomllib.loads(read(ROOT / "pyproject.toml"))
    requirements = pyproject["dependency-groups"]["checkov"]
    overrides = pyproject["tool"]["uv"]["override-dependencies"]
    folder = cached_folder(
        "checkov",
        "".join(requirements + overrides).encode(),
        lambda folder: environments.make_environment(
            folder, Path(sys.executable), requirements, ROOT
        ),
    )
    return environments.interpreter(folder).with_name("checkov")


def test_checkov_finds_nothing_that_is_not_explained(
    render: Callable[..., Path], checkov: Path, tmp_path: Path
) -> None:
    """Of several folders it reads only the first, and it takes longer the more resources there are.

    It cannot parse an expression that Bicep's formatter wraps, such as one with a long name.
    """
    long_names = {"d" * 50: "http_webhook", "e" * 50: "servicebus_queue", "f" * 50: "kafka"}
    for functions in (every_on_flex(), {"hello": "http"}, long_names):
        app = render(functions, infra="azd", durable_backend="scheduler")
        for module in (app / "infra").glob("*.bicep"):
            # Most modules are the same in all apps.
            name = hashlib.sha256(module.read_bytes()).hexdigest()
            shutil.copy(module, tmp_path / f"{module.stem}_{name[:8]}.bicep")
    scan = ["--directory", ".", "--framework", "bicep", "--skip-download", "--output", "json"]
    done = run(checkov, *scan, folder=tmp_path, status=None)
    results = json.loads(done.stdout)["results"]
    assert {check["check_id"] for check in results["failed_checks"]} <= UNEXPLAINED
    assert results["parsing_errors"] == []
    passed = {
        Path(check["file_path"]).stem.rpartition("_")[0] for check in results["passed_checks"]
    }
    assert passed >= {"function_app", "storage", "network", "vault", "sql", "eventhubs"}
    for skipped in results["skipped_checks"]:
        assert len(skipped["check_result"]["suppress_comment"].split()) > 3


def test_azd_reads_what_to_publish(render: Callable[..., Path]) -> None:
    app = render({"hello": "http"}, infra="azd", python_version="3.12")
    assert read_yaml(app / "azure.yaml") == {
        "name": "my-app",
        "services": {"app": {"project": ".", "language": "python", "host": "function"}},
    }
    main = texts(app)["main"]
    assert "    pythonVersion: '3.12'\n" in main
    assert "'azd-service-name': 'app'" in texts(app)["function_app"]
    assert "'azd-env-name': environmentName" in main
    ignored = read(app / ".gitignore").splitlines()
    assert ".azure/" in ignored
    unpublished = read(app / ".funcignore").splitlines()
    assert {".azure", "azure.yaml", "infra"} <= set(unpublished)


@pytest.mark.parametrize(
    ("functions", "modules"),
    [
        ({"hello": "http"}, set()),
        (
            {"pay": "servicebus_queue", "readings": "eventhub"},
            {"servicebus", "eventhubs", "deployer_roles"},
        ),
        ({"uploads": "blob_eventgrid"}, {"subscriptions", "deployer_roles"}),
        ({"notes": "webpubsub"}, {"webpubsub", "event_handlers", "deployer_roles"}),
        ({"room": "signalr"}, {"signalr", "deployer_roles"}),
        ({"views": "cosmosdb"}, {"cosmosdb"}),
        ({"rows": "sql"}, {"sql"}),
        ({"advise": "agent", "ask": "mcp_prompt"}, {"openai", "sign_in", "deployer_roles"}),
        ({"rows": "mysql"}, {"vault", "deployer_roles"}),
        ({"bill": "durable"}, {"durabletask", "deployer_roles"}),
    ],
)
def test_there_are_the_modules_of_the_services_in_use_alone(
    functions: dict[str, str], modules: set[str], render: Callable[..., Path]
) -> None:
    app = render(functions, infra="azd", durable_backend="scheduler")
    assert set(texts(app)) == ALWAYS | modules


@pytest.mark.parametrize("name", ["a", "e" * 55, "e" * 54 + "_mail", "e" * 127])
def test_the_container_of_uploads_has_a_name_that_azure_takes(
    name: str, render: Callable[..., Path]
) -> None:
    app = render({name: "eventgrid"}, infra="azd")
    [container] = re.findall(r"container: '(.+)'", body(texts(app)["main"], "subscriptions"))
    assert re.fullmatch(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*", container)
    readme = read(app / "README.md")
    assert f"- Event Grid calls `{name}` for uploads to the container `{container}` of" in readme


@pytest.mark.parametrize(
    "functions",
    [
        {"dead_letters": "blob_eventgrid"},
        {"uploads_a": "blob_eventgrid", "a": "eventgrid"},
        {"uploads_a": "blob_output", "a": "eventgrid"},
        {"e" * 60: "eventgrid", "e" * 61: "eventgrid", "e" * 60 + "_mail": "eventgrid"},
    ],
)
def test_no_two_functions_share_a_container_of_event_grid(
    functions: dict[str, str], render: Callable[..., Path]
) -> None:
    """A function would hear of the uploads of another, or of its own dead letters."""
    main = texts(render(functions, infra="azd"))["main"]
    listed = re.findall(r"(?m)^      '(.+)'$", body(main, "storage").split("containers:")[1])
    wanted = [name for name in listed if name not in {"queue", "table"}]
    assert len(set(wanted)) == len(wanted) == len(functions) + 1


@pytest.mark.parametrize("kind", EVENT_GRID)
def test_event_grid_reports_uploads_to_every_kind_that_it_triggers(
    kind: str, render: Callable[..., Path]
) -> None:
    app = render({"my_files": kind}, infra="azd")
    call = body(texts(app)["main"], "subscriptions")
    assert "function: 'my_files'\n        container: '" in call
    if EVENT_GRID[kind].event_grid == "blob":
        module = read(app / "blueprints" / "my_files.py")
        assert '    path="my-files/{name}",\n' in module
        assert "    source=func.BlobSource.EVENT_GRID,\n" in module
        assert "container: 'my-files'" in call


@pytest.mark.parametrize("kind", NOT_ON_FLEX, ids=lambda kind: kind.id)
def test_a_function_that_the_plan_does_not_run_is_refused_with_what_to_do(
    kind: Kind, render: Callable[..., Path]
) -> None:
    with pytest.raises(
        Exception,
        match=rf'"mine" does not run on the Flex Consumption plan.*{kind.not_on_flex}',
    ):
        render({"hello": "http", "mine": kind.id}, infra="azd")


def test_polling_for_blobs_has_an_alternative() -> None:
    instead = {kind.id: kind.not_on_flex for kind in NOT_ON_FLEX}
    for kind in ("blob", "blob_sdk", "blob_sdk_stream"):
        other = f"{kind}_eventgrid"
        assert instead[kind] == f"use the kind {other}"
        assert EVENT_GRID[other].event_grid == "blob"


def test_an_app_without_infra_has_nothing_of_it(render: Callable[..., Path]) -> None:
    app = render({"hello": "http", "uploads": "blob_eventgrid"})
    assert not (app / "infra").exists()
    assert not (app / "azure.yaml").exists()
    for name in (".gitignore", ".funcignore", "README.md"):
        # .gitignore names what belongs in commits of any app.
        text = re.sub(r"(?m)^!.*$", "", read(app / name))
        assert not re.search(r"\bazd\b|\.azure/|infra/", text)
