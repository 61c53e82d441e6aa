"""The README of an app: it says how to run it in Azure, and what it says is what happens."""

import ast
import json
import re
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from hooks.catalogue import Kind
from tests.support.catalogue import KINDS, SERVICES, one_of_each, with_scheduler
from tests.support.readme import section
from tests.support.repositories import read_json
from tests.support.run import run

FUNCTIONS = {"hello": "http", "orders": "queue"}

# The decorators of the triggers for which the host honours a retry policy, as the README names them.
RETRIED = {
    "timer_trigger": "timers",
    "event_hub_message_trigger": "Event Hubs",
    "kafka_trigger": "Kafka",
    "cosmos_db_trigger": "change feed of Cosmos DB",
}
# The decorators of the triggers that the host runs on a request to its admin API: measured on the host 4.1037.
BY_HAND = {
    "activity_trigger",
    "blob_trigger",
    "event_grid_trigger",
    "queue_trigger",
    "timer_trigger",
}


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Settings", '`os.environ["NAME"]` fails if a setting is missing'),
        ("Settings", '`os.getenv("NAME")` returns `None`'),
        ("How functions run", "**Global variables.** They last as long as the worker process."),
        ("How functions run", "`tempfile` stay on one instance"),
        ("Scale", "--trigger-type http --trigger-settings perInstanceConcurrency="),
        ("Scale", "`FUNCTIONS_WORKER_PROCESS_COUNT`"),
        ("Scale", "All `async` functions share one thread"),
        ("Deploy", 'func azure functionapp publish "$APP" --python --build remote\n'),
        ("Deploy", "`--build local` to build on your own (Linux) machine"),
        ("Private packages", "`PIP_EXTRA_INDEX_URL`"),
        ("Private packages", "func azure functionapp publish APP --no-build\n"),
        ("CORS", "az functionapp cors add --name APP --resource-group GROUP --allowed-origins"),
        (
            "Change the Python version",
            "az functionapp runtime config set --name APP --resource-group GROUP",
        ),
        ("Change the Python version", '--linux-fx-version "Python|'),
        ("When something fails", "`ModuleNotFoundError`"),
        ("When something fails", "cygrpc"),
        ("When something fails", "`Could not load file or assembly`"),
        ("When something fails", "a storage connection is not found"),
    ],
)
def test_it_tells_what_microsofts_guide_tells(
    title: str, text: str, render: Callable[..., Path]
) -> None:
    assert text in section(render(FUNCTIONS), title)


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        (["refunds"], "The same is true of `refunds`, with its name in place of `prices`."),
        (
            ["refunds", "returns"],
            "The same is true of `refunds` and `returns`, with their names in place of `prices`.",
        ),
    ],
)
def test_what_to_know_of_a_kind_is_told_once(
    others: list[str], sentence: str, render: Callable[..., Path]
) -> None:
    functions = {"prices": "sql", "hello": "http", **dict.fromkeys(others, "sql"), "files": "blob"}
    text = section(render(functions), "Deploy")
    assert text.count("needs a table with a primary key") == 1
    assert text.count(sentence) == text.count("The same is true") == 1
    assert text.index("`prices` needs a table") < text.index(sentence) < text.index("`files`")
    assert "The same is true" not in section(render({"prices": "sql", "a": "http"}), "Deploy")


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("http", '--flexconsumption-location "$REGION"'),
        ("rabbitmq", 'az functionapp plan create --name "plan-$APP"'),
        ("dapr_topic", 'az containerapp env create --name "env-$APP"'),
        ("dapr_service_invocation", 'az containerapp env create --name "env-$APP"'),
    ],
)
def test_it_creates_the_hosting_that_a_function_needs(
    kind: str, command: str, render: Callable[..., Path]
) -> None:
    text = section(render({"mine": kind}), "Deploy")
    hostings = ["--flexconsumption-location", "functionapp plan create", "containerapp env create"]
    assert [hosting for hosting in hostings if hosting in text] == [
        hosting for hosting in hostings if hosting in command
    ]
    assert command in text
    # A container app has an image instead.
    is_image = "containerapp" in command
    assert ('--image "$IMAGE"' in text and "--enable-dapr true" in text) == is_image
    assert ("func azure functionapp publish" in text) != is_image


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_it_names_the_roles_of_the_identity(kind: Kind, with_one: Callable[[Kind], Path]) -> None:
    rows = identity_rows(with_one(kind))
    setting = SERVICES[kind.service].connection if kind.service else "AzureWebJobsStorage"
    roles = rows[setting].split(", ")
    assert set(kind.roles) <= set(roles)
    assert "Storage Blob Data Owner" in rows["AzureWebJobsStorage"].split(", ")


