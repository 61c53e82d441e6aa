"""What keeps an app from running in Azure, in the files that create it and publish it."""

import json
from pathlib import Path

import pytest

from tests.support.validator import Files, Find, Plant, find_problems
from tests.support.validator import plant as plant_at
from tests.validator.rules.plan_files import CONSUMPTION, FLEX, plan
from tests.validator.rules.settings_files import blueprint

SITE = """
resource %s 'Microsoft.Web/sites@2024-04-01' = {
  name: 'shop'
  kind: 'functionapp,linux'
  properties: {
    serverFarmId: plan.id
    siteConfig: {
      %s
    }
  }
}
"""
CONFIGURATION = """
resource given 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'web'
  properties: config
}
"""
GIVEN = "appSettings: [ { name: '%s', value: '%s' } ]"
DEDICATED = plan("'B1'", "'Basic'")
TIMER: Files = {
    "blueprints/orders.py": blueprint('timer_trigger(arg_name="message", schedule="0 0 3 * * *")')
}
HTTP: Files = {
    "blueprints/orders.py": blueprint('route(route="orders")', "req") + "    return ''\n"
}


def site(config: str, name: str = "app") -> str:
    """Return Bicep with a function app, which has a configuration."""
    return SITE % (name, config)


def setting(name: str, value: str) -> str:
    return CONSUMPTION + site(GIVEN % (name, value))


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("FUNCTIONS_EXTENSION_VERSION", "~3", 'Write "~4"'),
        ("FUNCTIONS_EXTENSION_VERSION", "3.0.12345", 'Write "~4"'),
        ("FUNCTIONS_WORKER_RUNTIME", "node", 'Write "python".'),
        ("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated", 'Write "python".'),
        ("FUNCTIONS_WORKER_PROCESS_COUNT", "11", "Write a number from 1 to 10."),
        ("FUNCTIONS_WORKER_PROCESS_COUNT", "auto", "Write a number from 1 to 10."),
    ],
)
def test_a_value_with_which_no_function_runs(
    name: str, value: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant({"infra/main.bicep": setting(name, value)}), "AF720")
    assert f"With {name}={value}, " in found.message
    assert found.fix.startswith(fix)
    assert found.line == 15


@pytest.mark.parametrize(
    "text",
    [
        setting("FUNCTIONS_EXTENSION_VERSION", "~4"),
        setting("FUNCTIONS_EXTENSION_VERSION", "latest"),
        setting("FUNCTIONS_WORKER_RUNTIME", "Python"),
        setting("FUNCTIONS_WORKER_PROCESS_COUNT", "10"),
        setting("FUNCTIONS_WORKER_RUNTIME", "${runtime}"),
        setting("FUNCTIONS_WORKER_RUNTIME", "node") + site(GIVEN % ("A", "b"), "other"),
        setting("FUNCTIONS_WORKER_RUNTIME", "node").replace("functionapp", "app"),
        FLEX + site(GIVEN % ("FUNCTIONS_WORKER_RUNTIME", "node")),
    ],
)
def test_other_values(text: str, plant: Plant) -> None:
    assert find_problems(plant({"infra/main.bicep": text}), "AF720") == []


@pytest.mark.parametrize(("count", "codes"), [("20", ["AF720"]), ("10", [])])
def test_a_number_in_terraform_and_in_a_template(
    count: str, codes: list[str], plant: Plant
) -> None:
    block = (
        'resource "azurerm_linux_function_app" "app" {{\n  app_settings = {{\n    {}\n  }}\n}}\n'
    )
    given = f"FUNCTIONS_WORKER_PROCESS_COUNT = {count}"
    app = plant({"infra/main.tf": block.format(given)})
    assert [found.code for found in find_problems(app, "AF720")] == codes
    app = plant({"infra/main.tf": block.format(given).replace("app_", "for_each = a\n app_")})
    assert find_problems(app, "AF720") == []
    settings = [{"name": "FUNCTIONS_WORKER_PROCESS_COUNT", "value": count}]
    app = plant({"infra/main.json": template({"appSettings": settings})})
    assert [found.code for found in find_problems(app, "AF720")] == codes


