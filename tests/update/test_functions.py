"""Functions come, go and change their names, while the user's work in the others stays."""

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from copier import run_update

from tests.support.apps import check_app, content
from tests.support.repositories import (
    NOW,
    Functions,
    answers_of_old_apps,
    append,
    commit,
    conflicts,
    copy,
    read,
    refusal,
    released_versions,
    replace,
    restored,
    run_git,
    status,
    update,
    update_as_user,
)
from tests.support.run import run

BEFORE = {"hello": "http", "orders": "queue", "files": "blob"}
CHANGES = {
    "added": {**BEFORE, "nightly": "timer", "cities": "cosmosdb"},
    "added in the middle": {"hello": "http", "hooks": "http", "orders": "queue", "files": "blob"},
    "removed": {"orders": "queue"},
    "renamed": {"orders": "queue", "greeting": "http", "uploads": "blob"},
    "in another order": {"files": "blob", "orders": "queue", "hello": "http"},
    "all at once": {"new": "eventgrid", "orders": "queue", "cities": "cosmosdb"},
}


def work_in(app: Path) -> None:
    """Write into the neighbours of the functions that come and go."""
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    append(
        app / "tests" / "test_orders.py", "\n\ndef test_of_ours() -> None:\n    assert blueprint\n"
    )
    line = "# Import your own blueprints below this line.\n"
    replace(app / "function_app.py", line, f"{line}from audit import note\n")
    append(app / "function_app.py", "app.note = note\n")
    (app / "audit.py").write_text('note = "audited"\n', encoding="utf-8")
    append(app / "requirements.txt", "httpx\n")


@pytest.mark.parametrize(
    ("version", "change"),
    [*((NOW, change) for change in CHANGES), (released_versions()[0], "all at once")],
)
def test_functions_change_beside_the_users_work(
    version: str,
    change: str,
    released: Path,
    new_app: Callable[..., Path],
    generated: Callable[..., Path],
    tmp_path: Path,
) -> None:
    app = new_app(BEFORE, template=released, version=version)
    work_in(app)
    commit(app)
    update(app, functions=CHANGES[change])
    fresh = tmp_path / "fresh"
    answers = {"functions": CHANGES[change], **answers_of_old_apps(released, version)}
    run_git(tmp_path, "clone", "--quiet", str(generated(released, NOW, answers)), str(fresh))
    work_in(fresh)
    assert conflicts(app) == []
    updated = content(app)
    # A clone does not have it, and an update does not change it.
    del updated["local.settings.json"]
    assert updated == content(fresh)


def test_an_app_passes_its_tests_after_every_change(
    new_app: Callable[..., Path], environment: Callable[[str], Path]
) -> None:
    app = new_app(BEFORE)
    for functions in (CHANGES["all at once"], CHANGES["renamed"]):
        update(app, functions=functions)
        check_app(app, environment("3.13"))
        commit(app)


def copier_update(app: Path, functions: Functions, *arguments: str) -> str:
    """Update from the command line and return what it says."""
    data = ", ".join(f"{name}: {kind}" for name, kind in functions.items())
    done = update_as_user(app, *arguments, "--data", f"functions={{{data}}}")
    assert done.returncode == 0, done.stderr
    return done.stderr


def restore(app: Path, files: str) -> str:
    """Return the command that brings back files of an app, from any folder."""
    return f"git -C {shlex.quote(str(app))} restore --source=HEAD {files}"


@pytest.mark.parametrize("conflict", ["inline", "rej"])
def test_work_in_a_removed_function_is_gone_but_named(
    conflict: str, app: Path, environment: Callable[[str], Path]
) -> None:
    """Copier deletes the files; the message says which, and how to get them back."""
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    commit(app)
    said = copier_update(app, {"hello": "http"}, "--conflict", conflict)
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
    copier_update(app, {"hello": "http", "nightly": "timer"})
    assert "Ship" in read(app / "blueprints" / "orders.py")
    assert "app.register_functions(orders.bp)" in read(app / "function_app.py")


def test_functions_change_beside_resources_of_the_users(new_app: Callable[..., Path]) -> None:
    """They are at the end of infra/main.bicep, which no function changes."""
    app = new_app({"hello": "http"}, infra="azd")
    append(app / "infra" / "main.bicep", "\noutput OURS string = group.name\n")
    commit(app)
    for more in ({"rows": "sql_output"}, {"find": "mcp_tool", "moves": "webpubsub"}):
        update(app, functions={"hello": "http", **more})
        assert conflicts(app) == []
        assert read(app / "infra" / "main.bicep").endswith("\n\noutput OURS string = group.name\n")
        commit(app)