@pytest.mark.parametrize(
    ("functions", "rows"),
    [
        ({"hello": "http"}, {"AzureWebJobsStorage": "Storage Blob Data Owner"}),
        (
            {"files": "blob_eventgrid", "out": "table_output", "more": "queue"},
            {
                "AzureWebJobsStorage": "Storage Blob Data Owner, Storage Queue Data Contributor",
                "StorageConnection": "Storage Blob Data Owner, Storage Queue Data Contributor, "
                "Storage Table Data Contributor",
            },
        ),
        (
            {"bill": "durable", "pay": "servicebus_queue", "out": "servicebus_output"},
            {
                "AzureWebJobsStorage": "Storage Blob Data Owner, Storage Queue Data Contributor, "
                "Storage Table Data Contributor",
                "ServiceBusConnection": "Azure Service Bus Data Owner, "
                "Azure Service Bus Data Sender",
            },
        ),
        (
            {"jobs": "redis", "rows": "sql", "views": "kafka"},
            {
                "AzureWebJobsStorage": "Storage Blob Data Owner",
                "RedisConnection": "an access policy of the cache",
                "SqlConnection": "a user in the database",
                "KafkaBrokers": "-",
            },
        ),
    ],
)
def test_each_connection_has_the_roles_of_all_its_functions(
    functions: dict[str, str], rows: dict[str, str], render: Callable[..., Path]
) -> None:
    assert identity_rows(render(functions)) == rows


def identity_rows(app: Path) -> dict[str, str]:
    """Return the roles in the table of connections, by setting."""
    table = section(app, "Settings").partition("| Roles of the identity |\n")[2]
    rows = re.findall(r"(?m)^\| `(\w+)` \|.*\| ([^|]+) \|$", table.split("\n\n")[0])
    return dict(rows)


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "storage"])
def test_it_names_what_the_functions_need_on_a_developers_machine(
    service: str, render: Callable[..., Path]
) -> None:
    kind = next(k for k in KINDS if with_scheduler(k).service == service and not k.retired)
    text = section(render({"mine": kind.id}, durable_backend="scheduler"), "Run")
    title = SERVICES[service].title
    if SERVICES[service].containers:
        assert f"the functions also need: {title}.\n`copier update " in text
        emulated = render({"mine": kind.id}, devcontainer=True, durable_backend="scheduler")
        assert "also need" not in section(emulated, "Run")
    else:
        assert f"\n{title} has no emulator: " in text
    others = {one.title for name, one in SERVICES.items() if name not in {service, "storage"}}
    assert [other for other in others if other in text] == []


@pytest.mark.parametrize(
    ("infra", "used"), [("none", "ENTRA_CLIENT_ID='...'"), ("azd", "`azd env set ENTRA_CLIENT_ID ")]
)
def test_it_says_to_make_first_what_only_a_later_section_explains(
    infra: str, used: str, render: Callable[..., Path]
) -> None:
    text = section(render({"mine": "http_jwt"}, infra=infra), "Deploy")
    before, _, after = text.partition(used)
    assert "az ad app create" not in before
    assert re.search(
        r"(?i)\bget (it|the value) first, as described below", after.partition("\n")[0]
    )
    assert "az ad app create" in after


