"""The names of settings."""

import pytest

from tests.support.validator import Files, Find, Plant, find_problems
from tests.validator.rules.settings_files import AZURITE, local


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("orders-queue", 'Write "orders_queue", also where it is used.'),
        ("Orders:Queue", 'Write "Orders__Queue".'),
        ("BESTELLÜNG", 'Write "BESTELL_NG", also where it is used.'),
    ],
)
def test_a_name_that_azure_refuses(name: str, fix: str, plant: Plant, find: Find) -> None:
    content = local(**{"OrdersStorage": AZURITE, name: "x"})
    files: Files = {"local.settings.json": content, "local.settings.example.json": content}
    [found] = find(plant(files), "AF3")
    assert (found.code, found.path, found.fix) == ("AF320", "local.settings.json", fix)


@pytest.mark.parametrize(
    "name",
    [
        "ORDERS_QUEUE",
        "Orders__Queue",
        "Orders.Queue",
        "1",
        "AzureWebJobs.my-orders.Disabled",
        "//",
        "// --- Orders ---",
        "//model",
        "-----",
        "# Orders",
    ],
)
def test_a_name_that_azure_takes_or_a_comment(name: str, plant: Plant) -> None:
    content = local(**{"OrdersStorage": AZURITE, name: "x"})
    assert find_problems(plant({"local.settings.json": content}), "AF320") == []


def test_a_container_may_have_other_variables(plant: Plant) -> None:
    content = local(**{"OrdersStorage": AZURITE, "orders-queue": "x"})
    files: Files = {"local.settings.json": content, "Dockerfile": "FROM example.com/image\n"}
    assert find_problems(plant(files), "AF320") == []
