"""Schedules that the host rejects, and schedules that never match a date."""

import pytest

from tests.support.validator import Files, Find, Found, Plant, find_problems
from tests.validator.rules.plan_files import CONSUMPTION, FLEX, plan
from tests.validator.rules.settings_files import AZURITE, local

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
        "0 0,70 * * * *",
        "0 1-90/5 * * * *",
        "0 5/ * * * *",
        "0 */3000000000 * * * *",
        "0\t0 6 * * *",
        "every day",
        "@daily",
        "   ",
        "24:00",
        "00:30:60",
        "1:60",
        "24:30:00",
        "00:05:00.123456789",
        "3000000",
        "5 5",
        "% NAME%",
        "0 0 %HOUR * * *",
        "%%",
    ],
)
def test_a_schedule_that_the_host_rejects_is_found(plant: Plant, schedule: str) -> None:
    app = plant({"blueprints/hello.py": TIMER.format(schedule)})
    [found] = find_problems(app, "AF21")
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
        "0 0/1 * * * *",
        "0 */59 * * * *",
        "0 0 */24 * * *",
        "0 0 6 */31 * *",
        "0 0 6 1-31 * MON",
        "0 0 6 1 * SUN-SAT",
        "0 0 6 1-7 * MON",
        "0 0 6 22-28 * TUE",
        "0 0 0 29 2 *",
        "0 0 0 31 1-2 *",
        "00:05:00",
        "23:59",
        "00:00:00.5",
        "1.00:00:00",
        "2.06:30",
        "1:00:00:00",
        "%NO_SUCH_SETTING%",
    ],
)
def test_a_schedule_that_the_host_accepts_is_not_reported(plant: Plant, schedule: str) -> None:
    app = plant({"blueprints/hello.py": TIMER.format(schedule)})
    assert find_problems(app, "AF21") == []


@pytest.mark.parametrize(
    ("schedule", "value", "expected"),
    [
        ("%Schedule%", "0 0 25 * * *", ["AF211"]),
        ("%Schedule%", "0 0 5 * * *", []),
        ("%Schedule%", "00:00", ["AF213"]),
        ("%Schedule%", "90", ["AF214"]),
        ("%SCHEDULE%", "", []),
        ("%SCHEDULE%", " ", []),
        ("%SCHEDULE%", "<schedule>", []),
        ("0 0 %SCHEDULE% * * *", "5-2", ["AF214"]),
    ],
)
def test_the_schedule_of_a_setting_is_checked(
    plant: Plant, find: Find, schedule: str, value: str, expected: list[str]
) -> None:
    files: Files = {
        "blueprints/hello.py": TIMER.format(schedule),
        "local.settings.json": local(OrdersStorage=AZURITE, SCHEDULE=value),
    }
    assert codes(find(plant(files), "AF2")) == expected


@pytest.mark.parametrize("schedule", ["0 0 0 31 2 *", "0 0 0 30,31 FEB *", "0 0 31 4,6 *"])
def test_a_day_that_no_month_has_is_found(plant: Plant, find: Find, schedule: str) -> None:
    app = plant({"blueprints/hello.py": TIMER.format(schedule)})
    assert codes(find(app, "AF21")) == ["AF212"]


@pytest.mark.parametrize("schedule", ["00:00:00", "0", "-1", "-00:00:01", "-24:00:00", " 0:0 "])
def test_a_time_span_of_zero_or_less_is_found(plant: Plant, schedule: str) -> None:
    app = plant({"blueprints/hello.py": TIMER.format(schedule)})
    assert codes(find_problems(app, "AF2")) == ["AF213"]


@pytest.mark.parametrize(
    ("schedule", "fix"),
    [
        ("5", "Write 5.00:00:00 if you mean that, or 00:05:00."),
        ("90", "Write 90.00:00:00 if you mean that, or 01:30:00."),
        ("24:00:00", "Write 24.00:00:00 if you mean that, or 1.00:00:00."),
        (" 30:00:00", "Write 30.00:00:00 if you mean that, or 1.06:00:00."),
        ("36:15:30", "Write 36.15:30:00 if you mean that, or 1.12:15:30."),
        ("0 0 0 * * 5-1", "Write 5-6,0-1 for the values from 5 on to 1."),
        ("0 0 0 * * Fri-Mon", "Write 5-6,0-1 for the values from 5 on to 1."),
        ("0 0 22-4/2 * * *", "Write 22-23,0-4 for the values from 22 on to 4."),
        ("0 0 0 * NOV-FEB *", "Write 11-12,1-2 for the values from 11 on to 2."),
        ("0 */90 * * * *", "Write 0 if you mean that"),
        ("0 5/61 * * * *", "Write 5 if you mean that"),
        ("0 0 0 */40 * *", "Write 1 if you mean that"),
        ("*/0 * * * * *", "Write * without a step"),
        ("0 */-5 * * * *", "Write * without a step"),
        ("0 0 6 15 * FRI", "Write * for one of them"),
        ("0 6 */2 * 1-5", "Write * for one of them"),
    ],
)
def test_a_schedule_that_does_not_mean_what_it_says_is_found(
    plant: Plant, schedule: str, fix: str
) -> None:
    app = plant({"blueprints/hello.py": TIMER.format(schedule)})
    [found] = find_problems(app, "AF2")
    assert found.code == "AF214"
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    ("infra", "schedule", "expected"),
    [
        (FLEX, "00:05:00", ["AF713"]),
        (FLEX, "00:00:00", ["AF213"]),
        (FLEX, "24:00:00", ["AF214"]),
        (CONSUMPTION, "00:05:00", ["AF214"]),
        (plan("'EP1'"), "00:05:00", []),
        (plan("'B1'"), "00:05:00", []),
        ("", "00:05:00", []),
        (FLEX, "0 */5 * * * *", []),
    ],
)
def test_a_time_span_on_a_plan(
    infra: str, schedule: str, expected: list[str], plant: Plant, find: Find
) -> None:
    files: Files = {"blueprints/hello.py": TIMER.format(schedule), "infra/main.bicep": infra}
    assert [found.code for found in find(plant(files), "AF")] == expected
    settings = local(EVERY=schedule, OrdersStorage=AZURITE)
    files |= {"blueprints/hello.py": TIMER.format("%EVERY%"), "local.settings.json": settings}
    # In Azure, the setting may have another value.
    on_any_plan = expected if schedule in ("00:00:00", "24:00:00") else []
    assert [found.code for found in find(plant(files), "AF")] == on_any_plan


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("* */5 * * * *", ["AF214"]),
        ("* 0 6 * * *", ["AF214"]),
        ("* * 6 * * *", ["AF214"]),
        ("* * * * * *", []),
        ("*/10 */5 * * * *", []),
        ("*/5 * * * *", []),
        ("* * * * *", []),
        ("* * * * * MON", []),
    ],
)
def test_every_second_of_some_minutes(schedule: str, expected: list[str], plant: Plant) -> None:
    app = plant({"blueprints/hello.py": TIMER.format(schedule)})
    assert codes(find_problems(app, "AF21")) == expected