@pytest.mark.parametrize(
    ("kind", "level", "needed", "listed"),
    [
        ("http", "function", "a key", True),
        ("http", "admin", "the master key of the app", True),
        ("http", "anonymous", "", False),
        # These say themselves what their callers send.
        ("http_jwt", "function", "", False),
        ("http_jwt", "admin", "", False),
        ("servicebus_replay", "anonymous", "", True),
        ("http_health", "anonymous", "", True),
        ("http_health", "admin", "", True),
    ],
)
def test_it_says_which_key_callers_need_if_they_need_one(
    kind: str, level: str, needed: str, listed: bool, render: Callable[..., Path]
) -> None:
    text = section(render({"mine": kind}, auth_level=level), "Deploy")
    said = re.findall(r"\nCallers of an HTTP function need (.+), as `\?code=KEY` or in", text)
    assert said == [needed] * bool(needed)
    assert ("\n`az functionapp keys list --name APP " in text) == listed


def test_it_says_nothing_of_what_an_app_does_not_have(render: Callable[..., Path]) -> None:
    key = "Callers of an HTTP function need a key"
    assert key in section(render({"mine": "http"}), "Deploy")
    assert key in section(render({"mine": "timer"}, web_framework="flask"), "Deploy")
    assert key not in section(render({"mine": "http"}, auth_level="anonymous"), "Deploy")
    listed = "\n`az functionapp keys list --name APP --resource-group GROUP` prints the keys"
    assert listed in section(render({"mine": "http"}), "Deploy")
    assert f"\n{listed}" in section(render({"mine": "mcp_tool"}), "Deploy")
    assert listed not in section(render({"mine": "timer"}), "Deploy")
    app = render({"mine": "timer"})
    assert key not in section(app, "Deploy")
    assert "also need" not in section(app, "Run")
    assert "emulator:" not in section(app, "Run")
    text = (app / "README.md").read_text(encoding="utf-8")
    assert "\n### CORS\n" not in text
    assert "dapr" not in text.lower()
    assert "web_app" not in text


def test_an_app_that_is_an_image_has_no_commands_for_other_plans(
    render: Callable[..., Path],
) -> None:
    app = render({"mine": "dapr_topic", "hello": "http"})
    text = (app / "README.md").read_text(encoding="utf-8")
    others = ["func azure", "Flex Consumption plan", "scale config", "slot", "--build local"]
    assert [other for other in others if other in text] == []
    # The sidecar starts with the host, and the dev container does not have its command.
    run_it = "\ndapr run --app-id app --app-port 3001 --dapr-http-port 3501 -- func start"
    assert run_it in section(app, "Run")
    assert "The dev container has all of them" in section(
        render(FUNCTIONS, devcontainer=True), "Run"
    )
    with_container = render({"mine": "dapr_topic"}, devcontainer=True)
    assert "has all of them" not in section(with_container, "Run")


@pytest.mark.parametrize(
    ("backend", "shared"), [("storage", "a storage account"), ("scheduler", "a scheduler")]
)
def test_the_names_of_task_hubs_differ_in_what_keeps_them(
    backend: str, shared: str, render: Callable[..., Path]
) -> None:
    text = section(render({"mine": "durable"}, durable_backend=backend), "Reference")
    assert f"Apps that share {shared} need different names, too." in text


def test_an_image_is_pulled_as_the_azure_cli_pulls_it(render: Callable[..., Path]) -> None:
    text = " ".join(section(render({"mine": "dapr_topic"}), "Deploy").split())
    # It looks for the password of the admin user, and does not use the identity of the app.
    assert "`az acr update --name REGISTRY --admin-enabled true`" in text


def test_its_diagram_shows_the_web_app(render: Callable[..., Path]) -> None:
    text = (render({"a": "http"}, web_framework="fastapi") / "README.md").read_text("utf-8")
    assert '    other_requests["all other requests"] --> web_app(["FastAPI app"])\n```' in text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.command], ids=lambda kind: kind.id)
