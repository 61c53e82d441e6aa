"""What host.json says."""

from typing import Any

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
from tests.validator.rules.host_files import USING_ALL, at, codes, host
from tests.validator.rules.settings_files import local


def extensions(**options: Any) -> str:
    return host(extensions=options)


def test_a_missing_host_json_is_found(plant: Plant) -> None:
    assert codes(plant, None) == ["AF501"]


@pytest.mark.parametrize(("copied", "expected"), [("host.json", []), ("hosts.txt", ["AF501"])])
def test_an_image_may_have_the_host_json_of_another_folder(
    copied: str, expected: list[str], plant: Plant
) -> None:
    image = "FROM mcr.microsoft.com/azure-functions/python:4-python3.12"
    copies = f"WORKDIR /home/site/wwwroot\nCOPY {copied} .\nCOPY orders/ ."
    app = plant({"host.json": None, "Dockerfile": f"{image}\n{copies}\n"})
    assert [found.code for found in find_problems(app, "AF501")] == expected


@pytest.mark.parametrize("name", ["Host.json", "HOST.JSON"])
def test_a_host_json_of_another_letter_case_is_named(name: str, plant: Plant) -> None:
    [found] = find_problems(plant({"host.json": None, name: HEALTHY["host.json"]}), "AF5")
    assert (found.code, found.path) == ("AF501", name)
    assert found.fix == f"Rename {name} to host.json."


@pytest.mark.parametrize(
    ("content", "line"),
    [('{\n  "version": "2.0"\n  "logging": {}\n}', 3), ("[]", 1), ("{}}", 1), (b"{\n\xe9}", 2)],
)
def test_a_host_json_that_cannot_be_read_is_found(
    content: str | bytes, line: int, plant: Plant
) -> None:
    [found] = find_problems(plant({"host.json": content}), "AF5")
    assert (found.code, found.line) == ("AF502", line)


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_a_host_json_that_is_not_utf_8_is_read_as_the_host_reads_it(
    version: str, plant: Plant
) -> None:
    content = host().replace("2.0", version, 1).replace("{", "{ // Größe\n", 1)
    found = find_problems(plant({"host.json": content.encode("latin-1")}), "AF5")
    assert [problem.code for problem in found] == ["AF503"] * (version == "1.0")


@pytest.mark.parametrize(
    "version", ['"Version": "2.0"', '"version": "3.0"', '"id": 1', '"version": 2.0']
)
def test_another_version_is_found(version: str, plant: Plant) -> None:
    content = host().replace('"version": "2.0"', version, 1)
    assert codes(plant, content) == ["AF503"]


