"""Values in host.json that the host does not use or reads in another way, and retries."""

from typing import Any

import pytest

from tests.support.validator import Plant, find_problems
from tests.validator.rules.host_files import at, codes, host
from tests.validator.rules.settings_files import local


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("watchDirectories", "shared"),
        ("functions", "hello"),
        ("functionTimeout", ["00:05:00"]),
        ("telemetryMode", "OpenTelemetri"),
        ("healthMonitor", "on"),
        ("healthMonitor.counterThreshold", 80),
        ("healthMonitor.healthCheckInterval", "10s"),
        ("logging", "Debug"),
        ("logging.logLevel", "Information"),
        ("logging.applicationInsights.enableLiveMetrics", "on"),
        ("logging.applicationInsights.samplingSettings.isEnabled", "yes"),
        ("logging.applicationInsights.samplingSettings.excludedTypes", ["Request"]),
        ("logging.applicationInsights.samplingSettings.excludedTypes", "Request,Exception"),
        ("logging.applicationInsights.samplingSettings.includedTypes", "Request;Exceptions"),
        ("logging.applicationInsights.samplingSettings.maxSamplingPercentage", 150),
        ("retry", "fixedDelay"),
        ("extensions", []),
        ("extensions.http", []),
        ("extensions.http.routePrefix", ["api"]),
        ("extensions.queues.batchSize", {"value": 8}),
        ("extensions.blobs.maxDegreeOfParallelism", 0),
        ("extensions.blobs.poisonBlobThreshold", -1),
    ],
)
def test_a_value_that_is_not_used_is_found(path: str, value: Any, plant: Plant) -> None:
    [found] = find_problems(plant({"host.json": at(path, value)}), "AF5")
    assert found.code == "AF512"
    assert path.split(".")[-1] in found.message


def test_wrong_types_for_application_insights_stop_the_host_where_it_is_set(plant: Plant) -> None:
    sampling = {"isEnabled": "yes", "maxSamplingPercentage": 150}
    files = {
        "host.json": at("logging.applicationInsights.samplingSettings", sampling),
        "local.settings.json": local(APPLICATIONINSIGHTS_CONNECTION_STRING="InstrumentationKey=x"),
    }
    assert [one.code for one in find_problems(plant(files), "AF5")] == ["AF504", "AF512"]


@pytest.mark.parametrize(
    ("path", "value", "fix"),
    [
        ("functionTimeout", "10", 'Write "10.00:00:00" if you mean that, or "00:10:00".'),
        ("functionTimeout", 5, 'Write "5.00:00:00" if you mean that, or "00:05:00".'),
        ("functionTimeout", "24:00:00", 'Write "24.00:00:00" if you mean that, or "1.00:00:00".'),
        ("extensions.queues.visibilityTimeout", "30", 'Write "30.00:00:00"'),
        ("extensions.queues.maxPollingInterval", 2000, 'Write "2000.00:00:00"'),
        ("extensions.serviceBus.sessionIdleTimeout", "30:00:00", 'Write "30.00:00:00"'),
    ],
)
def test_a_time_in_days_is_found(path: str, value: Any, fix: str, plant: Plant) -> None:
    [found] = find_problems(plant({"host.json": at(path, value)}), "AF5")
    assert found.code == "AF513"
    assert found.fix.startswith(fix)


FIXED = {"strategy": "fixedDelay", "maxRetryCount": 2, "delayInterval": "00:00:02"}
GROWING = {"maxRetryCount": -1, "minimumInterval": "00:00:01", "maximumInterval": "00:00:05"}


@pytest.mark.parametrize(
    ("retry", "expected"),
    [
        (FIXED, []),
        ({**FIXED, "strategy": 1}, []),
        (GROWING, []),
        ({**GROWING, "strategy": "ExponentialBackoff"}, []),
        ({}, []),
        ({**FIXED, "strategy": None}, ["AF514"]),
        ({**FIXED, "maxRetryCount": None}, ["AF514"]),
        ({**FIXED, "delayInterval": None}, ["AF514"]),
        ({**FIXED, "delayInterval": ""}, ["AF504"]),
        ({**FIXED, "maxRetryCount": ""}, ["AF504"]),
        ({**FIXED, "strategy": ""}, ["AF504"]),
        ({**GROWING, "maximumInterval": ""}, ["AF504"]),
        ({**GROWING, "strategy": "fixedDelay"}, ["AF514"]),
        ({**GROWING, "maximumInterval": None}, ["AF514"]),
        ({**GROWING, "minimumInterval": "00:00:09"}, ["AF514"]),
        ({**FIXED, "strategy": "fixed_delay"}, ["AF504"]),
        ({**FIXED, "maxRetryCount": -2}, ["AF504"]),
        ({**FIXED, "delayInterval": "-00:00:02"}, ["AF504"]),
        ({**FIXED, "delayInterval": "10"}, ["AF513"]),
    ],
)
def test_the_retry_policy_of_all_functions(
    retry: dict[str, Any], expected: list[str], plant: Plant
) -> None:
    retry = {name: value for name, value in retry.items() if value is not None}
    assert codes(plant, host(retry=retry)) == expected


TWICE = """{
  "version": "2.0",
  "extensions": {"queues": {"batchSize": 8}},
  %s
  "extensionBundle": {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"}
}
"""


@pytest.mark.parametrize(
    ("line", "place", "name", "fix"),
    [
        ('"extensions": {"http": {}},', 3, "extensions", "Merge the two."),
        ('"extensions": {"queues": {"batchSize": 9}},', 3, "extensions", "Merge the two."),
        ("'extensions': null,", 3, "extensions", "Delete one of the two."),
        (
            '"functionTimeout": "00:05:00", "functionTimeout": "00:06:00",',
            4,
            "functionTimeout",
            "Delete one of the two.",
        ),
        (
            '"logging": {"logLevel": {"default": "None"}, // x\n"logLevel": {}},',
            4,
            "logging.logLevel",
            "Merge the two.",
        ),
    ],
)
def test_a_key_that_is_given_again(
    line: str, place: int, name: str, fix: str, plant: Plant
) -> None:
    [found] = find_problems(plant({"host.json": TWICE % line}))
    assert (found.code, found.line, found.fix) == ("AF512", place, fix)
    assert found.message.startswith(f"{name} is given again in line ")


@pytest.mark.parametrize(
    "line",
    [
        '"version": "2.0",',
        '"logging": {"logLevel": {"a": "None"}, "console": {"logLevel": {"a": "None"}}},',
        '"_comment": [{"a": 1}, {"a": 2}],',
    ],
)
def test_keys_that_are_given_once_or_mean_the_same(line: str, plant: Plant) -> None:
    assert find_problems(plant({"host.json": TWICE % line})) == []