def test_the_command_to_try_a_kind_names_files_that_exist_and_its_tools(
    kind: Kind, with_one: Callable[[Kind], Path]
) -> None:
    app = with_one(kind)
    [command] = re.findall(r"(?ms)^Try the functions.*?^```shell\n(.+?)^```", section(app, "Run"))
    made = set(re.findall(r" > (\S+)", command))
    for file in re.findall(r"--file (\S+)| @(\w\S+\.\w+)", command):
        name = "".join(file)
        assert name in made or (app / name).is_file(), name
    needed = section(app, "Run").split("```")
    introduction = needed[0] + needed[2]
    shell = re.sub(r"(?s)<<'END'\n.*?\nEND", "", command)
    used = set(re.findall(r"(?m)(?:^|\$\(|\| )([a-z]\w*) ", shell))
    used -= {"curl", "pip", "printf", "python", "sed", "tr"}
    # It also starts the app.
    used |= {"dapr"} if kind.dapr else set()
    tools = {"az": "Azure CLI", "dapr": "Dapr CLI", "docker": "the containers of `compose.yml`"}
    tools["openssl"] = "OpenSSL"
    assert {word for word, tool in tools.items() if tool in introduction} == used
    # The commands, and the one that runs a function by hand.
    assert ("curl 7.82" in introduction) == (" --json " in section(app, "Run"))


@pytest.mark.parametrize("ci", ["github", "azure-pipelines"])
def test_ci_does_not_publish_the_code_of_an_app_that_is_an_image(
    ci: str, render: Callable[..., Path]
) -> None:
    file = ".github/workflows/ci.yml" if ci == "github" else "azure-pipelines.yml"
    for functions, publishes in (
        ({"mine": "dapr_topic", "files": "blob"}, False),
        (FUNCTIONS, True),
    ):
        app = render(functions, ci=ci)
        workflow = (app / file).read_text(encoding="utf-8")
        assert ("functionapp publish" in workflow) == publishes
        assert ("deploy" in workflow.lower()) == publishes
        deploy = section(app, "Deploy")
        assert ("does not build or" in deploy.replace("\n", " ")) != publishes
        assert "Premium or Dedicated" not in deploy


@pytest.mark.parametrize("kind", ["queue", "dapr_topic"])
def test_the_name_of_a_function_is_not_taken_for_a_tool(
    kind: str, render: Callable[..., Path]
) -> None:
    assert "Azure CLI" not in section(render({"topaz": kind, "redis_cli": "http"}), "Run")


def test_every_kind_with_a_dapr_binding_says_so() -> None:
    for kind in KINDS:
        source = (kind.folder / "blueprint.py").read_text(encoding="utf-8")
        assert kind.dapr == ("@bp.dapr_" in source), kind.id


def test_it_tells_how_to_encode_the_messages_of_a_queue(render: Callable[..., Path]) -> None:
    """The tests with emulators send messages so."""
    app = render(FUNCTIONS)
    deploy = section(app, "Deploy")
    assert "`orders` takes messages in base64" in deploy
    assert '"orders", message_encode_policy=TextBase64EncodePolicy())`' in deploy
    # The default of the host, which `none` changes.
    queues = json.loads((app / "host.json").read_text(encoding="utf-8"))["extensions"]["queues"]
    assert queues.get("messageEncoding", "base64") == "base64"


def test_functions_have_a_retry_policy_where_the_host_honours_it(
    render: Callable[..., Path],
) -> None:
    retried: set[str] = set()
    others: set[str] = set()
    for decorators in decorators_of_the_catalogue():
        triggers = {name for name in decorators if name.endswith("_trigger")}
        (retried if "retry" in decorators else others).update(triggers)
    assert retried == set(RETRIED)
    assert retried & others == set()
    text = " ".join(section(render(FUNCTIONS), "How functions run").split())
    [sentence] = re.findall(r"After an exception, (.+?) Do not use it elsewhere", text)
    assert [name for name in RETRIED.values() if name not in sentence] == []