def template(config: object, sku: str = "B1") -> str:
    """Return a template of Azure Resource Manager with a plan and a function app."""
    plan_ = {"type": "Microsoft.Web/serverfarms", "name": "plan", "sku": {"name": sku}}
    app = {
        "type": "Microsoft.Web/sites",
        "name": "app",
        "kind": "functionapp,linux",
        "properties": {"serverFarmId": "plan", "siteConfig": config},
    }
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    return json.dumps({"$schema": schema, "resources": [plan_, app]}, indent=2)


@pytest.mark.parametrize("config", ["alwaysOn: false", "linuxFxVersion: 'Python|3.12'"])
def test_an_app_that_sleeps(config: str, plant: Plant, find: Find) -> None:
    [found] = find(plant({"infra/main.bicep": DEDICATED + site(config), **TIMER}), "AF721")
    assert "the timerTrigger of orders does not run" in found.message
    assert found.line == (15 if "alwaysOn" in config else 9)


def test_an_app_of_a_template_that_sleeps(plant: Plant) -> None:
    app = plant({"infra/main.json": template({"alwaysOn": False}), **TIMER})
    assert [found.code for found in find_problems(app, "AF721")] == ["AF721"]
    app = plant({"infra/main.json": template({}), **TIMER})
    assert [found.code for found in find_problems(app, "AF721")] == ["AF721"]
    app = plant({"infra/main.json": template({"alwaysOn": True}), **TIMER})
    assert find_problems(app, "AF721") == []


@pytest.mark.parametrize(("other", "count"), [("api/host.json", 0), ("api/readme.md", 1)])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        (DEDICATED + site("alwaysOn: false"), "AF721"),
        (setting("FUNCTIONS_WORKER_RUNTIME", "node"), "AF720"),
        (DEDICATED + site("linuxFxVersion: 'Python|3.12'\n alwaysOn: true"), "AF723"),
    ],
)
def test_the_infrastructure_of_another_app_in_the_repository(
    text: str, code: str, other: str, count: int, tmp_path: Path
) -> None:
    for path, content in ((".git/HEAD", ""), ("infra/main.bicep", text), (other, "{}")):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(content)
    app = plant_at(tmp_path / "orders", TIMER)
    assert len(find_problems(app, code)) == count


TERRAFORM = """
resource "azurerm_service_plan" "plan" {
  sku_name = "B1"
}
resource "azurerm_linux_function_app" "app" {
  service_plan_id = azurerm_service_plan.plan.id
  site_config {
    %s
  }
}
"""


@pytest.mark.parametrize(
    ("config", "count"), [("always_on = false", 1), ("always_on = true", 0), ("", 0)]
)
def test_an_app_of_terraform_that_sleeps(config: str, count: int, plant: Plant) -> None:
    found = find_problems(plant({"infra/main.tf": TERRAFORM % config, **TIMER}), "AF721")
    assert [one.fix.split(",")[0] for one in found] == [
        "Write always_on = true in site_config"
    ] * count
    elsewhere = (TERRAFORM % config).replace("= azurerm", "= data.azurerm")
    assert find_problems(plant({"infra/main.tf": elsewhere, **TIMER}), "AF721") == []


