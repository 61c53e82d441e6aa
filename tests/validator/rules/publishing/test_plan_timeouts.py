"""Timeouts of functions that the hosting plan does not take."""

import json

import pytest

from tests.support.validator import HEALTHY, Plant, find_problems
from tests.validator.rules.plan_files import CONSUMPTION, FLEX, plan
from tests.validator.rules.settings_files import AZURITE, local

PREMIUM = plan("'EP1'")


@pytest.mark.parametrize(
    ("host", "settings", "infra", "codes"),
    [
        ({"FunctionTimeout": "00:30:00"}, {}, "", ["AF715"]),
        ({"functionTimeout": -1}, {}, "", ["AF715"]),
        ({}, {"AzureFunctionsJobHost__functionTimeout": "00:30:00"}, "", ["AF715"]),
        ({}, {"azurefunctionsjobhost:FUNCTIONTIMEOUT": "00:30:00"}, "", ["AF715"]),
        (
            {"functionTimeout": "00:30:00"},
            {"AzureFunctionsJobHost__functionTimeout": "00:05:00"},
            "",
            [],
        ),
        (
            {"functionTimeout": "00:05:00"},
            {"AzureFunctionsJobHost__functionTimeout": "00:30:00"},
            "",
            ["AF715"],
        ),
        (
            {"functionTimeout": "00:30:00"},
            {},
            "var all = {\n  AzureFunctionsJobHost__functionTimeout: '00:05:00'\n}\n",
            [],
        ),
        (
            {"functionTimeout": "00:30:00"},
            {},
            "var all = {\n  AzureFunctionsJobHost__logging__logLevel: 'x'\n}\n",
            ["AF715"],
        ),
    ],
)
def test_where_the_timeout_is_given(
    host: dict[str, object], settings: dict[str, str], infra: str, codes: list[str], plant: Plant
) -> None:
    app = plant(
        {
            "infra/main.bicep": CONSUMPTION + infra,
            "host.json": json.dumps({**json.loads(HEALTHY["host.json"]), **host}),
            "local.settings.json": local(OrdersStorage=AZURITE, **settings),
        }
    )
    assert [found.code for found in find_problems(app, "AF71")] == codes


@pytest.mark.parametrize(
    ("timeout", "infra", "codes"),
    [
        ("00:30:00", CONSUMPTION, ["AF715"]),
        ("-1", CONSUMPTION, ["AF715"]),
        ("00:10:00", CONSUMPTION, []),
        ("00:30:00", FLEX, []),
        ("-1", PREMIUM, []),
        ("00:30:00", "", []),
        ("10", CONSUMPTION, []),  # AF513 says that these are days.
    ],
)
def test_timeouts(timeout: str, infra: str, codes: list[str], plant: Plant) -> None:
    host = {**json.loads(HEALTHY["host.json"]), "functionTimeout": timeout}
    app = plant({"infra/main.bicep": infra, "host.json": json.dumps(host)})
    assert [found.code for found in find_problems(app, "AF71")] == codes
