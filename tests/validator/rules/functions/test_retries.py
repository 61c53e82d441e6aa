"""Retry policies that a trigger does not support or the worker rejects."""

import pytest

from tests.support.validator import Find, Plant

TIMER = """
    import azure.functions as func

    bp = func.Blueprint()


    @bp.retry({})
    @bp.timer_trigger(arg_name="timer", schedule="0 0 * * * *")
    def hello(timer: func.TimerRequest) -> None:
        pass
    """
HTTP = """
    import azure.functions as func

    bp = func.Blueprint()


    @bp.retry("fixed_delay", "3", "00:00:10")
    @bp.route(route="hello")
    def hello(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse()
    """


@pytest.mark.parametrize(
    ("arguments", "lacks"),
    [
        ("strategy='fixed_delay', delay_interval='00:00:10'", "max_retry_count"),
        ("max_retry_count='3'", "strategy"),
    ],
)
def test_arguments_that_a_policy_lacks(
    arguments: str, lacks: str, plant: Plant, find: Find
) -> None:
    app = plant({"blueprints/hello.py": TIMER.format(arguments)})
    [found] = find(app, imports=False)
    assert found.code == "AF208"
    assert f"it needs a {lacks}." in found.message


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("strategy='fixed_delay', max_retry_count='3', delay_interval='00:00:10'", []),
        ("'fixed_delay', '3', '00:00:10'", []),
        ("strategy='exponential_backoff', max_retry_count='3'", []),
        ("strategy='fixed_delay', max_retry_count='3'", ["AF208"]),
        ("'fixed_delay', **{'max_retry_count': '3', 'delay_interval': '00:00:10'}", []),
        ("*('fixed_delay', '3', '00:00:10')", []),
        ("strategy='fixed_delay', max_retry_count='3', delay_interval='10'", ["AF208"]),
        ("strategy='fixed_delay', max_retry_count='3', delay_interval='24:00:00'", ["AF208"]),
        ("strategy='fixed_delay', max_retry_count='3', delay_interval=10", ["AF208"]),
        (
            "'exponential_backoff', 3, minimum_interval=1, maximum_interval='00:01:00'",
            ["AF208"],
        ),
        ("'fixed_delay', 3, '00:00:10', minimum_interval=1", []),
        ("strategy='fixed', max_retry_count='3', delay_interval='00:00:10'", ["AF208"]),
        ("strategy='exponential_backoff', max_retry_count='some'", ["AF208"]),
    ],
)
def test_the_arguments_of_a_policy(
    plant: Plant, find: Find, arguments: str, expected: list[str]
) -> None:
    app = plant({"blueprints/hello.py": TIMER.format(arguments)})
    assert [finding.code for finding in find(app, "AF2")] == expected


INTERVALS = "'exponential_backoff', '3', minimum_interval='{}', maximum_interval='{}'"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (INTERVALS.format("00:10:00", "00:00:10"), "the minimum_interval is longer"),
        (INTERVALS.format("00:00:10", "00:00:10"), ""),
        ("'exponential_backoff', '3', minimum_interval='00:10:00'", ""),
        ("'fixed_delay', '3', '00:00:10', minimum_interval='9', maximum_interval='8'", ""),
        ("'fixed_delay', '-2', '00:00:10'", "the max_retry_count is -2."),
        ("'fixed_delay', -2, '00:00:10'", "the max_retry_count is -2."),
        ("'fixed_delay', '-1', '00:00:10'", ""),
    ],
)
def test_policies_that_only_the_host_rejects(
    arguments: str, why: str, plant: Plant, find: Find
) -> None:
    found = find(plant({"blueprints/hello.py": TIMER.format(arguments)}), "AF2")
    assert [one.code for one in found] == (["AF208"] if why else [])
    assert all(f"The host does not start hello: {why}" in one.message for one in found)


def test_a_strategy_that_does_not_exist(plant: Plant, find: Find) -> None:
    arguments = "strategy='fixedDelay', max_retry_count='3', delay_interval='00:00:10'"
    [found] = find(plant({"blueprints/hello.py": TIMER.format(arguments)}), "AF208")
    assert found.message.endswith("retry policy of hello: there is no strategy 'fixedDelay'.")
    assert found.fix == "Write strategy='fixed_delay' or strategy='exponential_backoff'."


def test_a_trigger_that_does_not_support_policies(plant: Plant, find: Find) -> None:
    [found] = find(plant({"blueprints/hello.py": HTTP}), "AF2")
    assert (found.code, found.line) == ("AF207", 6)
    assert "httpTrigger of hello" in found.message
