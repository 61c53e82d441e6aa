"""The extension bundle that host.json names."""

import json
from datetime import date
from typing import Any

import pytest

from functions_validator import clock
from tests.support.samples import BUNDLE
from tests.support.validator import Find, Plant
from tests.validator.rules.host_files import codes, host


@pytest.mark.parametrize(
    "bundle",
    [
        {"id": "Microsoft.Azure.Functions.ExtensionsBundle"},
        {"id": None},
        {"version": "4.x"},
        {"version": "[4.*, 5.0.0"},
        {"version": "(,)"},
        {"version": "[4.0.0, 3.0.0)"},
        {"version": "[5.*, 6.0.0)"},
        {"version": ""},
    ],
)
def test_a_bundle_that_does_not_exist_is_found(bundle: dict[str, Any], plant: Plant) -> None:
    assert codes(plant, host(bundle)) == ["AF508"]


@pytest.mark.parametrize(
    "version", ["[1.*, 2.0.0)", "[2.*, 3.0.0)", "[3.3.0, 4.0.0)", "[3.1.0]", "3.*", "[2.*, 3.*]"]
)
def test_a_bundle_without_support_is_found(
    version: str, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = host({"version": version})
    assert codes(plant, content) == ["AF509"]
    monkeypatch.setattr(clock, "today", lambda: date(2026, 1, 1))
    assert codes(plant, content) == []


@pytest.mark.parametrize(
    "version",
    [
        "[4.*, 5.0.0)",
        "[4.0.0, 5.0.0)",
        "[3.3.0, 5.0.0)",
        "4.*",
        "[4.31.1]",
        "[4.0.0,)",
        "3.1.0",
        "*",
    ],
)
def test_a_range_with_a_supported_bundle_is_not_reported(version: str, plant: Plant) -> None:
    assert codes(plant, host({"version": version})) == []


def test_a_trigger_without_a_bundle_is_found(plant: Plant, find: Find) -> None:
    app = plant({"host.json": '{"version": "2.0"}'})
    [found] = find(app, "AF5")
    assert found.code == "AF510"
    assert "queueTrigger" in found.message
    (app / "host.json").write_text(host().replace("Bundle", "Bundles", 1))
    [found] = find(app, "AF5")
    assert (found.code, found.line) == ("AF510", 3)
    (app / "host.json").write_text('{"version": "2.0"}')
    (app / "extensions.csproj").write_text("<Project/>")
    assert find(app, "AF5") == []


def test_a_trigger_that_may_not_be_there_needs_no_bundle(plant: Plant, find: Find) -> None:
    entry = """
        import os

        import azure.functions as func

        app = None
        if os.environ.get("ORDERS"):
            app = func.FunctionApp()

            @app.queue_trigger(arg_name="order", queue_name="orders", connection="OrdersStorage")
            def orders(order: func.QueueMessage) -> None: ...
        """
    files = {"host.json": '{"version": "2.0"}', "function_app.py": entry}
    assert find(plant(files), "AF5") == []


@pytest.mark.parametrize(
    ("content", "fix"),
    [
        ({"bundle": BUNDLE}, 'Change "bundle" to "extensionBundle".'),
        ({"extensionBundel": {}}, 'Change "extensionBundel" to "extensionBundle".'),
        (
            {"extensions": {"extensionBundle": BUNDLE}},
            "Move extensionBundle from extensions to the root.",
        ),
    ],
)
def test_a_bundle_under_another_name_is_found_once(
    content: dict[str, Any], fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant({"host.json": json.dumps({"version": "2.0", **content})}), "AF5")
    assert (found.code, found.fix) == ("AF510", fix)


def test_http_and_timer_need_no_bundle(plant: Plant, find: Find) -> None:
    timer = """
        import azure.functions as func

        bp = func.Blueprint()


        @bp.timer_trigger(arg_name="timer", schedule="0 0 * * * *")
        def orders(timer: func.TimerRequest) -> None:
            print(timer)
        """
    app = plant({"host.json": '{"version": "2.0"}', "blueprints/orders.py": timer})
    assert find(app, "AF5") == []


def test_a_binding_of_the_preview_bundle_is_found(plant: Plant, find: Find) -> None:
    chat = """
        import azure.functions as func

        bp = func.Blueprint()


        @bp.route(route="chat")
        @bp.text_completion_input(arg_name="answer", prompt="{prompt}")
        def chat(req: func.HttpRequest, answer: str) -> str:
            return answer
        """
    app = plant({"blueprints/orders.py": chat, "host.json": host()})
    assert [found.code for found in find(app, "AF5")] == ["AF511"]
    (app / "host.json").write_text(host({"id": BUNDLE["id"].lower()}))
    assert [found.code for found in find(app, "AF5")] == ["AF511"]
    for name in (f"{BUNDLE['id']}.Preview", f"{BUNDLE['id']}.PREVIEW"):
        (app / "host.json").write_text(host({"id": name}))
        assert find(app, "AF5") == []