@pytest.mark.parametrize("name", ["schemaVersion", "schema", "versoin"])
def test_a_version_under_another_name_is_found_once(name: str, plant: Plant, find: Find) -> None:
    content = host().replace('"version": "2.0"', f'"functionTimeout": "2.0", "{name}": "2.0"', 1)
    found = find(plant({"host.json": content}), "AF50")
    fixes = [one.fix for one in found if one.code != "AF504"]
    assert fixes == [f'Change "{name}" to "version": "2.0".']


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("functionTimeout", "5 minutes"),
        ("functionTimeout", "00:70:00"),
        ("functionTimeout", "00:00:00"),
        ("functionTimeout", 300),
        ("functionTimeout", "00:00:00.5"),
        ("functionTimeout", "-00:05:00"),
        ("functionTimeout", "25:00:00"),
        ("functionTimeout", "24:00"),
        ("aggregator.flushTimeout", "30s"),
        ("logging.logLevel.default", "Info"),
        ("logging.logLevel.Function.hello", "Loud"),
        ("logging.logLevel.Function", True),
        ("logging.console.logLevel.default", "Verbose"),
        ("logging.fileLoggingMode", "sometimes"),
        ("aggregator.batchSize", 10001),
        ("aggregator.flushTimeout", "00:00:00"),
        ("aggregator.flushTimeout", "00:05:01"),
        ("singleton.lockPeriod", "00:00:14"),
        ("singleton.lockPeriod", "60"),
        ("singleton.listenerLockPeriod", "00:01:00.5"),
        ("singleton.lockAcquisitionTimeout", "00:00:00"),
        ("singleton.lockAcquisitionPollingInterval", "00:00:00.4"),
        ("retry.strategy", "fixed-delay"),
        ("extensions.http.routePrefix", "/"),
        ("extensions.http.routePrefix", "v1/"),
        ("extensions.http.routePrefix", "v1//x"),
        ("extensions.http.routePrefix", "{tenant"),
        ("extensions.http.routePrefix", "x?y"),
        ("extensions.http.maxOutstandingRequests", 0),
        ("extensions.http.maxOutstandingRequests", "-3"),
        ("extensions.http.maxConcurrentRequests", 0),
        ("extensions.http.maxConcurrentRequests", 3000000000),
        ("extensions.http.maxConcurrentRequests", "many"),
        ("extensions.http.dynamicThrottlesEnabled", 1),
        ("extensions.queues.batchSize", 33),
        ("extensions.queues.batchSize", 0),
        ("extensions.queues.batchSize", 1.5),
        ("extensions.queues.batchSize", True),
        ("extensions.queues.maxPollingInterval", "0"),
        ("extensions.queues.maxPollingInterval", "00:00:00.0999999"),
        ("extensions.queues.newBatchThreshold", 3000000000),
        ("extensions.queues.visibilityTimeout", "30s"),
        ("extensions.queues.messageEncoding", "utf8"),
        ("extensions.serviceBus.maxConcurrentCalls", 0),
        ("extensions.serviceBus.clientRetryOptions.mode", "linear"),
        ("extensions.eventHubs.batchCheckpointFrequency", -1),
        ("extensions.cosmosDB.connectionMode", "fast"),
        ("extensions.durableTask.maxConcurrentActivityFunctions", "ten"),
        ("extensions.durableTask.maxEntityOperationBatchSize", 0),
        ("extensions.serviceBus.messageHandlerOptions.maxConcurrentCalls", "ten"),
        ("extensions.eventHubs.partitionManagerOptions.leaseDuration", "30s"),
    ],
)
def test_an_invalid_value_is_found(path: str, value: Any, plant: Plant) -> None:
    [found] = find_problems(plant({"host.json": at(path, value), **USING_ALL}), "AF5")
    assert found.code == "AF504"
    assert path.split(".")[-1] in found.message
    assert found.line > 6


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("extensions.serviceBus.maxConcurrentCalls", 0),
        ("extensions.eventHubs.batchCheckpointFrequency", -1),
        ("extensions.durableTask.maxConcurrentActivityFunctions", "ten"),
        ("Extensions.CosmosDB.connectionMode", "fast"),
    ],
)
def test_an_invalid_value_for_an_extension_that_is_not_used_is_a_warning(
    path: str, value: Any, plant: Plant, find: Find
) -> None:
    [found] = find(plant({"host.json": at(path, value)}), "AF5")
    assert found.code == "AF512"
    name = path.split(".")[1]
    assert f", which stops the host as soon as a function uses {name}." in found.message


@pytest.mark.parametrize(
    "files",
    [
        {"function_app.py": f"import importlib\n{HEALTHY['function_app.py']}"},
        {
            "blueprints/orders.py": f"import azure.durable_functions\n{HEALTHY['blueprints/orders.py']}"
        },
    ],
)
def test_an_extension_may_be_used_by_functions_that_only_the_running_app_shows(
    files: Files, plant: Plant
) -> None:
    content = at("extensions.durableTask.maxConcurrentActivityFunctions", "ten")
    [found] = find_problems(plant({"host.json": content, **files}), "AF5")
    assert found.code == "AF504"


def test_without_a_bundle_all_extensions_that_are_installed_count(plant: Plant) -> None:
    content = '{"version": "2.0", "extensions": {"serviceBus": {"maxConcurrentCalls": 0}}}'
    assert "AF504" in codes(plant, content)


def test_a_bundle_that_is_not_an_object_is_found(plant: Plant) -> None:
    assert codes(plant, host(extensionBundle="[4.*, 5.0.0)")) == ["AF504"]


