"""Files of the user's at the path of one that a function or an option adds."""

from pathlib import Path

import pytest
from copier import run_copy, run_update
from jinja2.exceptions import FilterArgumentError

from tests.support.apps import content
from tests.support.releases import NOW
from tests.support.repositories import commit, conflicts, status
from tests.support.text_files import append, read
from tests.support.updates import change_functions, copy, refusal, update_as_user

NIGHTLY = "functions={hello: http, orders: queue, nightly: timer}"


@pytest.mark.parametrize("ignored", [False, True])
def test_the_users_file_for_assistants_stays(ignored: bool, app: Path) -> None:
    """Copier would write over one that git ignores, which no commit has."""
    file = app / ".vscode" / "mcp.json"
    file.write_text('{"servers": {"ours": {}}}\n', encoding="utf-8")
    if ignored:
        append(app / ".gitignore", "/.vscode/mcp.json\n")
    commit(app)
    change_functions(app, {"hello": "http", "orders": "queue", "find": "mcp_tool"})
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
    done = update_as_user(app, "--data", NIGHTLY)
    assert refusal(done).endswith(
        f'"nightly" is new, but {path} already exists. Choose another name, or move what is there.'
    )
    assert content(app) == before


@pytest.mark.parametrize(
    ("path", "answer", "sentence"),
    [
        ("blueprints/nightly.py", NIGHTLY, "is new, but blueprints/nightly.py already exists"),
        ("tests/test_nightly.py", NIGHTLY, "is new, but tests/test_nightly.py already exists"),
        ("compose.yml", "devcontainer=true", "adds compose.yml, but compose.yml already exists"),
        ("web/app.py", "web_framework=flask", "adds web/app.py, but web/app.py already exists"),
    ],
)
@pytest.mark.parametrize("is_folder", [True, False])
def test_an_empty_folder_or_a_link_that_leads_nowhere_is_in_the_way_too(
    is_folder: bool, path: str, answer: str, sentence: str, app: Path
) -> None:
    """Copier would stop halfway at the folder, and leave the link, so that the module is missing."""
    place = app / path
    place.parent.mkdir(exist_ok=True)
    if is_folder:
        place.mkdir()
    else:
        place.symlink_to("nowhere")
    commit(app)
    before = content(app)
    assert sentence in refusal(update_as_user(app, "--data", answer))
    assert content(app) == before


@pytest.mark.parametrize(
    ("package", "answer", "sentence"),
    [
        ("blueprints/nightly", NIGHTLY, '"nightly" is new, but'),
        ("tests/test_nightly", NIGHTLY, '"nightly" is new, but'),
        ("shared/telemetry", "telemetry=opentelemetry", "adds shared/telemetry.py, but"),
    ],
)
def test_a_package_that_would_hide_a_new_module_is_in_the_way_too(
    package: str, answer: str, sentence: str, app: Path
) -> None:
    (app / package).mkdir(parents=True)
    (app / package / "__init__.py").write_text('"""Our own."""\n', encoding="utf-8")
    commit(app)
    before = content(app)
    said = refusal(update_as_user(app, "--data", answer))
    assert f"{sentence} {package}/__init__.py already exists" in said
    assert content(app) == before


def test_the_folder_of_an_option_can_have_files_of_the_users(app: Path) -> None:
    (app / "infra").mkdir()
    (app / "infra" / "ours.bicep").write_text("// ours\n", encoding="utf-8")
    (app / "emulators").mkdir()
    commit(app)
    assert update_as_user(app, "--data", "devcontainer=true", "--data", "infra=azd").returncode == 0
    assert read(app / "infra" / "ours.bicep") == "// ours\n"
    assert (app / "infra" / "main.bicep").is_file()
    assert (app / "emulators" / "resources.json").is_file()


@pytest.mark.parametrize("folder", ["blueprints", "tests", "tools", ".github/workflows"])
@pytest.mark.parametrize("leads_nowhere", [False, True])
def test_a_link_in_the_place_of_a_folder_stops_the_update(
    leads_nowhere: bool, folder: str, app: Path
) -> None:
    """Copier would stop there, after it wrote other files."""
    (app / folder).rename(app.parent / "outside")
    (app / folder).symlink_to("nowhere" if leads_nowhere else app.parent / "outside")
    commit(app)
    before = content(app)
    said = refusal(update_as_user(app, "--data", NIGHTLY))
    assert said.endswith(
        f'"{folder}" is not a folder of the app, but updates need one there. '
        "Replace it, commit, then update again."
    )
    assert content(app) == before


