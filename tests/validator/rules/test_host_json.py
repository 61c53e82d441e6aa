"""What host.json says."""

import json
from datetime import date
from typing import Any

import pytest

from functions_validator.rules import bundles
from tests.support.validator import Plant, find_problems

BUNDLE = {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"}


@pytest.fixture(autouse=True)
def _in_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "today", lambda: date(2026, 11, 1))


def host(**options: Any) -> str:
    return json.dumps({"version": "2.0", "extensionBundle": BUNDLE, **options}, indent=2)


def extensions(**options: Any) -> str:
    return host(extensions=options)


def codes(plant: Plant, content: str | None) -> list[str]:
    return [found.code for found in find_problems(plant({"host.json": content}), "AF5")]


def test_a_missing_host_json_is_found(plant: Plant) -> None:
    assert codes(plant, None) == ["AF501"]


@pytest.mark.parametrize(
    ("content", "line"), [('{\n  "version": "2.0"\n  "logging": {}\n}', 3), ("[]", 1), ("{}}", 1)]
)
def test_a_host_json_that_cannot_be_read_is_found(content: str, line: int, plant: Plant) -> None:
    [found] = find_problems(plant({"host.json": content}), "AF5")
    assert (found.code, found.line) == ("AF502", line)


@pytest.mark.parametrize(
    "version", ['"Version": "2.0"', '"version": "3.0"', '"x": 1', '"version": 2.0']
)
def test_another_version_is_found(version: str, plant: Plant) -> None:
    content = host().replace('"version": "2.0"', version, 1)
    assert codes(plant, content) == ["AF503"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("functionTimeout", "5 minutes"),
        ("functionTimeout", "00:70:00"),
        ("functionTimeout", "00:00:00"),
        ("functionTimeout", 300),
        ("watchDirectories", "shared"),
        ("healthMonitor.counterThreshold", 80),
        ("aggregator.flushTimeout", "30s"),
        ("logging.logLevel.default", "Info"),
        ("logging.logLevel", "Information"),
        ("logging.fileLoggingMode", "sometimes"),
        ("logging.applicationInsights.samplingSettings.isEnabled", "yes"),
        ("logging.applicationInsights.samplingSettings.excludedTypes", ["Request"]),
        ("logging.applicationInsights.samplingSettings.maxSamplingPercentage", 150),
        ("extensions.http.routePrefix", ["api"]),
        ("extensions.http.maxConcurrentRequests", "many"),
        ("extensions.http.dynamicThrottlesEnabled", 1),
        ("extensions.queues.batchSize", 33),
        ("extensions.queues.batchSize", 0),
        ("extensions.queues.batchSize", 1.5),
        ("extensions.queues.batchSize", True),
        ("extensions.queues.maxPollingInterval", 2000),
        ("extensions.queues.visibilityTimeout", "30s"),
        ("extensions.queues.messageEncoding", "utf8"),
        ("extensions.serviceBus.maxConcurrentCalls", 0),
        ("extensions.serviceBus.clientRetryOptions.mode", "linear"),
        ("extensions.eventHubs.batchCheckpointFrequency", -1),
        ("extensions.cosmosDB.connectionMode", "fast"),
        ("extensions.durableTask.maxConcurrentActivityFunctions", "ten"),
        ("extensions.http", []),
    ],
)
def test_an_invalid_value_is_found(path: str, value: Any, plant: Plant) -> None:
    for key in reversed(path.split(".")):
        value = {key: value}
    [found] = find_problems(plant({"host.json": host(**value)}), "AF5")
    assert found.code == "AF504"
    assert path.split(".")[-1] in found.message
    assert found.line > 6


@pytest.mark.parametrize(
    "options",
    [
        {"functionTimeout": "-1", "FUNCTIONS": [], "sendCanceledInvocationsToWorker": "true"},
        {"functionTimeout": "%TIMEOUT%"},
        {"functionTimeout": "00:10:00", "telemetryMode": "openTelemetry"},
        {"logging": {"logLevel": {"default": "information", "Host": 2}, "console": None}},
        {
            "logging": {
                "applicationInsights": {"samplingSettings": {"excludedTypes": "Request;Event"}}
            }
        },
        {"extensions": {"queues": {"batchSize": "32", "visibilityTimeout": "1.00:00:00"}}},
        {"extensions": {"serviceBus": {"maxAutoLockRenewalDuration": "-00:00:00.0010000"}}},
        {"extensions": {"durableTask": {"hubName": "%HUB%", "storageProvider": {"x": 1}}}},
        {"extensions": {"durableTask": {"tracing": {"version": "None"}}}},
        {"extensions": {"myOwn": {"anything": 1}}, "$schema": "x", "myTool": {}},
        {"customHandler": {"description": {"defaultExecutablePath": "handler"}}},
    ],
)
def test_options_as_documented_are_not_reported(options: dict[str, Any], plant: Plant) -> None:
    assert codes(plant, host(**options)) == []


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"fucntionTimeout": "00:05:00"}, "functionTimeout"),
        ({"extensions": {"queues": {"maxDequeCount": 3}}}, "maxDequeueCount"),
        ({"extensions": {"http": {"routePrefx": ""}}}, "routePrefix"),
        ({"extensions": {"serviceBuss": {}}}, "serviceBus"),
        ({"logging": {"logLevels": {"default": "Debug"}}}, "logLevel"),
    ],
)
def test_a_misspelled_option_is_found(options: dict[str, Any], name: str, plant: Plant) -> None:
    [found] = find_problems(plant({"host.json": host(**options)}), "AF5")
    assert found.code == "AF505"
    assert f'"{name}"' in found.fix


@pytest.mark.parametrize(
    "options",
    [
        {"http": {"routePrefix": ""}},
        {"logLevel": {"default": "Debug"}},
        {"extensions": {"serviceBus": {"messageHandlerOptions": {"maxConcurrentCalls": 1}}}},
        {"extensions": {"eventHubs": {"eventProcessorOptions": {"maxBatchSize": 1}}}},
        {"retry": {"strategy": "fixedDelay"}},
    ],
)
def test_an_option_that_has_no_effect_is_found(options: dict[str, Any], plant: Plant) -> None:
    assert codes(plant, host(**options)) == ["AF506"]


def test_an_old_bundle_still_reads_old_options(plant: Plant) -> None:
    bundle = {**BUNDLE, "version": "[2.*, 3.0.0)"}
    options = {"serviceBus": {"messageHandlerOptions": {"maxConcurrentCalls": 1}}}
    assert codes(plant, host(extensionBundle=bundle, extensions=options)) == ["AF509"]


@pytest.mark.parametrize("name", ["my-hub", "1hub", "ab"])
def test_a_task_hub_name_that_azure_storage_does_not_allow_is_found(
    name: str, plant: Plant
) -> None:
    assert codes(plant, extensions(durableTask={"hubName": name})) == ["AF507"]
    other = {"hubName": name, "storageProvider": {"type": "azureManaged"}}
    assert codes(plant, extensions(durableTask=other)) == []
