"""Binding expressions, which the host resolves at each call."""

import pytest

from tests.support.validator import Find, Plant, find_problems
from tests.validator.rules.binding_files import STORAGE, function

TRIGGER = f"@bp.blob_trigger('blob', 'orders/{{}}', {STORAGE})"
OUTPUT = f"@bp.blob_output('out', '{{}}', {STORAGE})"
TIMER = "@bp.timer_trigger('blob', '0 0 6 * * *')"
QUEUE = f"@bp.queue_trigger('blob', 'orders', {STORAGE})"


def blueprint(trigger: str, output: str) -> str:
    return function(f"{trigger}\n{output}", "blob, out: func.Out[str]")


@pytest.mark.parametrize(
    ("trigger", "path", "name", "fix"),
    [
        (TRIGGER.format("{name}"), "copies/{nam}", "nam", "Write {name}."),
        (TRIGGER.format("{id}.json"), "copies/{order}", "order", "Use a name in the path"),
        (TRIGGER.format("{name}"), "copies/{name}-{day}", "day", "Use a name in the path"),
        (TIMER, "copies/{name}", "name", "Use {DateTime} or {rand-guid}"),
    ],
)
def test_expressions_without_a_value(
    trigger: str, path: str, name: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant({"blueprints/orders.py": blueprint(trigger, OUTPUT.format(path))}), "AF2")
    assert (found.code, found.path, found.line) == ("AF240", "blueprints/orders.py", 9)
    assert found.message.startswith(f"{{{name}}} has no value")
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    ("trigger", "path"),
    [
        (TRIGGER.format("{name}"), "copies/{name}"),
        (TRIGGER.format("{Name}.{ext}"), "copies/{name}-{EXT}"),
        (TRIGGER.format("{name}"), "copies/{rand-guid}"),
        (TRIGGER.format("{name}"), "copies/{DateTime:yyyy}/{sys.randguid}"),
        (TRIGGER.format("{name}"), "copies/{metadata.owner}"),
        (TRIGGER.format("%UNKNOWN%"), "copies/{name}"),
        (TIMER, "copies/{datetime:yyyy-MM-dd}.json"),
        (QUEUE, "copies/{name}"),
        ("@bp.route('orders/{id}', trigger_arg_name='blob')", "copies/{order}"),
    ],
)
def test_expressions_with_a_value(trigger: str, path: str, plant: Plant) -> None:
    app = plant({"blueprints/orders.py": blueprint(trigger, OUTPUT.format(path))})
    assert find_problems(app, "AF240") == []
