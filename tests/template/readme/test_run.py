"""The section Run: what a developer's machine needs, and how to call or start each function there."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hooks.catalogue import Kind
from tests.support.catalogue import KINDS, SERVICES, one_of_each, with_scheduler
from tests.support.readme import commands_to_try, section
from tests.support.text_files import read

# The decorators of the triggers that the host runs on a request to its admin API: measured on the host 4.1037.
BY_HAND = {
    "activity_trigger",
    "blob_trigger",
    "event_grid_trigger",
    "queue_trigger",
    "timer_trigger",
}


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


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.command], ids=lambda kind: kind.id)
def test_the_command_to_try_a_kind_names_files_that_exist_and_its_tools(
    kind: Kind, with_one: Callable[[Kind], Path]
) -> None:
    app = with_one(kind)
    command = commands_to_try(app)
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


@pytest.mark.parametrize("kind", ["queue", "dapr_topic"])
def test_the_name_of_a_function_is_not_taken_for_a_tool(
    kind: str, render: Callable[..., Path]
) -> None:
    assert "Azure CLI" not in section(render({"topaz": kind, "redis_cli": "http"}), "Run")


def test_every_kind_with_a_dapr_binding_says_so() -> None:
    for kind in KINDS:
        source = read(kind.folder / "blueprint.py")
        assert kind.dapr == ("@bp.dapr_" in source), kind.id


def test_it_says_which_functions_can_be_run_by_hand(render: Callable[..., Path]) -> None:
    functions = one_of_each()
    expected = {
        name
        for kind in KINDS
        if kind.placeholder in functions
        for name in functions_run_by_hand(kind.folder / "blueprint.py")
    }
    text = section(render(functions), "Run")
    _, _, table = text.partition("runs a function by hand. In PowerShell")
    assert set(re.findall(r"(?m)^\| `(\w+)` \| \S", table)) == expected
    assert {"timer_example", "queue_example", "durable_example_price"} < expected
    assert "by hand" not in section(render({"hello": "http"}), "Run")


def functions_run_by_hand(blueprint: Path) -> Iterator[str]:
    """Yield the functions with such a trigger; nothing is known of blobs that Event Grid announces."""
    for node in ast.parse(read(blueprint)).body:
        for decorator in getattr(node, "decorator_list", []):
            if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
                from_event_grid = "source" in [keyword.arg for keyword in decorator.keywords]
                if decorator.func.attr in BY_HAND and not from_event_grid:
                    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                    yield node.name
