"""Settings whose values the host cannot use."""

import pytest

from tests.support.validator import Plant, find_problems
from tests.validator.rules.settings_files import AZURITE, local

COUNT = "FUNCTIONS_WORKER_PROCESS_COUNT"
TRANSPORT = "AzureSignalRServiceTransportType"


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        (COUNT, "16", "Write a whole number of at most 10."),
        (COUNT, "two", "Write a whole number of at most 10."),
        (COUNT, "1.5", "Write a whole number of at most 10."),
        (TRANSPORT, "persistent", "Write 'Transient' or 'Persistent'."),
        ("Sql_Trigger_MaxBatchSize", "0", "Write a whole number of at least 1."),
        ("MySql_Trigger_PollingIntervalMs", "1s", "Write a whole number of at least 1."),
    ],
)
def test_a_value_that_the_host_cannot_use(name: str, value: str, fix: str, plant: Plant) -> None:
    app = plant({"local.settings.json": local(OrdersStorage=AZURITE, **{name: value})})
    [found] = find_problems(app)
    assert (found.code, found.line, found.fix) == ("AF322", 7, fix)
    assert found.message.startswith(f"{name} is {value!r}, so ")


@pytest.mark.parametrize(
    ("value", "expected"), [("orders", ["AF322"]), ("<name>", ["AF322"]), ("", [])]
)
def test_a_name_that_the_host_takes_for_its_own(
    value: str, expected: list[str], plant: Plant
) -> None:
    app = plant({"local.settings.json": local(OrdersStorage=AZURITE, CONTAINER_NAME=value)})
    found = find_problems(app)
    assert [one.code for one in found] == expected
    assert all('such as "BLOB_CONTAINER"' in one.fix for one in found)
    assert all(one.message.endswith("so it may end or find no functions.") for one in found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ORDERS_CONTAINER_NAME", "orders"),
        (COUNT, "10"),
        (COUNT, "0"),
        (COUNT, ""),
        (COUNT, "<count>"),
        (TRANSPORT, "Persistent"),
        ("Sql_Trigger_MaxBatchSize", "1"),
        ("PYTHON_THREADPOOL_THREAD_COUNT", "many"),
    ],
)
def test_a_value_that_the_host_takes(name: str, value: str, plant: Plant) -> None:
    app = plant({"local.settings.json": local(OrdersStorage=AZURITE, **{name: value})})
    assert find_problems(app, "AF322") == []
