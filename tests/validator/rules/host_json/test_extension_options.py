"""The options of extensions in host.json: their limits, and options that contradict others or moved."""

from typing import Any

import pytest

from tests.support.validator import Files, Plant, find_problems
from tests.validator.rules.host_files import USING_ALL, at, host
from tests.validator.rules.settings_files import local

EVENT_GRID = "extensions.durableTask.notifications.eventGrid"
OFFSET = "extensions.eventHubs.initialOffsetOptions"
RETRIES = ("extensions.serviceBus.clientRetryOptions", "extensions.eventHubs.clientRetryOptions")
LOCK = "extensions.serviceBus.maxAutoLockRenewalDuration"


def found_codes(plant: Plant, content: str, files: Files = USING_ALL) -> list[str]:
    found = find_problems(plant({"host.json": content, **files}), "AF5")
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("path", "valid", "invalid"),
    [
        ("concurrency.maximumFunctionConcurrency", -1, 0),
        ("concurrency.cpuThreshold", 0.8, 80),
        ("concurrency.cpuThreshold", 0.995, 1),
        ("concurrency.cpuThreshold", "0.1", 0),
        (f"{EVENT_GRID}.publishRetryInterval", "01:00:00", "01:00:01"),
        ("extensions.eventHubs.maxWaitTime", "00:10:00", "00:10:01"),
        *((f"{path}.delay", "00:05:00", "00:05:01") for path in RETRIES),
        *((f"{path}.delay", "00:00:00.001", "00:00:00") for path in RETRIES),
        *((f"{path}.tryTimeout", "01:00:00", "01:00:01") for path in RETRIES),
        (LOCK, "-00:00:00.001", "-00:00:01"),
        (LOCK, "00:00:00", "-00:00:00.002"),
        ("extensions.serviceBus.messageHandlerOptions.maxAutoRenewDuration", "00:05:00", "-1"),
        ("extensions.kafka.maxRetries", -1, -2),
        ("extensions.kafka.autoCommitIntervalMs", 0, -1),
        ("extensions.kafka.fetchMaxBytes", 1000000, 65536),
        ("extensions.kafka.maxPollIntervalMs", 86400000, 86400001),
        ("extensions.kafka.sessionTimeoutMs", 1, 0),
        ("extensions.kafka.statisticsIntervalMs", 0, -1),
        ("extensions.Sql.maxBatchSize", 1, 0),
        ("extensions.sql.pollingIntervalMs", 100, 99),
        ("extensions.Sql.pollingIntervalMs", "1000", "1s"),
        ("extensions.Sql.appLockTimeoutMs", 1000, 999),
        ("extensions.mySql.maxChangesPerWorker", 1, 0),
        ("extensions.mySql.pollingIntervalMs", 100, 99),
        ("extensions.mcp.messageOptions.useAbsoluteUriForEndpoint", True, "on"),
    ],
)
def test_the_limits_of_an_option(path: str, valid: Any, invalid: Any, plant: Plant) -> None:
    assert found_codes(plant, at(path, valid)) == []
    [found] = find_problems(plant({"host.json": at(path, invalid), **USING_ALL}), "AF5")
    assert found.code == "AF504"
    assert path.split(".")[-1] in found.message


@pytest.mark.parametrize(
    ("options", "files", "message"),
    [
        ({"sessionTimeoutMs": 0}, USING_ALL, ", so its triggers do not start."),
        ({"sessionTimeoutMs": "x"}, USING_ALL, ", so the host does not start."),
        ({"sessionTimeoutMs": 600000}, USING_ALL, "Ms is 300000, so its triggers do not start."),
        ({"sessionTimeoutMs": 0}, {}, ", with which no trigger of kafka starts."),
    ],
)
def test_a_limit_that_only_triggers_check(
    options: dict[str, Any], files: Files, message: str, plant: Plant
) -> None:
    [found] = find_problems(plant({"host.json": at("extensions.kafka", options), **files}), "AF5")
    assert found.message.endswith(message)


def test_how_long_a_lock_is_renewed_without_end(plant: Plant) -> None:
    [found] = find_problems(plant({"host.json": at(LOCK, "-1"), **USING_ALL}), "AF5")
    assert found.fix == (
        'Change it to a time such as "00:05:00", or "-00:00:00.0010000" for no limit.'
    )