@pytest.mark.parametrize(
    "options",
    [
        {"functionTimeout": "-1", "FUNCTIONS": [], "sendCanceledInvocationsToWorker": "true"},
        {"functionTimeout": "%TIMEOUT%"},
        {"functionTimeout": "23:59:59", "aggregator": {"isEnabled": False, "batchSize": 10000}},
        {"functionTimeout": "10.00:00:00", "logging": {"fileLoggingMode": "1"}},
        {"singleton": {"lockPeriod": "00:00:15", "listenerLockPeriod": "00:01"}},
        {"extensions": {"http": {"routePrefix": "{tenant}/api", "maxOutstandingRequests": -1}}},
        {"extensions": {"http": {"maxConcurrentRequests": 1}}},
        {"extensions": {"queues": {"batchSize": 8.0, "visibilityTimeout": "0"}}},
        {"extensions": {"queues": {"maxPollingInterval": "00:00:00.1"}}},
        {"extensions": {"serviceBus": {"messageHandlerOptions": {"maxConcurrentCalls": 1}}}},
        {"extensions": {"serviceBus": {"sessionHandlerOptions": {"autoComplete": False}}}},
        {"extensions": {"serviceBus": {"batchOptions": {"autoComplete": False}}}},
        {"extensions": {"eventHubs": {"eventProcessorOptions": {"maxBatchSize": 1}}}},
        {"extensions": {"eventHubs": {"partitionManagerOptions": {"renewInterval": "00:00:10"}}}},
        {"functionTimeout": "00:10:00", "telemetryMode": "openTelemetry"},
        {"logging": {"logLevel": {"default": "information", "Host": 2}, "console": None}},
        {
            "logging": {
                "applicationInsights": {"samplingSettings": {"excludedTypes": "request; Event;"}}
            }
        },
        {"extensions": {"queues": {"batchSize": "32", "visibilityTimeout": "1.00:00:00"}}},
        {"extensions": {"serviceBus": {"maxAutoLockRenewalDuration": "-00:00:00.0010000"}}},
        {"extensions": {"durableTask": {"hubName": "%HUB%", "storageProvider": {"x": 1}}}},
        {"extensions": {"durableTask": {"tracing": {"version": "None"}}}},
        {"extensions": {"myOwn": {"anything": 1}}, "$schema": "x"},
        {"customHandler": {"description": {"defaultExecutablePath": "handler"}}},
    ],
)
def test_options_as_documented_are_not_reported(options: dict[str, Any], plant: Plant) -> None:
    assert codes(plant, host({}, **options)) == []


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
    [found] = find_problems(plant({"host.json": host({}, **options)}), "AF5")
    assert found.code == "AF505"
    assert f'"{name}"' in found.fix


@pytest.mark.parametrize(
    ("options", "fix"),
    [
        ({"maxDequeueCount": 3}, "Move it to extensions.queues.maxDequeueCount."),
        ({"SignalR": {}}, "Move it to extensions.signalR."),
        ({"timers": {}}, "Move it to extensions.timers."),
        ({"batchSize": 1}, "Remove it, or move it where it belongs."),
        ({"runtime": {"python": "3.13"}}, "Remove it, or move it where it belongs."),
        ({"functionAppConfig": {}}, "Remove it, or move it where it belongs."),
    ],
)
def test_an_option_at_the_root_that_nothing_reads(
    options: dict[str, Any], fix: str, plant: Plant
) -> None:
    [found] = find_problems(plant({"host.json": host({}, **options)}), "AF5")
    assert (found.code, found.fix) == ("AF505", fix)
    assert found.message.endswith(f"{next(iter(options))}, and nothing reads it.")


@pytest.mark.parametrize(
    "options",
    [
        {"_comment": "x"},
        {"$schema": "https://json.schemastore.org/host.json"},
        {"//": "x"},
        {"comments": ["x"], "description": "x"},
        {"extensions": {"acme": {"level": 1, "functionTimeout": 1, "logging": {}, "retry": {}}}},
        {"extensions": {"http": {"routePrefix": ""}, "queues": {"batchSize": 1}, "sendGrid": {}}},
        {"extensions": {"singleton": {}, "aggregator": {}, "tracing": {}, "warmup": {"http": {}}}},
        {"customHandler": {"description": {}}},
        {"languageWorkers": {"python": {"arguments": []}}},
    ],
)
def test_an_unknown_option_that_may_be_meant(options: dict[str, Any], plant: Plant) -> None:
    assert codes(plant, host({}, **options)) == []


@pytest.mark.parametrize(
    "options",
    [
        {"http": {"routePrefix": ""}},
        {"logLevel": {"default": "Debug"}},
        {"extensions": {"serviceBus": {"autoComplete": False}}},
    ],
)
def test_an_option_that_has_no_effect_is_found(options: dict[str, Any], plant: Plant) -> None:
    assert codes(plant, host({}, **options)) == ["AF506"]


