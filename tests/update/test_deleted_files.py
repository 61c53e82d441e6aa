"""Files that an update deletes: it names them, with the commands that restore them."""

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.apps import check_app, content
from tests.support.repositories import commit, status
from tests.support.run import run
from tests.support.text_files import append, read, replace
from tests.support.updates import change_functions, restored, update_as_user


def restore(app: Path, files: str) -> str:
    """Return the command that restores files of an app, from any folder."""
    return f"git -C {shlex.quote(str(app))} restore --source=HEAD {files}"


@pytest.mark.parametrize("conflict", ["inline", "rej"])
def test_work_in_a_removed_function_is_gone_but_named(
    conflict: str, app: Path, environment: Callable[[str], Path]
) -> None:
    """Copier deletes the files; the message says which, and how to get them back."""
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    commit(app)
    said = change_functions(app, {"hello": "http"}, "--conflict", conflict)
    assert not (app / "blueprints" / "orders.py").exists()
    assert "orders" not in read(app / "function_app.py")
    command = restore(app, "blueprints/orders.py tests/test_orders.py")
    assert f"These files were deleted. To restore them, with your changes:\n  {command}\n" in said
    assert "hello" not in said.split("These files were deleted.")[1]
    # With --conflict rej, Copier leaves beside it what it could not apply.
    witness = ["?? blueprints/orders.py.rej"] if conflict == "rej" else []
    assert [line for line in status(app) if line.endswith(".rej")] == witness

    run(*shlex.split(command), folder=app.parent)
    assert "Ship" in read(app / "blueprints" / "orders.py")
    line = "# Import your own blueprints below this line.\n"
    replace(app / "function_app.py", line, f"{line}from blueprints import orders\n")
    append(app / "function_app.py", "app.register_functions(orders.bp)\n")
    append(app / "local.settings.example.json", "")
    settings = app / "local.settings.example.json"
    replace(settings, '"Values": {', '"Values": {\n    "StorageConnection": "own",')
    (app / "blueprints" / "orders.py.rej").unlink(missing_ok=True)
    check_app(app, environment("3.13"))
    # From now on, it is the user's own: the next update leaves it alone.
    commit(app)
    change_functions(app, {"hello": "http", "nightly": "timer"})
    assert "Ship" in read(app / "blueprints" / "orders.py")
    assert "app.register_functions(orders.bp)" in read(app / "function_app.py")


def test_the_file_for_assistants_goes_with_the_last_mcp_function_and_is_named(app: Path) -> None:
    functions = {"hello": "http", "orders": "queue"}
    file = app / ".vscode" / "mcp.json"
    change_functions(app, {**functions, "find": "mcp_tool", "prices": "mcp_resource"})
    replace(file, "Name of the function app in Azure", "Which app?")
    commit(app)
    assert "mcp.json" not in change_functions(app, {**functions, "prices": "mcp_resource"})
    assert "Which app?" in read(file)
    commit(app)
    said = change_functions(app, functions)
    assert not file.exists()
    assert f"\n  {restore(app, '.vscode/mcp.json')}\n" in said
    # Another file of that name is the user's own.
    file.write_text("{}\n", encoding="utf-8")
    commit(app)
    assert "mcp.json" not in change_functions(app, {**functions, "nightly": "timer"})
    assert read(file) == "{}\n"


def test_workflows_are_named_without_another_file_in_their_folder(
    new_app: Callable[..., Path],
) -> None:
    """Dependabot's file is the only one of .github/ that is not in a folder below it."""
    app = new_app({"hello": "http"}, ci="github")
    (app / ".github" / "dependabot.yml").unlink()
    workflow = app / ".github" / "workflows" / "ci.yml"
    append(workflow, "# Ours.\n")
    commit(app)
    said = update_as_user(app, "--data", "ci=none").stderr
    assert not workflow.exists()
    workflows = {".github/workflows/ci.yml", ".github/workflows/template.yml"}
    assert restored(said) == {*workflows, "tools/try_host.py"}


def test_only_files_that_were_there_are_named(app: Path) -> None:
    """The command would restore none of them."""
    (app / "tests" / "test_orders.py").unlink()
    commit(app)
    said = change_functions(app, {"hello": "http"})
    assert said.endswith(f"  {restore(app, 'blueprints/orders.py')}\n\n")