def test_the_file_for_assistants_goes_with_the_last_mcp_function_and_is_named(app: Path) -> None:
    functions = {"hello": "http", "orders": "queue"}
    file = app / ".vscode" / "mcp.json"
    copier_update(app, {**functions, "find": "mcp_tool", "prices": "mcp_resource"})
    replace(file, "Name of the function app in Azure", "Which app?")
    commit(app)
    assert "mcp.json" not in copier_update(app, {**functions, "prices": "mcp_resource"})
    assert "Which app?" in read(file)
    commit(app)
    said = copier_update(app, functions)
    assert not file.exists()
    assert f"\n  {restore(app, '.vscode/mcp.json')}\n" in said
    # Another file of that name is the user's own.
    file.write_text("{}\n", encoding="utf-8")
    commit(app)
    assert "mcp.json" not in copier_update(app, {**functions, "nightly": "timer"})
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
    """The command would bring back none of them."""
    (app / "tests" / "test_orders.py").unlink()
    commit(app)
    said = copier_update(app, {"hello": "http"})
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
    said = copier_update(app, {"hello": "http"}, *arguments)
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
    said = copier_update(app, {"hello": "http"}, "--data", "telemetry=none")
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


def test_in_the_folder_of_the_app_the_commands_name_no_folder(app: Path) -> None:
    command = [sys.executable, "-m", "copier", "update", "--defaults"]
    said = run(*command, "--data", "functions={hello: http}", folder=app).stderr
    assert "\n  git restore --source=HEAD blueprints/orders.py tests/test_orders.py\n" in said
    assert "\n  cd " not in said


def test_a_removed_function_in_a_folder_with_an_odd_name_is_named(
    app: Path, tmp_path: Path
) -> None:
    """The path is matched as a pattern."""
    odd = tmp_path / "my [odd] app*"
    app.rename(odd)
    assert restore(odd, "blueprints/orders.py") in copier_update(odd, {"hello": "http"})


def test_a_function_that_is_added_again_starts_anew(app: Path) -> None:
    append(app / "blueprints" / "orders.py", "# ours\n")
    commit(app)
    update(app, functions={"hello": "http"})
    commit(app)
    update(app, functions={"hello": "http", "orders": "queue"})
    assert "# ours" not in read(app / "blueprints" / "orders.py")


@pytest.mark.parametrize("ignored", [False, True])
def test_the_users_file_for_assistants_stays(ignored: bool, app: Path) -> None:
    """Copier would write over one that git ignores, which no commit has."""
    file = app / ".vscode" / "mcp.json"
    file.write_text('{"servers": {"ours": {}}}\n', encoding="utf-8")
    if ignored:
        append(app / ".gitignore", "/.vscode/mcp.json\n")
    commit(app)
    copier_update(app, {"hello": "http", "orders": "queue", "find": "mcp_tool"})
    assert read(file) == '{"servers": {"ours": {}}}\n'
    assert conflicts(app) == []


@pytest.mark.parametrize("ignored", [False, True])
@pytest.mark.parametrize("path", ["blueprints/nightly.py", "tests/test_nightly.py"])
def test_a_function_does_not_take_the_place_of_a_file_of_the_users(
    path: str, ignored: bool, app: Path
) -> None:
    """Copier would write over one that git ignores, which no commit has."""
    (app / path).write_text('"""Our own."""\n', encoding="utf-8")
    if ignored:
        append(app / ".gitignore", "*nightly.py\n")
    commit(app)
    before = content(app)
    done = update_as_user(app, "--data", "functions={hello: http, orders: queue, nightly: timer}")
    assert refusal(done).endswith(
        f'"nightly" is new, but {path} already exists. Choose another name, or move that file.'
    )
    assert content(app) == before


@pytest.mark.parametrize("ignored", [False, True])
@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("shared/cosmos.py", "functions={hello: http, orders: queue, api: cosmosdb_client}"),
        ("tests/test_shared_cosmos.py", "functions={hello: http, api: cosmosdb_client}"),
        ("shared/kafka_sasl.py", "functions={hello: http, api: kafka}"),
        ("tests/durable_replay.py", "functions={hello: http, api: durable}"),
        ("database/sql.sql", "functions={hello: http, orders: queue, api: sql}"),
        ("agents/api.agent.md", "functions={hello: http, orders: queue, api: agent}"),
        ("shared/telemetry.py", "telemetry=opentelemetry"),
        ("shared/invocations.py", "invocation_hooks=true"),
        ("compose.yml", "devcontainer=true"),
        ("azure.yaml", "infra=azd"),
        ("infra/network.bicep", "infra=azd"),
        ("infra/bicepconfig.json", "infra=azd"),
        (".devcontainer/devcontainer.json", "devcontainer=true"),
        ("web/app.py", "web_framework=flask"),
        ("emulators/resources.json", "devcontainer=true"),
    ],
)
def test_a_choice_does_not_take_the_place_of_a_file_of_the_users(
    path: str, answer: str, ignored: bool, app: Path
) -> None:
    """Copier would write over one that git ignores, which no commit has."""
    (app / path).parent.mkdir(parents=True, exist_ok=True)
    (app / path).write_text("# Our own.\n", encoding="utf-8")
    if ignored:
        append(app / ".gitignore", f"/{path}\n")
    commit(app)
    before = content(app)
    done = update_as_user(app, "--data", answer)
    adds = "api" if answer.startswith("functions") else answer.split("=")[0]
    assert refusal(done).endswith(
        f'"{adds}" adds {path}, but a file of yours is there. Move or rename it, then update again.'
    )
    assert content(app) == before


