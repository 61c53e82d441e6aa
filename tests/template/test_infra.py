"""What azd makes: the Bicep parses and fits together, and every function finds what it binds, by identity alone."""

import json
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hooks import environments
from hooks.catalogue import ROOT, Kind, read_yaml
from tests.support import bicep
from tests.support.cache import cached_folder
from tests.support.catalogue import KINDS, SERVICES, one_of_each
from tests.support.run import run

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
ON_FLEX = [kind for kind in KINDS if not kind.not_on_flex]
NOT_ON_FLEX = [kind for kind in KINDS if kind.not_on_flex]
EVENT_GRID = {kind.id: kind for kind in KINDS if kind.event_grid}
EVERY = {
    name: id for name, id in one_of_each("3.13").items() if id in {kind.id for kind in ON_FLEX}
}
KEYWORDS = {"true", "false", "null", "if", "for", "in", "existing"}

every_app = pytest.mark.parametrize(
    "functions",
    [
        {"hello": "http"},
        EVERY,
        *({f"my_{kind.id}": kind.id} for kind in ON_FLEX if "3.13" in kind.python),
    ],
    ids=lambda functions: "all" if len(functions) > 1 else next(iter(functions)),
)


@pytest.fixture
def app(functions: dict[str, str], render: Callable[..., Path]) -> Path:
    return render(functions, infra="azd")


def texts(app: Path) -> dict[str, str]:
    """Return the modules by their names, main among them."""
    return {path.stem: path.read_text(encoding="utf-8") for path in (app / "infra").glob("*.bicep")}


def parse(text: str) -> dict[str, dict[str, Any]]:
    """Return what a module declares: parameters, variables, resources, modules and outputs."""
    parsed = bicep.parse(text)
    return {
        part: parsed.get(part, {})
        for part in ("parameters", "variables", "resources", "modules", "outputs")
    }


def expressions(text: str) -> str:
    """Return a module without comments and strings, but with what is in `${}` of strings."""
    text = re.sub(r"(?m)^\s*//.*$|^targetScope.*$|^@.*$", "", text)
    code: list[str] = []
    modes = ["code"]
    for token in re.findall(r"\$\{|[{}']|\$|[^${}']+", text):
        if modes[-1] == "string":
            if token == "'":
                modes.pop()
            elif token == "${":
                modes.append("interpolation")
        elif token == "'":
            modes.append("string")
        elif token == "}":
            code.append(" " if modes.pop() == "interpolation" else token)
        else:
            if token == "{":
                modes.append("braces")
            code.append(token)
    return "".join(code)


def used_symbols(text: str) -> set[str]:
    """Return the names that the expressions of a module use."""
    text = expressions(text)
    text = re.sub(
        r"(?m)^(param|var|output|resource|module) \w+( (string|object|array|bool))?", "", text
    )
    loops = {
        name
        for found in re.findall(r"\bfor (\w+|\(\w+, \w+\)) in\b", text)
        for name in re.findall(r"\w+", found)
    }
    # A key has its colon at once; the colon of a condition comes after a space.
    names = re.findall(r"(?<![\w.])([A-Za-z_]\w*)\b(?!\s*\(|:(?!:))", text)
    looped = re.findall(r"\bin (\w+):", text)
    return {*names, *looped} - loops - KEYWORDS


@every_app
def test_every_symbol_is_declared_and_used(app: Path) -> None:
    for name, text in texts(app).items():
        declared = parse(text)
        symbols = {symbol for part in declared for symbol in declared[part] if part != "outputs"}
        used = used_symbols(text)
        assert used <= symbols, f"{name} declares no {used - symbols}"
        # A resource or module may be there for its own sake.
        values = {*declared["parameters"], *declared["variables"]}
        assert values <= used, f"{name} does not use {values - used}"