@pytest.mark.parametrize(
    ("options", "fix"),
    [
        (
            {"partitionCount": 8},
            "Move it to extensions.durableTask.storageProvider.partitionCount.",
        ),
        ({"maxQueuePollingInterval": "x"}, "Move it to extensions.durableTask.storageProvider."),
        ({"traceReplayEvents": True}, "Move it to extensions.durableTask.tracing."),
        ({"azureStorageConnectionStringName": "A"}, "Use extensions.durableTask.storageProvider."),
        ({"eventGridTopicEndpoint": "x"}, "Use extensions.durableTask.notifications.eventGrid."),
    ],
)
def test_an_option_that_durable_functions_moved(
    options: dict[str, Any], fix: str, plant: Plant
) -> None:
    content = at("extensions.durableTask", options)
    [found] = find_problems(plant({"host.json": content, **USING_ALL}), "AF5")
    assert found.code == "AF506"
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("extensions.eventHubs.clientRetryOptions.maxRetries", "maximumRetries"),
        ("extensions.eventHubs.clientRetryOptions.maxDelay", "maximumDelay"),
        ("extensions.serviceBus.clientRetryOptions.maximumRetries", "maxRetries"),
        ("extensions.serviceBus.clientRetryOptions.maximumDelay", "maxDelay"),
        ("extensions.eventHubs.maxBatchSize", "maxEventBatchSize"),
    ],
)
def test_an_option_of_another_extension_has_no_effect(path: str, other: str, plant: Plant) -> None:
    [found] = find_problems(plant({"host.json": at(path, 5), **USING_ALL}), "AF5")
    assert found.code == "AF506"
    assert found.fix.endswith(f".{other}.")


@pytest.mark.parametrize(
    "path",
    [
        "cosmosDB.leaseOptions.leasePrefix",
        "cosmosDB.protocol",
        "eventHubs.eventProcessorOptions.receiveTimeout",
        "serviceBus.batchOptions.maxMessageCount",
        "durable.hubName",
    ],
)
def test_an_option_that_the_newest_bundle_does_not_read(path: str, plant: Plant) -> None:
    assert found_codes(plant, at(f"extensions.{path}", "5")) == ["AF506"]


def test_an_option_that_an_older_bundle_reads(plant: Plant) -> None:
    options = {"serviceBus": {"batchOptions": {"maxMessageCount": 5}}, "cosmosDB": {"protocol": 1}}
    content = host({"version": "[3.*, 4.0.0)"}, extensions=options)
    assert found_codes(plant, content) == ["AF509"]


@pytest.mark.parametrize(("is_used", "expected"), [(True, ["AF512"]), (False, [])])
def test_python_has_no_extended_sessions(is_used: bool, expected: list[str], plant: Plant) -> None:
    content = at("extensions.durableTask.extendedSessionsEnabled", True)
    assert found_codes(plant, content, USING_ALL if is_used else {}) == expected
    content = at("extensions.durableTask.extendedSessionsEnabled", False)
    assert found_codes(plant, content) == []


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        (
            "extensions.serviceBus",
            {"minMessageBatchSize": 20, "maxMessageBatchSize": 10},
            "extensions.serviceBus.minMessageBatchSize is 20, but maxMessageBatchSize is 10",
        ),
        ("extensions.serviceBus", {"minMessageBatchSize": 1001}, "maxMessageBatchSize is 1000"),
        ("extensions.serviceBus", {"minMessageBatchSize": 0}, ""),
        ("extensions.serviceBus", {"minMessageBatchSize": 9, "maxMessageBatchSize": 9}, ""),
        ("extensions.serviceBus", {"minMessageBatchSize": 9, "maxMessageBatchSize": "%A%"}, ""),
        (
            "extensions.eventHubs",
            {"minEventBatchSize": "50", "MaxEventBatchSize": "25"},
            "but maxEventBatchSize is 25",
        ),
        ("extensions.eventHubs", {"minEventBatchSize": 101}, "but maxEventBatchSize is 100"),
        ("extensions.eventHubs", {"minEventBatchSize": 100}, ""),
        (
            "extensions.kafka",
            {"sessionTimeoutMs": 600000},
            "but maxPollIntervalMs is 300000",
        ),
        ("extensions.kafka", {"sessionTimeoutMs": 600000, "maxPollIntervalMs": 600000}, ""),
        (
            "extensions.kafka",
            {"reconnectBackoffMs": 5000, "reconnectBackoffMaxMs": 1000},
            "but reconnectBackoffMaxMs is 1000",
        ),
        (OFFSET, {"type": "FromEnqueuedTime"}, "but there is no enqueuedTimeUtc"),
        (OFFSET, {"type": "fromEnqueuedTime", "enqueuedTimeUtc": "2026-01-02T00:00:00Z"}, ""),
        (OFFSET, {"type": "fromEnd"}, ""),
    ],
)
def test_options_that_contradict_each_other(
    path: str, options: dict[str, Any], message: str, plant: Plant
) -> None:
    content = at(path, options)
    found = find_problems(plant({"host.json": content, **USING_ALL}), "AF5")
    assert [one.code for one in found] == (["AF504"] if message else [])
    assert all(message in one.message for one in found)
    assert found_codes(plant, content, {}) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ["AF504"]),
        ({"local.settings.json": local(AzureFunctionsJobHost__EH__maxEventBatchSize="200")}, []),
        (
            {"main.bicep": "var a = {\n  AzureFunctionsJobHost__EH__maxEventBatchSize: '200'\n}\n"},
            [],
        ),
    ],
)
def test_a_setting_may_raise_the_other_option(
    files: Files, expected: list[str], plant: Plant
) -> None:
    content = host(extensions={"eventHubs": {"minEventBatchSize": 150}})
    files = {
        path: str(text).replace("__EH__", "__extensions__eventHubs__")
        for path, text in files.items()
    }
    assert found_codes(plant, content, {**USING_ALL, **files}) == expected
