"""Where durable functions keep their state, as host.json says."""

import json
from typing import Any

import pytest

from tests.support.samples import BUNDLE
from tests.support.validator import Plant, find_problems
from tests.validator.rules.durable_files import steps
from tests.validator.rules.host_files import at
from tests.validator.rules.settings_files import local

PROVIDER = "extensions.durableTask.storageProvider"
DURABLE = steps('yield context.call_activity("greet", "")')


def codes_of(plant: Plant, content: str, **settings: str) -> list[str]:
    files = {**DURABLE, "host.json": content, "local.settings.json": local(**settings)}
    return [found.code for found in find_problems(plant(files), "AF5")]


@pytest.mark.parametrize(
    ("option", "valid", "invalid"),
    [
        ("controlQueueBatchSize", 32, 33),
        ("controlQueueBatchSize", "1", 0),
        ("controlQueueBufferThreshold", 1000, 1001),
        ("controlQueueVisibilityTimeout", "00:01:00", "00:00:59"),
        ("controlQueueVisibilityTimeout", "01:00:00", "01:00:01"),
        ("fetchLargeMessagesAutomatically", True, "yes"),
        ("maxQueuePollingInterval", "00:00:00.1", "00:00:00"),
        ("maxQueuePollingInterval", "00:00:01", "1s"),
        ("partitionCount", 16, 17),
        ("partitionCount", 1, 0),
        ("partitionCount", "4", "four"),
        ("useTablePartitionManagement", "true", "yes"),
        ("workItemQueueVisibilityTimeout", "00:05:00", "5 minutes"),
        ("type", "AzureStorage", "azure_storage"),
        ("type", "azureManaged", "DurableTaskScheduler"),
        ("type", "MSSQL", "sql"),
        ("type", "Netherite", "azure-storage"),
    ],
)
def test_the_limits_of_azure_storage(option: str, valid: Any, invalid: Any, plant: Plant) -> None:
    assert codes_of(plant, at(f"{PROVIDER}.{option}", valid)) == []
    files = {**DURABLE, "host.json": at(f"{PROVIDER}.{option}", invalid)}
    [found] = find_problems(plant(files), "AF5")
    assert found.code == "AF504"
    assert option in found.message


@pytest.mark.parametrize(
    "provider",
    [
        {"type": "azurestorage", "controlQueueVisibilityTimeout": "01:00:00", "own": 1},
        {"type": "Netherite", "partitionCount": 32, "partitionManagement": "Scripted"},
        {"type": "Netherite", "controlQueueBatchSise": 0},
        {"type": "mssql", "taskEventLockTimeout": "00:02:00", "createDatabaseIfNotExists": True},
        {"type": "azureManaged", "partitionCount": 32, "largePayloadStorageEnabled": True},
        {"type": "%PROVIDER%", "partitionCount": 32},
    ],
)
def test_options_that_a_provider_takes_are_not_reported(
    provider: dict[str, Any], plant: Plant
) -> None:
    assert codes_of(plant, at(PROVIDER, provider)) == []


def test_without_a_bundle_a_provider_may_be_installed(plant: Plant) -> None:
    content = json.loads(at(f"{PROVIDER}.type", "Redis"))
    assert content.pop("extensionBundle") == BUNDLE
    files = {**DURABLE, "host.json": json.dumps(content), "extensions.csproj": "<Project />"}
    assert find_problems(plant(files), "AF504") == []


@pytest.mark.parametrize(("provider", "expected"), [("mssql", []), ("AzureStorage", ["AF504"])])
def test_a_setting_decides_on_the_provider(
    provider: str, expected: list[str], plant: Plant
) -> None:
    setting = {"AzureFunctionsJobHost__extensions__durableTask__storageProvider__type": provider}
    assert codes_of(plant, at(f"{PROVIDER}.partitionCount", 32), **setting) == expected


def test_a_misspelled_option_of_azure_storage_is_found(plant: Plant) -> None:
    assert codes_of(plant, at(f"{PROVIDER}.partitonCount", 8)) == ["AF505"]
