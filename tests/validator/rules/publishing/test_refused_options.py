"""What Azure refuses in the files that create a function app, because of its plan."""

import json

import pytest

from tests.support.validator import Files, Plant, find_problems
from tests.validator.rules.plan_files import CONSUMPTION, plan
from tests.validator.rules.plan_files import site as on_flex
from tests.validator.rules.publishing.test_azure_apps import TERRAFORM, TIMER, site, template

FLEX_STACK = on_flex().replace("appSettings", "linuxFxVersion: 'Python|3.13'\n      appSettings")
MODULE = "module app 'br/public:avm/res/web/site:0.15.1' = {"
ON = CONSUMPTION + site("alwaysOn: true")
TERRAFORM_ON = (TERRAFORM % "always_on = true").replace("B1", "Y1")
VARIABLE_ON = TERRAFORM_ON.replace("true", "var.on") + 'variable "on" {\n  default = true\n}\n'
ON_FLEX = (TERRAFORM % "").replace("B1", "FC1")
APP = site("alwaysOn: alwaysOn").replace("plan.id", "planId")
PARAMETERS = "param planId string\nparam alwaysOn bool = true\n"


def module(given: str) -> str:
    return f"module app 'app.bicep' = {{\n  params: {{\n    planId: plan.id\n{given}  }}\n}}\n"


@pytest.mark.parametrize(
    ("files", "words", "line"),
    [
        ({"infra/main.bicep": FLEX_STACK}, "linuxFxVersion for an app on the Flex", 15),
        (
            {
                "infra/app.bicep": FLEX_STACK.replace(
                    "resource app 'Microsoft.Web/sites@2024-04-01' = {", MODULE
                )
            },
            "linuxFxVersion for an app on the Flex",
            15,
        ),
        ({"infra/main.bicep": ON}, "Always On for an app on the Consumption", 15),
        ({"infra/main.bicep": ON.replace("'functionapp", "'functionApp")}, "Always On", 15),
        (
            {"infra/main.bicep": CONSUMPTION + module(""), "infra/app.bicep": PARAMETERS + APP},
            "Always On",
            2,
        ),
        ({"infra/main.tf": TERRAFORM_ON}, "Always On", 7),
        ({"infra/main.tf": ON_FLEX}, "cannot create an app on the Flex Consumption plan", 4),
    ],
)
def test_what_azure_refuses(files: Files, words: str, line: int, plant: Plant) -> None:
    found = [one for one in find_problems(plant(files), "AF723") if "Windows" not in one.message]
    assert [one.line for one in found] == [line]
    assert words in found[0].message


@pytest.mark.parametrize(
    "files",
    [
        {"infra/main.bicep": on_flex()},
        {"infra/main.bicep": FLEX_STACK.replace("'Python|3.13'", "''")},
        {"infra/main.bicep": FLEX_STACK.replace("Config: {", "Config: isFlex ? config : {")},
        {"infra/main.bicep": ON.replace("alwaysOn: true", "alwaysOn: false")},
        {"infra/main.bicep": ON.replace("'functionapp", "'app")},
        {"infra/main.bicep": ON.replace("plan.id", "planId")},
        {"infra/main.bicep": plan("'B1'") + site("alwaysOn: true")},
        {
            "infra/main.bicep": site("alwaysOn: true").replace("plan.id", "planId"),
            "new.sh": "az functionapp create --consumption-plan-location westeurope --os-type Linux\n",
        },
        {
            "infra/main.bicep": CONSUMPTION + module("    alwaysOn: false\n"),
            "infra/app.bicep": PARAMETERS + APP,
        },
        {"infra/main.tf": TERRAFORM_ON.replace("Y1", "P1v3")},
        {"infra/main.tf": TERRAFORM_ON.replace("true", "var.always_on")},
        {"infra/main.tf": TERRAFORM_ON.replace("  site", "  count = var.count\n  site")},
        {"infra/main.tf": ON_FLEX.replace("  site", "  for_each = var.apps\n  site")},
        {"infra/main.tf": VARIABLE_ON, "deploy.sh": "terraform apply -var 'on=false'\n"},
        {"infra/main.tf": VARIABLE_ON, "deploy.sh": "TF_VAR_on=false terraform apply\n"},
        {"infra/main.tf": ON_FLEX.replace("linux_function_app", "function_app_flex_consumption")},
        {"infra/main.tf": ON_FLEX.replace("= azurerm", "= data.azurerm")},
    ],
)
def test_what_azure_takes(files: Files, plant: Plant) -> None:
    found = find_problems(plant(files), "AF723")
    assert [one for one in found if "Windows" not in one.message] == []


