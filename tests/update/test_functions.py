"""Functions come, go and change their names, while the user's work in the others stays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.apps import check_app, content
from tests.support.releases import NOW, answers_of_old_apps, released_versions
from tests.support.repositories import commit, conflicts, run_git
from tests.support.text_files import append, read, replace
from tests.support.updates import refusal, update, update_as_user

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


def test_an_update_names_the_command_for_long_names(new_app: Callable[..., Path]) -> None:
    app = new_app(BEFORE)
    for length, is_named in ((40, False), (41, True)):
        functions = f"functions={{hello: http, {'a' * length}: timer}}"
        said = update_as_user(app, "--data", functions).stderr
        assert ("\n  ruff format\n" in said) is is_named
        commit(app)


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


def test_a_function_that_is_added_again_starts_anew(app: Path) -> None:
    append(app / "blueprints" / "orders.py", "# ours\n")
    commit(app)
    update(app, functions={"hello": "http"})
    commit(app)
    update(app, functions={"hello": "http", "orders": "queue"})
    assert "# ours" not in read(app / "blueprints" / "orders.py")


@pytest.mark.parametrize("kinds", ["[http, timer]", "[nope]"])
def test_kinds_for_a_first_copy_are_not_silently_ignored(kinds: str, app: Path) -> None:
    """Copier would ignore them."""
    assert refusal(update_as_user(app, "--data", f"triggers={kinds}")).endswith(
        "triggers: Only the first copy takes this answer. Give functions instead, as in "
        "functions={hello: http, orders: queue}."
    )
