"""Schedules that the host rejects, and schedules that never match a date."""

import json

import pytest

from tests.support.validator import HEALTHY, Find, Found, Plant

TIMER = """
    import azure.functions as func

    bp = func.Blueprint()


    @bp.timer_trigger(arg_name="timer", schedule="{}")
    def hello(timer: func.TimerRequest) -> None:
        pass
    """


def codes(found: list[Found]) -> list[str]:
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    "schedule",
    [
        "0 0 24 * * *",
        "0 60 * * * *",
        "* * * * * * *",
        "0 * * *",
        "0 0 0 ? * *",
        "0 0 0 0 * *",
        "0 0 0 L * *",
        "0 0 0 * 13 *",
        "0 0 0 * * 7",
        "0 0 0 * * MON#1",
        "0 */x * * * *",
        "0 0,,5 * * * *",
        "every day",
        "@daily",
    ],
)
def test_a_schedule_that_the_host_rejects_is_found(plant: Plant, find: Find, schedule: str) -> None:
    app = plant({"blueprints/hello.py": TIMER.format(schedule)})
    [found] = find(app, "AF21")
    assert (found.code, found.path, found.line) == ("AF211", "blueprints/hello.py", 6)


@pytest.mark.parametrize(
    "schedule",
    [
        "0 */5 * * * *",
        "*/5 * * * *",
        "* * * * * *",
        " 0 0  9-17 * * mon-FRI ",
        "0 30 9 * Jan,march Mon",
        "0 0/15 * * * *",
        "0 */60 * * * *",
        "0 0 22-4 * * *",
        "0 0 0 29 2 *",
        "0 0 0 31 1-2 *",
        "00:05:00",
        "1.00:00:00",
        "%NO_SUCH_SETTING%",
    ],
)
def test_a_schedule_that_the_host_accepts_is_not_reported(
    plant: Plant, find: Find, schedule: str
) -> None:
    app = plant({"blueprints/hello.py": TIMER.format(schedule)})
    assert find(app, "AF21") == []


@pytest.mark.parametrize(("value", "expected"), [("0 0 25 * * *", ["AF211"]), ("0 0 5 * * *", [])])
def test_the_schedule_of_a_setting_is_checked(
    plant: Plant, find: Find, value: str, expected: list[str]
) -> None:
    settings = json.loads(str(HEALTHY["local.settings.json"]))
    settings["Values"]["SCHEDULE"] = value
    app = plant(
        {
            "blueprints/hello.py": TIMER.format("%SCHEDULE%"),
            "local.settings.json": json.dumps(settings),
        }
    )
    assert codes(find(app, "AF21")) == expected


@pytest.mark.parametrize("schedule", ["0 0 0 31 2 *", "0 0 0 30,31 FEB *", "0 0 31 4,6 *"])
def test_a_day_that_no_month_has_is_found(plant: Plant, find: Find, schedule: str) -> None:
    app = plant({"blueprints/hello.py": TIMER.format(schedule)})
    assert codes(find(app, "AF21")) == ["AF212"]