@pytest.mark.parametrize(
    "files",
    [
        {"infra/main.bicep": DEDICATED + site("alwaysOn: true"), **TIMER},
        {"infra/main.bicep": DEDICATED + site("alwaysOn: isPaid"), **TIMER},
        {
            "infra/main.bicep": DEDICATED + site("ftpsState: 'x'"),
            "infra/set.sh": "az x --always-on true",
            **TIMER,
        },
        {"infra/main.bicep": DEDICATED + site("alwaysOn: false"), **HTTP},
        {"infra/main.bicep": plan("'EP1'") + site("alwaysOn: false"), **TIMER},
        {"infra/main.bicep": CONSUMPTION + site("alwaysOn: false"), **TIMER},
        {"infra/main.bicep": DEDICATED + site("alwaysOn: false") + site("", "other"), **TIMER},
        {
            "infra/main.bicep": DEDICATED + site("alwaysOn: false").replace("= {", "= if (x) {", 1),
            **TIMER,
        },
        {
            "infra/main.bicep": DEDICATED + site("alwaysOn: false").replace("functionapp", "app"),
            **TIMER,
        },
        {"infra/main.bicep": DEDICATED + site("...given"), **TIMER},
        {"infra/main.bicep": DEDICATED + site("").replace("plan.id", "planId"), **TIMER},
        {"infra/main.bicep": DEDICATED + site("") + CONFIGURATION, **TIMER},
        {
            "infra/main.bicep": DEDICATED.replace("resource plan", "resource webPlan")
            + site("")
            + "resource plan 'Microsoft.Web/serverfarms@2024-04-01' existing = {\n  name: 'x'\n}\n",
            **TIMER,
        },
        {
            "infra/plan.bicep": DEDICATED + site("").replace("functionapp", "app"),
            "infra/main.bicep": site("").replace("plan.id", "planId"),
            **TIMER,
        },
        *(
            {"infra/main.bicep": DEDICATED + site("").replace("siteConfig: {", given), **TIMER}
            for given in ("siteConfig: config\n x: {", "siteConfig: union(config, {})\n x: {")
        ),
        {"infra/main.json": template("[parameters('config')]"), **TIMER},
        {
            "infra/main.json": template({}).replace('"kind"', '"condition": "[x]",\n"kind"'),
            **TIMER,
        },
    ],
)
def test_an_app_that_may_be_awake(files: Files, plant: Plant) -> None:
    assert find_problems(plant(files), "AF721") == []


PUBLISH = """
on: push
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: Azure/functions-action@v1
        with:
          app-name: shop
          package: .
          remote-build: true
"""
PROFILE = "          publish-profile: ${{ secrets.PROFILE }}\n"


@pytest.mark.parametrize(
    ("infra", "more", "count"),
    [
        (FLEX, PROFILE, 1),
        (FLEX, f"{PROFILE}          sku: flexconsumption\n", 0),
        (FLEX, "          publish-profile: ''\n", 0),
        (FLEX, "", 0),
        (CONSUMPTION, PROFILE, 0),
        ("", PROFILE, 0),
    ],
)
def test_a_step_with_a_profile(infra: str, more: str, count: int, plant: Plant) -> None:
    files = {"infra/main.bicep": infra, ".github/workflows/publish.yml": PUBLISH + more}
    found = find_problems(plant(files), "AF722")
    assert [one.line for one in found] == [7] * count


WINDOWS = plan("'B1'")
LINUX = plan("'B1'").replace("  sku", "  properties: {\n    reserved: true\n  }\n  sku")
PYTHON = site("linuxFxVersion: 'Python|3.12'")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (WINDOWS + PYTHON, 1),
        (LINUX.replace("true", "false") + PYTHON, 4),
        (WINDOWS.replace("B1", "EP1") + site(GIVEN % ("FUNCTIONS_WORKER_RUNTIME", "python")), 1),
        (PYTHON + WINDOWS, 12),
        (LINUX + PYTHON, 0),
        (LINUX.replace("true", "isLinux") + PYTHON, 0),
        (WINDOWS + site(GIVEN % ("FUNCTIONS_WORKER_RUNTIME", "dotnet")), 0),
        (WINDOWS + PYTHON + site("", "web"), 0),
        (WINDOWS + LINUX.replace("resource plan", "resource other") + PYTHON, 0),
        (WINDOWS.replace("= {", "existing = {", 1) + PYTHON, 0),
        (WINDOWS.replace("= {", "= if (isNew) {", 1) + PYTHON, 0),
        (WINDOWS.replace("  sku", "  properties: given\n  sku") + PYTHON, 0),
        (WINDOWS.replace("B1", "WS1") + PYTHON, 0),
        (LINUX.replace("true", "(os == 'linux')") + PYTHON, 0),
        (LINUX.replace("true", "!isWindows") + PYTHON, 0),
        (LINUX.replace("reserved", "'reserved'") + PYTHON, 0),
        (WINDOWS + site(GIVEN % ("PYTHON_API", "https://a")), 0),
        (WINDOWS + PYTHON.replace("plan.id", "planId"), 0),
        (WINDOWS + PYTHON.replace("plan.id", "resourceId('Microsoft.Web/serverfarms', 'p')"), 1),
        (FLEX + PYTHON.replace("siteConfig", "functionAppConfig"), 0),
        (WINDOWS + PYTHON.replace("    siteConfig", "    reserved: true\n    siteConfig"), 0),
        (WINDOWS, 0),
    ],
)
def test_a_plan_for_windows(text: str, line: int, plant: Plant) -> None:
    found = find_problems(plant({"infra/main.bicep": text}), "AF723")
    assert [one.line for one in found] == [line] * bool(line)