def test_a_folder_can_be_a_link_to_another_of_the_app(app: Path) -> None:
    (app / "checks").mkdir()
    (app / "tests").rename(app / "checks" / "tests")
    (app / "tests").symlink_to(Path("checks", "tests"))
    commit(app)
    assert update_as_user(app, "--data", NIGHTLY).returncode == 0
    assert (app / "checks" / "tests" / "test_nightly.py").is_file()


def test_a_file_with_the_name_of_a_new_folder_stops_the_update(app: Path) -> None:
    (app / "shared").write_text("ours\n", encoding="utf-8")
    commit(app)
    before = content(app)
    said = refusal(update_as_user(app, "--data", "functions={hello: http, api: cosmosdb_client}"))
    assert '"shared" is not a folder of the app' in said
    assert content(app) == before


@pytest.mark.parametrize(
    "path",
    [
        ".vscode/tasks.json",
        "AGENTS.md",
        "Dockerfile",
        "README.md",
        "blueprints/hello.py",
        # Docker creates it to mount a file that is missing.
        "local.settings.json",
        "tests/test_hello.py",
    ],
)
def test_a_folder_in_the_place_of_a_file_stops_the_update(path: str, app: Path) -> None:
    """Copier would stop there, after it wrote other files."""
    (app / path).unlink()
    (app / path).mkdir()
    commit(app)
    before = content(app)
    said = refusal(update_as_user(app, "--data", NIGHTLY))
    assert said.endswith(
        f'"{path}" is a folder, but updates need a file there. Remove or rename it, commit, then update again.'
    )
    assert content(app) == before


def test_an_adopted_app_can_have_folders_in_the_place_of_files_that_it_keeps(
    repository: Path, tmp_path: Path
) -> None:
    app = tmp_path / "app"
    kept = ["Dockerfile", "function_app.py"]
    copy(repository, app, NOW, functions={}, kept_files=kept)
    (app / "Dockerfile").mkdir()
    (app / "Dockerfile" / "release").write_text("FROM scratch\n", encoding="utf-8")
    commit(app)
    assert update_as_user(app, "--data", "telemetry=none").returncode == 0
    assert read(app / "Dockerfile" / "release") == "FROM scratch\n"


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
        f'"{adds}" adds {path}, but {path} already exists. Move or rename it, then update again.'
    )
    assert content(app) == before


@pytest.mark.parametrize(
    ("path", "name", "value", "sentence"),
    [
        ("shared/telemetry.py", "telemetry", "opentelemetry", "already exists"),
        ("shared.py", "invocation_hooks", True, "would hide your module shared.py"),
        ("web.py", "web_framework", "flask", "would hide your module web.py"),
        ("compose.yml", "devcontainer", True, "already exists"),
        ("azure.yaml", "infra", "azd", "already exists"),
        ("infra/bicepconfig.json", "infra", "azd", "already exists"),
        ("tools/try_host.py", "ci", "github", "already exists"),
        (".github/workflows/ci.yml", "ci", "github", "already exists"),
        (".github/dependabot.yml", "ci", "github", "already exists"),
        ("AGENTS.md", "agents_md", True, "already exists"),
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
        change_functions(app, {**functions, **more}, "--data", "telemetry=opentelemetry")
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
    change_functions(app, {"hello": "http", "orders": "queue", "api": "cosmosdb_client"})
    assert {name: read(app / "shared" / name) for name in own} == own
    assert (app / "shared" / "cosmos.py").is_file()
    assert conflicts(app) == []


def test_a_copy_does_not_take_the_place_of_an_app(template: Path, tmp_path: Path) -> None:
    """Copier would ask for each file, or stop halfway where it cannot ask."""
    app = tmp_path / "my [app]"
    app.mkdir()
    (app / "function_app.py").write_text("# ours\n", encoding="utf-8")
    with pytest.raises(FilterArgumentError, match=r"adopt it, as docs/adopting\.md of the"):
        run_copy(str(template), app, defaults=True, quiet=True)
    assert content(app) == {"function_app.py": b"# ours\n"}
    run_copy(str(template), app, defaults=True, quiet=True, overwrite=True)
    assert "ours" not in read(app / "function_app.py")
    # With its answers, it is an app of the template.
    run_copy(str(template), app, defaults=True, quiet=True)