@every_app
def test_loops_and_names_are_known_before_anything_is_made(app: Path) -> None:
    """A compiler refuses others: they cannot wait for what a resource or module gives."""
    for name, text in texts(app).items():
        declared = parse(text)
        made = {*declared["resources"], *declared["modules"]}
        for variable in declared["variables"]:
            [value] = re.findall(rf"(?ms)^var {variable} = (.*?)(?=^\S|\Z)", text)
            if made & used_symbols(value):
                made.add(variable)
        early = re.findall(r"(?m)\bfor (?:\w+|\(\w+, \w+\)) in ([^:]+):|^  name: (.+)$", text)
        for expression in (part for parts in early for part in parts if part):
            waiting = used_symbols(expression) & made
            # An id is made of names alone.
            ids = {symbol for symbol in waiting if re.search(rf"\b{symbol}\.id\b", expression)}
            assert waiting <= ids, f"{name}: {expression}"


@every_app
def test_a_list_of_nothing_is_on_one_line(app: Path) -> None:
    assert [name for name, text in texts(app).items() if re.search(r"\[\n *\]", text)] == []


@every_app
def test_every_module_gets_its_parameters_and_gives_what_is_asked_of_it(app: Path) -> None:
    modules = {name: parse(text) for name, text in texts(app).items()}
    main = texts(app)["main"]
    for symbol, file in re.findall(r"(?m)^module (\w+) '(\w+)\.bicep'", main):
        [body] = re.findall(rf"(?ms)^module {symbol} .*?^}}$", main)
        given = set(re.findall(r"(?m)^    (\w+):", body))
        assert given == set(modules[file]["parameters"]), symbol
        asked = set(re.findall(rf"\b{symbol}\.outputs\.(\w+)", main))
        assert asked <= set(modules[file]["outputs"]), symbol
    files = {file for _, file in re.findall(r"(?m)^module (\w+) '(\w+)\.bicep'", main)}
    assert files == set(modules) - {"main"}
    parameters = json.loads((app / "infra" / "main.parameters.json").read_text(encoding="utf-8"))
    assert set(parameters["parameters"]) == set(modules["main"]["parameters"])


