"""The section Deploy: what to create, to know and to run for the functions of the app."""

import re
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.support.readme import FUNCTIONS, section
from tests.support.text_files import read, read_json


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
def test_what_to_know_of_a_kind_is_said_once(
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


def test_an_image_is_pulled_as_the_azure_cli_pulls_it(render: Callable[..., Path]) -> None:
    text = " ".join(section(render({"mine": "dapr_topic"}), "Deploy").split())
    # It looks for the password of the admin user, and does not use the identity of the app.
    assert "`az acr update --name REGISTRY --admin-enabled true`" in text


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
        workflow = read(app / file)
        assert ("functionapp publish" in workflow) == publishes
        assert ("deploy" in workflow.lower()) == publishes
        deploy = section(app, "Deploy")
        assert ("does not build or" in deploy.replace("\n", " ")) != publishes
        assert "Premium or Dedicated" not in deploy


def test_it_says_how_to_encode_the_messages_of_a_queue(render: Callable[..., Path]) -> None:
    """The tests with emulators send messages so."""
    app = render(FUNCTIONS)
    deploy = section(app, "Deploy")
    assert "`orders` takes messages in base64" in deploy
    assert '"orders", message_encode_policy=TextBase64EncodePolicy())`' in deploy
    # The default of the host, which `none` changes.
    queues = read_json(app / "host.json")["extensions"]["queues"]
    assert queues.get("messageEncoding", "base64") == "base64"


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
    return read(path).splitlines()


def test_it_says_the_names_that_azd_gives(render: Callable[..., Path]) -> None:
    app = render({"hello": "http"}, infra="azd")
    bicep = read(app / "infra" / "main.bicep")
    outputs = {*re.findall(r"(?m)^output (\w+) ", bicep)}
    [line] = re.findall(r"(?m)^- `azd env get-values` prints (.+)$", section(app, "Deploy"))
    names = {*re.findall(r"`(\w+)`", line)}
    assert names == {"AZURE_FUNCTION_APP_NAME", "AZURE_RESOURCE_GROUP"}
    assert names <= outputs


@pytest.mark.parametrize("app_folder", [".", "apps/orders"])
@pytest.mark.parametrize(
    ("project_name", "proposed"),
    [("Orders_API", "orders-api-dev"), ("x" * 45 + "-" + "y" * 14, "x" * 45 + "-dev")],
)
def test_apps_of_a_subscription_have_environments_of_their_own(
    project_name: str, proposed: str, app_folder: str, render: Callable[..., Path]
) -> None:
    answers = {"project_name": project_name, "app_folder": app_folder}
    text = section(render({"hello": "http"}, infra="azd", **answers), "Deploy")
    assert re.findall(r"(?m)^azd env new (\S+)$", text) == [proposed]
    assert re.findall(r"AZURE_ENV_NAME --body (\S+)$", text, re.MULTILINE) == [proposed]
    # Of main.bicep.
    assert len(proposed) <= 50


@pytest.mark.parametrize("infra", ["none", "azd"])
@pytest.mark.parametrize("app_folder", [".", "apps/orders"])
def test_apps_of_a_subscription_have_identities_of_their_own(
    app_folder: str, infra: str, render: Callable[..., Path]
) -> None:
    app = render({"hello": "http"}, infra=infra, project_name="orders", app_folder=app_folder)
    text = section(app, "Deploy")
    named = re.findall(r"az identity (?:create|show) --name (\S+)", text)
    named += re.findall(r"--identity-name (\S+)", text)
    # The app itself has one, too, which is named after it.
    assert {name for name in named if "$APP" not in name} == {"github-orders"}


@pytest.mark.parametrize(
    ("functions", "costly"),
    [
        ({"orders": "queue", "views": "cosmosdb", "bill": "durable"}, []),
        (
            {"room": "signalr", "orders": "queue", "rows": "sql_input", "more": "sql_output"},
            ["Azure SQL, Azure SignalR Service"],
        ),
        (
            {"views": "eventhub", "pays": "servicebus_queue", "notes": "webpubsub"},
            ["Azure Event Hubs, Azure Service Bus, Azure Web PubSub"],
        ),
        ({"rows": "sql", "more": "sql"}, ["Azure SQL, instances that are always ready"]),
    ],
)
def test_it_says_what_costs_money_even_when_idle(
    functions: dict[str, str], costly: list[str], render: Callable[..., Path]
) -> None:
    text = section(render(functions, infra="azd"), "Deploy")
    assert re.findall(r"These cost money even when idle: (.+)\.$", text, re.MULTILINE) == costly