def test_what_options_took_away_is_named(new_app: Callable[..., Path]) -> None:
    app = new_app({"hello": "http"}, web_framework="flask", devcontainer=True, infra="azd")
    append(app / "web" / "app.py", "# ours\n")
    (app / ".azure").mkdir()
    (app / ".azure" / "config.json").write_text("{}", encoding="utf-8")
    commit(app)
    without = ["web_framework=none", "docker=no", "devcontainer=no", "ci=none", "infra=none"]
    without += ["package_manager=uv", "agents_md=no"]
    arguments = [text for answer in without for text in ("--data", answer)]
    said = change_functions(app, {"hello": "http"}, *arguments)
    for files in (
        "web tests/test_web.py",
        "AGENTS.md",
        "Dockerfile .dockerignore",
        ".devcontainer compose.yml emulators tools/emulators.py",
        ".github tools/try_host.py",
        "azure.yaml infra",
        "requirements-dev.txt",
    ):
        assert f"  {restore(app, files)}\n" in said
        assert not any((app / file).exists() for file in files.split())
    assert not (app / "web").exists()
    assert "uses these. Delete what you no longer need:\n  .azure\n\n" in said
    assert (app / ".azure" / "config.json").exists()


def test_every_file_that_functions_took_away_is_named(new_app: Callable[..., Path]) -> None:
    """Those of services in shared/, infra/ and emulators/ as well, where the options stay."""
    functions = {
        "hello": "http",
        "devices": "cosmosdb_client",
        "messages": "servicebus_queue",
        "uploads": "eventgrid",
        "prices": "sql",
        "welcome": "mysql",
        "helper": "agent",
        "bill": "durable",
    }
    answers = {"telemetry": "opentelemetry", "durable_backend": "scheduler", "infra": "azd"}
    app = new_app(functions, devcontainer=True, **answers)
    before = {*content(app)}
    said = change_functions(app, {"hello": "http"}, "--data", "telemetry=none")
    gone = before - {*content(app)}
    assert {
        "shared/cosmos.py",
        "tests/test_shared_cosmos.py",
        "shared/telemetry.py",
        "infra/durabletask.bicep",
        "tests/durable_replay.py",
        "infra/servicebus.bicep",
        "infra/subscriptions.bicep",
        "infra/vault.bicep",
        "infra/database.py",
        "database/sql.sql",
        "agents/helper.agent.md",
        "infra/openai.bicep",
        "emulators/servicebus.json",
    } < gone
    assert restored(said) == gone


def test_in_the_folder_of_the_app_the_commands_name_no_folder(
    app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(app)
    said = change_functions(Path(), {"hello": "http"})
    assert "\n  git restore --source=HEAD blueprints/orders.py tests/test_orders.py\n" in said
    assert "\n  cd " not in said


def test_a_removed_function_in_a_folder_with_an_odd_name_is_named(
    app: Path, tmp_path: Path
) -> None:
    """The path is matched as a pattern."""
    odd = tmp_path / "my [odd] app*"
    app.rename(odd)
    assert restore(odd, "blueprints/orders.py") in change_functions(odd, {"hello": "http"})


def test_a_shared_module_goes_with_its_last_function_and_is_named(app: Path) -> None:
    functions = {
        "hello": "http",
        "views": "kafka",
        "note": "kafka_output",
        "api": "cosmosdb_client",
    }
    change_functions(app, functions)
    append(app / "shared" / "kafka_sasl.py", "# ours\n")
    commit(app)
    assert restored(change_functions(app, {**functions, "nightly": "timer"})) == set()
    commit(app)
    said = change_functions(app, {"hello": "http", "api": "cosmosdb_client"})
    assert {"shared/kafka_sasl.py", "tests/test_shared_kafka_sasl.py"} < restored(said)
    assert "shared/__init__.py" not in restored(said)
    assert not (app / "shared" / "kafka_sasl.py").exists()
    commit(app)
    said = change_functions(app, {"hello": "http"})
    files = {"shared/__init__.py", "shared/cosmos.py", "tests/test_shared_cosmos.py"}
    assert files < restored(said)
    assert not any((app / file).exists() for file in files)
