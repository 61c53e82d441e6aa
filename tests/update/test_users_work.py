"""What a user wrote into an app is there after an update, and conflicts with nothing.

Every edit is made twice: to an app before it is updated, and to a fresh app of today. Both must be the same.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.apps import check_app, content
from tests.support.releases import NOW, answers_of_old_apps, every_kind, released_versions
from tests.support.repositories import commit, conflicts
from tests.support.text_files import append, read, read_json, replace
from tests.support.updates import copy, update

FUNCTIONS = {"hello": "http", "orders": "queue", "files": "blob"}

Edit = Callable[[Path], None]


def write_functions(app: Path) -> None:
    """Functions in function_app.py itself, with an import of theirs."""
    line = "# Import your own blueprints below this line.\n"
    replace(app / "function_app.py", line, f"{line}from audit import audit_note\n")
    (app / "audit.py").write_text('audit_note = "audited"\n', encoding="utf-8")
    append(
        app / "function_app.py",
        '\n\n@app.route("own")\ndef own(req: func.HttpRequest) -> str:\n    return audit_note\n',
    )


def write_blueprint(app: Path) -> None:
    """A blueprint beside those of the template, with its tests."""
    (app / "blueprints" / "health.py").write_text(
        "import azure.functions as func\n\nbp = func.Blueprint()\n\n\n"
        '@bp.route("health")\ndef health(req: func.HttpRequest) -> str:\n    return "well"\n',
        encoding="utf-8",
    )
    (app / "tests" / "test_health.py").write_text(
        "from blueprints import health\n\n\ndef test_it_is_there() -> None:\n    assert health.bp\n",
        encoding="utf-8",
    )
    line = "# Import your own blueprints below this line.\n"
    replace(app / "function_app.py", line, f"{line}from blueprints import health\n")
    append(app / "function_app.py", "app.register_functions(health.bp)\n")


def change_blueprint(app: Path) -> None:
    replace(app / "blueprints" / "orders.py", "Do what your app does", "Ship")
    append(app / "blueprints" / "orders.py", "\n\ndef ship() -> None:\n    pass\n")


def change_tests(app: Path) -> None:
    test = "\n\ndef test_of_ours() -> None:\n    assert blueprint\n"
    append(app / "tests" / "test_orders.py", test)


def change_test_of_the_app(app: Path) -> None:
    test = "\n\ndef test_of_ours() -> None:\n    assert EXAMPLE.is_file()\n"
    append(app / "tests" / "test_app.py", test)


def require_packages(app: Path) -> None:
    append(app / "requirements.txt", "httpx>=0.27\n")
    append(app / "requirements-dev.txt", "freezegun\n")


def add_settings(app: Path) -> None:
    path = app / "local.settings.example.json"
    settings = read_json(path)
    settings["Values"]["ORDERS_LIMIT"] = "10"
    settings["Host"] = {"CORS": "*"}
    path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def change_local_settings(app: Path) -> None:
    path = app / "local.settings.json"
    settings = read_json(path)
    settings["Values"] = {"StorageConnection": "secret", "OWN": "é"}
    path.write_text(json.dumps(settings), encoding="utf-8")


def add_host_options(app: Path) -> None:
    path = app / "host.json"
    host = read_json(path)
    host["functionTimeout"] = "00:10:00"
    path.write_text(json.dumps(host, indent=2) + "\n", encoding="utf-8")


def change_host_options(app: Path) -> None:
    replace(app / "host.json", '"isEnabled": true', '"isEnabled": false')


def write_readme(app: Path) -> None:
    append(app / "README.md", "\nAsk Ada.\n")


def change_readme(app: Path) -> None:
    replace(app / "README.md", "\n## Test\n", "\n## Team\n\nAda and Bob.\n\n## Test\n")


def ignore_files(app: Path) -> None:
    for name in (".funcignore", ".gitignore", ".dockerignore"):
        append(app / name, "notes\n")


def change_tools(app: Path) -> None:
    replace(app / "pyproject.toml", "line-length = 100", "line-length = 120")
    append(app / "pyproject.toml", "\n[tool.coverage.run]\nbranch = true\n")


def change_dockerfile(app: Path) -> None:
    old = "\nCOPY . /home"
    replace(app / "Dockerfile", old, f"\nRUN apt-get update && apt-get install -y curl\n{old}")


def change_editor(app: Path) -> None:
    old = '  "python.testing.pytestEnabled": true,\n'
    replace(app / ".vscode" / "settings.json", old, f'{old}  "editor.rulers": [100],\n')


def add_files(app: Path) -> None:
    for name in ("docs/notes.md", "shared/prices.py", "scripts/deploy.sh", ".github/ci.yml"):
        (app / name).parent.mkdir(exist_ok=True)
        (app / name).write_text(f"# {name}\n", encoding="utf-8")
    (app / "scripts" / "deploy.sh").chmod(0o755)
    (app / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")


def delete_files(app: Path) -> None:
    for name in ("Dockerfile", ".vscode/launch.json"):
        (app / name).unlink()


# Made together, but for those that touch the same lines or files.
EDITS: dict[str, list[Edit]] = {
    "code": [
        write_functions,
        change_blueprint,
        change_tests,
        change_test_of_the_app,
        require_packages,
        change_local_settings,
        add_files,
    ],
    "settings": [
        write_blueprint,
        add_settings,
        add_host_options,
        write_readme,
        change_readme,
        ignore_files,
        change_tools,
        change_dockerfile,
        change_editor,
    ],
    "deletions": [delete_files, change_host_options],
}

# Edits of a file that has nothing any more of what the releases had in it.
WRITTEN_ANEW = [change_test_of_the_app]

# What an update changes: the versions and answers before and after it.
MOVES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    **{
        f"from {version}": (version, {"functions": FUNCTIONS}, {})
        for version in released_versions()
    },
    "other functions": (
        NOW,
        {"functions": FUNCTIONS},
        {
            "functions": {
                "orders": "queue",
                "files": "blob",
                "nightly": "timer",
                "cities": "cosmosdb",
                "hooks": "durable",
            }
        },
    ),
    "other options": (
        NOW,
        {"functions": FUNCTIONS},
        {"web_framework": "fastapi", "auth_level": "anonymous"},
    ),
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("edits", EDITS)
def test_an_update_keeps_it(
    edits: str, move: str, released: Path, generated: Callable[..., Path], tmp_path: Path
) -> None:
    version, before, change = MOVES[move]

    def edit(app: Path) -> None:
        for change in EDITS[edits]:
            if version == NOW or change not in WRITTEN_ANEW:
                change(app)

    app = tmp_path / "app"
    shutil.copytree(generated(released, version, before), app)
    edit(app)
    commit(app)
    mine = (app / "local.settings.json").read_bytes()
    update(app, **change)

    fresh = tmp_path / "fresh" / "app"
    answers = {**before, **change, **answers_of_old_apps(released, version)}
    shutil.copytree(generated(released, NOW, answers), fresh)
    edit(fresh)
    (fresh / "local.settings.json").write_bytes(mine)
    assert conflicts(app) == []
    assert content(app) == content(fresh)


@pytest.mark.parametrize("version", released_versions())
def test_what_users_write_into_functions_stays(
    version: str, released: Path, generated: Callable[..., Path], tmp_path: Path
) -> None:
    """They replace the line that says so, and add to the end of a file."""
    shipped = 0
    for number, (functions, python) in enumerate(every_kind(released, version)):
        answers = {"functions": functions, "python_version": python}
        app = Path(shutil.copytree(generated(released, version, answers), tmp_path / f"{number}"))
        files = [app / "blueprints" / f"{name}.py" for name in functions]
        replaced = [file for file in files if "Do what your app does" in read(file)]
        for file in replaced:
            replace(file, "Do what your app does", "Ship")
        files += [app / "tests" / f"test_{name}.py" for name in functions]
        files += [*app.glob("shared/[a-z]*.py"), *app.glob("tests/test_shared_*.py")]
        for file in files:
            append(file, "\n\nOURS = True\n")
        commit(app)
        update(app)
        assert conflicts(app) == []
        assert [file for file in replaced if "Ship" not in read(file)] == []
        assert [file for file in files if not read(file).endswith("\nOURS = True\n")] == []
        shipped += len(replaced)
    assert shipped


def test_checks_that_a_user_added_are_not_lost(released: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    copy(released, app, released_versions()[0], functions=FUNCTIONS)
    workflow, checks = app / ".github" / "workflows" / "ci.yml", app / ".pre-commit-config.yaml"
    workflow.parent.mkdir(parents=True)
    for path in (workflow, checks):
        path.write_text("# Ours.\n", encoding="utf-8")
    commit(app)
    update(app)
    assert read(workflow) == "# Ours.\n"
    assert conflicts(app) == [checks.name]
    assert "<<<<<<< before updating\n# Ours.\n=======\n" in read(checks)


def test_an_updated_app_with_everything_in_it_passes_its_tests(
    released: Path, environment: Callable[[str], Path], tmp_path: Path
) -> None:
    app = tmp_path / "app"
    copy(released, app, released_versions()[0], functions=FUNCTIONS)
    for edit in (write_functions, change_blueprint, change_tests, add_host_options, add_settings):
        edit(app)
    commit(app)
    update(app, functions={**FUNCTIONS, "nightly": "timer"})
    check_app(app, environment("3.13"))
