"""The functions that host.json lists."""

from typing import Any

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
from tests.validator.rules.host_files import host
from tests.validator.rules.settings_files import local


@pytest.mark.parametrize(
    ("listed", "absent"),
    [
        (["hello", "Orders"], []),
        (["orders"], []),
        ([], []),
        (["order"], ["order"]),
        (["hello", "order", "bye"], ["order", "bye"]),
    ],
)
def test_a_list_of_functions_to_run(
    plant: Plant, find: Find, listed: list[str], absent: list[str]
) -> None:
    found = find(plant({"host.json": host(Functions=listed)}))
    assert [(one.code, one.path) for one in found] == [("AF515", "host.json")] * len(absent)
    assert all(f'"{name}"' in one.message for name, one in zip(absent, found, strict=True))


LISTED = "AzureFunctionsJobHost__functions__{}"


@pytest.mark.parametrize(
    ("listed", "settings", "absent"),
    [
        (["hello"], ["hello", "order"], ["order"]),
        (None, ["hello", "order"], ["order"]),
        (["order", "bye"], ["hello"], ["bye"]),
        (["order", "bye"], ["hello", "orders"], []),
        (None, ["hello"], []),
    ],
)
def test_a_list_of_functions_in_settings(
    plant: Plant, listed: list[str] | None, settings: list[str], absent: list[str]
) -> None:
    given = local(**{LISTED.format(index): name for index, name in enumerate(settings)})
    options: dict[str, Any] = {"functions": listed} if listed else {}
    files: Files = {"local.settings.json": given, "host.json": host({}, **options)}
    found = find_problems(plant(files), "AF5")
    assert [one.code for one in found] == ["AF515"] * len(absent)
    assert all(f'"{name}"' in one.message for name, one in zip(absent, found, strict=True))


@pytest.mark.parametrize("separator", ["__", ":"])
def test_a_list_of_functions_that_another_file_overrides(separator: str, plant: Plant) -> None:
    name = LISTED.format(1).replace("__", separator)
    files: Files = {"host.json": host(functions=["other"])}
    app = plant({**files, "infra/main.bicep": f"var settings = {{ '{name}': 'hello' }}\n"})
    assert find_problems(app, "AF515") == []
    app = plant({**files, "infra/main.bicep": f"var settings = {{ 'Other{name}': 'hello' }}\n"})
    assert [found.code for found in find_problems(app, "AF515")] == ["AF515"]


def test_a_list_of_functions_of_an_app_that_the_sources_do_not_show(plant: Plant) -> None:
    entry = HEALTHY["function_app.py"]
    for line in ("app.register_functions(make())", "import importlib; importlib.import_module(x)"):
        files = {"host.json": host(functions=["other"]), "function_app.py": f"{entry}{line}\n"}
        app = plant(files)
        assert find_problems(app, "AF515") == []
    web = "import azure.functions as func\n\napp = func.AsgiFunctionApp(app=object())\n"
    for name, expected in (("http_app_func", []), ("other", ["AF515"])):
        app = plant({"host.json": host(functions=[name]), "function_app.py": web})
        assert [found.code for found in find_problems(app, "AF515")] == expected