@pytest.mark.parametrize(
    ("config", "sku", "count"),
    [
        ({"alwaysOn": True}, "Y1", 1),
        ({"alwaysOn": True}, "B1", 0),
        ({"alwaysOn": "[parameters('on')]"}, "Y1", 0),
        ({"linuxFxVersion": "Python|3.12"}, "FC1", 1),
        ({"linuxFxVersion": ""}, "FC1", 0),
    ],
)
def test_what_azure_refuses_in_a_template(
    config: dict[str, object], sku: str, count: int, plant: Plant
) -> None:
    content = json.loads(template(config, sku))
    content["resources"][0]["properties"] = {"reserved": True}
    if sku == "FC1":
        content["resources"][1]["properties"]["functionAppConfig"] = {}
    app = plant({"infra/main.json": json.dumps(content, indent=2)})
    assert len(find_problems(app, "AF723")) == count


@pytest.mark.parametrize(
    ("given", "line"), [("    alwaysOn: false\n", 10), ("    alwaysOn: true\n", 0)]
)
def test_an_app_of_a_module_that_sleeps(given: str, line: int, plant: Plant) -> None:
    files: Files = {
        "infra/main.bicep": plan("'B1'") + module(given),
        "infra/app.bicep": PARAMETERS + APP,
        **TIMER,
    }
    assert [one.line for one in find_problems(plant(files), "AF721")] == [line] * bool(line)


def test_a_kind_in_another_letter_case_sleeps_too(plant: Plant) -> None:
    text = plan("'B1'") + site("alwaysOn: false").replace("'functionapp", "'functionApp")
    [found] = find_problems(plant({"infra/main.bicep": text, **TIMER}), "AF721")
    assert found.line == 14


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (
            {
                "infra/main.tf": (TERRAFORM % "").replace(
                    "  site", '  functions_extension_version = "~3"\n  site'
                )
            },
            6,
        ),
        (
            {
                "infra/main.tf": (TERRAFORM % "").replace(
                    "  site", '  functions_extension_version = "~4"\n  site'
                )
            },
            0,
        ),
        ({"new.sh": "az functionapp create --runtime python \\\n  --functions-version 3\n"}, 1),
        ({"new.sh": "az functionapp create --runtime python --functions-version 4\n"}, 0),
        ({"new.sh": "az functionapp create --runtime node --functions-version 3\n"}, 0),
    ],
)
def test_an_old_host(files: Files, line: int, plant: Plant) -> None:
    assert [one.line for one in find_problems(plant(files), "AF720")] == [line] * bool(line)


PLAN = "az functionapp plan create -n plan --sku EP1{}\n"
CREATE = "az functionapp create -n shop --plan plan --runtime {}\n"


