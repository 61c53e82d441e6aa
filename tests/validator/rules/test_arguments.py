"""Arguments of decorators that neither azure-functions nor the host reads."""

import pytest

from tests.support.validator import Files, Find, Plant
from tests.validator.rules.settings_files import blueprint

COSMOS = 'cosmos_db_trigger("message", "OrdersStorage", "a", "b", {})'
QUEUE = 'queue_trigger("message", "orders", "OrdersStorage", {})'
OLD_NAME = "lease_collection_name='leases'"


def host(version: str) -> str:
    bundle = "Microsoft.Azure.Functions.ExtensionBundle"
    return f'{{"version": "2.0", "extensionBundle": {{"id": "{bundle}", "version": "{version}"}}}}'


@pytest.mark.parametrize(
    ("decorator", "given", "meant"),
    [
        (
            COSMOS,
            "create_lease_container_if_not_exist=True",
            "create_lease_container_if_not_exists",
        ),
        (COSMOS, OLD_NAME, "lease_container_name"),
        (QUEUE, "data_typ='string'", "data_type"),
    ],
)
def test_an_argument_that_nothing_reads(
    decorator: str, given: str, meant: str, plant: Plant, find: Find
) -> None:
    source = blueprint(decorator.format(given))
    [found] = [one for one in find(plant({"blueprints/orders.py": source})) if one.code < "AF3"]
    assert found.code == "AF247"
    assert f'no argument "{given.partition("=")[0]}"' in found.message
    assert found.fix == f'Write "{meant}" instead.'


@pytest.mark.parametrize(
    ("decorator", "given"),
    [
        (COSMOS, "create_lease_container_if_not_exists=True"),
        (COSMOS, "createLeaseContainerIfNotExists=True"),
        (COSMOS, "lease_container_name='leases', lease_collection_name='leases'"),
        (COSMOS, "max_items='10'"),
        (QUEUE, "datatype='string'"),
        (QUEUE, "**OPTIONS"),
    ],
)
def test_arguments_that_the_host_may_read(
    decorator: str, given: str, plant: Plant, find: Find
) -> None:
    source = f"OPTIONS = {{}}\n{blueprint(decorator.format(given))}"
    assert find(plant({"blueprints/orders.py": source}), "AF247") == []


def test_the_older_extension_reads_the_older_names(plant: Plant, find: Find) -> None:
    source = blueprint(COSMOS.format(OLD_NAME))
    files: Files = {"blueprints/orders.py": source, "host.json": host("[3.*, 4.0.0)")}
    assert find(plant(files), "AF247") == []
    assert find(plant({**files, "host.json": host("[4.*, 5.0.0)")}), "AF247")