@pytest.mark.parametrize(("more", "count"), [("", 1), (site("", "web"), 0)])
def test_a_plan_for_windows_in_another_file(more: str, count: int, plant: Plant) -> None:
    app = PYTHON.replace("plan.id", "planId") + more
    files: Files = {"infra/plan.bicep": WINDOWS, "infra/main.bicep": app}
    assert len(find_problems(plant(files), "AF723")) == count


@pytest.mark.parametrize(
    ("reserved", "count"), [("", 1), ("true", 0), ("[parameters('linux')]", 0)]
)
def test_a_plan_for_windows_in_a_template(reserved: str, count: int, plant: Plant) -> None:
    content = json.loads(template({"linuxFxVersion": "Python|3.12"}))
    given = {"reserved": True if reserved == "true" else reserved} if reserved else {}
    content["resources"][0]["properties"] = given
    app = plant({"infra/main.json": json.dumps(content, indent=2)})
    assert len(find_problems(app, "AF723")) == count
    content["resources"][0]["condition"] = "[parameters('isNew')]"
    app = plant({"infra/main.json": json.dumps(content, indent=2)})
    assert find_problems(app, "AF723") == []


@pytest.mark.parametrize(
    ("type_", "language", "count"),
    [
        ("windows", "python", 1),
        ("linux", "python", 0),
        ("windows", "dotnet", 0),
        ("windows", 'dotnet"\n PYTHON_API = "https://a', 0),
    ],
)
def test_an_app_on_windows_in_terraform(
    type_: str, language: str, count: int, plant: Plant
) -> None:
    block = 'resource "azurerm_{}_function_app" "app" {{\n  app_settings = {{ FUNCTIONS_WORKER_RUNTIME = "{}" }}\n}}\n'
    app = plant({"infra/main.tf": block.format(type_, language)})
    found = find_problems(app, "AF723")
    assert [one.fix.split(",")[0] for one in found] == ["Use azurerm_linux_function_app"] * count


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (FLEX + PYTHON, 9),
        (FLEX + PYTHON.replace("siteConfig", "functionAppConfig"), 0),
        (FLEX + PYTHON.replace("plan.id", "planId"), 0),
        (FLEX + PYTHON.replace("    serverFarmId", "    ...given\n    serverFarmId"), 0),
        (FLEX + PYTHON.replace("= {", "= if (isNew) {", 1), 0),
    ],
)
def test_an_app_on_flex_needs_its_configuration(text: str, line: int, plant: Plant) -> None:
    found = find_problems(plant({"infra/main.bicep": text}), "AF723")
    assert [one.line for one in found] == [line] * bool(line)


CREATE = "az functionapp create -n x \\\n  --runtime python {}\n"


@pytest.mark.parametrize(
    ("script", "count"),
    [
        (CREATE.format("--consumption-plan-location westeurope"), 1),
        (CREATE.format("-c westeurope --os-type Windows"), 1),
        (CREATE.format("--consumption-plan-location westeurope --os-type linux"), 0),
        (
            CREATE.format('--consumption-plan-location westeurope "${os_type[@]}"').replace(
                "_", "-"
            ),
            0,
        ),
        (CREATE.format("--flexconsumption-location westeurope"), 0),
        (CREATE.format("--plan plan"), 0),
        (CREATE.format("-c westeurope").replace("python", "node"), 0),
        (f"# {CREATE.format('-c westeurope')}".replace("\\\n", ""), 0),
    ],
)
def test_a_command_for_windows(script: str, count: int, plant: Plant) -> None:
    assert len(find_problems(plant({"deploy.sh": script}), "AF723")) == count