@every_app
def test_roles_come_from_the_services(app: Path) -> None:
    for name, text in texts(app).items():
        ids = set(re.findall(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", text))
        assert ids <= (set(ROLES.values()) if name == "main" else set())


def test_every_role_is_used() -> None:
    used = {role for kind in KINDS for role in kind.roles}
    # Of the app and the host in every app, and of Event Grid for dead letters.
    others = {
        "Monitoring Metrics Publisher",
        "Storage Blob Data Owner",
        "Storage Blob Data Contributor",
    }
    assert set(ROLES) == used | others
    assert len(set(ROLES.values())) == len(ROLES)


def test_each_type_of_resource_has_one_version_of_the_api() -> None:
    texts = [path.read_text(encoding="utf-8") for path in INFRA.glob("*.bicep*")]
    used = set(re.findall(r"'(Microsoft\.[\w./]+)@([\d-]+)", "\n".join(texts)))
    assert len(used) > 20
    assert len({type for type, _ in used}) == len(used)


def test_every_module_of_bicep_is_that_of_a_service_or_of_every_app() -> None:
    modules = {path.name.split(".")[0] for path in INFRA.iterdir()}
    assert modules == ALWAYS | MADE | {"subscriptions"}


@every_app
def test_every_function_finds_its_resources_roles_and_settings(
    app: Path, functions: dict[str, str]
) -> None:
    main = texts(app)["main"]
    for name, id in functions.items():
        [kind] = [kind for kind in KINDS if kind.id == id]
        module = kind.service or "storage"
        for resource in kind.resources:
            for value in resource.values():
                assert f"'{named(kind, name, value)}'" in body(main, module)
        assert kind.service not in MADE or kind.roles
        for role in kind.roles:
            assert f"roleIds.{symbol(role)}\n" in body(main, module)
            assert f"  {symbol(role)}: '{ROLES[role]}'\n" in main
        for setting, value in kind.settings.items():
            value = named(kind, name, value).replace("<project_name>", "my-app")
            assert f"  {named(kind, name, setting)}: '{value}'\n" in main
        if kind.service:
            settings_of_service(main, kind.service)


def settings_of_service(main: str, name: str) -> None:
    """Fail if a service has not the settings by which the app connects to it in Azure."""
    service = SERVICES[name]
    connection = service.connection
    if name in MADE:
        for suffix in service.identity:
            assert f"  {connection}__{suffix}: {name}.outputs.{suffix}\n" in main
        assert f"  {connection}__clientId: identity.outputs.clientId\n" in main
        assert f"  {connection}__credential: 'managedidentity'\n" in main
    else:
        parameter = connection[0].lower() + connection[1:]
        assert re.search(rf"@secure\(\)\n@description\('.+'\)\nparam {parameter} string\n", main)
        assert f"  {connection}: {parameter}\n" in main


def named(kind: Kind, name: str, text: str) -> str:
    """Return a text of a kind for a function of this name."""
    old = kind.placeholder
    for change in (str, lambda text: text.replace("_", "-"), str.upper, pascal):
        text = text.replace(change(old), change(name))
    return text


def pascal(text: str) -> str:
    return text.title().replace("_", "")


def symbol(role: str) -> str:
    """Return the name of a role in main.bicep."""
    words = role.replace("-", " ").split()
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return joined[0].lower() + joined[1:]


def body(main: str, module: str) -> str:
    """Return the call of a module in main.bicep."""
    [found] = re.findall(rf"(?ms)^module {module} .*?^}}$", main)
    return str(found)


@every_app
def test_nothing_secret_is_shown_and_no_key_is_accepted(app: Path) -> None:
    modules = texts(app)
    for name, text in modules.items():
        outputs = re.findall(r"(?m)^output .+$", text)
        assert not re.search(r"(?i)key|secret|password|connectionstring|listkeys", "".join(outputs))
        # Event Grid calls the app's own endpoint with the app's own key.
        assert ("listKeys" in text) == (name == "subscriptions")
    closed = {
        "monitoring": ["disableLocalAuth: true", "DisableLocalAuth: true"],
        "storage": ["allowSharedKeyAccess: false", "allowBlobPublicAccess: false"],
        **{name: ["disableLocalAuth: true"] for name in MADE - {"storage"}},
    }
    for name, lines in closed.items():
        for line in lines:
            assert name not in modules or line in modules[name]


@pytest.fixture(scope="module")
def checkov() -> Path:
    """The command, from an environment of its own."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    requirements = pyproject["dependency-groups"]["checkov"]
    folder = cached_folder(
        "checkov",
        "".join(requirements).encode(),
        lambda folder: environments.make_environment(
            folder, Path(sys.executable), requirements, ROOT
        ),
    )
    return environments.interpreter(folder).with_name("checkov")


@pytest.mark.parametrize("functions", [{"hello": "http"}, EVERY], ids=["http", "all"])
def test_checkov_finds_nothing_that_is_not_explained(app: Path, checkov: Path) -> None:
    scan = ["--directory", "infra", "--framework", "bicep", "--skip-download", "--output", "json"]
    done = run(checkov, *scan, folder=app, status=None)
    results = json.loads(done.stdout)["results"]
    assert results["failed_checks"] == []
    assert results["parsing_errors"] == []
    assert len(results["passed_checks"]) > 10
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
    ignored = (app / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ".azure/" in ignored
    unpublished = (app / ".funcignore").read_text(encoding="utf-8").splitlines()
    assert {".azure", "azure.yaml", "infra"} <= set(unpublished)


@pytest.mark.parametrize(
    ("functions", "modules"),
    [
        ({"hello": "http"}, set()),
        ({"pay": "servicebus_queue", "readings": "eventhub"}, {"servicebus", "eventhubs"}),
        ({"uploads": "blob_eventgrid"}, {"subscriptions"}),
        ({"rows": "sql"}, set()),
    ],
)
def test_there_are_the_modules_of_the_services_in_use_alone(
    functions: dict[str, str], modules: set[str], render: Callable[..., Path]
) -> None:
    assert set(texts(render(functions, infra="azd"))) == ALWAYS | modules


def test_event_grid_calls_the_functions_that_it_triggers(render: Callable[..., Path]) -> None:
    app = render({"uploads": "blob_eventgrid", "events": "eventgrid", "hello": "http"}, infra="azd")
    call = body(texts(app)["main"], "subscriptions")
    assert "    functionsDeployed: functionsDeployed\n" in call
    # The role of the topic takes minutes to apply, so only the subscriptions wait for the functions.
    subscriptions = texts(app)["subscriptions"]
    loops = re.findall(r"(?m)^resource .* = \[for \w+ in (\w+): {$", subscriptions)
    assert loops == ["deployedEventFunctions", "deployedBlobFunctions"]
    for loop in loops:
        given = loop.removeprefix("deployed")
        given = given[0].lower() + given[1:]
        assert f"var {loop} = functionsDeployed ? {given} : []\n" in subscriptions
    assert "function: 'events'\n        container: '0-uploads-events'" in call
    assert "function: 'uploads'\n        container: 'uploads'" in call


def test_event_grid_delivers_uploads_to_one_container_and_keeps_what_it_cannot_deliver(
    render: Callable[..., Path],
) -> None:
    app = render({"uploads": "blob_eventgrid", "events": "eventgrid"}, infra="azd")
    main, subscriptions = texts(app)["main"], texts(app)["subscriptions"]
    for container in ("uploads", "0-uploads-events", "0-dead-letters"):
        assert f"      '{container}'\n" in body(main, "storage")
    role = "storageBlobDataContributor"
    assert f"    deadLetterRoleId: roleIds.{role}\n" in body(main, "subscriptions")
    assert f"  {role}: '{ROLES['Storage Blob Data Contributor']}'\n" in main
    # Not a role of the app itself.
    assert f"roleIds.{role}\n" not in body(main, "storage")
    for kind in ("event", "blob"):
        [resource] = re.findall(rf"(?ms)\[for {kind} in .*?^}}\]$", subscriptions)
        assert "    deadLetterWithResourceIdentity: deadLetter\n" in resource
        container = f"'/blobServices/default/containers/${{{kind}.container}}/'"
        assert f"      subjectBeginsWith: {container}\n" in resource
        # Event Grid checks that it may write there.
        assert "  dependsOn: [\n    assignment\n  ]" in resource


@pytest.mark.parametrize("name", ["a", "e" * 55, "e" * 54 + "_mail", "e" * 127])
def test_the_container_of_uploads_has_a_name_that_azure_takes(
    name: str, render: Callable[..., Path]
) -> None:
    app = render({name: "eventgrid"}, infra="azd")
    [container] = re.findall(r"container: '(.+)'", body(texts(app)["main"], "subscriptions"))
    assert re.fullmatch(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*", container)
    readme = (app / "README.md").read_text(encoding="utf-8")
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
        module = (app / "blueprints" / "my_files.py").read_text(encoding="utf-8")
        assert '    path="my-files/{name}",\n' in module
        assert "    source=func.BlobSource.EVENT_GRID,\n" in module
        assert "container: 'my-files'" in call
        readme = (app / "README.md").read_text(encoding="utf-8")
        assert "/blobs?functionName=Host.Functions.my_files&code=KEY" in readme


@pytest.mark.parametrize("kind", EVENT_GRID)
def test_the_commands_for_event_grid_filter_and_keep_what_cannot_be_delivered(
    kind: str, render: Callable[..., Path]
) -> None:
    readme = (render({"uploads": kind}) / "README.md").read_text(encoding="utf-8")
    [command] = re.findall(r"(?ms)^az eventgrid .+?[^\\]$", readme)
    for option in (
        "--included-event-types Microsoft.Storage.BlobCreated",
        "--subject-begins-with /blobServices/default/containers/",
        "--deadletter-endpoint STORAGE_ID/blobServices/default/containers/dead-letters",
    ):
        assert option in command
    assert "az storage container create --name dead-letters " in readme


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
        assert not re.search(r"\bazd\b|\.azure/|infra/", (app / name).read_text(encoding="utf-8"))
