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
    ("option", "value"),
    [
        ("partitionCount", 0),
        ("partitionCount", 17),
        ("controlQueueBatchSize", 33),
        ("controlQueueBufferThreshold", 1001),
        ("controlQueueVisibilityTimeout", "00:00:59"),
        ("controlQueueVisibilityTimeout", "01:00:01"),
        ("workItemQueueVisibilityTimeout", "5 minutes"),
        ("maxQueuePollingInterval", "00:00:00"),
        ("useTablePartitionManagement", "yes"),
        ("type", "sql"),
        ("type", "azure-storage"),
    ],
)
def test_an_option_that_azure_storage_refuses_is_found(
    option: str, value: Any, plant: Plant
) -> None:
    assert codes_of(plant, at(f"{PROVIDER}.{option}", value)) == ["AF504"]


@pytest.mark.parametrize(
    "provider",
    [
        {
            "partitionCount": 16,
            "controlQueueBatchSize": "32",
            "maxQueuePollingInterval": "00:00:01",
        },
        {"type": "azurestorage", "controlQueueVisibilityTimeout": "01:00:00", "own": 1},
        {"type": "Netherite", "partitionCount": 32, "partitionManagement": "Scripted"},
        {"type": "mssql", "taskEventLockTimeout": "00:02:00", "createDatabaseIfNotExists": True},
        {"type": "azureManaged", "largePayloadStorageEnabled": True},
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
    assert codes_of(plant, at(f"{PROVIDER}.partitionsCount", 8)) == ["AF505"]