@pytest.mark.parametrize(
    ("script", "count"),
    [
        (PLAN.format("") + CREATE.format("python"), 1),
        (PLAN.format("").replace("functionapp", "appservice") + CREATE.format("python"), 1),
        (PLAN.format(" --is-linux") + CREATE.format("python"), 0),
        (PLAN.format(" --is-linux true") + CREATE.format("python"), 0),
        (PLAN.format(" --is-lin") + CREATE.format("python"), 0),
        (PLAN.format(" $OPTIONS") + CREATE.format("python"), 0),
        (PLAN.format("").replace("-n plan", "-n $PLAN") + CREATE.format("python"), 0),
        (PLAN.format("").replace("plan --", "web --") + CREATE.format("python"), 0),
        (PLAN.format("") + CREATE.format("node"), 0),
        (PLAN.format("") + CREATE.format("python") + CREATE.format("node"), 0),
        (PLAN.format("") + CREATE.format("python").replace("--plan plan", "-c westeurope"), 0),
        (PLAN.format("") * 2 + CREATE.format("python"), 0),
        (PLAN.format(""), 0),
    ],
)
def test_a_new_plan_for_windows(script: str, count: int, plant: Plant) -> None:
    found = find_problems(plant({"new.sh": script}), "AF723")
    assert [one.line for one in found if "--is-linux" in one.fix] == [1] * count


SET = "az functionapp config appsettings set -g rg -n shop --settings {}\n"


@pytest.mark.parametrize(
    ("infra", "settings", "names"),
    [
        (on_flex(), "FUNCTIONS_WORKER_RUNTIME=python A=b", ["FUNCTIONS_WORKER_RUNTIME"]),
        (
            on_flex(),
            "A=b \\\n  SCM_DO_BUILD_DURING_DEPLOYMENT=true",
            ["SCM_DO_BUILD_DURING_DEPLOYMENT"],
        ),
        (on_flex(), "MY_TZ=a TZ_=b", []),
        (on_flex(), "A=b", []),
        (on_flex(), "TZ=a\nif true; then\n  echo\nfi", []),
        (on_flex(), "TZ=a\nifdef TEST\nendif", []),
        (CONSUMPTION, "FUNCTIONS_WORKER_RUNTIME=python", []),
        ("", "FUNCTIONS_WORKER_RUNTIME=python", []),
    ],
)
def test_settings_that_a_command_gives(
    infra: str, settings: str, names: list[str], plant: Plant
) -> None:
    app = plant({"infra/main.bicep": infra, "set.sh": SET.format(settings)})
    found = find_problems(app, "AF714")
    assert [one.message.split()[-1] for one in found] == [f"{name}." for name in names]
    assert {one.path for one in found} <= {"set.sh"}


PIPELINE = "steps:\n- script: pip install -t .python_packages/lib/site-packages -r requirements.txt\n- task: {}\n  inputs: {}\n"


@pytest.mark.parametrize(
    ("infra", "task", "inputs", "fix"),
    [
        (on_flex(), "AzureFunctionApp@2", "{package: a.zip}", "Add isFlexConsumption: true"),
        (
            on_flex(),
            "AzureFunctionApp@2",
            "{isFlexConsumption: false, package: a.zip}",
            "Add isFlexConsumption: true",
        ),
        (on_flex(), "AzureFunctionApp@1", "{package: a.zip}", "Use AzureFunctionApp@2 with"),
        (on_flex(), "AzureFunctionApp@2", "{isFlexConsumption: true, package: a.zip}", ""),
        (on_flex(), "AzureFunctionApp@2", "{isFlexConsumption: $(flex), package: a.zip}", ""),
        (
            on_flex(),
            "AzureFunctionApp@1",
            "{package: a.zip}\n- task: AzureFunctionApp@2\n  inputs: {isFlexConsumption: true}",
            "",
        ),
        (on_flex(), "AzureFunctionAppContainer@1", "{package: a.zip}", ""),
        (CONSUMPTION, "AzureFunctionApp@2", "{package: a.zip}", ""),
        ("", "AzureFunctionApp@2", "{package: a.zip}", ""),
    ],
)
def test_a_task_for_other_plans(infra: str, task: str, inputs: str, fix: str, plant: Plant) -> None:
    files = {"infra/main.bicep": infra, "azure-pipelines.yml": PIPELINE.format(task, inputs)}
    found = find_problems(plant(files), "AF722")
    assert [one.line for one in found] == [3] * bool(fix)
    assert all(one.fix.startswith(fix) for one in found)
