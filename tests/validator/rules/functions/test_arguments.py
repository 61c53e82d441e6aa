"""Arguments that neither azure-functions nor the host reads."""

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
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


def with_level(level: str, of_app: str = "", route: str = "") -> Files:
    """Return an app with a level for a blueprint, for itself and for a route."""
    hello = HEALTHY["blueprints/hello.py"].replace("Blueprint()", f"Blueprint({level})")
    return {
        "blueprints/hello.py": hello.replace('methods=["GET"]', f'methods=["GET"]{route}'),
        "function_app.py": HEALTHY["function_app.py"].replace("App()", f"App({of_app})"),
    }


ANONYMOUS = "http_auth_level=func.AuthLevel.ANONYMOUS"


def test_a_blueprint_ignores_its_level(plant: Plant, find: Find) -> None:
    [found] = find(plant(with_level(ANONYMOUS)))
    assert (found.code, found.path, found.line) == ("AF247", "blueprints/hello.py", 3)
    assert found.message.endswith("its functions have the level FUNCTION.")
    assert 'auth_level="ANONYMOUS"' in found.fix


@pytest.mark.parametrize(
    ("level", "of_app", "route"),
    [
        ("", ANONYMOUS, ""),
        (ANONYMOUS, ANONYMOUS, ""),
        ("http_auth_level='function'", "", ""),
        (ANONYMOUS, "", ", auth_level=func.AuthLevel.ANONYMOUS"),
        (ANONYMOUS, "http_auth_level=func.AuthLevel[LEVEL]", ""),
        ("**OPTIONS", "", ""),
        (ANONYMOUS, "", ", **OPTIONS"),
    ],
)
def test_levels_that_make_no_difference(level: str, of_app: str, route: str, plant: Plant) -> None:
    assert find_problems(plant(with_level(level, of_app, route)), "AF247") == []