def test_it_says_which_functions_can_be_run_by_hand(render: Callable[..., Path]) -> None:
    functions = one_of_each()
    expected = {
        name
        for kind in KINDS
        if kind.placeholder in functions
        for name in functions_run_by_hand(kind.folder / "blueprint.py")
    }
    text = section(render(functions), "Run")
    _, _, table = text.partition("runs a function by hand, in PowerShell")
    assert set(re.findall(r"(?m)^\| `(\w+)` \| \S", table)) == expected
    assert {"timer_example", "queue_example", "durable_example_price"} < expected
    assert "by hand" not in section(render({"hello": "http"}), "Run")


def functions_run_by_hand(blueprint: Path) -> Iterator[str]:
    """Yield the functions with such a trigger; nothing is known of blobs that Event Grid announces."""
    for node in ast.parse(blueprint.read_text(encoding="utf-8")).body:
        for decorator in getattr(node, "decorator_list", []):
            if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
                from_event_grid = "source" in [keyword.arg for keyword in decorator.keywords]
                if decorator.func.attr in BY_HAND and not from_event_grid:
                    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                    yield node.name


def decorators_of_the_catalogue() -> Iterator[list[str]]:
    """Yield the names of the decorators of each function, such as route or timer_trigger."""
    for kind in KINDS:
        tree = ast.parse((kind.folder / "blueprint.py").read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield re.findall(r"bp\.(\w+)\(", " ".join(map(ast.unparse, node.decorator_list)))


def test_packages_that_are_installed_beforehand_are_published_and_not_committed(
    render: Callable[..., Path],
) -> None:
    app = render(FUNCTIONS)
    [folder] = re.findall(
        r"pip install --target (\S+)/lib/site-packages", section(app, "Private packages")
    )
    assert folder == ".python_packages"
    assert [line for line in lines(app / ".funcignore") if fnmatch(folder, line)] == []
    assert f"{folder}/" in lines(app / ".gitignore")


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_origins_in_the_local_settings_stay(project: Callable[..., Path]) -> None:
    app = project(FUNCTIONS)
    [host] = re.findall(r'`"Host": ({.+?})`', section(app, "CORS"))
    file = app / "local.settings.json"
    content = {"Values": {}, "Host": json.loads(host)}
    file.write_text(json.dumps(content), encoding="utf-8")
    run(sys.executable, "-m", "tools.settings", folder=app)
    settled = read_json(file)
    assert settled["Host"] == {"CORS": "https://shop.example.com"}
    assert settled["Values"]["FUNCTIONS_WORKER_RUNTIME"] == "python"


def test_names_are_joined_as_in_a_sentence(render: Callable[..., Path]) -> None:
    functions = {"find": "mcp_tool", "seen": "eventgrid", "live": "signalr", "notes": "webpubsub"}
    text = section(render(functions, infra="azd"), "Sign in to the MCP server")
    named = "Event Grid, Azure SignalR Service or Azure Web PubSub. In\n"
    assert f"but not those of {named}" in text


def test_it_tells_the_names_that_azd_gives(render: Callable[..., Path]) -> None:
    app = render({"hello": "http"}, infra="azd")
    bicep = (app / "infra" / "main.bicep").read_text(encoding="utf-8")
    outputs = {*re.findall(r"(?m)^output (\w+) ", bicep)}
    [line] = re.findall(r"(?m)^- `azd env get-values` prints (.+)$", section(app, "Deploy"))
    names = {*re.findall(r"`(\w+)`", line)}
    assert names == {"AZURE_FUNCTION_APP_NAME", "AZURE_RESOURCE_GROUP"}
    assert names <= outputs


@pytest.mark.parametrize("infra", ["none", "azd"])
def test_a_role_is_for_the_identity_with_which_the_app_connects(
    infra: str, render: Callable[..., Path]
) -> None:
    text = section(render({"orders": "queue"}, infra=infra), "Settings")
    # Another identity, of the system, would get the role in vain.
    assert "az functionapp identity assign" not in text
    assert '--query "userAssignedIdentities.*.principalId"' in text
    assert "`NAME__clientId`" in text
