"""The other sections, and what the README leaves out because an app does not have it."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogue import DEFAULT_PYTHON, KINDS, one_of_each
from tests.support.readme import FUNCTIONS, section
from tests.support.text_files import read

# The decorators of the triggers for which the host honours a retry policy, as the README names them.
RETRIED = {
    "timer_trigger": "timers",
    "event_hub_message_trigger": "Event Hubs",
    "kafka_trigger": "Kafka",
    "cosmos_db_trigger": "change feed of Cosmos DB",
}


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Settings", '`os.environ["NAME"]` fails if a setting is missing'),
        ("Settings", '`os.getenv("NAME")` returns `None`'),
        ("How functions run", "**Global variables.** They last as long as the worker process."),
        ("How functions run", "`tempfile` stay on one instance"),
        ("Scale", "handles\n[one HTTP request at a time](https://learn.microsoft.com/"),
        ("Scale", "--trigger-type http --trigger-settings perInstanceConcurrency="),
        ("Scale", "`FUNCTIONS_WORKER_PROCESS_COUNT`"),
        ("Scale", "All `async` functions share one thread"),
        ("Deploy", 'func azure functionapp publish "$APP" --python --build remote\n'),
        ("Deploy", "`--build local` to build on your own (Linux) machine"),
        ("Deployment slots", "[Rolling updates](https://learn.microsoft.com/"),
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
def test_it_says_what_microsofts_guide_says(
    title: str, text: str, render: Callable[..., Path]
) -> None:
    assert text in section(render(FUNCTIONS), title)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"telemetry": "opentelemetry", "web_framework": "flask", "invocation_hooks": True},
        {"devcontainer": True, "package_manager": "uv", "durable_backend": "scheduler"},
    ],
    ids=["plain", "telemetry", "uv"],
)
def test_no_paragraph_is_longer_than_four_lines(
    answers: dict[str, Any], render: Callable[..., Path]
) -> None:
    readme = render(one_of_each(DEFAULT_PYTHON), **answers) / "README.md"
    prose = re.sub(r"(?s)```.*?```", "", read(readme))
    paragraphs = [text.strip().splitlines() for text in prose.split("\n\n")]
    long = [lines for lines in paragraphs if len(lines) > 4]
    assert [lines for lines in long if not lines[0].startswith(("|", "- ", "* "))] == []


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
    text = read(app / "README.md")
    assert "\n### CORS\n" not in text
    assert "dapr" not in text.lower()
    assert "web_app" not in text


def test_an_app_that_is_an_image_has_no_commands_for_other_plans(
    render: Callable[..., Path],
) -> None:
    app = render({"mine": "dapr_topic", "hello": "http"})
    text = read(app / "README.md")
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


def test_its_diagram_shows_the_web_app(render: Callable[..., Path]) -> None:
    text = read(render({"a": "http"}, web_framework="fastapi") / "README.md")
    assert '    other_requests["all other requests"] --> web_app(["FastAPI app"])\n```' in text


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


def decorators_of_the_catalogue() -> Iterator[list[str]]:
    """Yield the names of the decorators of each function, such as route or timer_trigger."""
    for kind in KINDS:
        tree = ast.parse(read(kind.folder / "blueprint.py"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield re.findall(r"bp\.(\w+)\(", " ".join(map(ast.unparse, node.decorator_list)))


def test_names_are_joined_as_in_a_sentence(render: Callable[..., Path]) -> None:
    functions = {"find": "mcp_tool", "seen": "eventgrid", "live": "signalr", "notes": "webpubsub"}
    text = section(render(functions, infra="azd"), "Sign in to the MCP server")
    named = "Event Grid, Azure SignalR Service or Azure Web PubSub. In\n"
    assert f"but not those of {named}" in text


def test_it_says_which_requests_need_no_sign_in(render: Callable[..., Path]) -> None:
    functions = {"find": "mcp_tool", "pushes": "http_webhook", "alive": "http_health"}
    text = section(render(functions, infra="azd"), "Sign in to the MCP server")
    assert "but not those to `/api/pushes` or `/api/alive`. In\n" in text
    assert "ENTRA_CLIENT_ID" not in text
    with_tokens = section(
        render({"find": "mcp_tool", "bills": "http_jwt"}, infra="azd"), "Sign in to the MCP server"
    )
    assert "`ENTRA_CLIENT_ID` then has to be the same client ID" in with_tokens
    both = section(
        render({**functions, "live": "signalr"}, infra="azd"), "Sign in to the MCP server"
    )
    named = "those of Azure SignalR Service, nor those to `/api/pushes` or `/api/alive`. In\n"
    assert f"but not {named}" in both