@pytest.mark.parametrize(
    ("path", "name", "value", "sentence"),
    [
        ("shared/telemetry.py", "telemetry", "opentelemetry", "a file of yours is there"),
        ("shared.py", "invocation_hooks", True, "would hide your module shared.py"),
        ("compose.yml", "devcontainer", True, "a file of yours is there"),
        ("azure.yaml", "infra", "azd", "a file of yours is there"),
        ("infra/bicepconfig.json", "infra", "azd", "a file of yours is there"),
        ("tools/try_host.py", "ci", "github", "a file of yours is there"),
        (".github/workflows/ci.yml", "ci", "github", "a file of yours is there"),
        (".github/dependabot.yml", "ci", "github", "a file of yours is there"),
        ("AGENTS.md", "agents_md", True, "a file of yours is there"),
    ],
)
def test_a_choice_at_the_prompt_of_a_newer_option_does_not_take_the_place_either(
    path: str, name: str, value: object, sentence: str, repository: Path, tmp_path: Path
) -> None:
    app = tmp_path / "app"
    copy(repository, app, NOW, functions={"hello": "http"}, ci="none", agents_md=False)
    answers = app / ".copier-answers.yml"
    lines = read(answers).splitlines(keepends=True)
    answers.write_text("".join(line for line in lines if not line.startswith(f"{name}:")))
    (app / path).parent.mkdir(parents=True, exist_ok=True)
    (app / path).write_text("# Our own.\n", encoding="utf-8")
    commit(app)
    # A default of the user's is an answer like one at the prompt.
    with pytest.raises(Exception, match=sentence):
        run_update(app, defaults=True, overwrite=True, quiet=True, user_defaults={name: value})
    assert status(app) == []


def test_a_file_that_a_choice_added_is_not_the_users(app: Path) -> None:
    """Also where another function adds it again."""
    functions = {"hello": "http", "api": "cosmosdb_client"}
    for more in ({}, {"other": "cosmosdb_client"}, {"nightly": "timer"}):
        copier_update(app, {**functions, **more}, "--data", "telemetry=opentelemetry")
        append(app / "shared" / "cosmos.py", "# ours\n")
        commit(app)


@pytest.mark.parametrize("ignored", [False, True])
def test_the_users_package_can_have_shared_modules_beside_its_own(ignored: bool, app: Path) -> None:
    own = {"__init__.py": '"""Ours."""\n', "prices.py": "VAT = 22\n"}
    (app / "shared").mkdir()
    for name, text in own.items():
        (app / "shared" / name).write_text(text, encoding="utf-8")
    if ignored:
        append(app / ".gitignore", "/shared/__init__.py\n/shared/prices.py\n")
    commit(app)
    copier_update(app, {"hello": "http", "orders": "queue", "api": "cosmosdb_client"})
    assert {name: read(app / "shared" / name) for name in own} == own
    assert (app / "shared" / "cosmos.py").is_file()
    assert conflicts(app) == []


def test_a_shared_module_goes_with_its_last_function_and_is_named(app: Path) -> None:
    functions = {
        "hello": "http",
        "views": "kafka",
        "note": "kafka_output",
        "api": "cosmosdb_client",
    }
    copier_update(app, functions)
    append(app / "shared" / "kafka_sasl.py", "# ours\n")
    commit(app)
    assert restored(copier_update(app, {**functions, "nightly": "timer"})) == set()
    commit(app)
    said = copier_update(app, {"hello": "http", "api": "cosmosdb_client"})
    assert {"shared/kafka_sasl.py", "tests/test_shared_kafka_sasl.py"} < restored(said)
    assert "shared/__init__.py" not in restored(said)
    assert not (app / "shared" / "kafka_sasl.py").exists()
    commit(app)
    said = copier_update(app, {"hello": "http"})
    files = {"shared/__init__.py", "shared/cosmos.py", "tests/test_shared_cosmos.py"}
    assert files < restored(said)
    assert not any((app / file).exists() for file in files)
