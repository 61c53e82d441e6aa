"""Settings that override options of host.json."""

import pytest

from tests.support.validator import HEALTHY, Plant, find_problems
from tests.validator.rules.settings_files import local


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("extensions__http__routePrefix", "v1/", ["AF504"]),
        ("extensions:http:routePrefix", "", []),
        ("EXTENSIONS__QUEUES__batchSize", "33", ["AF504"]),
        ("extensions__queues__batchSize", "8", []),
        ("extensions__queues__batchSise", "8", ["AF505"]),
        ("extensions__myOwn__anything", "1", []),
        ("http__routePrefix", "v1", ["AF506"]),
        ("logLevel", "Debug", ["AF506"]),
        ("functionTimeout", "10", ["AF513"]),
        ("telemetryMode", "x", ["AF512"]),
        ("logging__logLevel__Function__hello", "Verbose", ["AF504"]),
        ("logging__logLevel__default", "Debug", []),
        ("functions__0", "hello", []),
        ("retry__maxRetryCount", "3", ["AF514"]),
    ],
)
def test_a_setting_that_overrides_host_json(
    name: str, value: str, expected: list[str], plant: Plant
) -> None:
    setting = f"AzureFunctionsJobHost__{name}"
    found = find_problems(plant({"local.settings.json": local(**{setting: value})}), "AF5")
    assert [one.code for one in found] == expected
    assert all(one.path == "local.settings.json" and one.line > 4 for one in found)


def test_a_prefix_in_a_setting_counts_for_the_routes(plant: Plant) -> None:
    source = str(HEALTHY["blueprints/hello.py"]).replace('"hello"', '"/hello"')
    setting = {
        "AzureFunctionsJobHost__extensions__http__routePrefix": "",
        "OrdersStorage": "UseDevelopmentStorage=true",
    }
    files = {"blueprints/hello.py": source, "local.settings.json": local(**setting)}
    assert find_problems(plant(files)) == []


def test_a_section_in_the_name_of_a_setting_is_corrected(plant: Plant) -> None:
    setting = {"AzureFunctionsJobHost__extensions__queue__batchSize": "8"}
    [found] = find_problems(plant({"local.settings.json": local(**setting)}), "AF5")
    assert (found.code, found.path, found.line > 4) == ("AF505", "local.settings.json", True)
    assert found.fix == 'Change "queue" to "queues", if that is what you mean.'