@pytest.mark.parametrize(
    ("options", "fixes"),
    [
        ({"http": {"routePrefix": "", "maxOutstandingRequests": 1}}, ["Move it"]),
        ({"http": {"CORS": {"allowedOrigins": ["*"]}}}, ["Allow origins"]),
        ({"http": {"routePrefix": "", "cors": {}}}, ["Move it", "Allow origins"]),
        ({"cors": {"allowedOrigins": ["*"]}}, ["Allow origins"]),
        ({"extensions": {"http": {"cors": {}}}}, ["Allow origins"]),
        ({"extensions": {"functionTimeout": "00:10:00"}}, ["Move it"]),
        ({"extensions": {"logging": {"logLevel": {"default": "Error"}}}}, ["Move it"]),
    ],
)
def test_where_an_option_belongs(options: dict[str, Any], fixes: list[str], plant: Plant) -> None:
    found = find_problems(plant({"host.json": host({}, **options)}), "AF5")
    assert [(one.code, " ".join(one.fix.split()[:2])) for one in found] == [
        ("AF506", fix) for fix in fixes
    ]


@pytest.mark.parametrize(
    "content",
    [
        "{'version': '2.0', 'logging': {'logLevel': {'default': 'Debug'}}}",
        "{version: '2.0', // why\n 'id': 'it\\'s \"x\"',}",
        '{"version": "2.0", "note": "a\tb"}',
    ],
)
def test_json_that_only_the_host_reads_is_accepted(content: str, plant: Plant) -> None:
    assert find_problems(plant({"host.json": content}), "AF50") == []


def test_the_place_of_a_problem_after_single_quotes(plant: Plant) -> None:
    content = "{\n  'version': '2.0',\n  'a': 'it\\'s'\n  'b': 1\n}"
    [found] = find_problems(plant({"host.json": content}), "AF5")
    assert (found.code, found.line) == ("AF502", 4)
    content = "{\n  'version': '2.0',\n  'functionTimeout': 'x'\n}"
    [found] = find_problems(plant({"host.json": content}), "AF50")
    assert (found.code, found.line) == ("AF504", 3)


def test_an_old_bundle_still_reads_old_options(plant: Plant) -> None:
    options = {"serviceBus": {"autoRenewTimeout": "00:05:00"}}
    assert codes(plant, host({"version": "[2.*, 3.0.0)"}, extensions=options)) == ["AF509"]


@pytest.mark.parametrize("name", ["my-hub", "1hub", "ab", "%TASK_HUB", "%OrdersStorage%"])
def test_a_task_hub_name_that_azure_storage_does_not_allow_is_found(
    name: str, plant: Plant
) -> None:
    content = extensions(durableTask={"hubName": name})
    [found] = find_problems(plant({"host.json": content, **USING_ALL}), "AF5")
    assert found.code == "AF507"
    assert codes(plant, content) == []
    for provider, expected in (("AzureStorage", ["AF507"]), ("azureManaged", [])):
        other = {"hubName": name, "storageProvider": {"type": provider}}
        content = extensions(durableTask=other)
        found_in_other = find_problems(plant({"host.json": content, **USING_ALL}), "AF5")
        assert [found.code for found in found_in_other] == expected


@pytest.mark.parametrize(
    ("value", "count"),
    [("hunter2-horse", 1), ("@Microsoft.KeyVault(VaultName=a;SecretName=b)", 0), ("${HUB}", 0)],
)
def test_the_name_of_a_task_hub_in_a_setting_is_not_printed(
    value: str, count: int, plant: Plant, find: Find
) -> None:
    settings = local(TASK_HUB=value)
    content = host(extensions={"durableTask": {"hubName": "%TASK_HUB%"}})
    files = {"host.json": content, "local.settings.json": settings, **USING_ALL}
    found = find(plant(files), "AF507")
    assert [one.code for one in found] == ["AF507"] * count
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    ("mode", "section", "expected"),
    [
        ("openTelemetry", {"samplingSettings": {"isEnabled": True}}, ["AF506"]),
        ("OpenTelemetry", {}, []),
        ("ApplicationInsights", {"samplingSettings": {"isEnabled": True}}, []),
    ],
)
def test_options_of_application_insights_beside_open_telemetry(
    mode: str, section: dict[str, Any], expected: list[str], plant: Plant
) -> None:
    content = host(telemetryMode=mode, logging={"applicationInsights": section})
    assert codes(plant, content) == expected
    own = local(AzureFunctionsJobHost__telemetryMode=mode)
    assert find_problems(plant({"host.json": content, "local.settings.json": own}), "AF5") == []
